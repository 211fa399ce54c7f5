"""Answers to the programme's questions: kept by key, judged by the version in force, frozen by submitting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from applications.evidence.models import SlotCode
from applications.evidence.queries import slots_of
from applications.lifecycle.models import Application
from applications.lifecycle.questions import question_versions_of
from applications.submission.actions import ApplicationIncomplete, save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.models import ProgrammeAnswer, Submission
from applications.submission.opened import open_page
from applications.submission.questions import answers_of
from applications.submission.sections import Filling, ProgrammeQuestions, problems_of, sections_of
from programmes.models import QuestionVersion
from programmes.questions.content import LimitUnit, Option, QuestionKind
from tests.factories.drafts import AT, own
from tests.factories.evidence import DocumentFactory
from tests.programmes.test_questions import officer, published, question, words

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"

AREA = question(
    "area",
    QuestionKind.CHOICE,
    is_required=True,
    options=(Option("lab", words("Laboratory")), Option("field", words("Field"))),
)
EACH_KIND = (
    question("motto", limit=12),
    question("plan", QuestionKind.LONG_TEXT, is_required=True, limit=5, unit=LimitUnit.WORDS),
    AREA,
    question(
        "tools",
        QuestionKind.CHOICES,
        options=(Option("r", words("R")), Option("python", words("Python"))),
    ),
    question("abroad", QuestionKind.YES_NO),
    question("since", QuestionKind.DATE),
    question("portfolio", QuestionKind.FILE, is_required=True),
)
ANSWERED = {
    "motto": ["Per aspera"],
    "plan": ["To see it through"],
    "area": ["lab"],
    "tools": ["r", "python"],
    "abroad": ["no"],
    "since_day": ["1"],
    "since_month": ["9"],
    "since_year": ["2024"],
}


def ask(draft, *questions, on=AT) -> QuestionVersion:
    programme = draft.offering.programme
    return published(officer(programme), programme, *questions, on=on)


def fresh(draft) -> Application:
    return Application.objects.get(pk=draft.pk)


def save(draft, typed, *, at=AT, opened=None):
    return save_section(fresh(draft), ProgrammeQuestions(), typed, by=own(draft), at=at, opened=opened)


def sentences(filled) -> list[str]:
    return [problem.sentence.replace(NBSP, " ") for problem in filled.problems]


def in_words(draft, at=AT) -> dict[str, str]:
    return {each.question.key: each.words for each in answers_of(fresh(draft), on=at.date())}


def submit(draft, at=AT) -> Submission:
    return submit_application(fresh(draft), declaration=in_force(on=at.date()), by=own(draft), at=at)


def test_the_section_is_there_only_while_something_is_asked(draft):
    def keys(at):
        return [section.key for section in sections_of(fresh(draft), at=at)]

    assert "questions" not in keys(AT)
    ask(draft, AREA, on=AT)
    ask(draft, on=AT + timedelta(days=2))
    assert "questions" in keys(AT)
    assert "questions" not in keys(AT + timedelta(days=2))


def test_a_document_alone_makes_a_slot_and_no_section(draft):
    ask(draft, question("portfolio", QuestionKind.FILE, is_required=True))
    assert "questions" not in [section.key for section in sections_of(fresh(draft), at=AT)]
    slot = next(slot for slot in slots_of(fresh(draft), at=AT) if slot.code == SlotCode.PROGRAMME)
    assert (slot.title, slot.question, slot.is_missing) == ("Portfolio", "portfolio", True)
    assert slot.anchor == "slot-programme-portfolio"
    DocumentFactory(application=draft, slot=SlotCode.PROGRAMME, question="portfolio")
    assert [problem.sentence for problem in problems_of(fresh(draft), at=AT)] == []


def test_every_kind_of_answer_is_kept_and_read_again_in_words(draft):
    ask(draft, *EACH_KIND)
    assert sentences(save(draft, ANSWERED)) == []
    assert {row.key: row.value for row in draft.answers.all()} == {
        "motto": "Per aspera",
        "plan": "To see it through",
        "area": "lab",
        "tools": ["r", "python"],
        "abroad": "no",
        "since": "2024-09-01",
    }
    assert in_words(draft) == {
        "motto": "Per aspera",
        "plan": "To see it through",
        "area": "Laboratory",
        "tools": "R; Python",
        "abroad": "No",
        "since": f"1{NBSP}September{NBSP}2024",
    }
    typed = ProgrammeQuestions().fill(Filling(fresh(draft), at=AT)).typed()
    assert {name: typed[name] for name in ANSWERED} == ANSWERED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param(
            {"motto": ["thirteen here"]}, "Motto: Shorten this to 12 characters; it has 13.", id="long"
        ),
        pytest.param(
            {"plan": ["one two three four five six"]}, "Plan: Shorten this to 5 words; it has 6.", id="wordy"
        ),
        pytest.param({"plan": [""]}, "Plan: An answer is needed here.", id="empty"),
        pytest.param(
            {"area": ["moon"]}, "Area: “moon” is not among the answers. Choose one from the list.", id="other"
        ),
        pytest.param({"area": []}, "Area: Choose one of the answers.", id="none"),
        pytest.param({"since_month": ["13"]}, "Since: Months go from 1 to 12; 13 is not one.", id="no month"),
        pytest.param(
            {"motto": ["\u202egnp"]},
            "Motto: This holds a character that cannot be printed. Type it again instead of pasting it.",
            id="unseen",
        ),
    ],
)
def test_what_cannot_be_right_is_said_and_kept_as_typed(draft, typed, sentence):
    ask(draft, *EACH_KIND)
    assert sentences(save(draft, ANSWERED | typed)) == [sentence]
    kept = ProgrammeQuestions().current(Filling(fresh(draft), at=AT)).typed()
    assert {name: kept.get(name, []) for name in typed} == typed


def test_two_tabs_on_one_question_both_texts_stay_until_somebody_chooses(draft):
    ask(draft, *EACH_KIND)
    section = ProgrammeQuestions()
    one = open_page(section, Filling(fresh(draft), at=AT))
    two = open_page(section, Filling(fresh(draft), at=AT))
    save(draft, ANSWERED, opened=one)
    held = save(draft, ANSWERED | {"plan": ["Another plan"], "tools": ["r"]}, opened=two)
    assert held.is_held
    filling = Filling(fresh(draft), at=AT)
    [text] = section.unsaved(filling)
    assert [(each.label, each.saved, each.typed) for each in section.compared(filling, text).differences] == [
        ("Plan", "To see it through", "Another plan"),
        ("Tools", "R Python", "R"),
    ]
    assert in_words(draft)["plan"] == "To see it through"


# versions


def test_answers_carry_over_by_key_and_the_applicant_is_told_what_is_new(draft):
    ask(draft, *EACH_KIND)
    save(draft, ANSWERED)
    later = AT + timedelta(days=1)
    gone, moved = EACH_KIND[0], EACH_KIND[1:]
    ask(draft, question("goal", is_required=True), *moved, on=later)
    filling = Filling(fresh(draft), at=later)
    assert ProgrammeQuestions().news(filling) == ["New: Goal", "No longer asked: Motto"]
    assert in_words(draft, later)["plan"] == "To see it through"
    assert sentences(ProgrammeQuestions().current(filling)) == ["Goal: An answer is needed here."]
    save(draft, ANSWERED | {"goal": ["There"]}, at=later)
    assert ProgrammeQuestions().news(Filling(fresh(draft), at=later)) == []
    # what is no longer asked is shown to nobody and is not lost
    assert gone.key not in in_words(draft, later)
    assert draft.answers.get(key=gone.key).value == "Per aspera"


def test_an_option_no_longer_offered_and_a_question_of_another_kind_are_asked_again(draft):
    ask(draft, AREA, question("since", QuestionKind.DATE))
    save(draft, {"area": ["lab"], "since_day": ["1"], "since_month": ["9"], "since_year": ["2024"]})
    later = AT + timedelta(days=1)
    other = (Option("sea", words("Sea")), Option("field", words("Field")))
    ask(
        draft,
        question("area", QuestionKind.CHOICE, is_required=True, options=other),
        question("since", QuestionKind.YES_NO, is_required=True),
        on=later,
    )
    assert in_words(draft, later) == {"area": "", "since": ""}
    assert sentences(ProgrammeQuestions().current(Filling(fresh(draft), at=later))) == [
        "Area: Choose one of the answers.",
        "Since: Choose one of the answers.",
    ]


def test_a_new_question_needed_to_submit_holds_the_submission_and_says_which(draft):
    later = AT + timedelta(days=1)
    ask(draft, AREA, on=later)
    with pytest.raises(ApplicationIncomplete) as refused:
        submit(draft, later)
    assert [problem.field_id for problem in refused.value.problems] == ["id_area_0"]
    assert Application.objects.get().is_draft


def test_a_submitted_application_keeps_its_version_and_its_words_for_ever(draft):
    first = ask(draft, AREA)
    save(draft, {"area": ["field"]})
    submission = submit(draft)
    later = AT + timedelta(days=9)
    ask(draft, question("goal", is_required=True), on=later)
    case = fresh(draft)
    assert question_versions_of(case, on=later.date()) == [first]
    assert in_words(case, later) == {"area": "Field"}
    assert submission.content["answers"] == [
        {
            "set": first.set.code,
            "version": 1,
            "key": "area",
            "question": "Area",
            "value": "field",
            "answer": "Field",
        }
    ]


def test_an_answer_given_to_an_older_version_is_sent_as_one_to_the_version_in_force(draft):
    ask(draft, AREA)
    save(draft, {"area": ["lab"]})
    second = ask(draft, AREA, question("goal"), on=AT + timedelta(days=1))
    submit(draft, AT + timedelta(days=1))
    assert [answer.version for answer in ProgrammeAnswer.objects.all()] == [second]
