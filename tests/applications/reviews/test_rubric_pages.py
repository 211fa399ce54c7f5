"""A rubric is written as a draft, looked at, and used for good; a score stays under the one it had."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from applications.lifecycle.models import BlindReading
from applications.reviews.actions import ReviewRefused, give_review
from applications.reviews.models import Recommendation, Review, Rubric
from applications.reviews.queries import rubric_in_use
from applications.reviews.rubric_actions import (
    RubricChanged,
    RubricRefused,
    draft_rubric,
    save_rubric,
    use_rubric,
)
from programmes.models import Programme
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import ProgrammeFactory, hkt
from tests.factories.rubrics import RESEARCH_AND_STUDY, use

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 10, 0)


def page(name: str, programme: Programme, *more: Any) -> str:
    return reverse(f"admin:applications_rubric_{name}", args=[programme.pk, *more])


def text_of(response: Any) -> str:
    """The page's words: entities read, tags gone, spaces one."""
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ").split())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(seen: str, **changed: str) -> dict[str, Any]:
    """The form with two categories, as a coordinator fills it in."""
    return {
        "seen": seen,
        "act": "save",
        "row": ["0", "1"],
        "q0-label_en": "Research promise",
        "q0-label_hant": "研究潛力",
        "q0-weight": "60",
        "q0-lowest": "0",
        "q0-highest": "10",
        "q0-step": "1",
        "q0-words_en": "10 = Outstanding\n0: None to be seen",
        "q0-words_hant": "10＝傑出",
        "q1-label_en": "Earlier study",
        "q1-weight": "40",
        "q1-lowest": "1",
        "q1-highest": "5",
        "q1-step": "0.5",
        "agreement": "0.75",
        "reason": "Agreed by the board",
        **changed,
    }


def test_a_coordinator_writes_looks_and_uses_without_a_script() -> None:
    programme = ProgrammeFactory()
    desk = signed_in(officer(programme, Role.COORDINATOR))
    assert "In use: one score" in text_of(desk.get(page("change", programme)))
    assert desk.post(page("begin", programme))["Location"] == page("edit", programme)
    [draft] = Rubric.objects.all()
    added = desk.post(page("edit", programme), filled(draft.edition, act="add"))
    assert text_of(added).count("Add a category") == 1
    assert "Category 3" in text_of(added)
    assert not draft.record().all[0].label["en"].startswith("Research")
    assert desk.post(page("edit", programme), filled(draft.edition))["Location"] == page("draft", programme)
    shown = text_of(desk.get(page("draft", programme)))
    assert all(said in shown for said in ("60.0 %", "40.0 %", "0 to 10", "Outstanding", "no more than 0.75"))
    draft.refresh_from_db()
    assert desk.post(page("use", programme), {"seen": draft.edition})["Location"] == page("change", programme)
    used = rubric_in_use(programme)
    assert used is not None
    assert (used.number, used.agreement, used.reason) == (1, Decimal("0.75"), "Agreed by the board")
    [research, study] = used.record()
    assert (research.key, study.key) == ("research_promise", "earlier_study")
    assert research.label == {"en": "Research promise", "zh-hant": "研究潛力", "zh-hans": ""}
    assert research.words == {
        Decimal(10): {"en": "Outstanding", "zh-hant": "傑出"},
        Decimal(0): {"en": "None to be seen"},
    }
    assert [event.kind for event in Event.objects.order_by("pk") if event.kind.startswith("rubric")] == [
        "rubric.drafted",
        "rubric.draft_saved",
        "rubric.used",
    ]
    assert "In use: version 1" in text_of(desk.get(page("change", programme)))
    assert "Outstanding" in text_of(desk.get(page("version", programme, 1)))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"q0-step": "0.3"}, "From 0 in steps of 0.3 one does not arrive at 10."),
        ({"q0-weight": "0"}, "0 is too low. The least possible is 0.01."),
        ({"q0-label_en": ""}, "An answer is needed here."),
        ({"q0-words_en": "very good"}, "“very good” is not written as points, a sign and words"),
        ({"q0-words_en": "11 = Beyond"}, "Not on the scale: 11."),
        ({"q0-words_hant": "9 = 好"}, "Write the words for these points in English as well."),
        ({"q0-key": "comment"}, "“comment” cannot be a short name."),
        ({"q0-key": "same", "q1-key": "same"}, "Two categories have the short name “same”."),
        ({"agreement": "4"}, "4 is too high. The most possible is 3.99."),
    ],
)
def test_what_cannot_be_scored_comes_back_as_it_was_typed(changed: dict[str, str], sentence: str) -> None:
    programme = ProgrammeFactory()
    coordinator = officer(programme, Role.COORDINATOR)
    draft = draft_rubric(programme, by=acting(coordinator), at=AT)
    response = signed_in(coordinator).post(page("edit", programme), filled(draft.edition, **changed))
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert all(f'value="{typed}"' in response.text or typed in response.text for typed in changed.values())
    assert draft.edition == Rubric.objects.get().edition


def test_two_officers_never_overwrite_each_other() -> None:
    programme = ProgrammeFactory()
    first, second = officer(programme, Role.COORDINATOR), officer(programme, Role.PROGRAMME_OFFICE)
    seen = draft_rubric(programme, by=acting(first), at=AT).edition
    assert signed_in(first).post(page("edit", programme), filled(seen)).status_code == 302
    response = signed_in(second).post(
        page("edit", programme), filled(seen, **{"q0-label_en": "Something else"})
    )
    assert "has saved this draft since you opened it" in text_of(response)
    assert "Research promise" in text_of(response)
    assert 'value="Something else"' in response.text
    assert Rubric.objects.get().record().all[0].label["en"] == "Research promise"
    with pytest.raises(RubricChanged):
        use_rubric(Rubric.objects.get(), seen=seen, by=acting(first), at=AT)


def test_a_score_stays_readable_under_the_rubric_it_was_given_by() -> None:
    case = CaseFactory()
    programme = case.offering.programme
    first = use(programme)
    reader = acting(officer(programme, Role.REVIEWER))
    points = {"research": Decimal(10), "study": Decimal("1.0")}
    give_review(case, rubric=first, points=points, recommendation=Recommendation.OFFER, by=reader, at=AT)
    second = use(programme, type(RESEARCH_AND_STUDY)(RESEARCH_AND_STUDY.all[:1]))
    [review] = Review.objects.all()
    assert (review.rubric, str(review.score)) == (first, "3.40")
    assert [each.key for each in review.categories] == ["research", "study"]
    assert review.points == {"research": "10", "study": "1.0"}
    assert (second.number, rubric_in_use(programme)) == (2, second)
    other = acting(officer(programme, Role.REVIEWER))
    with pytest.raises(ReviewRefused, match="What is scored has changed"):
        give_review(case, rubric=first, points=points, recommendation=Recommendation.OFFER, by=other, at=AT)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_used_rubric_is_never_changed_by_anybody(act: str) -> None:
    used = use(ProgrammeFactory())
    rows = Rubric.objects.filter(pk=used.pk)
    with pytest.raises(DatabaseError, match="in use and never changes"), transaction.atomic():
        rows.update(reason="other") if act == "update" else rows.delete()


def test_a_rubric_is_not_used_without_a_reason() -> None:
    programme = ProgrammeFactory()
    by = acting(officer(programme, Role.COORDINATOR))
    draft = draft_rubric(programme, by=by, at=AT)
    with pytest.raises(RubricRefused, match="Write the reason"):
        use_rubric(draft, seen="", by=by, at=AT)
    assert rubric_in_use(programme) is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SCHOOL, Role.GRADUATE_SCHOOL, Role.ADMINISTRATOR])
def test_others_read_it_and_change_nothing(role: Role) -> None:
    programme = ProgrammeFactory()
    use(programme)
    user = officer(programme, role)
    page_shown = signed_in(user).get(page("change", programme))
    assert "Research promise" in text_of(page_shown)
    assert "Begin a draft" not in text_of(page_shown)
    assert signed_in(user).post(page("begin", programme)).status_code == 404
    with pytest.raises(PermissionDenied):
        draft_rubric(programme, by=acting(user), at=AT)
    stranger = officer(ProgrammeFactory(institution=programme.institution), role)
    assert signed_in(stranger).get(page("change", programme)).status_code == 404


def test_blind_reading_begins_and_ends_with_the_rubric_that_says_so() -> None:
    programme = ProgrammeFactory()
    use(programme, is_blind=True)
    assert [row.programme for row in BlindReading.objects.all()] == [programme]
    use(programme, is_blind=False)
    assert not BlindReading.objects.exists()


def test_a_draft_is_discarded_and_what_is_used_stays() -> None:
    programme = ProgrammeFactory()
    used = use(programme)
    coordinator = officer(programme, Role.COORDINATOR)
    draft = draft_rubric(programme, by=acting(coordinator), at=AT)
    assert draft.categories == used.categories
    desk = signed_in(coordinator)
    assert desk.post(page("discard", programme)).status_code == 302
    assert list(Rubric.objects.all()) == [used]
    # somebody else still has its form open: what they typed goes on in a new draft
    response = desk.post(page("edit", programme), filled(draft.edition, **{"q0-label_en": "Typed on"}))
    assert 'value="Typed on"' in response.text
    assert Rubric.objects.filter(number=None).count() == 1
    with pytest.raises(RubricChanged, match="discarded"):
        save_rubric(
            draft,
            categories=RESEARCH_AND_STUDY,
            agreement=None,
            is_blind=False,
            reason="",
            seen="",
            by=acting(coordinator),
            at=AT,
        )
