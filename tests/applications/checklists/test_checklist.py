"""Each section carries what an officer makes of it, and says when the applicant changed it since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from applications.applicants.models import ContactChange
from applications.applicants.queries import profile_data
from applications.checklists.actions import CheckRefused, check_section
from applications.checklists.checklist import checklist_of
from applications.checklists.models import CheckState, SectionCheck
from applications.checklists.queries import sections_to_do
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from tests.applications.casework.test_case_page import NOW, desk, door, told
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.evidence import DocumentFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(NOW)
    return CaseFactory()


def states(case: Application) -> dict[str, str]:
    fresh = Application.objects.get(pk=case.pk)
    return {
        each.section.key: "changed" if each.is_changed else str(each.state)
        for each in checklist_of(fresh, at=LATER)
    }


def office_of(case: Application, role: Role = Role.PROGRAMME_OFFICE) -> Any:
    return acting(officer(case.offering.programme, role))


def test_every_section_of_the_form_is_on_it_and_nobody_has_looked(case: Application) -> None:
    assert states(case) == dict.fromkeys(
        ["personal", "residence", "choice", "qualifications", "english", "experience", "documents"], "OPEN"
    )


@pytest.mark.parametrize(
    ("section", "change"),
    [
        pytest.param("documents", lambda case: DocumentFactory(application=case), id="a file more"),
        pytest.param(
            "personal",
            lambda case: ContactChange.objects.create(
                applicant=case.applicant,
                changed_at=LATER,
                before={},
                after={"phone": "+85261234567", **{"address_1": "1 New Road", "country": "HK"}},
            ),
            id="another telephone number",
        ),
        pytest.param(
            "qualifications",
            lambda case: _submitted_again(case, "qualifications", []),
            id="another degree submitted",
        ),
        pytest.param(
            "residence",
            lambda case: _submitted_again(case, "residence_status", "IANG"),
            id="another status submitted",
        ),
    ],
)
def test_what_the_applicant_changes_afterwards_is_changed_since(
    case: Application, section: str, change: Any
) -> None:
    by = office_of(case)
    for key in states(case):
        check_section(case, key, state=CheckState.IN_ORDER, by=by, at=NOW)
    change(case)
    assert {key: state for key, state in states(case).items() if state != "IN_ORDER"} == {section: "changed"}
    check_section(case, section, state=CheckState.IN_ORDER, by=by, at=LATER)
    assert set(states(case).values()) == {"IN_ORDER"}


def _submitted_again(case: Application, name: str, value: Any) -> None:
    case.profile.data = {**profile_data(case.applicant), **case.profile.data, name: value}
    case.profile.save()


def test_an_earlier_look_stays_with_its_author_and_the_same_again_is_none(case: Application) -> None:
    first, second = office_of(case), office_of(case)
    check_section(case, "english", state="TO_DO", comment="Ask for the report", by=first, at=NOW)
    check_section(case, "english", state="TO_DO", comment=" Ask for the report ", by=second, at=LATER)
    check_section(case, "english", state="NOT_NEEDED", by=second, at=LATER)
    assert list(SectionCheck.objects.values_list("state", "comment", "checked_by", "is_current")) == [
        ("TO_DO", "Ask for the report", first.user.pk, False),
        ("NOT_NEEDED", "", second.user.pk, True),
    ]
    assert list(Event.objects.filter(kind="section.checked").values_list("data", flat=True)) == [
        {"section": "english", "state": "TO_DO"},
        {"section": "english", "state": "NOT_NEEDED"},
    ]


@pytest.mark.parametrize(
    ("section", "state", "said"),
    [
        pytest.param("english", "TO_DO", "Say in the comment what there is to do.", id="to do, and not what"),
        pytest.param(
            "questions",
            "IN_ORDER",
            "Choose one of the states beside a section of this case.",
            id="a section that the case has not",
        ),
        pytest.param(
            "english", "FINE", "Choose one of the states beside a section of this case.", id="no state"
        ),
    ],
)
def test_what_says_too_little_is_refused(case: Application, section: str, state: str, said: str) -> None:
    with pytest.raises(CheckRefused, match=said):
        check_section(case, section, state=state, by=office_of(case), at=NOW)


def test_a_case_that_has_ended_keeps_its_checklist_and_waits_for_nobody(case: Application) -> None:
    by = office_of(case)
    check_section(case, "english", state="TO_DO", comment="Ask", by=by, at=NOW)
    assert [check.section for check in sections_to_do()] == ["english"]
    Application.objects.filter(pk=case.pk).update(state=State.REFUSED)
    with pytest.raises(CheckRefused):
        check_section(case, "english", state="IN_ORDER", by=by, at=NOW)
    assert list(sections_to_do()) == []


def test_the_page_takes_a_state_with_its_comment_and_says_how_far_it_is(case: Application) -> None:
    office = desk(case)
    office.post(door(case, "check", "english"), {"check-english-state": "IN_ORDER"})
    answer = office.post(door(case, "check", "personal"), {"check-personal-state": "TO_DO"})
    assert told(answer)[-1] == "Say in the comment what there is to do."
    answer = office.post(
        door(case, "check", "personal"),
        {"check-personal-state": "TO_DO", "check-personal-comment": "Name on the passport"},
    )
    assert answer.url == door(case, "change") + "#checklist"
    page = office.get(door(case, "change"))
    assert page.context["checklist_line"] == "1 of 7 in order or not needed"
    assert "Name on the passport" in page.content.decode()
    answer = office.post(door(case, "check", "x"), {"check-x-state": "IN_ORDER"})
    assert told(answer)[-1] == "Choose one of the states beside a section of this case."


def test_a_reader_sees_the_checklist_and_writes_nothing(case: Application) -> None:
    reader = desk(case, Role.REVIEWER)
    page = reader.get(door(case, "change"))
    assert {each.form for each in page.context["checklist"]} == {None}
    answer = reader.post(door(case, "check", "english"), {"check-english-state": "IN_ORDER"})
    assert (answer.status_code, SectionCheck.objects.count()) == (404, 0)


def test_a_list_is_narrowed_to_what_is_to_do_in_one_section(case: Application) -> None:
    office, by = desk(case), office_of(case)
    other = CaseFactory(offering=case.offering)
    check_section(case, "qualifications", state="TO_DO", comment="Ask", by=by, at=NOW)
    check_section(other, "english", state="TO_DO", comment="Ask", by=by, at=LATER)

    def listed(pile: str) -> list[str]:
        page = office.get(reverse("admin:applications_application_changelist"), {"pile": pile})
        return [each.number for each in page.context["cases"]]

    assert {pile: listed(pile) for pile in ("checklist", "checklist-qualifications", "checklist-choice")} == {
        "checklist": [case.number, other.number],
        "checklist-qualifications": [case.number],
        "checklist-choice": [],
    }
    shown = office.get(reverse("admin:applications_application_changelist"), {"pile": "checklist-english"})
    assert "Checklist, something to do: Degrees" in shown.content.decode()
