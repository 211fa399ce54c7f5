"""The acceptance register (C15): entries written, looked at, put in force, matched as spelt, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from admissions_portal.history.models import Event
from admissions_portal.history.wording import sentence_of
from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.actions import (
    AcceptanceTerms,
    DraftChanged,
    PreviewMissing,
    RegisterRefused,
    SecondPersonMissing,
)
from eligibility.models import AcceptedAward
from eligibility.queries import (
    acceptances_in_force,
    acceptances_visible_to,
    matching_acceptance,
    spelling,
)
from programmes.models import Programme
from tests.eligibility.offices import AT, LATER, mmedsc, officer, preview, school_of_science
from tests.factories.accounts import StaffFactory
from tests.factories.programmes import ProgrammeFactory

TERMS = AcceptanceTerms(
    institution_code="hku",
    names=("Binhai University of Science", "滨海科技大学"),
    country="CN",
    kind="COMPARABLE",
    in_force_from=date(2026, 3, 1),
    why="Faculty Board, paper 12",
)


@pytest.fixture
def programme() -> Programme:
    return mmedsc()


@pytest.fixture
def by(programme: Programme) -> Actor:
    return officer(programme)


@pytest.fixture
def entry(by: Actor) -> AcceptedAward:
    return actions.draft_acceptance(TERMS, by=by, at=AT)


def put_in_force(entry: AcceptedAward, by: Actor) -> AcceptedAward:
    preview(entry, by)
    return actions.put_acceptance_in_force(entry, by=by, at=AT)


# writing


@pytest.mark.django_db
def test_the_register_is_empty_at_the_start(programme: Programme) -> None:
    assert acceptances_in_force("hku", programme, AT.date()) == []


@pytest.mark.django_db
def test_a_draft_keeps_every_spelling_once_and_judges_nothing(by: Actor, programme: Programme) -> None:
    typed = replace(TERMS, names=("  Binhai  University ", "", "Binhai University", "滨海"))
    entry = actions.draft_acceptance(typed, by=by, at=AT)
    assert entry.names == ["Binhai University", "滨海"]
    assert (entry.is_draft, entry.drafted_by, entry.drafted_at) == (True, by.user, AT)
    assert acceptances_in_force("hku", programme, AT.date()) == []


WRONG: list[Any] = [
    pytest.param(
        {"names": (" ",)},
        "Write the institution’s name as certificates print it, each spelling on a line of its own.",
        id="no name",
    ),
    pytest.param(
        {"titles": ("—",)}, "“—” has no letter or number, so nothing could equal it.", id="a title of signs"
    ),
    pytest.param(
        {"names": ("x" * 201,)}, f"“{'x' * 40}…” is longer than 200 characters.", id="too long a name"
    ),
    pytest.param({"country": "XX"}, "“XX” is no country or region of the list.", id="no country"),
    pytest.param({"level": "MBA"}, "Choose the level of the award from the list.", id="no level"),
    pytest.param(
        {"kind": "LIKED"},
        "Choose what it is accepted as: recognised, equivalent or comparable.",
        id="no kind",
    ),
    pytest.param(
        {"until": date(2026, 2, 28)},
        "It would end before it begins. Choose a later last day, or none.",
        id="ends before it begins",
    ),
    pytest.param({"why": " "}, "Write why it is accepted: later cases rest on it.", id="no reason"),
    pytest.param(
        {"why": "x" * 2001}, "The reason is longer than 2000 characters. Shorten it.", id="too long a reason"
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_an_entry_that_says_nothing_sensible_is_refused(
    by: Actor, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        actions.draft_acceptance(replace(TERMS, **change), by=by, at=AT)
    assert refused.value.problems == (sentence,)
    assert not AcceptedAward.objects.exists()


@pytest.mark.django_db
def test_all_that_is_wrong_is_said_at_once(by: Actor) -> None:
    with pytest.raises(RegisterRefused) as refused:
        actions.draft_acceptance(replace(TERMS, names=(), why="", country="XX"), by=by, at=AT)
    assert len(refused.value.problems) == 3


@pytest.mark.django_db
def test_for_a_whole_university_one_needs_the_right_over_all_its_programmes(
    by: Actor, programme: Programme
) -> None:
    ProgrammeFactory(institution=programme.institution)
    with pytest.raises(PermissionDenied):
        actions.draft_acceptance(TERMS, by=by, at=AT)
    made = actions.draft_acceptance(replace(TERMS, programme_slug=programme.slug), by=by, at=AT)
    with pytest.raises(PermissionDenied):
        actions.save_acceptance(made, TERMS, seen=made.edition, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        actions.draft_acceptance(replace(TERMS, institution_code="elsewhere"), by=by, at=AT)


@pytest.mark.django_db
def test_each_office_sees_its_own_universitys_entries(entry: AcceptedAward, by: Actor) -> None:
    _school, phd, _mphil = school_of_science()
    other = officer(phd)
    assert list(acceptances_visible_to(by.user, AT.date())) == [entry]
    assert list(acceptances_visible_to(other.user, AT.date())) == []
    assert list(acceptances_visible_to(StaffFactory(), AT.date())) == []


@pytest.mark.django_db
def test_of_two_officers_at_one_entry_the_second_is_told_and_the_first_kept(
    entry: AcceptedAward, by: Actor, programme: Programme
) -> None:
    second = officer(programme)
    actions.save_acceptance(entry, replace(TERMS, level="BACHELOR"), seen=entry.edition, by=by, at=AT)
    with pytest.raises(DraftChanged, match=f"^{by.user} has saved this entry since you opened it"):
        actions.save_acceptance(
            entry, replace(TERMS, level="MASTER"), seen=entry.edition, by=second, at=LATER
        )
    assert AcceptedAward.objects.get().level == "BACHELOR"


@pytest.mark.django_db
def test_a_discarded_entry_is_gone_and_whoever_saves_it_is_told(entry: AcceptedAward, by: Actor) -> None:
    preview(entry, by)
    actions.discard_acceptance(entry, by=by, at=AT)
    actions.discard_acceptance(entry, by=by, at=AT)
    assert not AcceptedAward.objects.exists()
    with pytest.raises(DraftChanged, match="was discarded meanwhile"):
        actions.save_acceptance(entry, TERMS, seen=entry.edition, by=by, at=AT)


# in force


@pytest.mark.django_db
def test_nothing_comes_in_force_that_nobody_looked_at(entry: AcceptedAward, by: Actor) -> None:
    with pytest.raises(PreviewMissing):
        actions.put_acceptance_in_force(entry, by=by, at=AT)
    preview(entry, by)
    changed = actions.save_acceptance(
        entry, replace(TERMS, kind="EQUIVALENT"), seen=entry.edition, by=by, at=AT
    )
    with pytest.raises(PreviewMissing):
        actions.put_acceptance_in_force(changed, by=by, at=AT)


@pytest.mark.django_db
def test_in_force_it_judges_cases_received_between_its_days(by: Actor, programme: Programme) -> None:
    ends = replace(TERMS, until=date(2026, 4, 30))
    entry = put_in_force(actions.draft_acceptance(ends, by=by, at=AT), by)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 30), date(2026, 5, 1)]
    assert [acceptances_in_force("hku", programme, day) for day in days] == [[], [entry], [entry], []]
    assert acceptances_in_force("hkust", programme, days[1]) == []


@pytest.mark.django_db
def test_an_entry_of_one_programme_is_not_anothers(by: Actor, programme: Programme) -> None:
    own = put_in_force(
        actions.draft_acceptance(replace(TERMS, programme_slug=programme.slug), by=by, at=AT), by
    )
    sibling = ProgrammeFactory(institution=programme.institution)
    day = AT.date()
    assert acceptances_in_force("hku", programme, day) == [own]
    assert acceptances_in_force("hku", sibling, day) == acceptances_in_force("hku", None, day) == []
    assert (own.is_for(programme), own.is_for(sibling)) == (True, False)


@pytest.mark.django_db
def test_where_two_are_asked_for_another_person_puts_it_in_force(
    entry: AcceptedAward, by: Actor, programme: Programme, settings: LazySettings
) -> None:
    settings.POLICIES_BY_TWO = True
    preview(entry, by)
    with pytest.raises(SecondPersonMissing):
        actions.put_acceptance_in_force(entry, by=by, at=AT)
    second = officer(programme)
    made = actions.put_acceptance_in_force(entry, by=second, at=AT, seen=entry.edition)
    assert (made.put_in_force_by, made.put_in_force_at) == (second.user, AT)


@pytest.mark.django_db
def test_withdrawn_it_judges_what_was_received_before_that_day_alone(
    entry: AcceptedAward, by: Actor, programme: Programme
) -> None:
    entry = put_in_force(entry, by)
    gone = actions.withdraw_acceptance(entry, reason=" The award was a forgery. ", by=by, at=LATER)
    assert (gone.withdrawn_by, gone.withdrawn_at, gone.withdrawal_reason) == (
        by.user,
        LATER,
        "The award was a forgery.",
    )
    day = LATER.date()
    assert acceptances_in_force("hku", programme, day - timedelta(days=1)) == [entry]
    assert acceptances_in_force("hku", programme, day) == []
    assert actions.withdraw_acceptance(entry, reason="again", by=by, at=LATER) == gone
    assert AcceptedAward.objects.get().withdrawal_reason == "The award was a forgery."


@pytest.mark.django_db
def test_a_withdrawal_has_a_reason_and_an_entry_in_force(entry: AcceptedAward, by: Actor) -> None:
    with pytest.raises(RegisterRefused, match="not in force, so discard it instead"):
        actions.withdraw_acceptance(entry, reason="x", by=by, at=AT)
    put_in_force(entry, by)
    with pytest.raises(RegisterRefused, match="Write why it is withdrawn"):
        actions.withdraw_acceptance(entry, reason=" ", by=by, at=AT)
    with pytest.raises(RegisterRefused, match="longer than 2000 characters"):
        actions.withdraw_acceptance(entry, reason="x" * 2001, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        actions.withdraw_acceptance(entry, reason="x", by=officer(ProgrammeFactory()), at=AT)


@pytest.mark.django_db
def test_in_force_it_is_neither_saved_nor_discarded_nor_put_in_force_again(
    entry: AcceptedAward, by: Actor
) -> None:
    entry = put_in_force(entry, by)
    for act in (
        lambda: actions.save_acceptance(entry, TERMS, seen=entry.edition, by=by, at=AT),
        lambda: actions.discard_acceptance(entry, by=by, at=AT),
        lambda: actions.put_acceptance_in_force(entry, by=by, at=AT),
    ):
        with pytest.raises(DraftChanged, match="in force, so it stays as it is"):
            act()


@pytest.mark.django_db
def test_what_happened_to_an_entry_is_told(entry: AcceptedAward, by: Actor) -> None:
    put_in_force(entry, by)
    actions.withdraw_acceptance(entry, reason="x", by=by, at=AT)
    events = Event.objects.filter(about_kind="acceptedaward", about_id=str(entry.pk)).order_by("id")
    assert [sentence_of(event) for event in events] == [
        f"Register entry {entry.reference} was drafted.",
        f"The effects of register entry {entry.reference} were looked at. Cases that change: 0.",
        f"Register entry {entry.reference} was put in force.",
        f"Register entry {entry.reference} was withdrawn.",
    ]
    assert entry.reference == f"ACC-{entry.pk}"


COLUMNS = [
    ("names", "'{Another}'"),
    ("titles", "'{Another}'"),
    ("kind", "'EQUIVALENT'"),
    ("country", "''"),
    ("level", "'MASTER'"),
    ("programme_slug", "'hku-mmedsc'"),
    ("in_force_from", "'2020-01-01'"),
    ("until", "'2030-01-01'"),
    ("why", "'another'"),
    ("put_in_force_at", "NULL"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "value"), COLUMNS, ids=[column for column, _ in COLUMNS])
def test_no_column_of_an_entry_in_force_changes_by_any_way(
    entry: AcceptedAward, by: Actor, column: str, value: str
) -> None:
    put_in_force(entry, by)
    with pytest.raises(DatabaseError, match="is in force; it can only be withdrawn"), transaction.atomic():
        connection.cursor().execute(
            f"UPDATE eligibility_acceptedaward SET {column} = {value} WHERE id = %s", [entry.pk]
        )


@pytest.mark.django_db
def test_an_entry_is_withdrawn_once_and_never_deleted(entry: AcceptedAward, by: Actor) -> None:
    put_in_force(entry, by)
    actions.withdraw_acceptance(entry, reason="x", by=by, at=AT)
    for sql in (
        "UPDATE eligibility_acceptedaward SET withdrawn_at = NULL, withdrawn_by_id = NULL",
        "UPDATE eligibility_acceptedaward SET withdrawal_reason = 'another'",
        "DELETE FROM eligibility_policypreview",
        "DELETE FROM eligibility_acceptedaward",
    ):
        with pytest.raises(DatabaseError, match=r"only be withdrawn|never changes"), transaction.atomic():
            connection.cursor().execute(sql)


# matching: rows are not stored


def row(pk: int = 1, **fields: Any) -> AcceptedAward:
    said = {"names": ["Binhai University of Science"], "kind": "COMPARABLE"}
    return AcceptedAward(pk=pk, institution_code="hku", **said | fields)


def matched(*entries: AcceptedAward, **asked: str) -> int | None:
    values = {
        "institution": "Binhai University of Science",
        "country": "CN",
        "title": "BSc in Biotechnology",
        "level": "BACHELOR",
    }
    found = matching_acceptance(entries, **values | asked)
    return found.pk if found else None


SAME = [
    pytest.param("binhai university of science", id="capitals"),
    pytest.param(" Binhai  University\tof Science ", id="spaces"),
    pytest.param("Binhai University of Science.", id="punctuation"),
    pytest.param("Ｂｉｎｈａｉ　University of Science", id="full width"),
    pytest.param("BINHAI UNIVERSITY-OF-SCIENCE", id="hyphens"),
]
OTHER = [
    pytest.param("Binhai University", id="a part of it"),
    pytest.param("Binhai University of Sciences", id="one letter more"),
    pytest.param("University of Science Binhai", id="another order"),
    pytest.param("Bínhai University of Science", id="an accent"),
    pytest.param("滨海科技大学", id="another language"),
    pytest.param("", id="nothing"),
    pytest.param("—", id="a sign"),
]


@pytest.mark.parametrize("written", SAME)
def test_a_name_written_otherwise_is_the_same_spelling(written: str) -> None:
    assert matched(row(), institution=written) == 1


@pytest.mark.parametrize("written", OTHER)
def test_another_spelling_is_not_guessed(written: str) -> None:
    assert matched(row(), institution=written) is None


def test_simplified_and_traditional_are_two_spellings_to_be_listed() -> None:
    assert matched(row(names=["滨海科技大学"]), institution="濱海科技大學") is None
    assert matched(row(names=["滨海科技大学", "濱海科技大學"]), institution="濱海科技大學") == 1
    assert spelling("ＰＥＫＩＮＧ  Univ.") == spelling("peking univ") == "pekinguniv"


@pytest.mark.parametrize(
    ("fields", "asked", "found"),
    [
        pytest.param({"country": "CN"}, {}, 1, id="its country"),
        pytest.param({"country": "CN"}, {"country": "TW"}, None, id="a namesake elsewhere"),
        pytest.param({"country": "CN"}, {"country": ""}, None, id="country not said"),
        pytest.param({"level": "BACHELOR"}, {}, 1, id="its level"),
        pytest.param({"level": "MASTER"}, {}, None, id="another level"),
        pytest.param({"titles": ["bsc in biotechnology"]}, {}, 1, id="its award"),
        pytest.param({"titles": ["BEng"]}, {}, None, id="another award"),
        pytest.param({"titles": ["BSc in Biotechnology"]}, {"title": ""}, None, id="award not said"),
    ],
)
def test_an_entry_is_as_narrow_as_it_says(
    fields: dict[str, Any], asked: dict[str, str], found: int | None
) -> None:
    assert matched(row(**fields), **asked) == found


def test_of_several_entries_the_one_that_accepts_most_then_the_narrowest_then_the_oldest_counts() -> None:
    recognised, comparable = row(1, kind="RECOGNISED", programme_slug="x"), row(2)
    equivalent, for_award = (
        row(3, kind="EQUIVALENT"),
        row(4, kind="EQUIVALENT", titles=["BSc in Biotechnology"]),
    )
    for_programme = row(5, kind="EQUIVALENT", programme_slug="hku-mmedsc")
    every = [recognised, comparable, equivalent, for_award, for_programme, row(6, kind="EQUIVALENT")]
    order = []
    while every:
        pk = matched(*every)
        order.append(pk)
        every = [entry for entry in every if entry.pk != pk]
    assert order == [5, 4, 3, 6, 2, 1]
