"""Spreading cases over readers as evenly as conflicts of interest allow. Plain Python, no database."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from hashlib import sha256
from typing import Generic, NamedTuple, TypeVar

CaseKey = TypeVar("CaseKey", bound=Hashable)


class Spread(NamedTuple, Generic[CaseKey]):
    """`given` are pairs of case and reader; `short` says how many readers a case still lacks."""

    given: list[tuple[CaseKey, int]]
    short: dict[CaseKey, int]


def spread(
    wanted: Mapping[CaseKey, int],
    loads: Mapping[int, int],
    barred: Collection[tuple[CaseKey, int]],
) -> Spread[CaseKey]:
    """Give each case as many readers as are `wanted`, never one who is `barred` from it and nobody twice.

    `loads` are the readers, with how many cases each has already. Every case gets as many as can be had, and
    among all ways to do so the loads come out as even as they can: nobody has two cases more than another to
    whom one of them could go, be it through the hands of others. The same input gives the same answer in
    whatever order it comes; of readers equally loaded a hash draws, so that no two always read together.
    """
    free = {
        case: [reader for reader in sorted(loads) if (case, reader) not in barred]
        for case in sorted(wanted, key=str)
    }
    load = dict(loads)
    given: dict[CaseKey, set[int]] = {case: set() for case in free}
    # whoever has the least choice chooses first
    for case in sorted(free, key=lambda case: (len(free[case]) - wanted[case], _draw(case))):
        by_load = sorted(free[case], key=lambda reader: (load[reader], _draw(case, reader)))
        for reader in by_load[: wanted[case]]:
            given[case].add(reader)
            load[reader] += 1
    while way := _way_down(given, free, load):
        for case, giver, taker in way:
            given[case].remove(giver)
            given[case].add(taker)
        load[way[0][1]] -= 1
        load[way[-1][2]] += 1
    return Spread(
        [(case, reader) for case in free for reader in sorted(given[case])],
        {case: wanted[case] - len(given[case]) for case in free if wanted[case] > len(given[case])},
    )


def _way_down(
    given: Mapping[CaseKey, set[int]], free: Mapping[CaseKey, Sequence[int]], load: Mapping[int, int]
) -> list[tuple[CaseKey, int, int]]:
    """Steps by which cases pass from a reader to one who has at least two fewer; empty where there are none:
    then nothing can be more even."""
    # from each reader to each other: a case that could pass between them
    passes: dict[int, dict[int, CaseKey]] = {reader: {} for reader in load}
    for case, holders in given.items():
        for taker in free[case]:
            if taker not in holders:
                for giver in holders:
                    passes[giver].setdefault(taker, case)
    for start in sorted(load, key=lambda reader: (-load[reader], reader)):
        came: dict[int, int | None] = {start: None}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            if load[start] - load[here] >= 2:
                return _steps(here, came, passes)
            for there in sorted(passes[here]):
                if there not in came:
                    came[there] = here
                    queue.append(there)
    return []


def _steps(
    end: int, came: Mapping[int, int | None], passes: Mapping[int, Mapping[int, CaseKey]]
) -> list[tuple[CaseKey, int, int]]:
    steps: list[tuple[CaseKey, int, int]] = []
    here = end
    while (before := came[here]) is not None:
        steps.append((passes[before][here], before, here))
        here = before
    return steps[::-1]


def _draw(*parts: object) -> bytes:
    """A number that looks drawn and is the same each time."""
    return sha256("/".join(map(str, parts)).encode()).digest()
