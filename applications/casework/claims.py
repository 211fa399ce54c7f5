"""What the applicant claims, beside what proves it. Reads what was prefetched; asks nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from admissions_portal.accounts.roles import Right
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.applicants import choices
from applications.applicants.choices import label_of
from applications.applicants.queries import address_lines
from applications.applicants.telephones import grouped
from applications.assessments.facts import iso_day
from applications.casework.person import identity_lines, residence_lines
from applications.casework.reading import CaseReading
from applications.evidence.models import Document, SlotCode
from applications.identity.queries import identity_number_of
from applications.lifecycle.contacts import Contact, contact_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import chinese_name_beside, full_name_of, person_of
from applications.lifecycle.questions import documents_asked
from applications.submission.questions import answers_of

_SCORES = ("overall", "listening", "reading", "writing", "speaking", "comparable_total", "grade")


@dataclass(slots=True)
class Claim:
    """Something the applicant stated, in lines, with the documents that may prove it."""

    title: str
    lines: list[str]
    documents: list[Document] = field(default_factory=list)
    han: str = ""
    is_identity: bool = False
    # the slot of documents that prove it, also where they are shown beside another claim
    proves: str = ""
    # who the person says to be: beside whatever document prints a name
    is_person: bool = False


def claims_on(reading: CaseReading) -> dict[str, Any]:
    case = reading.case
    return {
        "claims": claims_of(case, reading.documents, on=reading.on),
        "may_verify": reading.may_still(Right.VERIFY_EVIDENCE),
        "may_see_number": reading.may(Right.SEE_IDENTITY_NUMBERS) and identity_number_of(case) is not None,
    }


def claims_of(application: Application, documents: Iterable[Document], *, on: date) -> list[Claim]:
    """The frozen profile and the plan, claim by claim, in the order an officer reads; documents stand with
    their claim."""
    person, contact = person_of(application), contact_of(application)
    by_slot: dict[str, list[Document]] = {}
    for document in documents:
        by_slot.setdefault(document.slot, []).append(document)
    claims = [
        Claim(
            _("Name"),
            [full_name_of(application)],
            han=chinese_name_beside(application),
            is_person=True,
        ),
        *([Claim(_("Other names"), [names], is_person=True)] if (names := person.get("other_names")) else []),
        Claim(
            _("Born, nationality"),
            [_shown_day(person["date_of_birth"]), _country(person["nationality"])],
            is_person=True,
        ),
        Claim(_("Identity document"), identity_lines(application, person), is_identity=True),
        Claim(
            _("Reached at"),
            [
                contact.values["email"],
                grouped(contact.values["phone"]),
                _(", ").join(address_lines(contact.values)),
                _changed_since(contact),
            ],
        ),
        Claim(
            _("Residence"),
            [
                *residence_lines(application, person),
                label_of(choices.Origin, person["origin"]),
            ],
            by_slot.pop(SlotCode.RESIDENCE, []),
            proves=SlotCode.RESIDENCE,
        ),
    ]
    degrees = by_slot.pop(SlotCode.DEGREE, []) + by_slot.pop(SlotCode.LANGUAGE_OF_STUDY, [])
    for row in person["qualifications"]:
        claims.append(
            Claim(
                _("Degree relied on") if row["relied_on"] else _("Degree"),
                _degree_lines(row),
                degrees,
                proves=SlotCode.DEGREE,
            )
        )
        degrees = []  # shown once, beside the first
    tests = by_slot.pop(SlotCode.ENGLISH_TEST, [])
    for row in person["english_tests"]:
        claims.append(Claim(_("English test"), _test_lines(row), tests, proves=SlotCode.ENGLISH_TEST))
        tests = []
    studies = by_slot.pop(SlotCode.POSTGRADUATE_STUDY, [])
    for row in person["postgraduate_studies"]:
        claims.append(
            Claim(_("Postgraduate study"), _study_lines(row), studies, proves=SlotCode.POSTGRADUATE_STUDY)
        )
        studies = []
    claims += [Claim(_("Earlier study here"), _earlier_lines(row)) for row in person["earlier_studies"]]
    for row in person["experiences"]:
        claims.append(
            Claim(
                _("Experience"),
                [_(", ").join([row["position"], row["employer"]]), _span(row["started_on"], row["ended_on"])],
            )
        )
    for answered in answers_of(application, on=on):
        claims.append(Claim(answered.question.title, [answered.words]))
    supervisors = [
        _("%(name)s (in touch)") % {"name": row.name} if row.has_spoken else row.name
        for row in application.supervisors.all()
    ]
    if supervisors:
        claims.append(Claim(_("Proposed supervisors"), supervisors))
    of_programme = by_slot.pop(SlotCode.PROGRAMME, [])
    for question in documents_asked(application, on=on):
        asked = [each for each in of_programme if each.question == question.key]
        claims.append(Claim(question.title, [], asked))
        of_programme = [each for each in of_programme if each not in asked]
    if statements := by_slot.pop(SlotCode.RESEARCH_STATEMENT, []):
        claims.append(Claim(_("Research statement"), [], statements))
    rest = [
        document
        for documents_left in (degrees, tests, studies, of_programme, *by_slot.values())
        for document in documents_left
    ]
    if rest:
        claims.append(Claim(_("Other documents"), [], rest))
    for claim in claims:
        claim.lines = [line for line in claim.lines if line]
    return claims


def _changed_since(contact: Contact) -> str:
    """That this is not what was submitted; the submission's own stays in its copy."""
    if contact.changed_at:
        return _("Changed since submission, on %(when)s.") % {"when": hong_kong_time(contact.changed_at)}
    return _("The e-mail address changed since submission.") if contact.changed else ""


def _degree_lines(row: Mapping[str, Any]) -> list[str]:
    taught = _("Taught in: %(taught)s; examined in: %(examined)s; institution: %(medium)s") % {
        "taught": label_of(choices.Language, row["teaching_language"]) or _("not said"),
        "examined": label_of(choices.Language, row["examination_language"]) or _("not said"),
        "medium": label_of(choices.Language, row["institution_medium"]) or _("not said"),
    }
    status = label_of(choices.AwardStatus, row["status"])
    return [
        row["title"],
        _(", ").join(filter(None, (row["institution"], _country(row["country"])))),
        _(", ").join(filter(None, (label_of(choices.Honours, row["honours"]), row["result"]))),
        _("%(what)s: %(day)s") % {"what": status, "day": _shown_day(row["completed_on"])}
        if row["completed_on"]
        else status,
        taught,
    ]


def scores_of(row: Mapping[str, Any]) -> str:
    """The scores of a test in one line."""
    return _("; ").join(f"{_score_name(name)} {row[name]}" for name in _SCORES if row[name] not in (None, ""))


def _test_lines(row: Mapping[str, Any]) -> list[str]:
    when = _("Booked for %(day)s") if row["booked"] else _("Taken on %(day)s")
    return [
        row["name"] or label_of(choices.EnglishTestKind, row["kind"]),
        scores_of(row),
        when % {"day": _shown_day(row["taken_on"])} if row["taken_on"] else "",
        _("Report expected on %(day)s") % {"day": _shown_day(row["report_expected_on"])}
        if row["report_expected_on"]
        else "",
        _("Report %(number)s") % {"number": row["report_number"]} if row["report_number"] else "",
    ]


def _earlier_lines(row: Mapping[str, Any]) -> list[str]:
    named = {"OTHER": _("another discipline"), "NOT_SURE": _("discipline not known")}
    return [
        row["programme"],
        _(", ").join(
            filter(
                None,
                (
                    label_of(choices.EarlierLevel, row["level"]),
                    named.get(row["discipline"], row["discipline"]),
                ),
            )
        ),
        _span(row["started_on"], row["ended_on"]),
        label_of(choices.Leaving, row["leaving"]),
    ]


def _study_lines(row: Mapping[str, Any]) -> list[str]:
    return [
        _(", ").join(filter(None, (row["title"], row["institution"]))),
        _(", ").join(
            filter(None, (label_of(choices.StudyKind, row["kind"]), label_of(choices.StudyMode, row["mode"])))
        ),
        _span(row["started_on"], row["ended_on"]),
        _("%(months)s months so far") % {"months": row["months"]} if row["months"] else "",
    ]


def _score_name(name: str) -> str:
    return {
        "overall": _("overall"),
        "listening": _("listening"),
        "reading": _("reading"),
        "writing": _("writing"),
        "speaking": _("speaking"),
        "comparable_total": _("comparable total"),
        "grade": _("grade"),
    }[name]


def _span(start: str | None, end: str | None) -> str:
    if not start and not end:
        return ""
    return _("%(start)s to %(end)s") % {
        "start": _shown_day(start) or _("not said"),
        "end": _shown_day(end) or _("now"),
    }


def _shown_day(iso: str | None) -> str:
    day = iso_day(iso)
    return hong_kong_day(day) if day else ""


def _country(code: str) -> str:
    return str(countries.name(code)) if code else ""
