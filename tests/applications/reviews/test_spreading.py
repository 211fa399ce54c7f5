"""Cases spread over readers: everybody as evenly as conflicts of interest allow, and the same each time."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.reviews.assignment_spread import spread

ANNA, BEN, CHAN = 1, 2, 3


@pytest.mark.parametrize(
    ("wanted", "loads", "barred", "totals", "short"),
    [
        pytest.param({}, {ANNA: 3}, set(), {ANNA: 3}, {}, id="nothing to give"),
        pytest.param({"a": 1}, {}, set(), {}, {"a": 1}, id="nobody chosen"),
        pytest.param(
            dict.fromkeys("abcd", 2),
            {ANNA: 0, BEN: 0},
            set(),
            {ANNA: 4, BEN: 4},
            {},
            id="two readers read all",
        ),
        pytest.param(
            dict.fromkeys("abcdef", 1),
            {ANNA: 4, BEN: 0, CHAN: 1},
            set(),
            {ANNA: 4, BEN: 4, CHAN: 3},
            {},
            id="what each has already counts",
        ),
        pytest.param(
            {"a": 3}, {ANNA: 0, BEN: 9}, set(), {ANNA: 1, BEN: 10}, {"a": 1}, id="nobody twice on a case"
        ),
        pytest.param(
            {"a": 1, "b": 1},
            {ANNA: 0, BEN: 0},
            {("a", ANNA), ("a", BEN)},
            {ANNA: 1, BEN: 0},
            {"a": 1},
            id="a case all have a conflict with",
        ),
        pytest.param(
            dict.fromkeys("abcd", 1),
            {ANNA: 0, BEN: 0, CHAN: 0},
            {*((case, CHAN) for case in "abcd")},
            {ANNA: 2, BEN: 2, CHAN: 0},
            {},
            id="who has a conflict with all of them reads none",
        ),
        pytest.param(
            # Chan may read b alone and Ben not c: evenness passes through Ben's hands
            {"a": 1, "b": 1, "c": 1},
            {ANNA: 0, BEN: 0, CHAN: 0},
            {("a", CHAN), ("c", CHAN), ("c", BEN)},
            {ANNA: 1, BEN: 1, CHAN: 1},
            {},
            id="through the hands of others",
        ),
    ],
)
def test_loads_come_out_even(
    wanted: dict[str, int],
    loads: dict[int, int],
    barred: set[tuple[str, int]],
    totals: dict[int, int],
    short: dict[str, int],
) -> None:
    found = spread(wanted, loads, barred)
    got = Counter(reader for _case, reader in found.given)
    total = {reader: loads[reader] + got[reader] for reader in loads}
    # of readers alike a lot draws who has one more
    assert sorted(total.values()) == sorted(totals.values())
    assert found.short == short


def test_no_two_readers_always_read_together() -> None:
    found = spread({f"case {n}": 2 for n in range(60)}, dict.fromkeys(range(4), 0), set())
    pairs = Counter(
        tuple(reader for case, reader in found.given if case == name)
        for name in {case for case, _ in found.given}
    )
    assert len(pairs) == 6
    assert Counter(reader for _case, reader in found.given) == dict.fromkeys(range(4), 30)


CASES = st.dictionaries(st.integers(100, 130), st.integers(1, 3), max_size=20)
LOADS = st.dictionaries(st.integers(1, 7), st.integers(0, 9), min_size=1)
BARRED = st.sets(st.tuples(st.integers(100, 130), st.integers(1, 7)), max_size=60)


@settings(max_examples=40, deadline=None)
@given(CASES, LOADS, BARRED)
def test_every_spread_is_fair(
    wanted: dict[int, int], loads: dict[int, int], barred: set[tuple[int, int]]
) -> None:
    found = spread(wanted, loads, barred)
    # no conflict, nobody twice
    assert not barred & set(found.given)
    assert len(set(found.given)) == len(found.given)
    # every case has as many readers as can be had
    holders = {case: {reader for held, reader in found.given if held == case} for case in wanted}
    able = {case: {reader for reader in loads if (case, reader) not in barred} for case in wanted}
    assert {case: len(held) for case, held in holders.items()} == {
        case: min(number, len(able[case])) for case, number in wanted.items()
    }
    assert found.short == {
        case: number - len(able[case]) for case, number in wanted.items() if number > len(able[case])
    }
    # nobody has two more than another to whom one of the cases could go, directly or through others
    total = {reader: loads[reader] + sum(reader in held for held in holders.values()) for reader in loads}
    passes = {
        giver: {taker for case, held in holders.items() if giver in held for taker in able[case] - held}
        for giver in loads
    }
    for giver, taker in permutations(loads, 2):
        if total[giver] - total[taker] >= 2:
            assert taker not in _reached(giver, passes)
    # without conflicts, and with nothing to begin with, all loads lie within one of each other
    afresh = Counter(reader for _case, reader in spread(wanted, dict.fromkeys(loads, 0), set()).given)
    assert max(afresh[reader] for reader in loads) - min(afresh[reader] for reader in loads) <= 1
    # the same in whatever order it is told
    assert spread(dict(reversed(wanted.items())), dict(reversed(loads.items())), barred) == found


def _reached(start: int, passes: dict[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for reader in passes[waiting.pop()] - seen:
            seen.add(reader)
            waiting.append(reader)
    return seen
