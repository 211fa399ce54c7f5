"""The portal's texts in other languages: collects them into the catalogues, or checks that none is missing.

`manage.py messages` after texts were changed; `manage.py messages --check` in the test run. Needs no GNU
gettext: Babel reads Python, Django turns templates into something like Python, polib writes the .po files.
"""

import re
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

PACKAGES: Final = ("admissions_portal", "programmes", "eligibility", "applications")
TEMPLATES: Final = "templates"
# A letter is one legal text; its summary in Chinese stands in the letter itself.
LEFT_OUT: Final = ("templates/letters/",)
CONTEXT: Final = ((1, "c"), 2)
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    **{f"gettext{end}": None for end in ("", "_lazy", "_noop")},
    **{f"ngettext{end}": (1, 2) for end in ("", "_lazy")},
    **{f"pgettext{end}": CONTEXT for end in ("", "_lazy")},
    **{f"npgettext{end}": (*CONTEXT, 3) for end in ("", "_lazy")},
}
# What a translation must repeat as it is: %(name)s and %s, {name}, tags with all they carry, outer line ends.
FIXED: Final = re.compile(r"%%|%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^<>]+>|\A\n|\n\Z")


class Text(NamedTuple):
    """What identifies a text in a catalogue."""

    context: str | None
    singular: str
    plural: str


def text_of(entry: polib.POEntry) -> Text:
    """The text that an entry of a catalogue translates."""
    return Text(entry.msgctxt, entry.msgid, entry.msgid_plural or "")


def _sources(project: Path) -> Iterator[tuple[str, str]]:
    """Each file that may hold texts, as path and Python source, in a lasting order."""
    for package in PACKAGES:
        for path in sorted((project / package).rglob("*.py")):
            yield path.relative_to(project).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((project / TEMPLATES).rglob("*.*")):
        name = path.relative_to(project).as_posix()
        if path.suffix in {".html", ".txt"} and not name.startswith(LEFT_OUT):
            # Python's tokenizer minds indentation; what a template turns into has no meaning in it
            lines = templatize(path.read_text(encoding="utf-8"), origin=name).splitlines()
            yield name, "\n".join(line.lstrip() for line in lines) + "\n"


def collect_texts(project: Path) -> dict[Text, list[str]]:
    """Every text marked for translation, with the files it stands in, in the order of first appearance."""
    found: dict[Text, list[str]] = {}
    for name, source in _sources(project):
        for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            singular, plural = (message, "") if isinstance(message, str) else message[:2]
            files = found.setdefault(Text(context, singular, plural), [])
            if name not in files:
                files.append(name)
    return found


def merge(catalogue: polib.POFile, texts: dict[Text, list[str]], locale: str) -> polib.POFile:
    """The catalogue with exactly these texts: translations are kept, new ones empty, the rest is dropped.

    No line numbers and no dates: a changed file changes no catalogue.
    """
    known = {text_of(entry): entry for entry in catalogue if not entry.obsolete}
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text, files in texts.items():
        old = known.get(text)
        entry = polib.POEntry(
            msgctxt=text.context,
            msgid=text.singular,
            msgid_plural=text.plural,
            occurrences=[(name, "") for name in files],
            flags=old.flags if old else [],
        )
        if text.plural:
            entry.msgstr_plural = dict(old.msgstr_plural) if old else {0: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        merged.append(entry)
    return merged


def problems_of(catalogue: polib.POFile, texts: Iterable[Text]) -> list[str]:
    """What keeps a catalogue from being complete and safe to use, a line each."""
    wanted, entries = list(texts), [entry for entry in catalogue if not entry.obsolete]
    known = {text_of(entry) for entry in entries}
    problems = [f"missing: {text.singular!r}" for text in wanted if text not in known]
    # gettext finds a translation by the singular alone: of two plurals only one would be heard
    said = Counter((text.context, text.singular) for text in wanted)
    problems += [f"two plurals: {singular!r}" for (_context, singular), times in said.items() if times > 1]
    problems += [f"obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    for entry in entries:
        translation = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if text_of(entry) not in wanted:
            problems.append(f"obsolete: {entry.msgid!r}")
        elif not translation.strip():
            problems.append(f"empty: {entry.msgid!r}")
        elif "fuzzy" in entry.flags:
            problems.append(f"fuzzy: {entry.msgid!r}")
        elif differing := _differing(entry.msgid_plural or entry.msgid, translation):
            problems.append(f"differing in {', '.join(differing)}: {entry.msgid!r}")
    return problems


def _differing(source: str, translation: str) -> list[str]:
    ours, theirs = Counter(FIXED.findall(source)), Counter(FIXED.findall(translation))
    # a name may be said twice in one language and once in another; nothing may be lost or invented
    return [repr(part) for part in sorted(set(ours) ^ set(theirs))] + [
        repr(part) for part in sorted(ours) if part.startswith("<") and theirs[part] not in {0, ours[part]}
    ]


def catalogue_paths() -> dict[str, Path]:
    """The .po file of each language that we translate into, by locale name (`zh_Hant`)."""
    locales = [to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return {
        locale: Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po" for locale in locales
    }


class Command(BaseCommand):
    """`manage.py messages`, `manage.py messages --check`."""

    help = "Collects the texts to translate into the catalogues; --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when incomplete")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Raises CommandError with `check` when a catalogue is incomplete or unsafe."""
        texts = collect_texts(settings.BASE_DIR)
        problems = []
        for locale, path in catalogue_paths().items():
            catalogue = (
                polib.pofile(str(path), encoding="utf-8", wrapwidth=0) if path.exists() else polib.POFile()
            )
            if not check:
                catalogue = merge(catalogue, texts, locale)
                path.parent.mkdir(parents=True, exist_ok=True)
                catalogue.save(str(path))
            found = problems_of(catalogue, texts)
            problems += [f"{locale}: {problem}" for problem in found]
            self.stdout.write(f"{locale}: {len(texts)} texts, {len(found)} problems")
        if check and problems:
            raise CommandError(
                "\n".join(problems) + "\n`manage.py messages` collects new texts; translate the empty ones."
            )
