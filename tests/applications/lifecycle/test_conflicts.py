"""Declaring, recording and lifting a conflict of interest, and what it closes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right, Role
from admissions_portal.history.models import Event
from applications.lifecycle.conflicts import ConflictRefused, declare_conflict, lift_conflict, record_conflict
from applications.lifecycle.models import Application, ConflictReason, Ground, Recusal
from applications.lifecycle.queries import applications_visible_to
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db

AT = hkt(2026, 5, 5, 9, 0)
LATER = hkt(2026, 5, 6, 9, 0)
RELATION = ConflictReason.RELATION


@pytest.fixture
def case() -> Application:
    return CaseFactory()


def sees(user: User, right: Right = Right.SEE_CASES) -> list[Application]:
    return list(applications_visible_to(user, on=AT.date(), right=right))


def told() -> list[tuple[str, str, dict[str, Any]]]:
    events = Event.objects.filter(kind__startswith="conflict.").order_by("pk")
    return [(event.kind, event.about_id, event.data) for event in events]


def test_a_declared_case_does_not_exist_for_its_reader_under_any_right(case: Application) -> None:
    reader, other = officer(case.offering.programme, Role.COORDINATOR), officer(case.offering.programme)
    rest = CaseFactory(offering=case.offering)
    made = declare_conflict(case, reason=RELATION, words=" My niece. ", by=acting(reader), at=AT)
    assert (made.ground, made.reason, made.words, made.recorded_by) == (
        Ground.DECLARED,
        RELATION,
        "My niece.",
        reader,
    )
    for right in (Right.SEE_CASES, Right.REVIEW, Right.EXPORT, Right.SHORTLIST, Right.DECLARE_CONFLICTS):
        assert sees(reader, right) == [rest]
    assert set(sees(other)) == {case, rest}
    # the reason is nobody's but of those who keep the record: history has the row's number alone
    assert told() == [("conflict.declared", str(case.pk), {"recusal": made.pk})]


def test_what_is_said_of_a_person_closes_their_other_cases_of_the_institution(case: Application) -> None:
    programme = case.offering.programme
    sister = ProgrammeFactory(institution=programme.institution)
    elsewhere = ProgrammeFactory(institution__code="hkust")
    reader = officer(programme, Role.REVIEWER)
    second, foreign = (
        CaseFactory(applicant=case.applicant, offering=OfferingFactory(intake__programme=each))
        for each in (sister, elsewhere)
    )
    part_time = OfferingFactory(intake=case.offering.intake, mode="PART_TIME")
    DraftFactory(applicant=case.applicant, offering=part_time)
    declare_conflict(case, reason=RELATION, by=acting(reader), at=AT)
    rows = Recusal.objects.order_by("pk").values_list("application", "ground")
    assert list(rows) == [(case.pk, Ground.DECLARED), (second.pk, Ground.SAME_PERSON)]
    assert foreign.recusals.exists() is False
    lift_conflict(
        case.recusals.get(),
        because="Another of that name.",
        by=acting(officer(programme, Role.COORDINATOR)),
        at=AT,
    )
    assert Recusal.objects.filter(lifted_at__isnull=True).exists() is False
    # said again, it holds again
    declare_conflict(case, reason=RELATION, by=acting(reader), at=LATER)
    assert [each.ground for each in second.recusals.filter(lifted_at=None)] == [Ground.SAME_PERSON]


def test_a_colleague_is_recorded_once_and_lifted_by_somebody_else_with_a_reason(case: Application) -> None:
    programme = case.offering.programme
    coordinator = officer(programme, Role.COORDINATOR)
    reader = officer(programme, Role.REVIEWER)
    made = record_conflict(case, person=reader, reason=RELATION, by=acting(coordinator), at=AT)
    again = record_conflict(case, person=reader, reason=ConflictReason.WORK, by=acting(coordinator), at=LATER)
    assert again == made
    assert sees(reader) == []
    with pytest.raises(ConflictRefused, match="Write why"):
        lift_conflict(made, because="  ", by=acting(coordinator), at=LATER)
    lift_conflict(made, because="They never met.", by=acting(coordinator), at=LATER)
    lift_conflict(made, because="Twice is once.", by=acting(coordinator), at=hkt(2026, 5, 7, 9, 0))
    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_at, made.lifted_because) == (coordinator, LATER, "They never met.")
    assert sees(reader) == [case]
    assert [kind for kind, _case, _data in told()] == ["conflict.recorded", "conflict.lifted"]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE, Role.SCHOOL])
def test_only_who_keeps_the_record_records_and_lifts(case: Application, role: Role) -> None:
    programme = case.offering.programme
    by = acting(officer(programme, role))
    made = declare_conflict(case, reason=RELATION, by=acting(officer(programme)), at=AT)
    with pytest.raises(PermissionDenied):
        record_conflict(case, person=officer(programme), reason=RELATION, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        lift_conflict(made, because="No.", by=by, at=AT)


def test_nobody_lifts_their_own_nor_any_other_of_a_case_closed_to_them(case: Application) -> None:
    programme = case.offering.programme
    coordinator = officer(programme, Role.COORDINATOR)
    others = declare_conflict(case, reason=RELATION, by=acting(officer(programme)), at=AT)
    own = declare_conflict(case, reason=RELATION, by=acting(coordinator), at=AT)
    for each in (own, others):
        with pytest.raises(PermissionDenied):
            lift_conflict(each, because="No conflict.", by=acting(coordinator), at=AT)
    with pytest.raises(PermissionDenied):
        record_conflict(case, person=officer(programme), reason=RELATION, by=acting(coordinator), at=AT)


def test_for_oneself_one_declares_and_of_strangers_nothing_is_recorded(case: Application) -> None:
    coordinator = officer(case.offering.programme, Role.COORDINATOR)
    by = acting(coordinator)
    with pytest.raises(ConflictRefused, match="I have a conflict of interest"):
        record_conflict(case, person=coordinator, reason=RELATION, by=by, at=AT)
    with pytest.raises(ConflictRefused, match="TSUI Lai is not appointed to this programme"):
        record_conflict(case, person=StaffFactory(name="TSUI Lai"), reason=RELATION, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        declare_conflict(case, reason=RELATION, by=acting(StaffFactory()), at=AT)
    assert Recusal.objects.count() == 0
