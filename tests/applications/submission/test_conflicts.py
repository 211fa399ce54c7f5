"""Conflicts of interest that the portal finds by itself: at a submission, and when somebody is appointed."""

from __future__ import annotations

from typing import Any

import pytest

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from applications.lifecycle.conflicts import declare_conflict, lift_conflict
from applications.lifecycle.models import Application, ConflictReason, Ground, Recusal
from applications.lifecycle.queries import applications_visible_to
from applications.submission.actions import submit_application
from applications.submission.conflicts import compare_new_people
from applications.submission.declarations import in_force
from applications.submission.mail_domains import telling_domain
from applications.submission.models import ProposedSupervisor
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import AT, own, ready_draft, research_offering
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, hkt

LATER = hkt(2026, 5, 5, 9, 0)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("kit@chan-family.hk", "chan-family.hk", id="a family's own tells something"),
        pytest.param("Kit@Lab.Example-Bio.COM", "lab.example-bio.com", id="a firm's too, in any case"),
        pytest.param("kit@gmail.com", "", id="a mail house of the world"),
        pytest.param("kit@yahoo.com.hk", "", id="a mail house in one country"),
        pytest.param("kit@vip.163.com", "", id="a mail house in the Mainland"),
        pytest.param("kit@netvigator.com", "", id="an access provider"),
        pytest.param("kit@hku.hk", "", id="the institution's own"),
        pytest.param("kit@connect.hku.hk", "", id="below the institution's own"),
        pytest.param("kit@polyu.edu.hk", "", id="a whole university"),
        pytest.param("kit@cam.ac.uk", "", id="a whole university abroad"),
        pytest.param("kit@health.gov.hk", "", id="an authority"),
        pytest.param("kit@example.com", "", id="an example belongs to nobody"),
        pytest.param("", "", id="no address"),
    ],
)
def test_what_a_domain_tells(address: str, expected: str) -> None:
    assert telling_domain(address, own={"hku.hk"}) == expected


def found() -> list[tuple[Any, ...]]:
    rows = Recusal.objects.order_by("ground", "pk")
    return [(each.person.name, each.ground, each.words, each.recorded_by) for each in rows]


def sees(user: User) -> list[Application]:
    return list(applications_visible_to(user, on=LATER.date()))


@pytest.mark.django_db
def test_a_submission_is_closed_to_the_supervisor_it_names_and_to_whoever_shares_its_domain() -> None:
    offering = research_offering()
    programme = offering.programme
    elsewhere = ProgrammeFactory(institution__code="elsewhere")
    named = officer(programme, Role.REVIEWER, name="CHAN Tai Man")
    near = officer(programme, Role.REVIEWER, name="HO Kit", email="ho@chan-family.hk")
    neither = officer(programme, Role.COORDINATOR, name="LEE Ka Yan", email="lee@gmail.com")
    officer(elsewhere, name="CHAN Tai Man")
    draft = ready_draft(offering, user__email="kit@Chan-Family.hk")
    ProposedSupervisor.objects.update(name="Prof. Tai-man Chan")
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    assert found() == [
        ("HO Kit", Ground.DOMAIN, "chan-family.hk", None),
        ("CHAN Tai Man", Ground.SUPERVISOR, "Prof. Tai-man Chan", None),
    ]
    assert [sees(each) for each in (named, near, neither)] == [[], [], [draft]]
    events = Event.objects.filter(kind="conflict.found").order_by("pk").values_list("about_id", "data")
    assert {about for about, _data in events} == {str(draft.pk)}
    assert {tuple(data) for _about, data in events} == {("recusal",)}

    # a coincidence is lifted once, however often people are compared
    case = Application.objects.get(pk=draft.pk)
    lift_conflict(case.recusals.get(person=named), because="A namesake.", by=acting(neither), at=LATER)
    assert compare_new_people(at=LATER) == []
    User.objects.filter(pk=named.pk).update(name="Chan Tai-Man")
    assert compare_new_people(at=LATER) == []
    assert sees(named) == [case]


@pytest.mark.django_db
def test_whoever_is_appointed_renamed_or_reached_elsewhere_is_compared_with_what_is_there() -> None:
    case = CaseFactory(applicant__user__email="kit@chan-family.hk")
    programme = case.offering.programme
    ProposedSupervisor.objects.create(application=case, position=1, name="Dr Wong Mei Ling", has_spoken=True)
    named = officer(programme, Role.REVIEWER, name="WONG Mei-ling")
    renamed = officer(programme, Role.REVIEWER, name="LAU Mei Ling")
    moved = officer(programme, Role.REVIEWER, name="HO Kit")
    assert [each.person for each in compare_new_people(at=LATER)] == [named]
    assert compare_new_people(at=LATER) == []
    User.objects.filter(pk=renamed.pk).update(name="Wong Mei Ling")
    User.objects.filter(pk=moved.pk).update(email="ho@chan-family.hk")
    assert [(each.person, each.ground) for each in compare_new_people(at=LATER)] == [
        (renamed, Ground.SUPERVISOR),
        (moved, Ground.DOMAIN),
    ]
    assert [sees(each) for each in (named, renamed, moved)] == [[], [], []]


@pytest.mark.django_db
def test_a_domain_many_colleagues_sign_in_from_is_the_institutions_own() -> None:
    case = CaseFactory(applicant__user__email="kit@institute.hk")
    people = [officer(case.offering.programme, email=f"officer{n}@institute.hk") for n in range(3)]
    assert compare_new_people(at=LATER) == []
    assert [sees(each) for each in people] == [[case]] * 3


@pytest.mark.django_db
def test_nobody_is_in_conflict_with_an_application_of_their_own() -> None:
    case = CaseFactory(applicant__user__email="kit@chan-family.hk")
    person = case.applicant.user
    User.objects.filter(pk=person.pk).update(name="Chan Kit", is_staff=True)
    ProposedSupervisor.objects.create(application=case, position=1, name="Chan Kit", has_spoken=True)
    officer_of = officer(case.offering.programme)
    officer_of.appointments.update(user=person)
    assert compare_new_people(at=LATER) == []


@pytest.mark.django_db
def test_what_was_said_of_a_person_holds_for_what_they_submit_later() -> None:
    offering = research_offering()
    draft = ready_draft(offering)
    reader = officer(offering.programme, Role.REVIEWER)
    earlier = CaseFactory(
        applicant=draft.applicant,
        offering=OfferingFactory(intake=offering.intake, mode="PART_TIME"),
    )
    declare_conflict(earlier, reason=ConflictReason.WORK, by=acting(reader), at=AT)
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    assert [each.ground for each in draft.recusals.all()] == [Ground.SAME_PERSON]
    assert sees(reader) == []
