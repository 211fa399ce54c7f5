"""Storing the shipped questions: twice changes nothing, and what an office published itself is never
overruled. A changed file becomes the next version, for a published one never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.fact_files import FactFileError
from programmes.models import Institution, Kind, Programme, QuestionSet, QuestionVersion
from programmes.questions.checking import problems_in
from programmes.questions.content import (
    LANGUAGES,
    LimitUnit,
    Option,
    Question,
    QuestionKind,
    Questions,
    fingerprint,
    to_json,
)
from programmes.reading_yaml import CLAUSE

QUESTIONS = Path(__file__).parent.parent / "catalogue" / "questions"
_SET = {"code", "institution", "kind", "programme", "effective_from", "title", "intro", "questions"}
_QUESTION = {"key", "kind", "label", "help", "required", "limit", "unit", "options", "source"}


class QuestionFileError(FactFileError):
    """A file of questions is wrong; nothing of any file was stored. `str(error)` says which and why."""


@dataclass
class LoadReport:
    created: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_questions(folder: Path = QUESTIONS, *, by: Actor, at: datetime) -> LoadReport:
    """Publish every file of questions whose content is not stored yet; all or, on QuestionFileError, none."""
    report = LoadReport()
    for path in sorted(folder.glob("*.yaml")):
        given = _Reader(path).read()
        questions, _is_new = QuestionSet.objects.select_for_update().get_or_create(
            code=given.code,
            defaults={"institution": given.institution, "kind": given.kind, "programme": given.programme},
        )
        plain = to_json(given.content)
        sha256 = fingerprint(plain)
        published = list(questions.versions.filter(published_at__isnull=False).order_by("-number"))
        if any(v.sha256 == sha256 and v.effective_from == given.effective_from for v in published):
            report.unchanged += 1
            continue
        if any(not version.is_shipped for version in published):
            report.kept.append(f"{questions}: the office’s own version stands; {path.name} was not loaded")
            continue
        version = QuestionVersion.objects.create(
            set=questions,
            number=(published[0].number or 0) + 1 if published else 1,
            effective_from=given.effective_from,
            content=plain,
            sha256=sha256,
            is_shipped=True,
            published_at=at,
        )
        record_event(
            "questions.published",
            about=questions,
            by=by,
            at=at,
            set=questions.code,
            number=version.number,
            sha256=sha256,
            effective_from=given.effective_from.isoformat(),
        )
        report.created += 1
    return report


@dataclass(frozen=True)
class _File:
    code: str
    institution: Institution
    kind: str
    programme: Programme | None
    effective_from: date
    content: Questions


class _Reader:
    """One file, checked to the last key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, reason: str) -> QuestionFileError:
        return QuestionFileError(self.path, 0, reason)

    def read(self) -> _File:
        try:
            given = yaml.safe_load(self.path.read_text())
        except yaml.YAMLError as error:
            raise self.wrong(f"this is no YAML: {error}") from error
        self.known(given, _SET, "the file")
        institution = Institution.objects.filter(code=given.get("institution")).first()
        if institution is None:
            raise self.wrong(f"“institution: {given.get('institution')}” is not in the catalogue")
        if given.get("kind") not in Kind.values:
            raise self.wrong("“kind” is one of " + ", ".join(Kind.values))
        programme = None
        if slug := given.get("programme"):
            programme = institution.programmes.filter(slug=slug).first()
            if programme is None or programme.kind != given["kind"]:
                raise self.wrong(f"“programme: {slug}” is no such programme of the catalogue")
        if type(given.get("effective_from")) is not date:
            raise self.wrong("“effective_from” is a date as 2025-09-01")
        content = Questions(
            self.texts(given.get("title"), "title"),
            self.texts(given.get("intro"), "intro"),
            tuple(self.question(each) for each in given.get("questions") or ()),
        )
        if problems := problems_in(content, is_published=True):
            raise self.wrong(" ".join(problems))
        if not isinstance(given.get("code"), str):
            raise self.wrong("“code” is missing")
        return _File(given["code"], institution, given["kind"], programme, given["effective_from"], content)

    def question(self, given: Any) -> Question:
        self.known(given, _QUESTION, "a question")
        name = given.get("key")
        if given.get("kind") not in QuestionKind.values:
            raise self.wrong(f"{name}: the kind is one of {', '.join(QuestionKind.values)}")
        source = given.get("source", "")
        if any(not CLAUSE.fullmatch(one) for one in source.split(", ") if source):
            raise self.wrong(f"{name}: “{source}” is no clause; write for example UST-03")
        if "unit" in given and given["unit"] not in LimitUnit.values:
            raise self.wrong(f"{name}: the unit is one of {', '.join(LimitUnit.values)}")
        return Question(
            key=str(name),
            kind=QuestionKind(given["kind"]),
            label=self.texts(given.get("label"), f"{name}, label"),
            help=self.texts(given.get("help"), f"{name}, help"),
            is_required=bool(given.get("required", False)),
            limit=given.get("limit"),
            unit=LimitUnit(given.get("unit", LimitUnit.CHARACTERS)),
            options=tuple(
                Option(str(each["key"]), self.texts(each["label"], f"{name}, {each['key']}"))
                for each in given.get("options") or ()
            ),
            source=source,
        )

    def texts(self, given: Any, name: str) -> dict[str, str]:
        if given is None:
            return dict.fromkeys(LANGUAGES, "")
        if not isinstance(given, dict) or set(given) != set(LANGUAGES):
            raise self.wrong(f"“{name}” needs exactly the languages {', '.join(LANGUAGES)}")
        return {language: str(given[language]) for language in LANGUAGES}

    def known(self, given: Any, names: set[str], what: str) -> None:
        if not isinstance(given, dict):
            raise self.wrong(f"expected names with values in {what}")
        for name in given:
            if name not in names:
                raise self.wrong(f"“{name}” is not known in {what}; known are: {', '.join(sorted(names))}")
