"""What a person must show follows from what they claim and from the rules of the programme."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.support.actors import Actor
from applications.applicants.choices import AwardStatus, Language
from applications.applicants.models import Applicant
from applications.assessments.actions import assess_application
from applications.evidence.models import DocumentStatus, SlotCode
from applications.evidence.queries import documents_by_slot, slots_of
from applications.evidence.slots import SLOT_OF, Need
from applications.lifecycle.models import Application
from eligibility.engine import DocumentKind, Outcome
from eligibility.labels import DOCUMENTS
from programmes.models import Level, Offering
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import (
    ApplicantFactory,
    EnglishTestFactory,
    PostgraduateStudyFactory,
    QualificationFactory,
)
from tests.factories.applications import CaseFactory, DraftFactory
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import OfferingFactory, hkt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policies")]
AT = hkt(2026, 3, 24, 9, 0)


def a_draft(code="hku", level=Level.TAUGHT_MASTER, **applicant):
    """A draft for the MMedSc, or for a research programme."""
    offering = Offering.objects.first() or OfferingFactory(
        intake__programme__institution__code=code,
        intake__programme__level=level,
        intake__programme__slug="hku-mmedsc" if code == "hku" else "chemistry",
        intake__programme__discipline="" if code == "hku" else "Chemistry",
    )
    return DraftFactory(applicant=ApplicantFactory(**applicant), offering=offering)


def asked(application):
    return {slot.code: slot.need for slot in slots_of(application, at=AT)}


def slot(application, code):
    return next(each for each in slots_of(application, at=AT) if each.code == code)


def clauses(application, code):
    return [finding.code for finding in slot(application, code).asked_by]


ALWAYS = {
    SlotCode.DEGREE: Need.TO_SUBMIT,
    SlotCode.RESIDENCE: Need.BEFORE_OFFER,
    SlotCode.OTHER: Need.OPTIONAL,
}
ABROAD = {"country": "GB", "university": "", "institution": "Example University"}
MIXED = {"teaching_language": Language.MIXED, "institution_medium": Language.MIXED}
LETTER = {SlotCode.LANGUAGE_OF_STUDY: Need.BEFORE_OFFER}
TEST = {SlotCode.ENGLISH_TEST: Need.TO_SUBMIT}
TEST_LATER = {SlotCode.ENGLISH_TEST: Need.BEFORE_OFFER}
TEST_UNASKED = {SlotCode.ENGLISH_TEST: Need.OPTIONAL}
ELSEWHERE = ABROAD | {"teaching_language": Language.OTHER, "examination_language": Language.OTHER}

AT_HKU = {
    "a degree of Hong Kong": ({}, None, ALWAYS),
    "nothing written yet": (None, None, ALWAYS),
    "a degree abroad, taught and examined in English": (ABROAD, None, ALWAYS | LETTER),
    "a degree abroad, partly in English": (ABROAD | MIXED, None, ALWAYS | LETTER),
    "a degree abroad in another language, no test yet": (ELSEWHERE, None, ALWAYS | TEST_LATER),
    "a degree abroad in another language, a test booked": (ELSEWHERE, {"booked": True}, ALWAYS | TEST_LATER),
    "a degree abroad in another language, and a test": (ELSEWHERE, {}, ALWAYS | TEST),
    "a degree abroad, partly in English, and a test that settles it": (ABROAD | MIXED, {}, ALWAYS | TEST),
    "a degree abroad in English, and a test nobody asks for": (ABROAD, {}, ALWAYS | LETTER | TEST_UNASKED),
    "a degree of Hong Kong, and a test nobody asks for": ({}, {}, ALWAYS | TEST_UNASKED),
    "a degree abroad in English, a test booked": (ABROAD, {"booked": True}, ALWAYS | LETTER),
    "a degree abroad, language not said": (ABROAD | {"examination_language": ""}, None, ALWAYS | LETTER),
}


@pytest.mark.parametrize(("degree", "test", "expected"), AT_HKU.values(), ids=AT_HKU.keys())
def test_what_hku_asks_with(degree, test, expected):
    draft = a_draft()
    if degree is not None:
        QualificationFactory(applicant=draft.applicant, **degree)
    if test is not None:
        EnglishTestFactory(applicant=draft.applicant, **test)
    assert asked(draft) == expected


RESEARCH = ALWAYS | {SlotCode.RESEARCH_STATEMENT: Need.OPTIONAL}
AT_HKUST = {
    "an institution that teaches in English": (
        {"institution_medium": Language.ENGLISH},
        {},
        RESEARCH | LETTER,
    ),
    "an institution that teaches in two languages": (
        {"institution_medium": Language.MIXED},
        {},
        RESEARCH | LETTER,
    ),
    "English as first language": (
        {"institution_medium": Language.ENGLISH},
        {"first_language_is_english": True},
        RESEARCH,
    ),
    "an institution of another language, itself in English": (
        {"institution_medium": Language.OTHER},
        {},
        RESEARCH | LETTER,
    ),
    "an institution that teaches in another language": (
        {"institution_medium": Language.OTHER, "teaching_language": Language.OTHER},
        {},
        RESEARCH | TEST_LATER,
    ),
}


@pytest.mark.parametrize(("degree", "person", "expected"), AT_HKUST.values(), ids=AT_HKUST.keys())
def test_what_hkust_asks_of_a_degree_abroad_from(degree, person, expected):
    draft = a_draft("hkust", Level.PHD, **person)
    QualificationFactory(applicant=draft.applicant, **ABROAD, **degree)
    assert asked(draft) == expected


@pytest.mark.parametrize(
    ("code", "level", "need"),
    [
        ("hkust", Level.PHD, Need.TO_SUBMIT),
        ("hkust", Level.MPHIL, Need.OPTIONAL),
        ("hku", Level.TAUGHT_MASTER, Need.OPTIONAL),
    ],
    ids=["a doctorate, whose rule counts it (UST-03 b)", "an MPhil", "the MMedSc"],
)
def test_a_transcript_of_postgraduate_study_is_needed_for(code, level, need):
    draft = a_draft(code, level)
    PostgraduateStudyFactory(applicant=draft.applicant, title="MSc in Molecular Biology")
    found = slot(draft, SlotCode.POSTGRADUATE_STUDY)
    assert (found.need, found.shows) == (need, ("MSc in Molecular Biology",))


def test_each_slot_names_the_findings_that_ask():
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, **ELSEWHERE)
    EnglishTestFactory(applicant=draft.applicant)
    assert clauses(draft, SlotCode.DEGREE) == ["HKU-E3"]
    assert clauses(draft, SlotCode.ENGLISH_TEST) == ["HKU-E5"]
    assert clauses(draft, SlotCode.RESIDENCE) == ["HKU-STATUS"]


def test_a_finding_says_in_plain_words_what_it_asks_and_where_that_stands():
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, **ELSEWHERE)
    (finding,) = slot(draft, SlotCode.ENGLISH_TEST).asked_by
    assert (finding.text, finding.document, finding.clause) == (
        "A test is needed, and none is declared yet.",
        "score report",
        "Entrance requirement 5",
    )


def test_limbs_ask_only_where_their_rule_does_not():
    """UST-03 is met by its limb (b), so the limb asks for the transcript; UST-07 to UST-09 ask by UST-06."""
    draft = a_draft("hkust", Level.PHD)
    QualificationFactory(applicant=draft.applicant, **ELSEWHERE, institution_medium=Language.OTHER)
    PostgraduateStudyFactory(applicant=draft.applicant)
    EnglishTestFactory(applicant=draft.applicant)
    assert clauses(draft, SlotCode.ENGLISH_TEST) == ["UST-06"]
    assert clauses(draft, SlotCode.POSTGRADUATE_STUDY) == ["UST-03b"]


def test_a_degree_still_to_come_without_a_date_asks_for_the_letter_that_says_it():
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, status=AwardStatus.EXPECTED, completed_on=None)
    asking = {finding.code: finding.document for finding in slot(draft, SlotCode.DEGREE).asked_by}
    assert asking["HKU-E3-AWARD"] == "letter from the institution with the date of completion"


def test_what_an_officer_asks_for_is_asked_for_in_the_last_slot():
    case = CaseFactory(offering=a_draft().offering)
    assess_application(case, by=Actor.system(), at=AT)
    assert slot(case, SlotCode.OTHER).need == Need.OPTIONAL
    case.officer_findings.create(
        code="HKU-E1",
        outcome=Outcome.NEEDS_EVIDENCE,
        reason="Show the grading scale.",
        found_by=StaffFactory(),
        found_at=AT,
    )
    assess_application(case, by=Actor.system(), at=AT)
    assert slot(case, SlotCode.OTHER).need == Need.BEFORE_OFFER
    assert clauses(case, SlotCode.OTHER) == ["HKU-E1"]


def test_every_paper_has_a_name_and_a_slot_and_an_answer_in_the_form_has_none():
    assert set(DOCUMENTS) == {kind.value for kind in DocumentKind}
    assert set(DocumentKind) - set(SLOT_OF) == {DocumentKind.FORM_ANSWER}


def test_a_finding_links_to_the_slot_that_settles_it(client):
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, **ELSEWHERE)
    client.force_login(draft.applicant.user)
    documents = reverse("applications:documents", args=[draft.pk])
    findings = client.get(reverse("applications:findings", args=[draft.pk])).content.decode()
    assert re.findall(rf'<a href="{documents}#([^"]+)">', findings) == ["for-hku-e3", "for-hku-e5"]
    page = client.get(documents).content.decode()
    assert all(page.count(f'id="{name}"') == 1 for name in ("for-hku-e3", "for-hku-e5"))


def test_the_report_of_each_test_taken_is_listed_by_name_and_day():
    draft = a_draft()
    EnglishTestFactory(applicant=draft.applicant)
    EnglishTestFactory(applicant=draft.applicant, booked=True, taken_on=None)
    assert slot(draft, SlotCode.ENGLISH_TEST).shows == (
        "IELTS Academic, also for UKVI, taken on 12\xa0October\xa02025",
    )


def test_a_degree_still_to_come_asks_for_the_results_so_far():
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, status=AwardStatus.EXPECTED)
    assert slot(draft, SlotCode.DEGREE).title == "Your latest transcript"


def test_of_several_degrees_the_one_relied_on_is_shown():
    draft = a_draft()
    QualificationFactory(applicant=draft.applicant, relied_on=False, title="Higher Diploma")
    QualificationFactory(applicant=draft.applicant, title="BSc in Nursing", institution="Example University")
    assert slot(draft, SlotCode.DEGREE).shows == ("BSc in Nursing, Example University",)


def test_a_slot_is_missing_until_a_file_stands_in_it_that_was_not_turned_down():
    draft = a_draft()
    assert [each.code for each in slots_of(draft, at=AT) if each.is_missing] == [SlotCode.DEGREE]
    document = DocumentFactory(application=draft, status=DocumentStatus.REJECTED)
    assert [each.code for each in slots_of(draft, at=AT) if each.is_missing] == [SlotCode.DEGREE]
    document.status = DocumentStatus.RECEIVED
    document.save()
    assert not any(each.is_missing for each in slots_of(draft, at=AT))


def test_a_file_whose_claim_was_withdrawn_stays_in_sight():
    draft = a_draft()
    DocumentFactory(application=draft, slot=SlotCode.ENGLISH_TEST)
    found = slot(draft, SlotCode.ENGLISH_TEST)
    assert (found.need, found.asked_by, len(found.documents)) == (Need.OPTIONAL, (), 1)


def test_a_submitted_case_is_read_from_the_profile_as_frozen():
    case = CaseFactory(offering=a_draft().offering)
    before = asked(case)
    EnglishTestFactory(applicant=Applicant.objects.get(pk=case.applicant_id))
    assert asked(case) == before


def test_the_questions_to_the_database_do_not_grow_with_the_documents():
    asked_of = []
    for size in (3, 30):
        draft = Application.objects.get(pk=a_draft().pk)
        DocumentFactory.create_batch(size, application=draft)
        with CaptureQueriesContext(connection) as asked:
            slots_of(draft, at=AT)
        asked_of.append(len(asked))
        assert len(documents_by_slot(draft)[SlotCode.DEGREE]) == size
    assert asked_of[0] == asked_of[1]
