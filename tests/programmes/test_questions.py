"""Questions of a programme: drafted, compared, published for good; which are asked of whom and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from admissions_portal.support.actors import Actor
from programmes.models import Level, QuestionSet, QuestionVersion
from programmes.questions.actions import (
    QuestionsChanged,
    QuestionsRefused,
    begin_questions,
    discard_questions,
    draft_questions,
    publish_questions,
    save_questions,
)
from programmes.questions.checking import problems_in
from programmes.questions.comparing import changes_between, untranslated
from programmes.questions.content import (
    LimitUnit,
    Option,
    Question,
    QuestionKind,
    Questions,
    from_json,
    to_json,
)
from programmes.questions.fields import count_words, field_for
from programmes.questions.loading import QUESTIONS, QuestionFileError, load_questions
from programmes.questions.queries import questions_in_force
from tests.factories.accounts import StaffFactory
from tests.factories.programmes import AppointmentFactory, InstitutionFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 3, 24, 9)


def words(english: str) -> dict[str, str]:
    return {"en": english, "zh-hant": "", "zh-hans": ""}


def question(key: str, kind: QuestionKind = QuestionKind.TEXT, **fields) -> Question:
    return Question(key=key, kind=kind, label=words(key.capitalize()), help=words(""), **fields)


def asking(*questions: Question) -> Questions:
    return Questions(words("More about you"), words(""), questions)


def officer(*programmes) -> Actor:
    user = StaffFactory()
    for programme in programmes:
        AppointmentFactory(user=user, programme=programme, role=Role.ADMINISTRATOR, from_on=date(2025, 1, 1))
    return Actor.of(user)


def published(by, about, *questions, on=AT, reason="First") -> QuestionVersion:
    draft = begin_questions(about, by=by, at=on)
    draft = saved(draft, by, *questions, on=on, reason=reason)
    return publish_questions(draft, seen=draft.edition, by=by, at=on)


def saved(draft, by, *questions, on=AT, reason="Why", seen="") -> QuestionVersion:
    return save_questions(
        draft, content=asking(*questions), effective_from=on.date(), reason=reason, seen=seen, by=by, at=on
    )


# content


def test_questions_survive_the_way_through_json():
    content = asking(
        question("plan", QuestionKind.LONG_TEXT, is_required=True, limit=500, unit=LimitUnit.WORDS),
        question(
            "area",
            QuestionKind.CHOICE,
            options=(Option("a", words("A")), Option("b", words("B"))),
            source="UST-03",
        ),
    )
    assert from_json(to_json(content)) == content


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param(
            [question("a"), question("a")],
            "Two questions have the short name “a”. Give each its own.",
            id="one short name twice",
        ),
        pytest.param(
            [replace(question("a"), label=words(" "))],
            "Question 1: Write the question in English; the other languages show it where they are empty.",
            id="no words",
        ),
        pytest.param(
            [question("a", QuestionKind.CHOICE, options=(Option("x", words("X")),))],
            "Question 1: Write at least two answers to choose from, one a line.",
            id="a choice of one",
        ),
        pytest.param(
            [question("a", QuestionKind.DATE, limit=10)],
            "Question 1: Only a text has a limit.",
            id="a date with a limit",
        ),
        pytest.param(
            [question("s", QuestionKind.SUPERVISORS), question("t", QuestionKind.SUPERVISORS)],
            "Proposed supervisors are asked for once.",
            id="supervisors twice",
        ),
        pytest.param(
            [question("number")],
            "Question 1: The short name begins with a small letter and has small letters, digits and _ only, "
            "up to 40; some are the form’s own.",
            id="a name of the form itself",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(wrong, sentence):
    assert problems_in(asking(*wrong)) == [sentence]


@pytest.mark.parametrize(
    ("text", "words_in_it"),
    [
        ("", 0),
        ("one", 1),
        ("one – two", 2),
        ("我想研究 proteins 的折疊", 8),
        ("well-known  fact.\nIndeed", 3),
    ],
)
def test_words_are_counted_as_people_do(text, words_in_it):
    assert count_words(text) == words_in_it


def test_a_limit_in_words_says_how_many_there_are():
    field = field_for(question("plan", QuestionKind.LONG_TEXT, limit=3, unit=LimitUnit.WORDS))
    field.clean("three words only")
    with pytest.raises(Exception, match="Shorten this to 3 words; it has 4"):
        field.clean("these are four words")
    assert field.help_text == "Up to 3 words."


# the life of a version


def test_a_draft_asks_nobody_and_a_published_version_asks_from_its_day():
    programme = ProgrammeFactory()
    by = officer(programme)
    draft = begin_questions(programme, by=by, at=AT)
    draft = save_questions(
        draft,
        content=asking(question("plan")),
        effective_from=date(2026, 4, 1),
        reason="The board asks",
        seen=draft.edition,
        by=by,
        at=AT,
    )
    assert questions_in_force(programme, date(2026, 4, 2)) == []
    version = publish_questions(draft, seen=draft.edition, by=by, at=AT)
    assert version.number == 1
    assert questions_in_force(programme, date(2026, 3, 31)) == []
    assert questions_in_force(programme, date(2026, 4, 1)) == [version]


def test_of_two_versions_from_one_day_the_higher_number_counts():
    programme = ProgrammeFactory()
    by = officer(programme)
    published(by, programme, question("a"))
    second = published(by, programme, question("b"))
    assert questions_in_force(programme, AT.date()) == [second]


def test_a_published_version_never_changes_whatever_writes_to_the_table():
    programme = ProgrammeFactory()
    version = published(officer(programme), programme, question("a"))
    for act in (
        lambda: QuestionVersion.objects.filter(pk=version.pk).update(content=to_json(asking())),
        lambda: QuestionVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="is published and never changes"), transaction.atomic():
            act()
    assert QuestionVersion.objects.get(pk=version.pk).record() == asking(question("a"))


def test_publishing_needs_a_reason_the_draft_that_was_seen_and_a_day_to_come():
    programme = ProgrammeFactory()
    by = officer(programme)
    draft = saved(begin_questions(programme, by=by, at=AT), by, question("a"), reason=" ")
    with pytest.raises(QuestionsRefused, match="Write the reason"):
        publish_questions(draft, seen=draft.edition, by=by, at=AT)
    older = draft.edition
    draft = saved(draft, by, question("a"), question("b"))
    with pytest.raises(QuestionsChanged, match="has saved this draft since you opened it"):
        publish_questions(draft, seen=older, by=by, at=AT)
    with pytest.raises(QuestionsRefused, match="has passed"):
        publish_questions(draft, seen=draft.edition, by=by, at=hkt(2026, 3, 25))


def test_of_two_officers_the_second_learns_of_the_first():
    programme = ProgrammeFactory()
    one, two = officer(programme), officer(programme)
    draft = begin_questions(programme, by=one, at=AT)
    seen = draft.edition
    saved(draft, one, question("a"), seen=seen)
    with pytest.raises(QuestionsChanged, match="theirs are kept"):
        saved(draft, two, question("b"), seen=seen)
    assert QuestionVersion.objects.get().record() == asking(question("a"))


def test_a_set_that_never_asked_anything_goes_with_its_draft():
    programme = ProgrammeFactory()
    by = officer(programme)
    draft = begin_questions(programme, by=by, at=AT)
    discard_questions(draft, by=by, at=AT)
    discard_questions(draft, by=by, at=AT)
    assert QuestionSet.objects.count() == 0
    assert [event.kind for event in Event.objects.order_by("id")] == [
        "questions.drafted",
        "questions.draft_discarded",
    ]


def test_an_institutions_research_questions_need_the_right_over_every_research_programme():
    first = ProgrammeFactory(research=True)
    second = ProgrammeFactory(research=True, institution=first.institution)
    taught = ProgrammeFactory(institution=first.institution)
    with pytest.raises(PermissionDenied):
        begin_questions(first.institution, by=officer(first), at=AT)
    both = officer(first, second)
    published(both, first.institution, question("a"))
    own = published(officer(first), first, question("b"))
    assert [str(each.set) for each in questions_in_force(first, AT.date())] == [
        f"{first.institution.code}-research",
        own.set.code,
    ]
    assert len(questions_in_force(second, AT.date())) == 1
    assert questions_in_force(taught, AT.date()) == []


def test_two_sets_of_one_programme_cannot_use_one_short_name():
    programme = ProgrammeFactory(research=True)
    by = officer(programme)
    published(by, programme.institution, question("plan"))
    with pytest.raises(QuestionsRefused, match="already uses: plan"):
        published(by, programme, question("plan"))


def test_an_officer_of_another_programme_writes_nothing():
    programme, other = ProgrammeFactory(), ProgrammeFactory()
    stranger = officer(other)
    draft = begin_questions(programme, by=officer(programme), at=AT)
    for act in (
        lambda: saved(draft, stranger, question("a")),
        lambda: publish_questions(draft, seen=draft.edition, by=stranger, at=AT),
        lambda: discard_questions(draft, by=stranger, at=AT),
        lambda: draft_questions(draft.set, by=stranger, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_what_a_version_changes_is_told_question_by_question():
    before = asking(question("a"), question("b"), question("c"))
    after = asking(question("c"), replace(question("a"), is_required=True), question("d"))
    assert [(change.what, change.key) for change in changes_between(before, after)] == [
        ("Moved", "c"),
        ("Changed", "a"),
        ("New", "d"),
        ("Gone", "b"),
    ]
    assert changes_between(before, before) == []


def test_what_is_not_translated_is_named_and_shown_in_english():
    half = replace(question("a"), label={"en": "Plan", "zh-hant": "計劃", "zh-hans": ""})
    assert untranslated(asking(half)) == ["Plan"]
    with translation.override("zh-hant"):
        assert half.title == "計劃"
    with translation.override("zh-hans"):
        assert half.title == "Plan"


# what ships


def test_the_research_programmes_of_hkust_ship_with_statement_supervisors_and_have_you_spoken():
    InstitutionFactory(code="hkust")
    report = load_questions(by=Actor.system(), at=AT)
    assert (report.created, report.unchanged) == (1, 0)
    content = QuestionVersion.objects.get().record()
    assert [(each.key, each.kind, each.is_required, each.source) for each in content.questions] == [
        ("research_subject", QuestionKind.TEXT, True, "UST-03"),
        ("research_statement", QuestionKind.LONG_TEXT, True, "UST-03"),
        ("supervisors", QuestionKind.SUPERVISORS, False, ""),
    ]
    assert content.questions[2].options[0].label["en"] == "I have spoken with this person"
    assert load_questions(by=Actor.system(), at=AT).unchanged == 1


def test_the_taught_masters_ships_with_no_question_for_no_source_asks_one():
    InstitutionFactory(code="hkust")
    load_questions(by=Actor.system(), at=AT)
    taught = ProgrammeFactory(slug="hku-mmedsc", level=Level.TAUGHT_MASTER)
    assert questions_in_force(taught, AT.date()) == []


def test_a_changed_file_is_the_next_version_until_an_office_has_its_own(tmp_path):
    programme = ProgrammeFactory(research=True, institution=InstitutionFactory(code="hkust"))
    load_questions(by=Actor.system(), at=AT)
    text = (QUESTIONS / "hkust-research.yaml").read_text()
    changed = tmp_path / "hkust-research.yaml"
    changed.write_text(text.replace("limit: 4000", "limit: 3000"))
    assert load_questions(tmp_path, by=Actor.system(), at=AT).created == 1
    assert [version.number for version in QuestionVersion.objects.order_by("number")] == [1, 2]
    published(officer(programme), programme.institution, question("own"))
    changed.write_text(text.replace("limit: 4000", "limit: 2000"))
    report = load_questions(tmp_path, by=Actor.system(), at=AT)
    assert report.kept == [
        "hkust-research: the office’s own version stands; hkust-research.yaml was not loaded"
    ]


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("source: UST-03", "source: somewhere", "is no clause"),
        ("kind: RESEARCH", "kind: BOTH", "“kind” is one of"),
        ("    limit: 200", "    colour: red", "“colour” is not known"),
        ("institution: hkust", "institution: mit", "is not in the catalogue"),
        ("key: supervisors", "key: Supervisors", "short name"),
    ],
)
def test_a_file_that_is_wrong_stores_nothing(tmp_path, was, now, reason):
    InstitutionFactory(code="hkust")
    text = (QUESTIONS / "hkust-research.yaml").read_text()
    assert was in text
    (tmp_path / "wrong.yaml").write_text(text.replace(was, now, 1))
    with pytest.raises(QuestionFileError, match=reason):
        load_questions(tmp_path, by=Actor.system(), at=AT)
    assert QuestionVersion.objects.count() == 0
