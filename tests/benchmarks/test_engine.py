"""The fifteen rules that the engine's benchmark compares decide alike on every side. Nothing is timed."""

import json

import pytest

from tests.benchmarks import engine, measuring, same_rules


@pytest.mark.parametrize("name", engine.PEERS)
def test_fifteen_equal_rules_give_everybody_the_same_decisions(name: str) -> None:
    decide = engine.PEERS[name]()
    for facts, at in [(engine.applicant(), engine.AT), *engine.people(3000 if measuring.FULL else 60)]:
        ours = engine.by_our_engine(facts, at)
        assert len(ours) == 15
        assert decide(same_rules.data_of(facts, at)) == ours


def test_the_benchmark_prints_every_side_and_each_goal(capsys: pytest.CaptureFixture[str]) -> None:
    engine.main(rounds=1, times=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["side"] for line in lines if "side" in line] == ["this engine", *engine.PEERS]
    assert [line["against"] for line in lines if "against" in line] == [*engine.PEERS]
