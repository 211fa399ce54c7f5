"""How benchmarks measure: every side in turn, again and again in one process, in CPU seconds.

A machine's speed drifts by a third and more, so a figure alone says little. What holds is the ratio of two
sides that were run side by side. A benchmark prints one JSON line for each side, then one for each goal.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Mapping
from statistics import median

FULL = bool(os.environ.get("PORTAL_TEST_FULL"))
"""`./portal test --full`: the bigger sizes."""


def cpu_seconds(sides: Mapping[str, Callable[[], object]], *, rounds: int, times: int) -> dict[str, float]:
    """CPU seconds of one call of each side: the median of `rounds`, in each of which every side is called
    `times` in a row and the sides take turns in going first."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for side in sides.values():  # caches are filled, as they are in a process that has served somebody
        side()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name in order:
                call = sides[name]
                started = time.process_time()
                for _ in range(times):
                    call()
                taken[name].append((time.process_time() - started) / times)
            order.append(order.pop(0))
    finally:
        gc.enable()
    return {name: median(values) for name, values in taken.items()}


def wall_seconds(sides: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """The median of what one call of each side takes on the wall, where the database does half of the work;
    the sides take turns."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        side()
    for _ in range(rounds):
        for name, call in sides.items():
            started = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - started)
    return {name: median(values) for name, values in taken.items()}


def say(**values: object) -> None:
    """One JSON line."""
    print(json.dumps(values, ensure_ascii=False), flush=True)


def say_sides(benchmark: str, seconds: Mapping[str, float], *, per: str) -> None:
    """One line for each side: microseconds of CPU for one `per`."""
    for name, value in seconds.items():
        say(benchmark=benchmark, side=name, cpu_microseconds=round(value * 1e6, 1), per=per)


def say_goal(benchmark: str, ours: float, other: float, *, against: str, at_least: float) -> None:
    """How many times faster we are than a side, and how many times we mean to be."""
    ratio = other / ours
    say(
        benchmark=benchmark,
        against=against,
        ratio=round(ratio, 2),
        goal=f"at least {at_least:g} times as fast",
        reached=ratio >= at_least,
    )
