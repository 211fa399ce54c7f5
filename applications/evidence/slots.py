"""What this person must show, and why: slots derived from what the rules found and what is claimed (D1).

Nothing here is an institution's list of documents, which no source holds (HKU-17), and no rule is decided
here: a finding names the paper that settles it, and each slot says which findings ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from applications.applicants.choices import AwardStatus, EnglishTestKind, ResidencePaper, label_of
from applications.evidence.models import Document, DocumentStatus, EvidenceRequest, SlotCode
from eligibility.engine import Check, DocumentKind, Finding, Outcome, Requirements
from eligibility.wording import FindingText, explain
from programmes.questions.content import Question


class Need(StrEnum):
    """When a slot must hold something."""

    TO_SUBMIT = "TO_SUBMIT"
    BEFORE_OFFER = "BEFORE_OFFER"
    OPTIONAL = "OPTIONAL"


@dataclass(frozen=True, slots=True)
class DocumentSlot:
    """One thing to prove. `findings` are those it settles; `shows` is what files must show."""

    code: SlotCode
    title: str
    why: str
    need: Need
    findings: tuple[Finding, ...] = ()
    shows: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    # of a document of the programme, the key of the question that asks for it
    question: str = ""
    # what the office asked for after submission
    request: EvidenceRequest | None = None
    requirements: Requirements | None = None

    @property
    def asked_by(self) -> tuple[FindingText, ...]:
        """The findings it settles in words, put together where they are shown."""
        if self.requirements is None:
            return ()
        return tuple(explain(finding, self.requirements) for finding in self.findings)

    @property
    def anchor(self) -> str:
        """The id of its file input on the documents page, to which problems link."""
        return self.request.anchor if self.request else anchor_of(self.code, self.question)

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


def anchor_of(code: str, question: str = "") -> str:
    """The id of a slot on the documents page."""
    return f"slot-{code.lower()}-{question}" if question else f"slot-{code.lower()}"


SLOT_OF: Final[Mapping[str, SlotCode]] = {
    DocumentKind.DEGREE_CERTIFICATE: SlotCode.DEGREE,
    DocumentKind.TRANSCRIPT: SlotCode.DEGREE,
    DocumentKind.COMPLETION_LETTER: SlotCode.DEGREE,
    DocumentKind.MEDIUM_LETTER: SlotCode.LANGUAGE_OF_STUDY,
    DocumentKind.SCORE_REPORT: SlotCode.ENGLISH_TEST,
    DocumentKind.POSTGRADUATE_TRANSCRIPT: SlotCode.POSTGRADUATE_STUDY,
    DocumentKind.RESIDENCE_PROOF: SlotCode.RESIDENCE,
    DocumentKind.EXAMINATION_RESULT: SlotCode.OTHER,
    DocumentKind.EARLIER_STUDY_RECORD: SlotCode.OTHER,
    DocumentKind.COURSE_TRANSCRIPT: SlotCode.OTHER,
    DocumentKind.ASKED_FOR: SlotCode.OTHER,
}
"""Where each paper goes. What an answer in the form settles needs none."""

Asked = Mapping[SlotCode, tuple[Finding, ...]]


def derive_slots(
    profile: Mapping[str, Any],
    findings: Iterable[Finding],
    requirements: Requirements,
    held: Mapping[SlotCode, Sequence[Document]],
    questions: Sequence[Question] = (),
) -> list[DocumentSlot]:
    """The slots that follow from what a profile claims and what the rules found, in the order they are asked.

    `profile` is that of `applicants.queries.profile_data`, `questions` are the documents the programme itself
    asks for. A slot that holds documents stays even where
    nothing asks for it any more, so that no file ever vanishes from sight.
    """
    findings = tuple(findings)
    asked = _asked(findings)
    slots = [
        slot
        for slot in (
            _degree(_degree_relied_on(profile), asked),
            _english(profile, asked),
            _language_of_study(asked),
            _postgraduate(profile, asked),
            _research(findings, requirements),
            _residence(profile, asked),
        )
        if slot is not None
    ]
    slots += map(_of_programme, questions)
    there = {(slot.code, slot.question) for slot in slots}
    placed: dict[tuple[SlotCode, str], list[Document]] = {}
    for code, documents in held.items():
        for document in documents:
            placed.setdefault((code, document.question), []).append(document)
    slots += [_no_longer_asked(*key) for key in placed if key not in there and key[0] != SlotCode.OTHER]
    slots.append(_other(asked))
    return [
        replace(
            slot,
            documents=tuple(placed.get((slot.code, slot.question), ())),
            requirements=requirements,
        )
        for slot in slots
    ]


def _of_programme(question: Question) -> DocumentSlot:
    """A document the programme itself asks for, in its own words (B15)."""
    need = Need.TO_SUBMIT if question.is_required else Need.OPTIONAL
    why = question.hint or _("The programme asks for this document.")
    return DocumentSlot(SlotCode.PROGRAMME, question.title, why, need, question=question.key)


def _asked(findings: Sequence[Finding]) -> Asked:
    """The findings that ask for each slot; a limb only where its own rule does not ask."""
    asking = {
        finding.code: slot for finding in findings if (slot := SLOT_OF.get(finding.document)) is not None
    }
    asked: dict[SlotCode, tuple[Finding, ...]] = {}
    for finding in findings:
        slot = asking.get(finding.code)
        if slot is not None and asking.get(finding.part_of) != slot:
            asked[slot] = (*asked.get(slot, ()), finding)
    return asked


def _degree_relied_on(profile: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one the applicant named; the only one where there is no choice."""
    degrees = profile["qualifications"]
    named = [row for row in degrees if row["relied_on"]] or degrees
    return named[0] if len(named) == 1 else None


def _degree(degree: Mapping[str, Any] | None, asked: Asked) -> DocumentSlot:
    """Every application relies on a degree, so it is always asked for."""
    asked_by = asked.get(SlotCode.DEGREE, ())
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
            asked_by,
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
        asked_by,
        shows,
    )


def _english(profile: Mapping[str, Any], asked: Asked) -> DocumentSlot | None:
    taken = tuple(_test_name(row) for row in profile["english_tests"] if not row["booked"])
    asked_by = asked.get(SlotCode.ENGLISH_TEST, ())
    if not taken and not asked_by:
        return None
    if not taken:
        need, why = (
            Need.BEFORE_OFFER,
            _("Add the report once you have it: it shows the date and every score."),
        )
    elif asked_by:
        need, why = (
            Need.TO_SUBMIT,
            _(
                "A test counts by its report, which shows the date and every score. "
                "Send one file for each test, or one with all."
            ),
        )
    else:
        need, why = (
            Need.OPTIONAL,
            _("As things stand no rule rests on this test. Its report may support your case."),
        )
    return DocumentSlot(SlotCode.ENGLISH_TEST, _("English test report"), why, need, asked_by, taken)


def _test_name(row: Mapping[str, Any]) -> str:
    kind = str(EnglishTestKind(row["kind"]).label)
    if not row["taken_on"]:
        return kind
    return _("%(test)s, taken on %(day)s") % {
        "test": kind,
        "day": hong_kong_day(date.fromisoformat(row["taken_on"])),
    }


def _language_of_study(asked: Asked) -> DocumentSlot | None:
    """Where the language of study stands in for a test (DOMAIN A3) or is in doubt (AMB-08)."""
    asked_by = asked.get(SlotCode.LANGUAGE_OF_STUDY)
    if not asked_by:
        return None
    in_doubt = any(finding.outcome is not Outcome.NOT_APPLICABLE for finding in asked_by)
    return DocumentSlot(
        SlotCode.LANGUAGE_OF_STUDY,
        _("Letter on the language of teaching and examination"),
        _("The office decides on a letter of your institution that says what was in English.")
        if in_doubt
        else _(
            "You studied in English, so no test is asked. "
            "A letter of your institution proves it, unless your transcript says so."
        ),
        Need.BEFORE_OFFER,
        asked_by,
    )


def _postgraduate(profile: Mapping[str, Any], asked: Asked) -> DocumentSlot | None:
    """Postgraduate work decides where a rule counts it (UST-03 b) and nowhere else."""
    claimed = tuple(row["title"] or row["institution"] for row in profile["postgraduate_studies"])
    asked_by = asked.get(SlotCode.POSTGRADUATE_STUDY, ())
    if not claimed and not asked_by:
        return None
    return DocumentSlot(
        SlotCode.POSTGRADUATE_STUDY,
        _("Transcript of postgraduate study"),
        _(
            "Satisfactory work at postgraduate level must be shown: by a transcript, or by a letter of the "
            "institution."
        )
        if asked_by
        else _(
            "You wrote of postgraduate study. "
            "No rule of this programme asks for its transcript; it may support your case."
        ),
        Need.TO_SUBMIT if asked_by else Need.OPTIONAL,
        asked_by,
        claimed,
    )


def _research(findings: Sequence[Finding], requirements: Requirements) -> DocumentSlot | None:
    subject = {rule.code for rule in requirements.rules if rule.check is Check.SUBJECT_OF_RESEARCH}
    asked_by = tuple(finding for finding in findings if finding.code in subject)
    if not asked_by:
        return None
    return DocumentSlot(
        SlotCode.RESEARCH_STATEMENT,
        _("Research statement"),
        _(
            "If you have written more about your subject than the form holds, the School and department "
            "read it here."
        ),
        Need.OPTIONAL,
        asked_by,
    )


def _residence(profile: Mapping[str, Any], asked: Asked) -> DocumentSlot | None:
    asked_by = asked.get(SlotCode.RESIDENCE)
    if not asked_by:
        return None
    return DocumentSlot(
        SlotCode.RESIDENCE,
        _("Proof of residence status"),
        _(
            "The office checks before an offer whether you are local. "
            "Cover the number of an identity card: nobody needs it."
        ),
        Need.BEFORE_OFFER,
        asked_by,
        shows=_paper_named(profile),
    )


def _paper_named(profile: Mapping[str, Any]) -> tuple[str, ...]:
    """The paper the applicant says shows the status; none where nothing was said, or nothing is held yet."""
    paper = profile.get("residence_paper", "")
    return (label_of(ResidencePaper, paper),) if paper and paper != ResidencePaper.NONE else ()


def slot_of_request(request: EvidenceRequest) -> DocumentSlot:
    """What the office asked for as a slot above the others; its files prove what its own slot does."""
    return DocumentSlot(
        SlotCode(request.slot),
        request.title,
        request.words,
        Need.OPTIONAL,
        documents=tuple(request.documents.all()),
        question=request.question,
        request=request,
    )


def _no_longer_asked(code: SlotCode, question: str = "") -> DocumentSlot:
    why = (
        _("The programme no longer asks for this. The files stay until you remove them.")
        if question
        else _("What you wrote no longer asks for this. The files stay until you remove them.")
    )
    return DocumentSlot(code, str(code.label), why, Need.OPTIONAL, question=question)


def _other(asked: Asked) -> DocumentSlot:
    asked_by = asked.get(SlotCode.OTHER, ())
    return DocumentSlot(
        SlotCode.OTHER,
        _("Another document"),
        _("The points below are settled by a document of their own. Anything else that helps is welcome too.")
        if asked_by
        else _(
            "Anything that helps to understand your application, such as the grading system of your "
            "university."
        ),
        Need.BEFORE_OFFER if asked_by else Need.OPTIONAL,
        asked_by,
    )
