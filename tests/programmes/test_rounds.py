"""When a round takes applications: both sides of AMB-01, AMB-02's hand-over, nothing without a date."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from programmes.models import CloseReading, Offering, Round, refused_from
from programmes.queries import open_rounds
from tests.factories.programmes import LocalRoundFactory, OfferingFactory, RoundFactory, hkt

pytestmark = pytest.mark.django_db


@pytest.fixture
def mmedsc() -> Offering:
    offering = OfferingFactory()
    RoundFactory(offering=offering)
    LocalRoundFactory(offering=offering)
    return offering


@pytest.mark.parametrize(
    ("at", "everyone", "local_only"),
    [
        pytest.param(
            hkt(2025, 10, 1), True, False, id="no opening was published, so Round 1 takes applications"
        ),
        pytest.param(hkt(2026, 3, 31, 23, 59, 0), True, False, id="the printed minute begins"),
        pytest.param(hkt(2026, 3, 31, 23, 59, 59), True, False, id="its last second counts"),
        pytest.param(
            hkt(2026, 4, 1) - timedelta(microseconds=1), True, False, id="its last microsecond counts"
        ),
        pytest.param(hkt(2026, 4, 1), False, True, id="midnight: Round 1 refuses, Round 2 opens"),
        pytest.param(hkt(2026, 6, 1) - timedelta(microseconds=1), False, True, id="last instant of Round 2"),
        pytest.param(hkt(2026, 6, 1), False, False, id="first instant after Round 2"),
    ],
)
def test_amb_01_the_whole_printed_minute_counts(
    mmedsc: Offering, at: datetime, everyone: bool, local_only: bool
) -> None:
    first, second = mmedsc.rounds.order_by("number")
    assert (first.is_open(at), second.is_open(at)) == (everyone, local_only)
    assert list(open_rounds(at)) == [r for r, is_open in ((first, everyone), (second, local_only)) if is_open]
    assert list(open_rounds(at, local=False)) == ([first] if everyone else [])


def test_the_strict_reading_closes_when_the_minute_begins() -> None:
    strict = Round(closes_at=None)
    strict.set_close(hkt(2026, 3, 31, 23, 59), CloseReading.STRICT)
    assert strict.is_open(hkt(2026, 3, 31, 23, 58, 59)) is True
    assert strict.is_open(hkt(2026, 3, 31, 23, 59, 0)) is False


@pytest.mark.parametrize(
    ("at", "local", "labels"),
    [
        pytest.param(hkt(2026, 3, 24), True, ["Round 1"], id="local in March"),
        pytest.param(hkt(2026, 3, 24), False, ["Round 1"], id="non-local in March"),
        pytest.param(hkt(2026, 4, 1), True, ["Round 2"], id="a late local falls into Round 2"),
        pytest.param(hkt(2026, 4, 1), False, [], id="a late non-local finds no round"),
        pytest.param(hkt(2026, 4, 1), None, ["Round 2"], id="nobody has said"),
    ],
)
def test_rounds_open_to(mmedsc: Offering, at: datetime, local: bool | None, labels: list[str]) -> None:
    assert [r.label for r in mmedsc.rounds_open_to(at, local=local)] == labels


def test_rounds_that_overlap_are_named_soonest_close_first() -> None:
    offering = OfferingFactory()
    RoundFactory(offering=offering, number=1, closes_at=hkt(2026, 5, 1, 12, 0))
    RoundFactory(offering=offering, number=2, closes_at=hkt(2026, 4, 1, 12, 0))
    assert [r.number for r in offering.rounds_open_to(hkt(2026, 3, 1), local=True)] == [2, 1]


@pytest.mark.parametrize(
    ("at", "local", "label"),
    [
        pytest.param(hkt(2026, 3, 24), True, "Round 1", id="open now"),
        pytest.param(hkt(2026, 4, 2), False, None, id="nothing left for a non-local applicant"),
        pytest.param(hkt(2026, 6, 1), True, None, id="all closed"),
    ],
)
def test_next_round(mmedsc: Offering, at: datetime, local: bool | None, label: str | None) -> None:
    found = mmedsc.next_round(at, local=local)
    assert (found.label if found else None) == label


def test_next_round_is_one_still_to_open() -> None:
    later = LocalRoundFactory()
    assert later.offering.next_round(hkt(2026, 3, 1), local=True) == later
    assert later.offering.next_round(hkt(2026, 3, 1), local=False) is None


def test_a_round_without_a_date_is_not_announced_and_never_open() -> None:
    unknown = RoundFactory(closes_at=None)
    assert (unknown.is_announced, unknown.is_open(hkt(2026, 3, 1)), unknown.is_closed(hkt(2030, 1, 1))) == (
        False, False, False,
    )  # fmt: skip
    assert unknown.offering.is_announced is False
    assert list(open_rounds(hkt(2026, 3, 1))) == []


def test_rounds_of_a_hidden_programme_are_not_offered() -> None:
    RoundFactory(offering__intake__programme__is_published=False)
    assert list(open_rounds(hkt(2026, 3, 1))) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"closed_from": hkt(2026, 4, 2)}, id="a refusal that is not the reading"),
        pytest.param({"closed_from": None}, id="a close without its refusal"),
        pytest.param({"close_reading": "STRICT"}, id="the other reading"),
        pytest.param({"opens_at": hkt(2026, 4, 1)}, id="an opening at the close"),
    ],
)
def test_the_database_refuses_a_round_that_contradicts_its_reading(changes: dict[str, object]) -> None:
    good = RoundFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=good.pk).update(**changes)


def test_refused_from_is_the_minute_after() -> None:
    assert refused_from(hkt(2026, 3, 31, 23, 59)) == hkt(2026, 4, 1)
    assert refused_from(hkt(2026, 3, 31, 12, 0), CloseReading.STRICT) == hkt(2026, 3, 31, 12, 0)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"fee_status": ""}, id="an amount without a status"),
        pytest.param({"fee_note_en": ""}, id="provisional without the reason"),
        pytest.param({"fee_note_en": None}, id="provisional with no reason at all"),
        pytest.param({"fee_source": ""}, id="an amount without a clause"),
        pytest.param({"fee_amount": 0}, id="a fee of nothing"),
    ],
)
def test_the_database_refuses_a_fee_without_its_approval_note(fields: dict[str, object]) -> None:
    offering = OfferingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offering.objects.filter(pk=offering.pk).update(**fields)
