"""What this person must show, and why: slots derived from what the application claims.

Nothing here is an institution's list of documents, which no source holds (HKU-17): each slot follows from a
rule that needs a proof, and says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from applications.applicants.choices import AwardStatus, EnglishTestKind, Language
from applications.evidence.models import Document, DocumentStatus, SlotCode
from eligibility.engine import Check, Requirements, Rule


class Need(StrEnum):
    """When a slot must hold something."""

    TO_SUBMIT = "TO_SUBMIT"
    BEFORE_OFFER = "BEFORE_OFFER"
    OPTIONAL = "OPTIONAL"


@dataclass(frozen=True, slots=True)
class DocumentSlot:
    """One thing to prove. `rules` of the programme's policy ask for it; `shows` is what files must show."""

    code: SlotCode
    title: str
    why: str
    need: Need
    rules: tuple[Rule, ...] = ()
    shows: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of its file input on the documents page, to which problems link."""
        return f"slot-{self.code.lower()}"

    @property
    def is_required(self) -> bool:
        return self.need is Need.TO_SUBMIT

    @property
    def is_filled(self) -> bool:
        """Something is there that the office has not turned down."""
        return any(document.status != DocumentStatus.REJECTED for document in self.documents)

    @property
    def is_verified(self) -> bool:
        """The office has checked it, and nothing waits to be checked."""
        return self.is_filled and all(
            document.status != DocumentStatus.RECEIVED for document in self.documents
        )

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.is_filled


DEGREE_CHECKS = (
    Check.BACHELOR_WITH_HONOURS,
    Check.BACHELOR_OR_EQUIVALENT,
    Check.OUTSTANDING_OR_EXPERIENCED,
    Check.OUTSTANDING_BACHELOR,
)
ENGLISH_CHECKS = (Check.ENGLISH_BY_QUALIFICATION, Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM)
RESIDENCE_CHECKS = (Check.RESIDENCE_STATUS, Check.ROUND_FOR_LOCALS)


def derive_slots(
    profile: Mapping[str, Any], requirements: Requirements, held: Mapping[SlotCode, Sequence[Document]]
) -> list[DocumentSlot]:
    """The slots that follow from what a profile claims under a policy, in the order they are asked.

    `profile` is that of `applicants.queries.profile_data`. A slot that holds documents stays even where the
    claim behind it was withdrawn, so that no file ever vanishes from sight.
    """
    degree = _degree_relied_on(profile)
    slots = [
        slot
        for slot in (
            _degree(degree, requirements),
            _english(profile, requirements),
            _language_of_study(degree, profile, requirements),
            _postgraduate(profile, requirements),
            _research(requirements),
            _residence(requirements),
        )
        if slot is not None
    ]
    asked = {slot.code for slot in slots}
    slots += [_no_longer_asked(code) for code in held if code not in asked and code != SlotCode.OTHER]
    slots.append(_other())
    return [replace(slot, documents=tuple(held.get(slot.code, ()))) for slot in slots]


def _rules(requirements: Requirements, *checks: Check) -> tuple[Rule, ...]:
    """The policy's rules of these kinds, without the limbs of a rule that is there itself."""
    found = [rule for rule in requirements.rules if rule.check in checks]
    codes = {rule.code for rule in found}
    return tuple(rule for rule in found if rule.part_of not in codes)


def _degree_relied_on(profile: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one the applicant named; the only one where there is no choice."""
    degrees = profile["qualifications"]
    named = [row for row in degrees if row["relied_on"]] or degrees
    return named[0] if len(named) == 1 else None


def _degree(degree: Mapping[str, Any] | None, requirements: Requirements) -> DocumentSlot:
    rules = _rules(requirements, *DEGREE_CHECKS)
    shows = (
        (
            _("%(degree)s, %(institution)s")
            % {"degree": degree["title"], "institution": degree["institution"]},
        )
        if degree
        else ()
    )
    if degree and degree["status"] == AwardStatus.EXPECTED:
        return DocumentSlot(
            SlotCode.DEGREE,
            _("Your latest transcript"),
            _(
                "Your degree is still to come: show the results so far, all pages. "
                "The certificate follows when you have it."
            ),
            Need.TO_SUBMIT,
            (*rules, *_rules(requirements, Check.DEGREE_IN_TIME)),
            shows,
        )
    return DocumentSlot(
        SlotCode.DEGREE,
        _("Degree certificate and transcript"),
        _(
            "Your application relies on this degree: the certificate proves the award, the transcript your "
            "results, all pages."
        )
        if degree
        else _(
            "The degree your application relies on is proved by its certificate and its transcript, all "
            "pages."
        ),
        Need.TO_SUBMIT,
        rules,
        shows,
    )


def _english(profile: Mapping[str, Any], requirements: Requirements) -> DocumentSlot | None:
    taken = [row for row in profile["english_tests"] if not row["booked"]]
    if not taken:
        return None
    return DocumentSlot(
        SlotCode.ENGLISH_TEST,
        _("English test report"),
        _(
            "A test counts by its report, which shows the date and every score. "
            "Send one file for each test, or one with all."
        ),
        Need.TO_SUBMIT,
        _rules(requirements, *ENGLISH_CHECKS),
        tuple(_test_name(row) for row in taken),
    )


def _test_name(row: Mapping[str, Any]) -> str:
    kind = str(EnglishTestKind(row["kind"]).label)
    if not row["taken_on"]:
        return kind
    return _("%(test)s, taken on %(day)s") % {
        "test": kind,
        "day": hong_kong_day(date.fromisoformat(row["taken_on"])),
    }


def _language_of_study(
    degree: Mapping[str, Any] | None, profile: Mapping[str, Any], requirements: Requirements
) -> DocumentSlot | None:
    """Where the language of study abroad stands in for a test (DOMAIN A3) or is in doubt (AMB-08)."""
    rules = _rules(requirements, *ENGLISH_CHECKS)
    has_test = any(not row["booked"] for row in profile["english_tests"])
    if degree is None or has_test or not rules or degree["country"] == "HK":
        return None
    if rules[0].check is Check.ENGLISH_BY_QUALIFICATION:
        said = {degree["teaching_language"], degree["examination_language"]}
    elif profile["first_language_is_english"]:
        return None
    else:
        said = {degree["institution_medium"]}
    if "" in said or Language.OTHER in said:
        return None
    return DocumentSlot(
        SlotCode.LANGUAGE_OF_STUDY,
        _("Letter on the language of teaching and examination"),
        _(
            "You studied partly in English. The office decides on a letter of your institution that says "
            "what was in English."
        )
        if Language.MIXED in said
        else _(
            "You studied in English, so no test is asked. "
            "A letter of your institution proves it, unless your transcript says so."
        ),
        Need.BEFORE_OFFER,
        rules,
    )


def _postgraduate(profile: Mapping[str, Any], requirements: Requirements) -> DocumentSlot | None:
    """Postgraduate work decides where a rule counts it (UST-03 b) and nowhere else."""
    claimed = tuple(row["title"] or row["institution"] for row in profile["postgraduate_studies"])
    if not claimed:
        return None
    rules = _rules(requirements, Check.POSTGRADUATE_EXPERIENCE)
    return DocumentSlot(
        SlotCode.POSTGRADUATE_STUDY,
        _("Transcript of postgraduate study"),
        _(
            "Satisfactory work at postgraduate level must be shown: by a transcript, or by a letter of the "
            "institution."
        )
        if rules
        else _(
            "You wrote of postgraduate study. "
            "No rule of this programme asks for its transcript; it may support your case."
        ),
        Need.TO_SUBMIT if rules else Need.OPTIONAL,
        rules,
        claimed,
    )


def _research(requirements: Requirements) -> DocumentSlot | None:
    rules = _rules(requirements, Check.SUBJECT_OF_RESEARCH)
    if not rules:
        return None
    return DocumentSlot(
        SlotCode.RESEARCH_STATEMENT,
        _("Research statement"),
        _(
            "If you have written more about your subject than the form holds, the School and department "
            "read it here."
        ),
        Need.OPTIONAL,
        rules,
    )


def _residence(requirements: Requirements) -> DocumentSlot:
    return DocumentSlot(
        SlotCode.RESIDENCE,
        _("Proof of residence status"),
        _(
            "The office checks before an offer whether you are local. "
            "Cover the number of an identity card: nobody needs it."
        ),
        Need.BEFORE_OFFER,
        _rules(requirements, *RESIDENCE_CHECKS),
    )


def _no_longer_asked(code: SlotCode) -> DocumentSlot:
    return DocumentSlot(
        code,
        str(code.label),
        _("What you wrote no longer asks for this. The files stay until you remove them."),
        Need.OPTIONAL,
    )


def _other() -> DocumentSlot:
    return DocumentSlot(
        SlotCode.OTHER,
        _("Another document"),
        _(
            "Anything that helps to understand your application, such as the grading system of your "
            "university."
        ),
        Need.OPTIONAL,
    )
