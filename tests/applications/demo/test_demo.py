"""The demonstration: the same fictional people each time, left where the script says, and a clock that only
runs on."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Min, QuerySet
from django.test import Client
from django.urls import Resolver404, clear_url_caches, resolve, reverse

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import ClockRefused
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.assessments.impact import Trial, preview_impact
from applications.checklists.models import CheckState, SectionCheck
from applications.decisions.models import CheckLevel, DecisionUndo, ReleaseItem
from applications.decisions.queries import awaiting_check
from applications.demo.actions import DemoRefused, advance_clock, load_demo
from applications.demo.cast import OPENING, cast
from applications.demo.desks import RELEASE
from applications.duplicates.models import LikelyPair
from applications.evidence.models import PrintedDifference
from applications.lifecycle.models import Application, Ground, Recusal
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.offers.models import Offer, ReplyReminder
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import Review
from applications.reviews.queries import disagrees, rubric_in_use
from applications.submission.models import DraftReminder
from applications.worklists.models import SavedList
from eligibility.models import Policy
from eligibility.permissions import can_edit_policy
from programmes.models import Programme, Round
from tests.factories.policies import draft_raising_ielts
from tests.factories.programmes import hkt

ROUND_1_CLOSED = hkt(2026, 4, 1)
STATES = {
    "begun": State.DRAFT,
    "half": State.DRAFT,
    "ready": State.DRAFT,
    "submitted": State.SUBMITTED,
    "checked": State.SUBMITTED,
    "reviewed": State.IN_REVIEW,
    "prepared": State.IN_REVIEW,
    "endorsed": State.IN_REVIEW,
    "planned": State.IN_REVIEW,
    "restored": State.IN_REVIEW,
    "offered": State.OFFERED,
    "accepted": State.ACCEPTED,
    "declined": State.DECLINED,
    "lapsed": State.LAPSED,
    "refused": State.REFUSED,
    "withdrawn": State.WITHDRAWN,
}


def person(email: str) -> User:
    return User.objects.get(email=email)


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(person(email))
    return client


@pytest.mark.usefixtures("demo")
def test_the_clock_stands_at_the_opening() -> None:
    assert hkt(2026, 3, 24, 9, 0) == OPENING
    assert timedelta(0) <= clock.now() - OPENING < timedelta(minutes=10)


@pytest.mark.usefixtures("demo")
def test_everybody_is_where_the_script_leaves_them() -> None:
    found = dict(Application.objects.values_list("applicant__user__email", "state"))
    assert found == {row["email"]: STATES[row["acts"]] for row in cast().applicants}
    # who declines and whose offer lapses come with the crowd
    assert (len(found), set(State) - set(found.values())) == (23, {State.DECLINED, State.LAPSED})


@pytest.mark.usefixtures("demo")
def test_loading_again_changes_nothing() -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (User, Application, Event, Message, Round)]

    before = counts()
    assert load_demo() is False
    assert counts() == before


@pytest.mark.usefixtures("demo")
def test_nothing_has_happened_after_the_opening() -> None:
    assert not Event.objects.filter(at__gt=OPENING).exclude(kind="policy.published").exists()
    assert not Application.objects.filter(submitted_at__gte=OPENING).exists()


@pytest.mark.usefixtures("demo")
def test_numbers_follow_the_order_of_receipt() -> None:
    numbers_follow_receipt()


def numbers_follow_receipt() -> None:
    """Within each series, from 1 on without a gap."""
    numbered = Application.objects.exclude(number=None)
    for prefix in {number.partition("-")[0] for number in numbered.values_list("number", flat=True)}:
        series = numbered.filter(number__startswith=f"{prefix}-")
        # of whoever sent it again before the round closed, the first receipt gave the number
        first = series.annotate(first_at=Min("submissions__submitted_at"))
        by_receipt = list(first.order_by("first_at").values_list("number", flat=True))
        assert by_receipt == sorted(by_receipt)
        assert [int(number[-6:]) for number in by_receipt] == list(range(1, len(by_receipt) + 1))


@pytest.mark.usefixtures("demo")
def test_the_office_finds_something_in_each_part_of_its_desk() -> None:
    """At the opening, without the crowd."""

    def of(cases: QuerySet[Any], lookup: str = "application__applicant__user__email") -> set[str]:
        return {email.partition("@")[0] for email in cases.values_list(lookup, flat=True)}

    here = "applicant__user__email"
    considered = Application.objects.filter(state__in=UNDER_CONSIDERATION)
    assert of(considered.filter(disagrees(user=None, at=OPENING)), here) == {"chiyung"}
    assert of(Review.objects.filter(score=None)) == {"hoilam"}
    rubric = rubric_in_use(Programme.objects.get(slug="hku-mmedsc"))
    assert rubric is not None
    assert len(rubric.record()) == 3
    assert of(ReviewAssignment.objects.all()) == {"raghunathan", "kaho", "zhao.rui"}
    assert {
        (each.ground, each.application.applicant.user.email.partition("@")[0])
        for each in Recusal.objects.all()
    } == {(Ground.DECLARED, "minyi"), (Ground.SUPERVISOR, "amara")}
    assert of(PrintedDifference.objects.filter(settled_at=None)) == {"zhao.rui"}
    assert of(SectionCheck.objects.filter(state=CheckState.TO_DO)) == {"raghunathan"}
    assert of(awaiting_check(CheckLevel.GRADUATE_SCHOOL, by=None)) == {"yan.bo"}
    planned = ReleaseItem.objects.filter(release__release_at=RELEASE)
    assert of(planned, "prepared__application__applicant__user__email") == {"ip"}
    assert of(DecisionUndo.objects.all(), "case__applicant__user__email") == {"huang.peiwen"}
    assert of(LikelyPair.objects.all()) == {"kaho", "laukh"}
    assert SavedList.objects.count() == 4


@pytest.mark.usefixtures("demo")
def test_only_the_demonstrations_dates_are_examples_and_they_are_marked() -> None:
    example = set(
        Round.objects.filter(is_example=True).values_list("offering__intake__programme__slug", flat=True)
    )
    assert example == set(cast().rounds["programmes"])
    assert not Round.objects.filter(
        is_example=True, offering__intake__programme__institution__code="hku"
    ).exists()


@pytest.mark.usefixtures("demo")
def test_the_sign_ins_open_the_doors_they_promise() -> None:
    out = StringIO()
    call_command("demo", "sign-ins", json=True, stdout=out)
    rows = json.loads(out.getvalue())
    roles = Counter(row["who"].partition(",")[0] for row in rows if not row["who"].startswith("Applicant"))
    assert set(roles) == {str(role.label) for role in Role}
    for row in rows:
        user = person(row["email"])
        assert user.check_password(row["password"])
        page = "applications:home" if row["who"].startswith("Applicant") else "admin:index"
        assert signed_in(row["email"]).get(reverse(page)).status_code == 200


@pytest.mark.usefixtures("demo")
def test_whoever_has_no_sign_in_has_no_password() -> None:
    nobody = [row["email"] for row in (*cast().applicants, *cast().staff) if not row.get("sign_in")]
    assert nobody
    assert not any(person(email).has_usable_password() for email in nobody)


@pytest.mark.usefixtures("demo")
def test_each_house_sees_its_own_people() -> None:
    address = reverse("admin:applications_application_changelist")
    listed = {
        house: {
            case.applicant.user.email
            for case in signed_in(f"office@{house}.example").get(address).context["cases"]
        }
        for house in ("hku", "hkust")
    }
    submitted = {
        row["email"]: row["apply"] for row in cast().applicants if STATES[row["acts"]] != State.DRAFT
    }
    assert listed == {
        house: {email for email, slug in submitted.items() if slug.startswith(f"{house}-")}
        for house in listed
    }


@pytest.mark.usefixtures("demo")
def test_two_people_of_each_house_may_change_each_of_its_rules() -> None:
    """One writes, and where the setting asks for two another approves."""
    staff = [Actor.of(person(row["email"])) for row in cast().staff if row.get("sign_in")]
    policies = Policy.objects.filter(institution_code__in=["hku", "hkust"])
    assert {each.code for each in policies} == {"HKU-MMEDSC", "HKUST-MPHIL", "HKUST-PHD"}
    for policy in policies:
        may = [by for by in staff if can_edit_policy(by, policy, OPENING)]
        assert len(may) == 2, policy.code


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("policy", "turned"),
    [("HKU-MMEDSC", "chiyung@applicant.example"), ("HKUST-PHD", "yan.bo@applicant.example")],
)
def test_raising_ielts_to_6_5_turns_somebody_of_each_house(policy: str, turned: str) -> None:
    """So that the preview has something to show."""
    coordinator = person(f"coordinator@{policy.split('-')[0].lower()}.example")
    draft = draft_raising_ielts("6.5", by=coordinator, policy=policy, effective_from=date(2025, 9, 2))
    preview = preview_impact(
        Trial(version=draft),
        fingerprint=draft.fingerprint,
        by=Actor.of(coordinator),
        at=OPENING,
        progress=lambda done, total=None: None,
    )
    assert turned in {
        Application.objects.get(pk=row["application"]).applicant.user.email for row in preview.rows
    }


# the clock


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "moment", [OPENING, hkt(2026, 3, 1), hkt(1900, 1, 1)], ids=["now", "earlier", "long ago"]
)
def test_the_clock_never_runs_back(moment: Any) -> None:
    with pytest.raises(ClockRefused, match="forward"):
        advance_clock(moment)
    assert clock.now() - OPENING < timedelta(minutes=10)


@pytest.mark.usefixtures("demo")
def test_the_clock_goes_a_year_ahead_at_most() -> None:
    with pytest.raises(DemoRefused, match="within a year"):
        advance_clock(hkt(9999, 12, 31))
    assert clock.now() - OPENING < timedelta(minutes=10)


@pytest.mark.usefixtures("demo")
def test_a_draft_is_reminded_on_each_day_that_the_clock_passes() -> None:
    hannah = Application.objects.get(applicant__user__email="hannah.lin@applicant.example")
    advance_clock(ROUND_1_CLOSED + timedelta(minutes=1))
    sent = DraftReminder.objects.filter(application=hannah).order_by("-days_before")
    assert [(row.days_before, row.status) for row in sent] == [(7, "QUEUED"), (3, "QUEUED"), (1, "QUEUED")]
    mails = Message.objects.filter(to_user=hannah.applicant.user_id, kind="draft_reminder").order_by(
        "queued_at"
    )
    assert mails.count() == 3


@pytest.mark.usefixtures("demo")
def test_going_forward_in_steps_sends_what_one_step_sends() -> None:
    with transaction.atomic():
        advance_clock(ROUND_1_CLOSED)
        at_once = sorted(DraftReminder.objects.values_list("application_id", "days_before", "status"))
        transaction.set_rollback(True)
    for days in range(1, 8):
        advance_clock(OPENING + timedelta(days=days))
    advance_clock(ROUND_1_CLOSED)
    in_steps = sorted(DraftReminder.objects.values_list("application_id", "days_before", "status"))
    assert in_steps == at_once != []


@pytest.mark.usefixtures("demo")
def test_an_offer_left_unanswered_is_warned_of_and_lapses() -> None:
    chloe = Offer.objects.get(application__applicant__user__email="chloe.lam@applicant.example")
    advance_clock(hkt(2026, 4, 18, 0, 1))
    chloe.refresh_from_db()
    assert (chloe.status, chloe.lapsed_at) != ("OPEN", None)
    assert Application.objects.get(pk=chloe.application_id).state == State.LAPSED
    assert sorted(ReplyReminder.objects.filter(offer=chloe).values_list("days_before", "status")) == [
        (1, "QUEUED"),
        (3, "QUEUED"),
        (7, "QUEUED"),
    ]


@pytest.mark.usefixtures("demo")
def test_the_clocks_page_lists_what_lies_ahead_and_moves_there() -> None:
    client = signed_in("office@hku.example")
    moments = client.get(reverse("demo:clock")).context["moments"]
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    first = moments[0]
    response = client.post(reverse("demo:clock"), {"moment": first.at.isoformat()}, follow=True)
    assert clock.now() >= first.at
    assert [str(message)[:9] for message in response.context["messages"]] == ["It is now"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "typed",
    [
        {"day_day": "1", "day_month": "3", "day_year": "2026", "time": "09:00"},
        {"moment": "2026-03-01T09:00:00+08:00"},
        {"moment": "yesterday"},
        {"moment": "2026-03-31T09:00:00"},
        {"moment": "2026-02-31T09:00:00+08:00"},
        {"day_day": "99", "day_month": "3", "day_year": "2026", "time": "25:00"},
        {},
    ],
    ids=["a day past", "a moment past", "no moment", "no zone", "no such day", "nonsense", "nothing"],
)
def test_the_clocks_page_refuses_in_words(typed: dict[str, str]) -> None:
    response = signed_in("office@hku.example").post(reverse("demo:clock"), typed, follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert "only moves forward" in page or 'role="alert"' in page
    assert clock.now() - OPENING < timedelta(minutes=10)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("email", ["hannah.lin@applicant.example", None], ids=["an applicant", "anybody"])
def test_only_staff_move_the_clock(email: str | None) -> None:
    client = signed_in(email) if email else Client()
    assert client.post(reverse("demo:clock"), {"moment": ROUND_1_CLOSED.isoformat()}).status_code == 302
    assert clock.now() - OPENING < timedelta(minutes=10)


# elsewhere


@pytest.fixture
def outside(settings: Any) -> Iterator[None]:
    def reload() -> None:
        importlib.reload(importlib.import_module(settings.ROOT_URLCONF))
        clear_url_caches()

    settings.IS_DEMO = False
    reload()
    yield
    settings.IS_DEMO = True
    reload()


@pytest.mark.usefixtures("outside", "db")
def test_elsewhere_there_is_neither_clock_nor_cast() -> None:
    people = User.objects.count()
    with pytest.raises(Resolver404):
        resolve("/demo/clock/")
    with pytest.raises(DemoRefused):
        load_demo()
    with pytest.raises(CommandError, match="not the demonstration"):
        call_command("demo", "load")
    with pytest.raises(ClockRefused):
        advance_clock(hkt(2099, 1, 1))
    assert User.objects.count() == people
