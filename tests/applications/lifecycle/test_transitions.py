"""The one table of states: who may move a case, and that nobody else writes its state."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role, roles_with
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.lifecycle.actions import TransitionRefused, apply_transition, next_number, start_application
from applications.lifecycle.diagram import diagram
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.lifecycle.transitions import TRANSITIONS, Move
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import OfferingFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 3, 12, 0)
# SQL that compares with a parameter, `application.state = %(draft)s`, only reads
WRITES_STATE = re.compile(
    r"\.state\s*=(?!=|\s*(?:ANY\()?%[(s])|\.update\([^)]*\bstate=|update_fields=[^\n]*\"state\""
)
LIFECYCLE = Path(__file__).parents[3] / "applications" / "lifecycle"


@pytest.mark.parametrize("move", [m for m in Move if m is not Move.SUBMIT])
@pytest.mark.parametrize("state", [s for s in State if s is not State.DRAFT])
def test_a_case_moves_only_as_the_table_says(move: Move, state: State) -> None:
    case = CaseFactory(state=state)
    right = TRANSITIONS[move].right
    user = officer(case.offering.programme, roles_with(right)[-1]) if right else case.applicant.user
    by = acting(user)
    if state in TRANSITIONS[move].sources:
        moved = apply_transition(case, move, by=by, at=AT)
        assert (moved.state, moved.state_since) == (TRANSITIONS[move].target, AT)
        assert [e.kind for e in events_about(case)] == [TRANSITIONS[move].event]
    else:
        with pytest.raises(TransitionRefused):
            apply_transition(case, move, by=by, at=AT)
        assert Application.objects.get(pk=case.pk).state == state
        assert not events_about(case).exists()


def test_an_officer_of_another_programme_moves_nothing() -> None:
    case, stranger = CaseFactory(), officer(CaseFactory().offering.programme)
    with pytest.raises(PermissionDenied):
        apply_transition(case, Move.MAKE_OFFER, by=acting(stranger), at=AT)


def test_a_reviewer_may_not_decide() -> None:
    case = CaseFactory()
    with pytest.raises(PermissionDenied):
        apply_transition(case, Move.REFUSE, by=acting(officer(case.offering.programme, Role.REVIEWER)), at=AT)


def test_nobody_begins_for_somebody_else() -> None:
    applicant, offering = ApplicantFactory(), OfferingFactory()
    for by in (acting(ApplicantFactory().user), Actor.system()):
        with pytest.raises(PermissionDenied):
            start_application(applicant, offering, by=by, at=AT)
    assert not Application.objects.exists()


def test_starting_twice_gives_the_same_draft() -> None:
    applicant, offering = ApplicantFactory(), OfferingFactory()
    by = acting(applicant.user)
    first = start_application(applicant, offering, by=by, at=AT)
    again = start_application(applicant, offering, by=by, at=AT)
    assert again == first
    assert Application.objects.count() == 1


def test_after_a_refusal_one_may_begin_again() -> None:
    case = CaseFactory(state=State.REFUSED)
    again = start_application(case.applicant, case.offering, by=acting(case.applicant.user), at=AT)
    assert again != case
    assert again.state == State.DRAFT


def test_numbers_of_a_series_have_no_gaps() -> None:
    assert [next_number("MMS26") for _n in range(3)] == ["MMS26-000001", "MMS26-000002", "MMS26-000003"]
    assert next_number("CHM26") == "CHM26-000001"


def test_the_portal_by_itself_is_no_officer() -> None:
    with pytest.raises(PermissionDenied):
        apply_transition(CaseFactory(), Move.MAKE_OFFER, by=Actor.system(), at=AT)


def test_the_diagram_in_the_readme_is_the_table() -> None:
    shown = re.search(
        r"```mermaid\n(.*?)```", (LIFECYCLE / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert shown is not None
    assert shown.group(1) == diagram()


def test_nobody_else_writes_the_state() -> None:
    writers = [
        str(path.relative_to(LIFECYCLE.parent))
        for path in LIFECYCLE.parent.rglob("*.py")
        if "/migrations/" not in str(path) and WRITES_STATE.search(path.read_text(encoding="utf-8"))
    ]
    assert writers == ["lifecycle/actions.py"]
