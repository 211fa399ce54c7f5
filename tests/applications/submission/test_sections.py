"""The sections of the form: what each refuses and in which words, and that nothing typed is ever lost."""

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.support.actors import Actor
from applications.applicants.choices import EnglishTestKind as Kind
from applications.applicants.models import (
    Applicant,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    Qualification,
)
from applications.lifecycle.models import Application
from applications.submission.actions import SectionRefused, save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor, SectionVisit
from applications.submission.sections import SECTIONS, Filling, section_after, section_named, sections_of
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicantFactory, EnglishTestFactory, QualificationFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft

NBSP = "\N{NO-BREAK SPACE}"


def fresh(draft):
    return Application.objects.get(pk=draft.pk)


def filled(draft, key, **how):
    return section_named(draft, key, at=AT).fill(Filling(fresh(draft), at=AT), **how)


def state(draft, key):
    return section_named(draft, key, at=AT).state(Filling(fresh(draft), at=AT)).word


def as_shown(draft, key, **changed):
    """What a browser posts of the section as it stands, with some answers typed over; None takes one away."""
    typed = filled(draft, key).typed()
    for name, value in changed.items():
        typed.pop(name, None)
        if value is not None:
            typed[name] = [value]
    return typed


def save(draft, key, typed=None, *, remove=None, by=None, **changed):
    draft = fresh(draft)
    section = section_named(draft, key, at=AT)
    typed = as_shown(draft, key, **changed) if typed is None else typed
    return save_section(draft, section, typed, by=by or own(draft), at=AT, remove=remove)


def sentences(made):
    return [problem.sentence.replace(NBSP, " ") for problem in made.problems]


def row(prefix, **answers):
    return {f"{prefix}-{name}": [str(value)] for name, value in answers.items()}


def day(prefix, day, month, year):
    return row(prefix, taken_on_day=day, taken_on_month=month, taken_on_year=year)


IELTS = {"overall": "6.5", "listening": "6.5", "reading": "7", "writing": "5.5", "speaking": "6"}


def english(draft, *tests, native="False"):
    typed = {"first_language_is_english": [native]}
    for number, test in enumerate(tests):
        typed |= row(f"test-{number}", **test)
    return save(draft, "english", typed)


def ielts(**changed):
    when = {"taken_on_day": "12", "taken_on_month": "10", "taken_on_year": "2025"}
    return {"kind": Kind.IELTS_ACADEMIC, **when, **IELTS, **changed}


# the list itself


def test_the_sections_of_a_taught_and_of_a_research_programme(offering, research):
    keys = ["personal", "residence", "choice", "qualifications", "english", "experience", "documents"]
    assert [section.key for section in sections_of(ready_draft(offering), at=AT)] == keys
    assert [section.key for section in sections_of(ready_draft(research), at=AT)] == [
        *keys[:6],
        "questions",
        "documents",
    ]


def test_each_section_leads_to_the_next_and_the_last_to_none(draft):
    sections = sections_of(draft, at=AT)
    assert [section_after(draft, section, at=AT) for section in sections] == [*sections[1:], None]


def test_an_empty_draft_says_of_each_section_where_it_stands(offering):
    draft = DraftFactory(
        offering=offering,
        applicant=Applicant.objects.create(user=UserFactory()),
    )
    filling = Filling(draft, at=AT)
    assert {section.key: section.state(filling).word for section in sections_of(draft, at=AT)} == {
        "personal": "Not started",
        "residence": "Not started",
        "choice": "Not started",
        "qualifications": "Not started",
        "english": "Not started",
        "experience": "Optional",
        "documents": "1 to add",
    }


def test_a_whole_draft_has_nothing_to_put_right(draft):
    filling = Filling(draft, at=AT)
    assert [section.problems(filling) for section in sections_of(draft, at=AT)] == [[]] * 7


def test_a_second_application_finds_the_profile_written(draft, research):
    save(draft, "personal")
    second = DraftFactory(applicant=draft.applicant, offering=research)
    assert state(second, "personal") == "Complete"


# what each refuses


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"family_name": "", "given_names": ""},
            "Family name: Write your name. If you have only one, it may stand in either field.",
        ),
        (
            {"chinese_name": "Lam"},
            "Chinese name: Write the name in Chinese characters only; a name in letters goes into the "
            "fields above.",
        ),
        (
            {"date_of_birth_day": "31", "date_of_birth_month": "2"},
            "Date of birth: There is no day 31 in that month; it ends on 28 February 1999.",
        ),
        (
            {"date_of_birth_year": "2031"},
            "Date of birth: 2031 cannot be the year of birth. Check it.",
        ),
        (
            {"family_name": "Somchai 😀"},
            "Family name: “😀” cannot be printed in a letter. Write the name in Latin letters, as in your "
            "passport.",
        ),
        (
            {"date_of_birth_year": "2017"},
            "Date of birth: 2017 cannot be the year of birth. Check it.",
        ),
        ({"date_of_birth_year": ""}, "Date of birth: A date needs day, month and year; the year is missing."),
        (
            {"phone": "12"},
            "Telephone: A Hong Kong number has eight figures. Check it, or begin with the other country’s "
            "code.",
        ),
        (
            {"phone": "+44 12"},
            "Telephone: This is not a telephone number we can call. Write it with its country code, for "
            "example +852 2123 4567.",
        ),
        (
            {"postcode": "999077"},
            "Postcode: Addresses in Hong Kong have no postcode. Leave it empty.",
        ),
        (
            {"country": "MO", "postcode": "999078"},
            "Postcode: Addresses in Macao have no postcode. Leave it empty.",
        ),
        ({"identity_kind": ""}, "Identity document: Choose one of the answers."),
        (
            {"identity_start": ""},
            "First four characters of its number: A Hong Kong identity card begins with one or two letters, "
            "then figures. Write the first four characters, for example A123 or AB98.",
        ),
        (
            {"identity_kind": "NONE", "identity_start": "A123"},
            "First four characters of its number: Choose above the document that has this number, or leave "
            "it out.",
        ),
        ({"nationality": "XX"}, "Nationality: “XX” is not among the answers. Choose one from the list."),
        (
            {"family_name": "A" * 121},
            "Family name: Shorten this to 120 characters; it has 121.",
        ),
        (
            {"given_names": "Tsz\u202eChing"},
            "Given names: This holds a character that cannot be printed. Type it again instead "
            "of pasting it.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_your_details_refuse_with_a_sentence(draft, changed, sentence):
    assert sentences(save(draft, "personal", **changed)) == [sentence]


def test_one_name_alone_is_complete(draft):
    assert sentences(save(draft, "personal", family_name="", given_names="Sukarno")) == []


def test_a_local_telephone_number_needs_no_country_code(draft):
    save(draft, "personal", phone="2123 4567")
    assert Applicant.objects.get(pk=draft.applicant_id).phone.as_e164 == "+85221234567"


def test_residence_needs_both_answers_from_the_list(draft):
    assert sentences(save(draft, "residence", residence_status="", origin="MOON")) == [
        "What allows you to be in Hong Kong: Choose one of the answers.",
        "Where you live permanently: “MOON” is not among the answers. Choose one from the list.",
    ]


def test_a_specialisation_must_belong_to_the_programme(draft):
    from tests.factories.programmes import SpecialisationFactory

    foreign = SpecialisationFactory()
    assert sentences(save(draft, "choice", specialisation=str(foreign.pk))) == [
        f"Specialisation: “{foreign.pk}” is not among the answers. Choose one from the list."
    ]
    assert fresh(draft).specialisation is None


def test_the_second_choice_is_another_one(draft):
    first = draft.specialisation
    made = save(draft, "choice", specialisation=str(first.pk), second_specialisation=str(first.pk))
    assert sentences(made) == [
        "Second choice: “Metabolic Medicine” is already your first choice. Choose another one, or none."
    ]
    other = first.track.specialisations.exclude(pk=first.pk).get()
    assert sentences(save(draft, "choice", second_specialisation=str(other.pk))) == []
    assert fresh(draft).second_specialisation == other


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Degree 1, Title of the award: An answer is needed here."),
        ({"teaching_language": ""}, "Degree 1, The degree was taught in: Choose one of the answers."),
        (
            {"honours": ""},
            "Degree 1, Honours as printed: Say what the certificate prints; if it prints nothing, choose "
            "“Nothing is printed”.",
        ),
        (
            {"completed_on_year": "2026"},
            "Degree 1, Day of the award: 30 November 2026 is in the future. Check the year, or "
            "choose “Expected”.",
        ),
        (
            {"status": "EXPECTED"},
            "Degree 1, Day of the award: 30 November 2022 has passed. If the degree was awarded, choose "
            "“Awarded”; if not, give the day now expected.",
        ),
    ],
    ids=["title", "language", "honours", "awarded in the future", "expected in the past"],
)
def test_degrees_refuse_with_a_sentence(draft, changed, sentence):
    changed = {f"degree-0-{name}": value for name, value in changed.items()}
    assert sentences(save(draft, "qualifications", **changed)) == [sentence]


def test_an_expected_degree_needs_no_honours_yet(draft):
    answers = {"status": "EXPECTED", "completed_on_year": "2026", "honours": ""}
    assert sentences(save(draft, "qualifications", **{f"degree-0-{k}": v for k, v in answers.items()})) == []


def test_the_only_degree_is_relied_on_without_a_mark(draft):
    draft.applicant.qualifications.update(relied_on=False)
    save(draft, "qualifications")
    assert Qualification.objects.get().relied_on is True


def test_of_two_degrees_one_is_marked(draft):
    QualificationFactory(applicant=draft.applicant, relied_on=False, title="MSc")
    both = save(draft, "qualifications", **{"degree-0-relied_on": "on", "degree-1-relied_on": "on"})
    assert sentences(both) == [
        "Degree 2, My application relies on this one: “Degree 1” is already marked. Mark only one degree."
    ]
    none = save(draft, "qualifications", **{"degree-0-relied_on": None, "degree-1-relied_on": None})
    assert sentences(none) == [
        "Degree 1, My application relies on this one: Mark the one degree that your application relies on."
    ]


@pytest.mark.parametrize("marked", [0, 1], ids=["the earlier", "the later"])
def test_the_mark_moves_in_either_direction(draft, marked):
    second = QualificationFactory(applicant=draft.applicant, relied_on=False, title="MSc")
    first = draft.applicant.qualifications.exclude(pk=second.pk).get()
    for wanted in (1 - marked, marked):
        made = save(
            draft,
            "qualifications",
            **{f"degree-{wanted}-relied_on": "on", f"degree-{1 - wanted}-relied_on": None},
        )
        assert sentences(made) == []
    assert Qualification.objects.get(relied_on=True) == [first, second][marked]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"writing": "6.3"}, "Writing: Writing goes in steps of 0.5; 6.3 cannot be a score."),
        ({"overall": "12"}, "Overall: Overall goes from 0 to 9; 12 cannot be a score."),
        ({"reading": "seven"}, "Reading: “seven” is not a score in figures. Write it like 6.5."),
        ({"reading": "NaN"}, "Reading: “NaN” is not a score in figures. Write it like 6.5."),
        ({"speaking": ""}, "Speaking: Write the Speaking score as printed."),
        (
            {"taken_on_year": "2026"},
            "Test date: The test date is in the future (12 October 2026). Check the year; a test still to be "
            "taken is added as a booked one.",
        ),
        (
            {"taken_on_day": "", "taken_on_month": "", "taken_on_year": ""},
            "Test date: Give the date of the test: day, month and year.",
        ),
    ],
    ids=["step", "scale", "words", "not a number", "missing part", "future", "no date"],
)
def test_an_ielts_report_refuses_what_it_cannot_print(draft, changed, sentence):
    assert sentences(english(draft, ielts(**changed))) == [f"Test 1, {sentence}"]


@pytest.mark.parametrize(
    ("kind", "scores", "sentence"),
    [
        (Kind.TOEFL_IBT, {"overall": "121"}, "Overall: Overall goes from 0 to 120; 121 cannot be a score."),
        (
            Kind.TOEFL_IBT,
            {"listening": "20.5"},
            "Listening: Listening goes in steps of 1; 20.5 cannot be a score.",
        ),
        (
            Kind.TOEFL_IBT_1_6,
            {"overall": "4.2"},
            "Overall: Overall goes in steps of 0.5; 4.2 cannot be a score.",
        ),
        (Kind.DUOLINGO, {"overall": "112"}, "Overall: Overall goes in steps of 5; 112 cannot be a score."),
        (
            Kind.TOEFL_PAPER,
            {"overall": "700"},
            "Overall: Overall goes from 310 to 677; 700 cannot be a score.",
        ),
    ],
)
def test_every_test_has_its_own_scale(draft, kind, scores, sentence):
    good = {
        Kind.TOEFL_IBT: {
            "overall": "90",
            "listening": "22",
            "reading": "23",
            "writing": "22",
            "speaking": "23",
        },
        Kind.TOEFL_IBT_1_6: {
            "overall": "4",
            "listening": "4",
            "reading": "4",
            "writing": "4",
            "speaking": "4",
        },
        Kind.DUOLINGO: {
            "overall": "110",
            "listening": "110",
            "reading": "110",
            "writing": "110",
            "speaking": "110",
        },
        Kind.TOEFL_PAPER: {"overall": "550", "listening": "55", "reading": "55", "writing": "55"},
    }[kind]
    when = {"taken_on_day": "12", "taken_on_month": "2", "taken_on_year": "2026"}
    assert sentences(english(draft, {"kind": kind, **when, **good})) == []
    EnglishTest.objects.all().delete()
    assert sentences(english(draft, {"kind": kind, **when, **good, **scores})) == [f"Test 1, {sentence}"]


def test_a_test_asks_only_for_what_it_prints(draft):
    EnglishTestFactory(applicant=draft.applicant, kind=Kind.CAMBRIDGE_CPE)
    [form] = filled(draft, "english").groups[0].forms
    assert list(form.fields) == ["kind", "booked", "taken_on", "grade", "report_number", "row"]
    assert form.heading == "Test 1: Cambridge C2 Proficiency (CPE)"


def test_a_booked_test_lies_ahead_and_has_no_scores(draft):
    made = english(draft, ielts(booked="True", taken_on_year="2026", overall="7"))
    assert sentences(made) == []
    assert EnglishTest.objects.get().overall is None


def test_full_width_figures_and_a_comma_are_scores_too(draft):
    assert sentences(english(draft, ielts(overall="６．５", listening="6,5"))) == []
    assert [str(EnglishTest.objects.get().overall), str(EnglishTest.objects.get().listening)] == [
        "6.5",
        "6.5",
    ]


def test_the_first_language_is_asked(draft):
    assert sentences(english(draft, native="")) == [
        "Is English your first language: Choose one of the answers."
    ]


def test_a_stretch_of_time_ends_after_it_begins(research):
    draft = ready_draft(research)
    typed = row(
        "study-0",
        kind="STUDY",
        mode="FULL_TIME",
        institution="Example University",
        months="700",
        started_on_day="1",
        started_on_month="9",
        started_on_year="2023",
        ended_on_day="1",
        ended_on_month="9",
        ended_on_year="2022",
    ) | row(
        "post-0",
        employer="Laboratory",
        position="",
        started_on_day="1",
        started_on_month="1",
        started_on_year="2030",
    )
    assert sentences(save(draft, "experience", typed)) == [
        "Study 1, Ended on: 1 September 2022 is before 1 September 2023, when it began. Check both dates.",
        "Study 1, Length so far in whole months: Write months, not days: 700 months is more than 50 years.",
        "Post 1, Position: An answer is needed here.",
        "Post 1, From: 1 January 2030 is in the future. Check the year.",
    ]
    kept = PostgraduateStudy.objects.get()
    assert (kept.institution, kept.ended_on, kept.months) == ("Example University", None, None)
    assert Experience.objects.count() == 0  # without a position it is no row yet, only what was typed


def test_research_needs_its_subject_and_its_statement_and_keeps_supervisors_in_order(research):
    draft = ready_draft(research)
    ProgrammeAnswer.objects.all().delete()
    ProposedSupervisor.objects.all().delete()
    assert sentences(save(draft, "questions", {"research_subject": [""], "research_statement": [""]})) == [
        "Subject of research: An answer is needed here.",
        "Research statement: An answer is needed here.",
    ]
    typed = {"research_subject": ["Proteins"], "research_statement": ["How."]}
    typed |= row("supervisor-0", name="Prof. A", has_spoken="on") | row("supervisor-1", name="Prof. B")
    assert sentences(save(draft, "questions", typed)) == []
    assert list(ProposedSupervisor.objects.values_list("position", "name", "has_spoken")) == [
        (1, "Prof. A", True),
        (2, "Prof. B", False),
    ]


# nothing typed is lost


def test_what_is_right_is_kept_in_its_column_and_what_is_not_as_it_was_typed(draft):
    save(draft, "personal", preferred_name="Clo", phone="12 34", date_of_birth_day="45")
    person = Applicant.objects.get(pk=draft.applicant_id)
    assert (person.preferred_name, str(person.phone), person.date_of_birth) == ("Clo", "", None)
    again = filled(draft, "personal")
    assert again.form["phone"].value() == "12 34"
    assert again.form["date_of_birth"].value() == ["45", "8", "1999"]
    assert state(draft, "personal") == "2 to fix"


def test_once_everything_is_right_the_database_alone_speaks(draft):
    save(draft, "personal", phone="12")
    save(draft, "personal", phone="21234567")
    assert SectionVisit.objects.get().typed is None
    assert filled(draft, "personal").form["phone"].value() is not None
    assert state(draft, "personal") == "Complete"


def test_a_refused_score_leaves_no_older_one_behind(draft):
    english(draft, ielts())
    save(draft, "english", **{"test-0-writing": "6.3"})
    test = EnglishTest.objects.get()
    assert (test.writing, str(test.overall)) == (None, "6.5")
    assert filled(draft, "english").groups[0].forms[0]["writing"].value() == "6.3"


def test_an_item_without_what_makes_it_one_is_kept_as_typed(draft):
    typed = row("post-0", employer="", position="Technician", duties="細胞培養")
    save(draft, "experience", typed)
    assert Experience.objects.count() == 0
    [form] = filled(draft, "experience").groups[0].forms
    assert (form["position"].value(), form["duties"].value()) == ("Technician", "細胞培養")


def test_the_same_form_sent_twice_makes_one_row(draft):
    for _again in range(2):
        english(draft, ielts())
    assert EnglishTest.objects.count() == 1


def test_a_degree_sent_twice_is_one_and_still_relied_on(draft):
    page = as_shown(draft, "qualifications") | row("degree-0", row="")
    Qualification.objects.all().delete()
    for _again in range(2):
        assert sentences(save(draft, "qualifications", dict(page))) == []
    assert Qualification.objects.get().relied_on is True


def test_two_equal_items_on_one_page_are_two(draft):
    work = {
        "employer": "Laboratory",
        "position": "Technician",
        "started_on_day": "1",
        "started_on_month": "9",
        "started_on_year": "2023",
    }
    save(draft, "experience", row("post-0", **work) | row("post-1", **work))
    assert Experience.objects.count() == 2


def test_what_another_tab_added_stays_and_is_shown(draft):
    page = as_shown(draft, "english", first_language_is_english="False")
    EnglishTestFactory(applicant=draft.applicant)
    save(draft, "english", page | row("test-0", **ielts(overall="6.4")))
    assert EnglishTest.objects.count() == 2
    assert [form["overall"].value() for form in filled(draft, "english").groups[0].forms] == ["6.4", "6.5"]


def test_removing_an_item_removes_it_alone(draft):
    english(draft, ielts(), ielts(overall="7"), ielts(overall="6.3"))
    save(draft, "english", remove=("test", 1))
    assert [form["overall"].value() for form in filled(draft, "english").groups[0].forms] == ["6.5", "6.3"]
    assert EnglishTest.objects.count() == 2


def test_removing_what_was_never_kept_loses_nothing_else(draft):
    save(
        draft,
        "experience",
        row("post-0", employer="", position="A") | row("post-1", employer="", position="B"),
    )
    save(draft, "experience", remove=("post", 0))
    assert [form["position"].value() for form in filled(draft, "experience").groups[0].forms] == ["B"]


def test_nobody_elses_row_can_be_touched_through_the_form(draft):
    other = EnglishTestFactory(report_number="theirs")
    english(draft, ielts(row=str(other.pk), report_number="mine"))
    save(
        draft,
        "english",
        {"first_language_is_english": ["False"]} | row("test-0", row=other.pk),
        remove=("test", 0),
    )
    other.refresh_from_db()
    assert other.report_number == "theirs"


def test_an_added_row_left_empty_is_nothing(draft):
    page = section_named(draft, "experience", at=AT).fill(Filling(draft, at=AT), add="post")
    assert len(page.groups[0].forms) == 1
    made = save(draft, "experience", page.typed())
    assert (sentences(made), Experience.objects.count()) == ([], 0)


def test_a_nul_character_is_dropped_and_hurts_nobody(draft):
    assert sentences(save(draft, "personal", family_name="LAM\x00", phone="\x0012")) != []
    assert Applicant.objects.get(pk=draft.applicant_id).family_name == "LAM"


def test_a_section_about_the_person_serves_every_draft_with_its_mistakes(draft, research):
    second = DraftFactory(applicant=draft.applicant, offering=research)
    save(draft, "personal", phone="12")
    assert filled(second, "personal").form["phone"].value() == "12"
    save(second, "personal", phone="21234567")
    assert state(draft, "personal") == "Complete"


def test_another_section_of_the_same_row_is_not_written_over(draft):
    stale = fresh(draft)
    Applicant.objects.filter(pk=draft.applicant_id).update(preferred_name="Clo")
    save_section(
        stale,
        section_named(stale, "residence", at=AT),
        as_shown(draft, "residence", origin="MACAO"),
        by=own(draft),
        at=AT,
    )
    person = Applicant.objects.get(pk=draft.applicant_id)
    assert (person.origin, person.preferred_name) == ("MACAO", "Clo")


def test_once_submitted_the_form_is_closed(draft):
    page = as_shown(draft, "personal", preferred_name="Late")
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    with pytest.raises(SectionRefused, match="has been submitted"):
        save(draft, "personal", page)


def test_nobody_writes_in_somebody_elses_draft(draft):
    with pytest.raises(PermissionDenied):
        save(draft, "personal", by=Actor.of(ApplicantFactory().user))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_no_section_breaks_on_rubbish(research, section):
    """A form that no browser made: unknown names, wrong types, thousands of rows."""
    draft = ready_draft(research)
    if not hasattr(section, "fill"):
        return
    rubbish = {
        f"{name}-{number}-{field}": ["\ufffd"]
        for name in ("degree", "test", "study", "post", "supervisor")
        for number in (0, 7, 9999)
        for field in ("kind", "row", "level", "taken_on_day", "months", "name", "x")
    }
    made = save(
        draft,
        section.key,
        rubbish | {"specialisation": ["999999999999999999999"], "date_of_birth_day": ["٣"]},
    )
    assert all(problem.sentence for problem in made.problems)
