"""What would spoil a paper, found before it is made.

WeasyPrint prints a missing glyph as nothing and says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from admissions_portal.papers import press
from admissions_portal.support.refusals import Refusal

# A field of this length fills a third of a page; a list this long takes the renderer seconds.
LONGEST_TEXT = 1500
LONGEST_WORD = 60
LONGEST_LIST = 60
# Stands for a character that cannot be printed, in copies of what somebody wrote.
GAP = "\u25a1"
# no glyph of their own, and no harm
_INVISIBLE = frozenset("\n\t\u00ad\u200b\u200c\u200d\ufe0e\ufe0f")


class Problem(NamedTuple):
    """What is wrong with one field; `text` is a translated sentence that says what to do."""

    field: str
    text: str


class PaperRefused(Refusal):
    """The paper would come out spoilt. `problems` holds one sentence per field."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.text for problem in problems))


def preflight(template: str, context: Mapping[str, Any], *, language: str = "en") -> list[Problem]:
    """Everything that would spoil the paper; empty when it can be made.

    Needs no system library, so a preview may ask.

    Looks for texts too long, characters without a glyph in the letters' fonts, and placeholders without a
    value.
    """
    problems = [problem for field, value in _texts(context) for problem in _problems_of(field, value)]
    return problems or _problems_of_page(press.compose(template, context, language=language))


def _problems_of(field: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, list):
        if len(value) > LONGEST_LIST:
            yield Problem(
                field,
                _("“%(field)s” has %(count)s entries; a letter holds at most %(most)s.")
                % {"field": field, "count": len(value), "most": LONGEST_LIST},
            )
        return
    if len(value) > LONGEST_TEXT:
        yield Problem(
            field,
            _("“%(field)s” is %(count)s characters long; a letter holds at most %(most)s. Shorten it.")
            % {"field": field, "count": len(value), "most": LONGEST_TEXT},
        )
    word = max(re.split(r"[\s/\-]|(?<=[\u2e80-\uffff])", value), key=len, default="")
    if len(word) > LONGEST_WORD:
        yield Problem(
            field,
            _("“%(field)s” has a word of %(count)s characters, too wide for a line: %(word)s…")
            % {"field": field, "count": len(word), "word": word[:20]},
        )
    for character in dict.fromkeys(value):
        if not _can_be_printed(character):
            yield Problem(
                field,
                _("“%(field)s” holds %(character)s (%(code)s), which our fonts cannot print. Replace it.")
                % {"field": field, "character": _shown(character), "code": f"U+{ord(character):04X}"},
            )


def _problems_of_page(page: str) -> list[Problem]:
    """Placeholders without a value, and characters of the template itself that no font has."""
    problems = [
        Problem(name, _("“%(field)s” has no value, and the letter needs one.") % {"field": name})
        for name in dict.fromkeys(press.UNFILLED.findall(page))
    ]
    if problems:
        return problems
    words = _Words()
    words.feed(page)
    return [
        Problem(
            "",
            _("The letter's own text holds %(character)s (%(code)s), which its fonts cannot print.")
            % {"character": _shown(character), "code": f"U+{ord(character):04X}"},
        )
        for character in sorted(set("".join(words.found)))
        if not _can_be_printed(character)
    ]


def can_be_printed(text: str) -> bool:
    """Whether the letters' fonts have every character of `text`; a rare Han character may be missing."""
    return all(map(_can_be_printed, text))


def made_printable(context: Any) -> Any:
    """The same texts with □ for every character the letters' fonts lack, so that nothing vanishes unseen."""
    if isinstance(context, str):
        return "".join(char if _can_be_printed(char) else GAP for char in context)
    if isinstance(context, Mapping):
        return {key: made_printable(value) for key, value in context.items()}
    return [made_printable(value) for value in context] if isinstance(context, list | tuple) else context


def _can_be_printed(character: str) -> bool:
    # marks that turn the reading direction would show a text other than the one on record
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return character in _INVISIBLE
    return ord(character) in press.printable()


def _shown(character: str) -> str:
    return f"“{character}”" if character.isprintable() else _("an invisible character")


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    """Every text and list in the context, named by its path: `conditions.2.what`."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list | tuple):
        yield field, list(value)
        for number, item in enumerate(value, 1):
            yield from _texts(item, f"{field}.{number}")


class _Words(HTMLParser):
    """The words of a page that are printed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)
