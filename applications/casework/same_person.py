"""Perhaps the same person: the part of the case page, and two records side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from admissions_portal.accounts.roles import Right
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.applicants.queries import address_lines
from applications.applicants.telephones import grouped
from applications.assessments.corrections import person_now
from applications.assessments.facts import iso_day
from applications.casework.person import identity_lines
from applications.casework.reading import CaseReading
from applications.duplicates.queries import contacts_shared, judgements_on, others_beside
from applications.duplicates.scoring import KeyKind, Reason
from applications.lifecycle.conflicts import said_of_person
from applications.lifecycle.contacts import contact_of
from applications.lifecycle.models import Application
from applications.lifecycle.queries import full_name_of
from applications.lifecycle.same_person import PersonJudgement, records_of_person


@dataclass(frozen=True, slots=True)
class OtherRecord:
    """Another record's case beside this one: joined to it, or perhaps the same person's for these reasons."""

    case: Application
    name: str
    reasons: list[str]
    judgement: PersonJudgement | None


def same_person_on(reading: CaseReading) -> dict[str, Any]:
    """`others`, of whom nobody has decided that they are two people, and `shared`, the contacts that other
    people give as well; both None without the right."""
    if not reading.may(Right.MERGE_PEOPLE):
        return {"others": None, "shared": None}
    judged = judgements_on(reading.case)
    found = [
        OtherRecord(each, full_name_of(each), words_of(each.reasons or ()), judged.get(each.applicant_id))
        for each in others_beside(reading.case, reading.user, on=reading.on)
    ]
    return {
        "others": [each for each in found if each.judgement is None or each.judgement.joins],
        "shared": [
            shared_words(*each) for each in contacts_shared(reading.case, reading.user, on=reading.on)
        ],
    }


def words_of(reasons: Any) -> list[str]:
    return [str(Reason(code).label) for code in reasons]


def shared_words(kind: KeyKind, people: int) -> str:
    """A contact in common is no sign of one person, and says so by what it says."""
    if kind == KeyKind.PHONE:
        words = ngettext(
            "Shares a telephone number with %(people)d other person",
            "Shares a telephone number with %(people)d other people",
            people,
        )
    elif kind == KeyKind.MAILBOX:
        words = ngettext(
            "Shares a mailbox with %(people)d other person",
            "Shares a mailbox with %(people)d other people",
            people,
        )
    else:
        words = ngettext(
            "Shares an address with %(people)d other person",
            "Shares an address with %(people)d other people",
            people,
        )
    return words % {"people": people}


@dataclass(frozen=True, slots=True)
class Line:
    """What two records say of one thing."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


def side_by_side(one: Application, other: Application) -> list[Line]:
    """Everything an officer tells two people apart by; of identity numbers what a page may show (C7)."""
    left, right = dict(_said(one)), dict(_said(other))
    return [Line(label, left[label], right[label]) for label in left if left[label] or right[label]]


def _said(case: Application) -> Iterator[tuple[str, str]]:
    person, contact = person_now(case), contact_of(case)
    yield _("Application"), f"{case.number}, {case.offering.programme.name}"
    yield _("State"), case.get_state_display()
    yield _("Received"), hong_kong_time(case.submitted_at) if case.submitted_at else ""
    yield _("Family name"), person["family_name"]
    yield _("Given names"), person["given_names"]
    yield _("Chinese name"), person["chinese_name"]
    yield _("Other names on certificates"), person.get("other_names") or ""
    born = iso_day(person.get("date_of_birth"))
    yield _("Date of birth"), hong_kong_day(born) if born else ""
    yield _("Nationality"), str(countries.name(person.get("nationality") or ""))
    yield _("Identity document"), _lines(identity_lines(case, person))
    yield _("E-mail"), contact.values["email"]
    yield _("Telephone"), grouped(contact.values["phone"] or "")
    yield _("Address"), _lines(address_lines(contact.values))
    yield _("Degrees"), _lines(_degree(row) for row in person["qualifications"])
    yield (
        _("Reports of English tests"),
        _lines(row.get("report_number") or "" for row in person["english_tests"]),
    )


def _degree(row: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (row["title"], row["institution"], row.get("completed_on"))))


def _lines(lines: Any) -> str:
    return "\n".join(filter(None, lines))


def what_joining_means(one: Application, other: Application) -> list[str]:
    """What would change, in sentences that are true of these two; then what would not."""
    institution = one.offering.programme.institution
    told = [
        _("%(one)s and %(other)s show each other on their pages.")
        % {"one": one.number, "other": other.number}
    ]
    if most := institution.most_applications:
        told.append(
            ngettext(
                "Their applications count together against the %(most)d that %(institution)s takes of a "
                "person at a time.",
                "Their applications count together against the %(most)d that %(institution)s takes of a "
                "person at a time.",
                most,
            )
            % {"most": most, "institution": institution.short_name}
        )
    if joined := _already_joined(one, other):
        told.append(
            ngettext(
                "%(count)d more record is joined to one of them already, and is then joined to both.",
                "%(count)d more records are joined to one of them already, and are then joined to both.",
                joined,
            )
            % {"count": joined}
        )
    said = [{each.pk for each in said_of_person(case)} for case in (one, other)]
    known = [{each.person_id for each in case.recusals.all() if each.stands} for case in (one, other)]
    closed = len((said[0] | known[0]) ^ (said[1] | known[1]))
    told.append(
        ngettext(
            "%(count)d colleague has a conflict of interest with one of them: both are closed to them.",
            "%(count)d colleagues have a conflict of interest with one of them: both are closed to them.",
            closed,
        )
        % {"count": closed}
        if closed
        else _("A conflict of interest with one of them is one with both.")
    )
    return told


def _already_joined(one: Application, other: Application) -> int:
    institution = one.offering.programme.institution_id
    return sum(records_of_person(each.applicant_id, institution).count() - 1 for each in (one, other))
