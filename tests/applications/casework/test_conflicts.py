"""Conflicts of interest on the case page and in the list of all that stand."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.models import Application, BlindReading, ConflictReason, Ground, Recusal
from applications.reviews.queries import annotate_scores
from applications.submission.conflicts import compare_new_people
from applications.submission.models import ProposedSupervisor
from tests.factories.applications import CaseFactory, ReviewFactory, acting, officer
from tests.factories.desks import Desk
from tests.factories.drafts import publish_policies
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

NOW = hkt(2026, 5, 5, 9, 0)
ALL = reverse("admin:applications_application_conflicts")


@pytest.fixture
def case() -> Application:
    publish_policies()
    start_clock_at(NOW)
    return CaseFactory(offering__intake__programme__slug="hku-mmedsc")


def desk_of(user: object) -> Desk:
    desk = Desk()
    desk.force_login(user)
    return desk


def page_of(case: Application, door: str = "change", *more: object) -> str:
    return reverse(f"admin:applications_application_{door}", args=[case.pk, *more])


def text_of(response: object) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_reader_declares_in_one_step_and_the_case_is_gone(case: Application) -> None:
    reader = desk_of(officer(case.offering.programme, Role.REVIEWER))
    assert "I have a conflict of interest" in text_of(reader.get(page_of(case)))
    unsaid = reader.post(page_of(case, "conflict"), {"reason": "OTHER", "words": ""})
    assert unsaid.status_code == 200
    assert "Say in a few words what the reason is." in text_of(unsaid)
    assert Recusal.objects.count() == 0
    # what others did meanwhile is no matter: it takes nothing from anybody
    done = reader.post(page_of(case, "conflict"), {"reason": "TEACHING", "words": "My student.", "seen": "0"})
    assert (done.status_code, done["Location"]) == (
        302,
        reverse("admin:applications_application_changelist"),
    )
    listed = text_of(reader.get(done["Location"]))
    assert f"Your conflict of interest with {case.number} is on record" in listed
    assert "LAM Tsz Ching" not in listed
    assert reader.get(page_of(case)).status_code == 404
    # a second press of the same button finds nothing either
    assert reader.post(page_of(case, "conflict"), {"reason": "TEACHING"}).status_code == 404
    # nobody without the right to keep the record reads who said what
    colleague = text_of(desk_of(officer(case.offering.programme)).get(page_of(case)))
    assert "My student." not in colleague
    assert "Conflict of interest declared" in colleague


def test_who_keeps_the_record_records_a_colleagues_and_lifts_it(case: Application) -> None:
    programme = case.offering.programme
    coordinator = officer(programme, Role.COORDINATOR, name="PATEL Arjun")
    reader = officer(programme, Role.REVIEWER, name="CHEUNG Mei Ling")
    desk = desk_of(coordinator)
    record = page_of(case, "conflict_of_colleague")
    said = {"person": str(reader.pk), "reason": "WORK", "words": "They share a grant."}
    strange = desk.post(record, said | {"person": str(coordinator.pk)})
    assert (strange.status_code, Recusal.objects.count()) == (200, 0)
    assert desk.post(record, said).status_code == 302
    shown = text_of(desk.get(page_of(case)))
    assert "CHEUNG Mei Ling the case is closed to them" in shown
    assert "We work, publish or do business together: They share a grant." in shown
    assert desk_of(reader).get(page_of(case)).status_code == 404

    lift = page_of(case, "conflict_lifted", case.recusals.get().pk)
    assert "An answer is needed here." in text_of(desk.post(lift, {"because": ""}))
    stale = desk.post(lift, {"because": "The grant has ended.", "seen": "0"})
    assert "This case has changed since you opened it" not in text_of(stale)  # it was one's own act
    assert stale.status_code == 302
    shown = text_of(desk.get(page_of(case)))
    assert "Lifted by PATEL Arjun, 5 May 2026: The grant has ended." in shown
    assert desk_of(reader).get(page_of(case)).status_code == 200


def test_the_list_holds_what_stands_in_ones_programmes_and_no_row_of_a_case_closed_to_oneself(
    case: Application,
) -> None:
    programme = case.offering.programme
    second = CaseFactory(offering=case.offering)
    coordinator = officer(programme, Role.COORDINATOR, name="PATEL Arjun")
    other = officer(programme, Role.ADMINISTRATOR, name="TSE Pui Shan")
    officer(programme, Role.REVIEWER, name="WONG Mei Ling")
    ProposedSupervisor.objects.create(
        application=case, position=1, name="Prof. Mei-ling Wong", has_spoken=True
    )
    compare_new_people(at=NOW)
    declare_conflict(second, reason=ConflictReason.RELATION, words="Kin.", by=acting(coordinator), at=NOW)
    assert [each.ground for each in Recusal.objects.order_by("pk")] == [Ground.SUPERVISOR, Ground.DECLARED]

    every = text_of(desk_of(other).get(ALL))
    assert "Named as proposed supervisor: Prof. Mei-ling Wong" in every
    assert every.index("WONG Mei Ling") < every.index("PATEL Arjun")
    assert "Family or a close personal relation: Kin." in every
    own = text_of(desk_of(coordinator).get(ALL))
    assert (case.number in own, second.number in own) == (True, False)
    assert desk_of(officer(programme)).get(ALL).status_code == 404
    elsewhere = officer(CaseFactory().offering.programme, Role.COORDINATOR)
    assert "No conflict of interest stands in your programmes." in text_of(desk_of(elsewhere).get(ALL))


def test_a_score_given_before_no_longer_counts_and_says_so_on_the_file(case: Application) -> None:
    programme = case.offering.programme
    near, far = (officer(programme, Role.REVIEWER) for _reader in range(2))
    ReviewFactory(application=case, reviewer=near, score=Decimal("5.0"))
    ReviewFactory(application=case, reviewer=far, score=Decimal("2.0"))
    coordinator = officer(programme, Role.COORDINATOR)
    [before] = annotate_scores(Application.objects.filter(pk=case.pk), user=coordinator, at=NOW)
    declare_conflict(case, reason=ConflictReason.RELATION, by=acting(near), at=NOW)
    [after] = annotate_scores(Application.objects.filter(pk=case.pk), user=coordinator, at=NOW)
    assert (before.mean_score, after.mean_score) == (Decimal("3.5"), Decimal("2"))
    assert text_of(desk_of(coordinator).get(page_of(case))).count("does not count: conflict of interest") == 1


def test_whoever_reads_blind_can_declare_that_they_know_the_work_all_the_same(case: Application) -> None:
    BlindReading.objects.create(programme=case.offering.programme, since=NOW)
    reader = desk_of(officer(case.offering.programme, Role.REVIEWER))
    assert "I have a conflict of interest" in text_of(reader.get(page_of(case)))
    assert reader.post(page_of(case, "conflict"), {"reason": "TEACHING"}).status_code == 302
    assert reader.get(page_of(case)).status_code == 404


def test_the_list_asks_the_same_however_long_it_is(case: Application) -> None:
    keeper = desk_of(officer(case.offering.programme, Role.ADMINISTRATOR))
    asked = []
    for more in (1, 4):
        for _reader in range(more):
            near = officer(case.offering.programme, Role.REVIEWER)
            declare_conflict(
                CaseFactory(offering=case.offering), reason=ConflictReason.WORK, by=acting(near), at=NOW
            )
        with CaptureQueriesContext(connection) as queries:
            keeper.get(ALL)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8
