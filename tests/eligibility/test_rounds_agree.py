"""The rules and the portal's gate read a closing minute alike (AMB-01)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from eligibility.engine import Outcome
from programmes.models import CloseReading, refused_from
from tests.eligibility.engine.people import ROUND_1, ask


@pytest.mark.parametrize("seconds", [0, 59])
@pytest.mark.parametrize("reading", CloseReading)
def test_amb_01_the_engine_and_the_catalogue_refuse_from_the_same_instant(
    reading: CloseReading, seconds: int
) -> None:
    """The rules explain what the portal's gate decides: a gap between the two would be a wrong reason."""
    assert ROUND_1.closes_at is not None
    closes_at = ROUND_1.closes_at + timedelta(seconds=seconds)
    own = replace(ROUND_1, closes_at=closes_at, strict_minute=reading == CloseReading.STRICT)
    first_refused = refused_from(closes_at, reading)
    before = first_refused - timedelta(microseconds=1)
    assert ask(rounds=(own,), at=before).finding("HKU-08").outcome is Outcome.MET
    assert ask(rounds=(own,), at=first_refused).finding("HKU-08").outcome is Outcome.NOT_MET
