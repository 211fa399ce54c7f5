"""Two levels: the School, then the graduate school, each by somebody who has not had a hand in it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from applications.decisions.actions import (
    DecisionRefused,
    change_prepared,
    give_check,
    offer_place,
    release_prepared,
    send_back,
    set_checks,
)
from applications.decisions.models import CheckLevel, ChecksAsked, DecisionChecks, PreparedDecision
from applications.decisions.queries import (
    awaiting_check,
    checks_asked_by,
    ready_to_release,
    sent_back_or_changed,
)
from applications.decisions.standing import standing_of
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from programmes.models import Level
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import AT, OFFER, REFUSAL, asking, prepared
from tests.factories.programmes import AppointmentFactory, InstitutionFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
SCHOOL, GRADUATE = CheckLevel.SCHOOL, CheckLevel.GRADUATE_SCHOOL


@pytest.fixture
def case() -> Application:
    """A case of a programme that asks for both checks."""
    made: Application = CaseFactory()
    asking(made.offering.programme, ChecksAsked.BOTH)
    return made


def somebody(case: Application, *roles: Role) -> Actor:
    user = officer(case.offering.programme, roles[0])
    for role in roles[1:]:
        AppointmentFactory(user=user, programme=case.offering.programme, role=role)
    return acting(user)


@pytest.mark.parametrize(
    ("code", "level", "asked"),
    [
        pytest.param(
            "hkust", Level.PHD, ChecksAsked.BOTH, id="HKUST's PhD: School, then graduate school (B5)"
        ),
        pytest.param(
            "hkust", Level.TAUGHT_MASTER, ChecksAsked.NONE, id="a taught degree there: nothing said"
        ),
        pytest.param("hku", Level.TAUGHT_MASTER, ChecksAsked.NONE, id="HKU's taught degree: nothing said"),
        pytest.param("hku", Level.PHD, ChecksAsked.NONE, id="HKU's PhD: nothing said"),
    ],
)
def test_what_a_source_says_counts_until_an_administrator_says_otherwise(
    code: str, level: str, asked: ChecksAsked
) -> None:
    programme = ProgrammeFactory(institution=InstitutionFactory(code=code), research=level == Level.PHD)
    assert checks_asked_by(programme) is asked
    for other in ChecksAsked:
        set_checks(programme, other, by=acting(officer(programme, Role.ADMINISTRATOR)), at=AT)
        assert checks_asked_by(programme) is other
    with pytest.raises(PermissionDenied):
        set_checks(programme, ChecksAsked.NONE, by=acting(officer(programme)), at=AT)


def test_first_the_school_then_the_graduate_school_then_the_release(case: Application) -> None:
    office = acting(officer(case.offering.programme))
    school, graduate = somebody(case, Role.SCHOOL), somebody(case, Role.GRADUATE_SCHOOL)
    made = prepared(case, by=office)
    with pytest.raises(DecisionRefused, match="It waits for its check: School"):
        release_prepared(made, by=office, at=AT)
    with pytest.raises(DecisionRefused, match="does not wait for the check of the Graduate school"):
        give_check(made, GRADUATE, by=graduate, at=AT)
    assert piles(school, graduate) == ([made], [], [])
    give_check(made, SCHOOL, by=school, at=AT)
    assert piles(school, graduate) == ([], [made], [])
    with pytest.raises(DecisionRefused, match="does not wait for the check of the School"):
        give_check(made, SCHOOL, by=somebody(case, Role.SCHOOL), at=AT)
    give_check(made, GRADUATE, by=graduate, at=AT)
    assert piles(school, graduate) == ([], [], [made])
    release_prepared(made, by=office, at=AT)
    assert Application.objects.get(pk=case.pk).state == State.OFFERED
    assert piles(school, graduate) == ([], [], [])


def piles(school: Actor, graduate: Actor) -> tuple[list[PreparedDecision], ...]:
    assert school.user is not None
    assert graduate.user is not None
    return (
        list(awaiting_check(SCHOOL, by=school.user)),
        list(awaiting_check(GRADUATE, by=graduate.user)),
        list(ready_to_release()),
    )


def test_where_checks_are_asked_for_nothing_is_decided_in_one_step(case: Application) -> None:
    assert OFFER.offer is not None
    with pytest.raises(DecisionRefused, match="asks for a check before"):
        offer_place(case, terms=OFFER.offer, by=acting(officer(case.offering.programme)), at=AT)
    assert (Application.objects.get(pk=case.pk).state, PreparedDecision.objects.count()) == (
        State.SUBMITTED,
        0,
    )


def test_four_eyes(case: Application) -> None:
    """Whoever prepared, changed or checked it gives no check of it, whatever rights they hold."""
    every = (Role.PROGRAMME_OFFICE, Role.SCHOOL, Role.GRADUATE_SCHOOL)
    preparer, changer, checker = (somebody(case, *every) for _n in range(3))
    made = prepared(case, by=preparer)
    made = change_prepared(made, terms=REFUSAL, by=changer, at=AT)
    for hand in (preparer, changer):
        assert hand.user is not None
        assert not awaiting_check(SCHOOL, by=hand.user).exists()
        with pytest.raises(DecisionRefused, match="Somebody else gives this check"):
            give_check(made, SCHOOL, by=hand, at=AT)
    give_check(made, SCHOOL, by=checker, at=AT)
    assert checker.user is not None
    assert not awaiting_check(GRADUATE, by=checker.user).exists()
    with pytest.raises(DecisionRefused, match="Somebody else gives this check"):
        give_check(made, GRADUATE, by=checker, at=AT)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SCHOOL])
def test_only_the_school_checks_for_the_school(role: Role, case: Application) -> None:
    made = prepared(case)
    with pytest.raises(PermissionDenied):
        give_check(made, SCHOOL, by=somebody(case, role), at=AT)
    with pytest.raises(PermissionDenied):
        send_back(made, SCHOOL, reason="No.", by=somebody(case, role), at=AT)


def test_sent_back_with_a_reason_it_waits_for_the_office_and_begins_anew(case: Application) -> None:
    school, office = somebody(case, Role.SCHOOL), acting(officer(case.offering.programme))
    made = prepared(case, by=office)
    with pytest.raises(DecisionRefused, match="Write what should change"):
        send_back(made, SCHOOL, reason="  ", by=school, at=AT)
    send_back(made, SCHOOL, reason="Ask for the degree certificate.", by=school, at=AT)
    made = PreparedDecision.objects.get()
    assert standing_of(made, release_at=AT).why == [
        "The School sent it back: Ask for the degree certificate."
    ]
    assert list(sent_back_or_changed()) == [made]
    with pytest.raises(DecisionRefused, match="does not wait"):
        give_check(made, SCHOOL, by=somebody(case, Role.SCHOOL), at=AT)
    changed = change_prepared(made, terms=OFFER, by=office, at=AT)
    assert (changed.status, list(sent_back_or_changed())) == ("PREPARED", [])
    give_check(changed, SCHOOL, by=school, at=AT)


def test_a_case_that_has_changed_is_first_for_the_office(case: Application) -> None:
    made, school = prepared(case), somebody(case, Role.SCHOOL)
    record_event("finding.recorded", about=case, by=Actor.system(), at=AT)
    with pytest.raises(DecisionRefused, match="looks at it again first"):
        give_check(made, SCHOOL, by=school, at=AT)
    assert school.user is not None
    assert not awaiting_check(SCHOOL, by=school.user).exists()
    assert list(sent_back_or_changed()) == [made]


def test_a_setting_counts_at_once_for_what_is_prepared() -> None:
    case = CaseFactory()
    made = prepared(case)
    assert list(ready_to_release()) == [made]
    admin = acting(officer(case.offering.programme, Role.ADMINISTRATOR))
    set_checks(case.offering.programme, ChecksAsked.SCHOOL, by=admin, at=AT)
    assert set_checks(case.offering.programme, ChecksAsked.SCHOOL, by=admin, at=AT) is None
    assert (list(ready_to_release()), DecisionChecks.objects.count()) == ([], 1)


def test_where_only_a_source_speaks_the_desk_follows_it() -> None:
    research = ProgrammeFactory(institution=InstitutionFactory(code="hkust"), research=True)
    made = prepared(CaseFactory(offering__intake__programme=research))
    free = prepared(CaseFactory())
    assert list(awaiting_check(SCHOOL, by=None)) == [made]
    assert list(ready_to_release()) == [free]
