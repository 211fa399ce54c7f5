"""Facts that repeat: earlier study here, courses for credit, tests booked and taken, tests of an office."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.applicants.models import EarlierStudy, EnglishTest, PriorCourse
from applications.assessments.facts import facts_of
from applications.lifecycle.models import Application
from applications.submission.actions import save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.sections import Filling, section_named
from eligibility import engine
from eligibility.queries import rules_for
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft, research_offering, taught_offering
from tests.factories.policies import draft_raising_ielts, publish
from tests.factories.programmes import ProgrammeFactory

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def phd():
    offering = research_offering()
    offering.programme.discipline = "Physics"
    offering.programme.save()
    return ready_draft(offering)


def fresh(draft):
    return Application.objects.get(pk=draft.pk)


def save(draft, key, typed, **how):
    draft = fresh(draft)
    page = section_named(draft, key, at=AT)
    return save_section(draft, page, {k: [v] for k, v in typed.items()}, by=own(draft), at=AT, **how)


def sentences(filled):
    return [problem.sentence.replace(NBSP, " ") for problem in filled.problems]


def row(prefix, **answers):
    return {f"{prefix}-{name}": str(value) for name, value in answers.items()}


def day(name, day="", month="", year=""):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def groups_of(draft):
    filling = Filling(fresh(draft), at=AT)
    return [group.key for group in section_named(draft, "experience", at=AT).groups_for(filling)]


# which programme asks what


def test_each_programme_asks_what_its_rules_read(phd):
    assert groups_of(phd) == ["study", "post", "earlier"]
    assert groups_of(ready_draft(taught_offering())) == ["post", "course"]


def test_a_programme_without_rules_asks_neither():
    assert groups_of(DraftFactory(offering__intake__programme__institution__code="nowhere")) == ["post"]


# earlier study here (UST-27, UST-28)

EARLIER = {
    "row": "new-1",
    "programme": "PhD in Physics",
    "level": "PHD",
    "discipline": "Physics",
    "leaving": "ACADEMIC_REASONS",
    **day("started_on", "1", "9", "2021"),
    **day("ended_on", "31", "8", "2023"),
}


def earlier(**changed):
    return row("earlier-0", **(EARLIER | changed))


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        pytest.param({}, "NOT_MET", "same_programme", id="UST-28 same discipline and level"),
        pytest.param(
            {"leaving": "AFTER_LEAVE"}, "NOT_MET", "same_programme", id="UST-28 conditions after a leave"
        ),
        pytest.param({"level": "MPHIL"}, "REFER", "same_discipline_other_level", id="AMB-25 another level"),
        pytest.param(
            {"level": "OTHER"}, "REFER", "same_discipline_other_level", id="AMB-25 a bachelor's there"
        ),
        pytest.param(
            {"discipline": "OTHER", "programme": "PhD in Law"}, "MET", "another_discipline", id="AMB-25 law"
        ),
        pytest.param(
            {"discipline": "NOT_SURE"},
            "NEEDS_EVIDENCE",
            "earlier_programme_not_stated",
            id="UST-28 discipline not known",
        ),
        pytest.param(
            {"leaving": "OTHER_REASONS"}, "REFER", "left_for_other_reasons", id="AMB-25 expelled: refer"
        ),
        pytest.param(
            {"leaving": "NOT_SURE"}, "NEEDS_EVIDENCE", "leaving_not_stated", id="UST-28 not sure how it ended"
        ),
        pytest.param(
            {"leaving": "WITHDREW"}, "NOT_APPLICABLE", "never_required_to_withdraw", id="UST-27 withdrew"
        ),
        pytest.param(
            {"leaving": "COMPLETED"}, "NOT_APPLICABLE", "never_required_to_withdraw", id="UST-28 completed"
        ),
        pytest.param(
            {"leaving": "CURRENT", **day("ended_on")},
            "NOT_APPLICABLE",
            "never_required_to_withdraw",
            id="UST-28 still a student there",
        ),
    ],
)
def test_how_an_earlier_study_here_ended_is_judged(phd, answers, outcome, reason):
    assert sentences(save(phd, "experience", earlier(**answers))) == []
    draft = fresh(phd)
    rules = rules_for(draft.offering.programme, on=AT.date()).requirements()
    found = engine.assess(facts_of(draft, at=AT), rules, at=AT).finding("UST-28")
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param(
            day("ended_on", "31", "8", "2020"),
            "Earlier study 1, Until: 31 August 2020 is before 1 September 2021, when it began. Check both "
            "dates.",
            id="ended before it began",
        ),
        pytest.param(
            day("ended_on", "31", "8", "2027"),
            "Earlier study 1, Until: 31 August 2027 is in the future. Check the year, or choose that it has "
            "not ended.",
            id="ended in the future",
        ),
        pytest.param(
            {"leaving": "CURRENT"},
            "Earlier study 1, Until: 31 August 2023 has passed. Say how the study ended, or leave the day "
            "empty.",
            id="still there though it ended",
        ),
        pytest.param(
            {"leaving": ""}, "Earlier study 1, How did it end: Choose one of the answers.", id="not said"
        ),
    ],
)
def test_an_earlier_study_that_cannot_be(phd, answers, sentence):
    assert sentences(save(phd, "experience", earlier(**answers))) == [sentence]


def test_a_university_is_told_of_no_study_at_another(phd):
    save(phd, "experience", earlier())
    other = EarlierStudy.objects.create(
        applicant=phd.applicant, university="hku", programme="MMedSc", leaving="ACADEMIC_REASONS"
    )
    assert [study.discipline for study in facts_of(fresh(phd), at=AT).earlier_studies] == ["Physics"]
    filled = section_named(phd, "experience", at=AT).current(Filling(fresh(phd), at=AT))
    assert [form.instance.programme for form in filled.groups[2].forms] == ["PhD in Physics"]
    submit_application(fresh(phd), declaration=in_force(on=AT.date()), by=own(phd), at=AT)
    frozen = Application.objects.get(pk=phd.pk).profile.data["earlier_studies"]
    assert [each["university"] for each in frozen] == ["hkust"]
    assert EarlierStudy.objects.filter(pk=other.pk).exists()


def test_another_university_s_study_is_not_removed_from_here(phd):
    theirs = EarlierStudy.objects.create(applicant=phd.applicant, university="hku", programme="MMedSc")
    typed = earlier(row=theirs.pk)
    save(phd, "experience", typed, remove=("earlier", 0))
    assert EarlierStudy.objects.filter(pk=theirs.pk).exists()


def test_disciplines_are_those_of_this_university(phd):
    here = phd.offering.programme.institution
    ProgrammeFactory(research=True, institution=here, discipline="Chemistry")
    ProgrammeFactory(research=True, discipline="Dentistry")
    filled = section_named(phd, "experience", at=AT).fill(
        Filling(fresh(phd), at=AT), add="earlier", bound=False
    )
    field = filled.groups[2].forms[0].fields["discipline"]
    assert [value for value, _label in field.choices] == ["", "Chemistry", "Physics", "OTHER", "NOT_SURE"]


# courses for credit (HKU-AS2)

COURSE = {
    "row": "new-1",
    "title": "Biostatistics",
    "institution": "Example University",
    "credits": "6",
    "passed": "True",
    "used_for_award": "",
    **day("completed_on", "30", "6", "2023"),
}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param({"credits": "0"}, "0 credits cannot be one course.", id="none"),
        pytest.param({"credits": "301"}, "301 credits cannot be one course.", id="too many"),
        pytest.param({"credits": "six"}, "Write a whole number in figures, for example 4.", id="in words"),
        pytest.param(
            day("completed_on", "30", "6", "2027"),
            "30 June 2027 is in the future.",
            id="passed in the future",
        ),
        pytest.param(day("completed_on"), "Give the date: day, month and year.", id="no day"),
    ],
)
def test_a_course_that_cannot_be(answers, sentence):
    draft = ready_draft(taught_offering())
    [told] = sentences(save(draft, "experience", row("course-0", **(COURSE | answers))))
    assert sentence in told


def test_a_course_to_come_waits_for_its_result():
    draft = ready_draft(taught_offering())
    typed = COURSE | {"passed": "", "credits": "６"} | day("completed_on", "30", "6", "2026")
    assert sentences(save(draft, "experience", row("course-0", **typed))) == []
    course = PriorCourse.objects.get()
    assert (course.credits, course.passed, course.used_for_award) == (6, None, None)


# tests booked and taken

BOOKING = {
    "row": "new-1",
    "kind": "IELTS_ACADEMIC",
    "booked": "True",
    **day("taken_on", "12", "4", "2026"),
    **day("report_expected_on", "25", "4", "2026"),
}
SCORES = {"overall": "6.5", "listening": "6.5", "reading": "7", "writing": "5.5", "speaking": "6"}


def english(draft, *tests, **more):
    typed = {"first_language_is_english": "False"}
    for number, test in enumerate(tests):
        typed |= row(f"test-{number}", **test)
    return save(draft, "english", typed | more)


def booked_form(draft, **changed):
    filled = english(draft, BOOKING | changed)
    return filled, filled.groups[0].forms[0]


def test_a_booked_test_is_asked_nothing_that_only_a_report_has():
    filled, form = booked_form(ready_draft(taught_offering()))
    assert sentences(filled) == []
    assert list(form.fields) == ["kind", "booked", "taken_on", "report_expected_on", "row"]
    test = EnglishTest.objects.get()
    assert (test.booked, test.taken_on.isoformat(), test.report_expected_on.isoformat()) == (
        True,
        "2026-04-12",
        "2026-04-25",
    )


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param(
            day("report_expected_on", "1", "4", "2026"),
            "1 April 2026 is before the test on 12 April 2026. Check both dates.",
            id="report before the test",
        ),
        pytest.param(
            day("taken_on", "12", "3", "2026") | day("report_expected_on"),
            "The test was on 12 March 2026. If the result is there, press “The result is there”; if not, say "
            "when you expect the report.",
            id="the day has passed",
        ),
        pytest.param(
            day("taken_on", "1", "3", "2026") | day("report_expected_on", "15", "3", "2026"),
            "The report was expected on 15 March 2026. If it is there, press “The result is there”; if not, "
            "give the day now expected.",
            id="the report is late",
        ),
    ],
)
def test_a_booking_that_time_has_overtaken(answers, sentence):
    filled, _form = booked_form(ready_draft(taught_offering()), **answers)
    [told] = sentences(filled)
    assert told.endswith(sentence)


def test_while_the_report_is_waited_for_nothing_is_wrong():
    filled, _form = booked_form(ready_draft(taught_offering()), **day("taken_on", "12", "3", "2026"))
    assert sentences(filled) == []


def test_the_result_turns_a_booking_into_a_taken_test_in_the_same_row():
    draft = ready_draft(taught_offering())
    booked_form(draft, **day("taken_on", "12", "3", "2026"))
    test = EnglishTest.objects.get()
    posted = BOOKING | day("taken_on", "12", "3", "2026") | {"row": test.pk, "arrived": "on"}
    filled = english(draft, posted)
    assert [told.split(": ")[1] for told in sentences(filled)] == [
        f"Write the {part} score as printed."
        for part in ("Overall", "Listening", "Reading", "Writing", "Speaking")
    ]
    test.refresh_from_db()
    assert (test.booked, test.report_expected_on) == (False, None)
    kept = filled.typed() | {f"test-0-{name}": [score] for name, score in SCORES.items()}
    done = save(draft, "english", {name: values[-1] for name, values in kept.items()})
    assert sentences(done) == []
    assert EnglishTest.objects.get().pk == test.pk
    assert str(EnglishTest.objects.get().overall) == "6.5"


def test_a_result_cannot_be_there_before_the_test():
    draft = ready_draft(taught_offering())
    booked_form(draft)
    filled = english(draft, BOOKING | {"row": EnglishTest.objects.get().pk, "arrived": "on"})
    [told] = sentences(filled)
    assert told.endswith("The test is on 12 April 2026. Its result can be written once that day has come.")
    assert EnglishTest.objects.get().booked is True


@pytest.mark.parametrize("kind", ["IELTS_ACADEMIC", "BOOKED_IELTS_ACADEMIC", "BOOKED_OTHER", "OTHER"])
def test_a_test_is_added_as_taken_or_as_booked(kind):
    draft = ready_draft(taught_offering())
    page = section_named(draft, "english", at=AT)
    filled = page.fill(Filling(fresh(draft), at=AT), add="test", kind=kind, bound=False)
    form = filled.groups[0].forms[0]
    assert (form.is_booked, form.kind) == (kind.startswith("BOOKED_"), kind.removeprefix("BOOKED_"))
    assert "overall" not in form.fields or not form.is_booked


def test_no_test_that_is_no_longer_held_can_be_booked():
    draft = ready_draft(taught_offering())
    group = section_named(draft, "english", at=AT).groups[0]
    booked = {value for value, _label in group.kind_choices if value.startswith("BOOKED_")}
    assert not booked & {"BOOKED_TOEFL_PAPER", "BOOKED_TOEFL_REVISED_PAPER", "BOOKED_IELTS_INDICATOR"}
    assert "BOOKED_IELTS_ACADEMIC" in booked


# a test that an office added as data


@pytest.fixture
def with_own_test():
    offering = taught_offering()
    draft = draft_raising_ielts("6.5", by=StaffFactory())
    draft.content["english"]["minima"].append(
        {
            "kind": "OTHER",
            "name": "Harbour English Test",
            "overall": "60",
            "scale": {"low": "0", "high": "100", "step": "5"},
        }
    )
    publish(draft)
    return ready_draft(offering)


OWN = {
    "row": "new-1",
    "kind": "OTHER",
    "booked": "False",
    "name": " harbour  english TEST",
    "overall": "65",
    **day("taken_on", "12", "10", "2025"),
}


def test_a_test_the_office_added_is_named_and_kept_to_its_scale(with_own_test):
    [told] = sentences(english(with_own_test, OWN | {"overall": "63"}))
    assert told.endswith("Overall goes in steps of 5; 63 cannot be a score.")
    assert sentences(english(with_own_test, OWN | {"row": EnglishTest.objects.get().pk})) == []
    [fact] = facts_of(fresh(with_own_test), at=AT).english_tests
    assert (fact.kind, fact.name.casefold(), fact.overall) == ("OTHER", "harbour  english test", 65)


def test_another_test_must_say_which_it_is(with_own_test):
    [told] = sentences(english(with_own_test, OWN | {"name": ""}))
    assert told.endswith("Which test is it: An answer is needed here.")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("６.５", "6.5", id="full-width digits"),
        pytest.param("６．５", "6.5", id="full-width point"),
        pytest.param("6，5", "6.5", id="Chinese comma"),
        pytest.param("٦٫٥", "6.5", id="Arabic digits"),
        pytest.param("6。5", "6.5", id="Chinese full stop"),
    ],
)
def test_scores_may_be_typed_on_any_keyboard(typed, kept):
    draft = ready_draft(taught_offering())
    when = day("taken_on", "12", "10", "2025")
    test = {"row": "new-1", "kind": "IELTS_ACADEMIC", "booked": "False", **when, **SCORES, "overall": typed}
    assert sentences(english(draft, test)) == []
    assert str(EnglishTest.objects.get().overall) == kept


@pytest.mark.parametrize("typed", ["6_5", "1e1", "6½", "²", "+6", "NaN", "6.5.", "6 5"])
def test_what_is_no_plain_number_is_no_score(typed):
    draft = ready_draft(taught_offering())
    when = day("taken_on", "12", "10", "2025")
    test = {"row": "new-1", "kind": "IELTS_ACADEMIC", "booked": "False", **when, **SCORES, "overall": typed}
    [told] = sentences(english(draft, test))
    assert told.endswith(f"Overall: “{typed}” is not a score in figures. Write it like 6.5.")


# saving in any order


DEGREE = {
    "row": "first-0",
    "level": "BACHELOR",
    "title": "BSc in Physics",
    "institution": "Example University",
    "country": "HK",
    "university": "",
    "status": "AWARDED",
    "honours": "FIRST",
    "teaching_language": "ENGLISH",
    "examination_language": "ENGLISH",
    "institution_medium": "ENGLISH",
    **day("completed_on", "1", "7", "2022"),
}
TYPED = {
    "qualifications": row("degree-0", **DEGREE),
    "english": {"first_language_is_english": "False"} | row("test-0", **BOOKING),
    "experience": earlier(),
    "residence": {"residence_status": "STUDENT_VISA", "origin": "OVERSEAS"},
}


def facts_after(offering, order):
    draft = DraftFactory(applicant=ApplicantFactory(residence_status="", origin=""), offering=offering)
    for key in order:
        save(draft, key, TYPED[key])
    return engine.to_json(facts_of(fresh(draft), at=AT))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(sorted(TYPED)))
def test_sections_saved_in_any_order_give_the_same_facts(phd, order):
    facts = facts_after(phd.offering, order)
    assert [len(facts[part]) for part in ("degrees", "english_tests", "earlier_studies")] == [1, 1, 1]
    assert facts == facts_after(phd.offering, sorted(TYPED))
