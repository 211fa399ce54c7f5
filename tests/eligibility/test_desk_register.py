"""The acceptance register on the office's pages: written once, looked at, put in force, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from eligibility.models import AcceptedAward
from programmes.models import Programme
from tests.eligibility.offices import AT, mmedsc, officer, preview
from tests.eligibility.test_desk import problems, signed_in
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db

ENTRY = {
    "scope": "hku/",
    "names": "Example University\r\n  Université   Exemple \r\n\r\n範例大學\r\nExample University",
    "country": "FR",
    "titles": "Licence",
    "level": "BACHELOR",
    "kind": "COMPARABLE",
    "in_force_from_day": "1",
    "in_force_from_month": "3",
    "in_force_from_year": "2026",
    "until_day": "",
    "until_month": "",
    "until_year": "",
    "why": "Faculty Board, 3 February 2026",
}


@pytest.fixture
def programme() -> Programme:
    start_clock_at(AT)
    return mmedsc()


@pytest.fixture
def by(programme: Programme) -> Actor:
    return officer(programme)


@pytest.fixture
def office(by: Actor) -> Client:
    return signed_in(by)


@pytest.fixture
def entry(office: Client) -> AcceptedAward:
    assert office.post(page("add"), ENTRY).status_code == 302
    return AcceptedAward.objects.get()


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:eligibility_acceptedaward_{name}", args=args)


def test_an_entry_keeps_each_spelling_once_as_written(entry: AcceptedAward, by: Actor) -> None:
    assert (entry.names, entry.titles) == (
        ["Example University", "Université Exemple", "範例大學"],
        ["Licence"],
    )
    assert (entry.institution_code, entry.programme_slug, entry.is_draft) == ("hku", "", True)
    assert (entry.drafted_by, entry.until) == (by.user, None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"names": " \r\n "}, {"names": ["An answer is needed here."]}, id="no name"),
        pytest.param(
            {"until_day": "1", "until_month": "2", "until_year": "2026"},
            {"until": ["The last day lies before the first. Change one of the two."]},
            id="ends before it begins",
        ),
        pytest.param({"kind": ""}, {"kind": ["Choose one of the answers."]}, id="accepted as nothing"),
        pytest.param(
            {"names": "x" * 201},
            {"names": ["One line has 201 characters; a name has at most 200."]},
            id="a line too long",
        ),
        pytest.param(
            {"titles": "Licence\r\nBa\x00chelor"},
            {"titles": ["Null characters are not allowed."]},
            id="a character that no database keeps",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    changes: dict[str, str], told: dict[str, list[str]], office: Client
) -> None:
    answer = office.post(page("add"), ENTRY | changes)
    assert problems(answer) == told
    assert answer.context["form"]["why"].value() == ENTRY["why"]
    assert not AcceptedAward.objects.exists()


def test_whoever_edits_one_programme_cannot_accept_for_all(programme: Programme) -> None:
    ProgrammeFactory(institution=programme.institution)
    one = signed_in(officer(programme))
    assert [code for code, _name in one.get(page("add")).context["form"].fields["scope"].choices] == [
        "hku/hku-mmedsc"
    ]
    assert list(problems(one.post(page("add"), ENTRY))) == ["scope"]


def test_an_entry_is_put_in_force_only_after_a_look_at_its_effects(
    office: Client, entry: AcceptedAward, by: Actor, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = False
    force = page("force", entry.pk)
    refused = office.post(force, {"seen": entry.edition}, follow=True)
    *_saved, told = refused.context["messages"]
    assert str(told).startswith("Nobody has looked at what this entry would change")
    preview(entry, by)
    office.post(force, {"seen": entry.edition})
    kept = AcceptedAward.objects.get()
    assert (kept.put_in_force_by, kept.is_draft) == (by.user, False)
    assert office.get(page("edit", entry.pk)).status_code == 302  # it never changes again


def test_an_entry_is_withdrawn_with_a_reason(
    office: Client, entry: AcceptedAward, by: Actor, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = False
    preview(entry, by)
    office.post(page("force", entry.pk), {"seen": entry.edition})
    withdraw = page("withdraw", entry.pk)
    assert problems(office.post(withdraw, {"reason": " "})) == {"reason": ["An answer is needed here."]}
    office.post(withdraw, {"reason": "The institution lost its licence."})
    kept = AcceptedAward.objects.get()
    assert (kept.withdrawn_by, kept.withdrawal_reason) == (by.user, "The institution lost its licence.")


def test_a_save_that_meets_anothers_shows_both(
    office: Client, entry: AcceptedAward, programme: Programme
) -> None:
    opened = entry.edition
    colleague = signed_in(officer(programme))
    colleague.post(page("edit", entry.pk), ENTRY | {"seen": opened, "why": "Theirs"})
    answer = office.post(page("edit", entry.pk), ENTRY | {"seen": opened, "why": "Mine"})
    assert [(field.name, text) for field, text in answer.context["theirs"]] == [("why", "Theirs")]
    form = answer.context["form"]
    assert (form["why"].value(), AcceptedAward.objects.get().why) == ("Mine", "Theirs")
    office.post(page("edit", entry.pk), ENTRY | {"seen": form["seen"].value(), "why": "Mine"})
    assert AcceptedAward.objects.get().why == "Mine"


def test_the_list_is_searched_by_any_spelling(office: Client, entry: AcceptedAward) -> None:
    def found(q: str) -> list[int]:
        return [each.pk for each in office.get(page("changelist"), {"q": q}).context["page"].object_list]

    assert [found(q) for q in ("UNIVERSITÉ", "範例", "licence", "exampel")] == [[entry.pk]] * 3 + [[]]


def test_another_institution_sees_no_entry(entry: AcceptedAward) -> None:
    other = ProgrammeFactory(research=True, institution__code="hkust")
    stranger = signed_in(officer(other))
    assert list(stranger.get(page("changelist")).context["page"].object_list) == []
    reads = [stranger.get(page(name, entry.pk)).status_code for name in ("change", "edit")]
    acts = [
        stranger.post(page(name, entry.pk)).status_code for name in ("edit", "force", "withdraw", "discard")
    ]
    assert reads + acts == [404] * 6


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE])
def test_whoever_opens_cases_reads_the_register_and_writes_nothing(
    role: Role, programme: Programme, entry: AcceptedAward
) -> None:
    reader = signed_in(officer(programme, role=role))
    assert reader.get(page("change", entry.pk)).status_code == 200
    assert reader.get(page("add")).status_code == 404
    acts = ("edit", "force", "withdraw", "discard")
    assert {reader.post(page(name, entry.pk)).status_code for name in acts} == {404}


def test_a_draft_entry_is_discarded(office: Client, entry: AcceptedAward) -> None:
    assert office.post(page("discard", entry.pk))["Location"] == page("changelist")
    assert not AcceptedAward.objects.exists()
