"""The one translation of a case into what the rules may know: nothing lost, nothing invented, no name let
through."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.applicants import choices
from applications.applicants.actions import freeze_profile
from applications.applicants.models import Applicant, EarlierStudy
from applications.applicants.queries import profile_data
from applications.assessments import facts as facts_module
from applications.assessments.models import OfficerFinding
from applications.lifecycle.models import Application
from eligibility import engine
from eligibility.engine import Outcome
from programmes.models import CloseReading
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import (
    ApplicantFactory,
    EnglishTestFactory,
    ExperienceFactory,
    PostgraduateStudyFactory,
    QualificationFactory,
)
from tests.factories.applications import RECEIVED, CaseFactory, DraftFactory
from tests.factories.programmes import LocalRoundFactory, OfferingFactory, RoundFactory, hkt

pytestmark = pytest.mark.django_db


def facts_of(application: Application) -> engine.Facts:
    """Asked a month after the factories' cases were received."""
    return facts_module.facts_of(application, at=hkt(2026, 4, 28))


def facts(**person: Any) -> engine.Facts:
    """The facts of a draft whose applicant has nothing but `person`."""
    return facts_of(DraftFactory(applicant=ApplicantFactory(**person)))


@pytest.mark.parametrize("reading", CloseReading.values)
def test_the_rules_are_told_how_a_round_reads_its_minute(reading: str) -> None:
    """AMB-01 is stored with the round; tests/eligibility holds that both floors refuse from one instant."""
    draft = DraftFactory()
    row = RoundFactory.build(offering=draft.offering)
    row.set_close(hkt(2026, 3, 31, 23, 59), reading)
    row.save()
    assert [each.strict_minute for each in facts_of(draft).rounds or ()] == [reading == CloseReading.STRICT]


def fresh(application: Application) -> Application:
    """As a later request reads it."""
    return Application.objects.get(pk=application.pk)


def test_a_degree_is_mapped_field_by_field() -> None:
    draft = DraftFactory()
    QualificationFactory(
        applicant=draft.applicant,
        level="MASTER",
        title="MSc in Statistics",
        institution="University HKU",
        university="hku",
        country="HK",
        honours="FIRST",
        teaching_language="ENGLISH",
        examination_language="OTHER",
        institution_medium="MIXED",
        status="EXPECTED",
        completed_on=date(2026, 6, 30),
        relied_on=True,
    )
    assert facts_of(draft).degrees == (
        engine.Degree(
            level=engine.DegreeLevel.MASTER,
            title="MSc in Statistics",
            institution="University HKU",
            country="HK",
            institution_in_hong_kong=True,
            of_this_university=True,
            honours=engine.Honours.FIRST,
            teaching_language=engine.Language.ENGLISH,
            examination_language=engine.Language.OTHER,
            institution_medium=engine.Language.MIXED,
            status=engine.AwardStatus.EXPECTED,
            completed_on=date(2026, 6, 30),
            relied_on=True,
        ),
    )


@pytest.mark.parametrize(
    ("university", "country", "of_this", "in_hong_kong"),
    [
        pytest.param("hku", "HK", True, True, id="this university"),
        pytest.param("hkust", "HK", False, True, id="another one of Hong Kong"),
        pytest.param("", "CN", False, False, id="one that takes no applications here"),
        pytest.param("", "", False, None, id="country not said is unknown, not abroad"),
    ],
)
def test_where_a_degree_is_from(
    university: str, country: str, of_this: bool, in_hong_kong: bool | None
) -> None:
    draft = DraftFactory()
    QualificationFactory(applicant=draft.applicant, university=university, country=country)
    [degree] = facts_of(draft).degrees
    assert (degree.of_this_university, degree.institution_in_hong_kong) == (of_this, in_hong_kong)


def test_what_is_not_said_stays_unknown() -> None:
    draft = DraftFactory(
        applicant=ApplicantFactory(residence_status="", origin="", first_language_is_english=None)
    )
    QualificationFactory(
        applicant=draft.applicant,
        honours="",
        teaching_language="",
        examination_language="",
        institution_medium="",
        completed_on=None,
    )
    PostgraduateStudyFactory(
        applicant=draft.applicant,
        months=None,
        certified_normal_months=None,
        satisfactory=None,
        started_on=None,
        ended_on=None,
    )
    given = facts_of(draft)
    degree, study = given.degrees[0], given.postgraduate_study[0]
    unknown = (
        degree.honours,
        degree.teaching_language,
        degree.examination_language,
        degree.institution_medium,
    )
    assert unknown == (None, None, None, None)
    assert (degree.completed_on, given.first_language_is_english, given.residence) == (None, None, None)
    assert (study.months, study.certified_normal_months, study.satisfactory, study.started_on) == (None,) * 4


def test_an_english_test_is_mapped_field_by_field() -> None:
    draft = DraftFactory()
    EnglishTestFactory(
        applicant=draft.applicant,
        kind="TOEFL_IBT_1_6",
        taken_on=date(2026, 2, 1),
        issued_on=date(2026, 2, 8),
        overall=Decimal("4.5"),
        listening=Decimal("5.0"),
        reading=Decimal("4.5"),
        writing=Decimal("4.0"),
        speaking=Decimal("4.5"),
        comparable_total=Decimal(95),
        one_skill_retake=True,
        home_edition=True,
        booked=False,
        report_number="A1",
    )
    EnglishTestFactory(
        applicant=draft.applicant,
        kind="GCE_IGCSE",
        grade="C",
        booked=True,
        overall=None,
        listening=None,
        reading=None,
        writing=None,
        speaking=None,
    )
    first, second = facts_of(draft).english_tests
    assert first == engine.EnglishTest(
        kind=engine.EnglishTestKind.TOEFL_IBT_1_6,
        taken_on=date(2026, 2, 1),
        issued_on=date(2026, 2, 8),
        overall=Decimal("4.5"),
        listening=Decimal("5.0"),
        reading=Decimal("4.5"),
        writing=Decimal("4.0"),
        speaking=Decimal("4.5"),
        comparable_total=Decimal(95),
        one_skill_retake=True,
        home_edition=True,
    )
    assert (second.grade, second.booked, second.overall) == ("C", True, None)


def test_postgraduate_study_is_mapped_field_by_field() -> None:
    draft = DraftFactory()
    PostgraduateStudyFactory(
        applicant=draft.applicant,
        kind="RESEARCH_ASSISTANTSHIP",
        mode="PART_TIME",
        institution="Example University",
        started_on=date(2023, 1, 1),
        ended_on=date(2024, 1, 1),
        months=13,
        certified_normal_months=24,
        completed=False,
        satisfactory=False,
    )
    assert facts_of(draft).postgraduate_study == (
        engine.PostgraduateStudy(
            mode=engine.StudyMode.PART_TIME,
            kind=engine.StudyKind.RESEARCH_ASSISTANTSHIP,
            months=13,
            certified_normal_months=24,
            completed=False,
            started_on=date(2023, 1, 1),
            ended_on=date(2024, 1, 1),
            satisfactory=False,
            institution="Example University",
        ),
    )


def test_the_case_itself_is_mapped() -> None:
    offering = OfferingFactory(
        intake__programme__research=True,
        intake__programme__discipline="Chemistry",
        intake__expected_start_on=date(2026, 9, 1),
        mode="PART_TIME",
    )
    LocalRoundFactory(offering=offering)
    RoundFactory(offering=offering)
    given = facts_of(
        CaseFactory(offering=offering, applicant__origin="MACAO", applicant__residence_status="VISITOR")
    )
    assert (given.programme_level, given.mode, given.chosen_subject) == (
        engine.ProgrammeLevel.PHD,
        engine.StudyMode.PART_TIME,
        "Chemistry",
    )
    assert given.residence == engine.Residence(engine.ResidenceStatus.VISITOR, engine.Origin.MACAO, True)
    assert (given.programme_starts_on, given.received_at) == (date(2026, 9, 1), RECEIVED)
    assert [each.name for each in given.rounds or ()] == ["Round 1", "Round 2"]


@pytest.mark.parametrize(
    ("published", "told"),
    [
        pytest.param({}, {}, id="a closing minute and nothing else"),
        pytest.param({"audience": "LOCAL_ONLY"}, {"local_only": True}, id="for local applicants"),
        pytest.param({"opens_at": hkt(2026, 3, 1)}, {"opens_at": hkt(2026, 3, 1)}, id="an opening announced"),
        pytest.param(
            {"opens_at": hkt(2026, 3, 1), "opens_reading": "AMB-02"}, {}, id="an opening only read (AMB-02)"
        ),
        pytest.param(
            {"close_reading": CloseReading.STRICT, "closed_from": hkt(2026, 3, 31, 23, 59)},
            {"strict_minute": True},
            id="a minute read strictly (AMB-01)",
        ),
        pytest.param({"closes_at": None}, {"closes_at": None}, id="not announced"),
    ],
)
def test_a_round_is_told_as_it_was_published(published: dict[str, Any], told: dict[str, Any]) -> None:
    draft = DraftFactory()
    RoundFactory(offering=draft.offering, **published)
    minute = {"closes_at": hkt(2026, 3, 31, 23, 59), "strict_minute": False}
    assert facts_of(fresh(draft)).rounds == (engine.Round("Round 1", **{**minute, **told}),)


# What the applicant says and no rule asks. A new field of the profile must be mapped or named here.
NOT_FOR_THE_RULES = {
    "": {
        "family_name",
        "given_names",
        "chinese_name",
        "preferred_name",
        "other_names",
        "date_of_birth",
        "identity_kind",
        "residence_since",
        "residence_until",
        "residence_paper",
        "phone",
        "email",
        "address_1",
        "address_2",
        "address_3",
        "postcode",
        "country",
        "experiences",
        # of a request for credits, which is asked apart (AMB-16)
        "prior_courses",
    },
    "qualifications": {"result"},
    "english_tests": {"report_number", "report_expected_on"},
    "postgraduate_studies": {"title"},
    "earlier_studies": {"started_on", "ended_on"},
}
MAPPED = {
    "": {
        "nationality",
        "residence_status",
        "origin",
        "first_language_is_english",
        "qualifications",
        "english_tests",
        "postgraduate_studies",
        "earlier_studies",
    },
    "earlier_studies": {"university", "programme", "level", "discipline", "leaving"},
    "qualifications": {
        "level",
        "title",
        "institution",
        "country",
        "university",
        "honours",
        "teaching_language",
        "examination_language",
        "institution_medium",
        "status",
        "completed_on",
        "relied_on",
    },
    "english_tests": {
        "kind",
        "name",
        "booked",
        "taken_on",
        "issued_on",
        "overall",
        "listening",
        "reading",
        "writing",
        "speaking",
        "comparable_total",
        "grade",
        "one_skill_retake",
        "home_edition",
    },
    "postgraduate_studies": {
        "kind",
        "mode",
        "institution",
        "started_on",
        "ended_on",
        "months",
        "certified_normal_months",
        "completed",
        "satisfactory",
    },
}


def whole_profile() -> Applicant:
    applicant = ApplicantFactory()
    for part in (QualificationFactory, EnglishTestFactory, PostgraduateStudyFactory, ExperienceFactory):
        part(applicant=applicant)
    EarlierStudy.objects.create(applicant=applicant, university="hku", programme="MMedSc")
    return applicant


@pytest.mark.parametrize("part", MAPPED)
def test_every_field_of_the_profile_is_mapped_or_of_no_concern_to_the_rules(part: str) -> None:
    data = profile_data(whole_profile())
    row = data[part][0] if part else data
    assert set(row) == MAPPED[part] | NOT_FOR_THE_RULES[part]


def test_no_name_and_no_address_reaches_the_rules() -> None:
    applicant = whole_profile()
    told = str(engine.to_json(facts_of(DraftFactory(applicant=applicant))))
    data = profile_data(applicant)
    shown = [
        name
        for name in ("family_name", "given_names", "chinese_name", "phone", "email", "address_1")
        if data[name] in told
    ]
    assert shown == []


@pytest.mark.parametrize("status", choices.ResidenceStatus.values)
def test_every_declared_status_is_one_the_rules_know(status: str) -> None:
    given = facts(residence_status=status).residence
    expected = (
        engine.Residence(engine.ResidenceStatus.OTHER, engine.Origin.HONG_KONG, True, unsure=True)
        if status == "NOT_SURE"
        else engine.Residence(engine.ResidenceStatus(status), engine.Origin.HONG_KONG, True)
    )
    assert given == expected


@pytest.mark.parametrize(
    ("nationality", "chinese"),
    [
        pytest.param("CN", True, id="Chinese"),
        pytest.param("MO", True, id="Macao, of those who write it so"),
        pytest.param("TW", True, id="Taiwan, likewise"),
        pytest.param("PT", False, id="AMB-28 a foreign national living in Macao"),
        pytest.param("", None, id="not said is unknown, not foreign"),
    ],
)
def test_amb_28_nationality_tells_the_classes_of_entry_papers_apart(
    nationality: str, chinese: bool | None
) -> None:
    given = facts(origin="MACAO", nationality=nationality).residence
    assert given is not None
    assert given.chinese_national is chinese


@pytest.mark.parametrize(
    ("offered", "known"),
    [
        pytest.param(choices.Origin, engine.Origin, id="origin"),
        pytest.param(choices.DegreeLevel, engine.DegreeLevel, id="level"),
        pytest.param(choices.Honours, engine.Honours, id="honours"),
        pytest.param(choices.Language, engine.Language, id="language"),
        pytest.param(choices.AwardStatus, engine.AwardStatus, id="award"),
        pytest.param(choices.EnglishTestKind, engine.EnglishTestKind, id="English test"),
        pytest.param(choices.StudyKind, engine.StudyKind, id="study"),
        pytest.param(choices.StudyMode, engine.StudyMode, id="mode"),
    ],
)
def test_no_form_offers_a_choice_the_rules_do_not_know(offered: Any, known: Any) -> None:
    assert set(offered.values) <= {member.value for member in known}


# frozen or live


def test_a_draft_is_read_as_the_profile_stands_now() -> None:
    draft = DraftFactory()
    Applicant.objects.update(residence_status="STUDENT_VISA", origin="MAINLAND")
    assert facts_of(fresh(draft)).residence == engine.Residence(
        engine.ResidenceStatus.STUDENT_VISA, engine.Origin.MAINLAND, True
    )


def test_a_submitted_case_is_read_as_it_was_frozen() -> None:
    case = CaseFactory()
    before = facts_of(fresh(case))
    Applicant.objects.update(
        residence_status="STUDENT_VISA", origin="MAINLAND", first_language_is_english=True
    )
    case.applicant.qualifications.update(honours="PASS", title="Something else")
    EnglishTestFactory(applicant=case.applicant)
    assert facts_of(fresh(case)) == before
    assert before.residence == engine.Residence(
        engine.ResidenceStatus.PERMANENT_RESIDENT, engine.Origin.HONG_KONG, True
    )


def test_the_profile_of_another_moment_is_not_this_cases() -> None:
    case = CaseFactory()
    Applicant.objects.update(origin="MACAO")
    freeze_profile(case.applicant, at=hkt(2026, 5, 1))
    assert facts_of(fresh(case)).residence == engine.Residence(
        engine.ResidenceStatus.PERMANENT_RESIDENT, engine.Origin.HONG_KONG, True
    )


# what officers found


def found(case: Application, code: str, outcome: Outcome, day: int) -> OfficerFinding:
    return OfficerFinding.objects.create(
        application=case,
        code=code,
        outcome=outcome,
        reason="Seen.",
        found_by=StaffFactory(),
        found_at=hkt(2026, 4, day),
    )


def test_the_latest_finding_for_a_clause_counts_and_names_its_row() -> None:
    case = CaseFactory()
    found(case, "HKU-E1", Outcome.MET, 3)
    last = found(case, "HKU-E1", Outcome.NOT_MET, 5)
    found(case, "HKU-E1", Outcome.MET, 4)
    other = found(case, "HKU-E2", Outcome.MET, 1)
    assert facts_of(case).officer_findings == (
        engine.OfficerFinding("HKU-E1", Outcome.NOT_MET, reference=f"officer-finding/{last.pk}"),
        engine.OfficerFinding("HKU-E2", Outcome.MET, reference=f"officer-finding/{other.pk}"),
    )


def test_of_two_findings_at_one_moment_the_second_counts() -> None:
    case = CaseFactory()
    found(case, "HKU-E1", Outcome.MET, 3)
    found(case, "HKU-E1", Outcome.NOT_MET, 3)
    assert [finding.outcome for finding in facts_of(case).officer_findings] == [Outcome.NOT_MET]


@pytest.mark.parametrize(
    ("outcome", "examination"),
    [
        pytest.param(Outcome.NOT_APPLICABLE, engine.QualifyingExamination.NOT_REQUIRED, id="not required"),
        pytest.param(Outcome.NEEDS_EVIDENCE, engine.QualifyingExamination.REQUIRED, id="required"),
        pytest.param(Outcome.MET, engine.QualifyingExamination.PASSED, id="passed"),
        pytest.param(Outcome.NOT_MET, engine.QualifyingExamination.FAILED, id="failed"),
    ],
)
def test_a_finding_on_the_qualifying_examination_is_told_in_its_own_words(
    outcome: Outcome, examination: engine.QualifyingExamination
) -> None:
    case = CaseFactory()
    found(case, "HKU-E4", outcome, 3)
    given = facts_of(case)
    assert (given.qualifying_examination, given.officer_findings) == (examination, ())
