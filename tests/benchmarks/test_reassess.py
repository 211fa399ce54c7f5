"""Both ways of running the rules again over every open case write equal rows. Nothing is timed."""

import json
from typing import Any

import pytest

from tests.benchmarks import reassess

pytestmark = pytest.mark.django_db


def test_both_sides_write_the_same_and_leave_alone_what_was_asked_before() -> None:
    run = reassess.fill(40)
    told: dict[str, Any] = {}
    for name in ("this portal", "ORM and bulk_create"):
        reassess.SIDES[name](run)
        told[name] = reassess.written(run)
        run = reassess.undo(run)
    ours, theirs = told.values()
    assert len(ours) == 80
    assert ours == theirs
    reassess.by_bulk_create(run)
    reassess.by_bulk_create(run)
    assert reassess.written(run) == theirs


def test_the_benchmark_prints_every_side_and_each_goal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassess, "SAMPLE", 3)
    reassess.measure(20, rounds=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["side"] for line in lines if "side" in line] == [*reassess.SIDES]
    assert len([line for line in lines if "goal" in line]) == 3
