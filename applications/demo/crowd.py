"""The crowd of `crowd.yaml`: people put together from lists of names by a fixed random source, as rows of
`people.yaml` are, in the order in which their applications are received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import yaml
from anyascii import anyascii

from admissions_portal.clock import HONG_KONG
from applications.demo.cast import OPENING, SEED, cast, fill_in
from applications.demo.script import TO_SUBMIT

# Received after the whole cast, whose last is received on 12 January: numbers follow the order of receipt.
FIRST_DAY = date(2026, 1, 14)
# How many days before the opening somebody was received who got so far; decided cases take their time.
_RECEIVED = {
    "begun": (0, 40),
    "half": (0, 40),
    "ready": (0, 40),
    "submitted": (1, 20),
    "checked": (6, 34),
    "reviewed": (13, 55),
    "prepared": (22, 60),
    "endorsed": (22, 60),
    "planned": (22, 60),
    "lapsed": (40, 68),
}
_DECIDED = (23, 68)
_SCORES = (2.5, 3.0, 3.5, 3.5, 4.0, 4.0, 4.5, 4.5, 5.0)
_READERS = {"hku": ("hku-reviewer", "hku-second", "hku-third"), "hkust": ("ust-reviewer",)}
_CUT_OFF = "The scan is cut off at its right edge. Please send the whole page."


@cache
def crowd() -> tuple[dict[str, Any], ...]:
    """Everybody of the crowd, the first to be received first."""
    data = yaml.safe_load((Path(__file__).parent / "crowd.yaml").read_text(encoding="utf-8"))
    source = Random(SEED + 1)  # not for secrets: the same people on every machine
    names = _names(data["origins"], source)
    # telephones and documents of nobody in the cast, and of nobody twice
    taken = {int(person["phone"][-3:]) for person in cast().applicants}
    figures = iter(source.sample([last for last in range(1000) if last not in taken], 500))
    people = []
    for house, far in data["far"].items():
        for acts, count in far.items():
            for _each in range(count):
                person = {**next(names), "acts": acts}
                fill_in(person, source, last=next(figures))
                _apply(person, house, data["plans"], source)
                _go_on(person, house, source)
                people.append(person)
    people.sort(key=lambda person: person["began"])
    for number, person in enumerate(people, start=1):
        letters = "".join(filter(str.isalpha, anyascii(person["given"]).lower()))
        person["email"] = f"{letters}.{number:03d}@applicant.example"
    return tuple(people)


def _names(origins: Sequence[dict[str, Any]], source: Random) -> Iterator[dict[str, Any]]:
    """People of every origin by its share, no two of one name, without end as far as the lists reach."""
    pools = []
    for origin in origins:
        pairs = list(product(origin["family"], origin["given"]))
        source.shuffle(pairs)
        pools.append(iter(pairs))
    shares = [origin["share"] for origin in origins]
    while any(shares):
        [at] = source.choices(range(len(origins)), weights=shares)
        origin = origins[at]
        pair = next(pools[at], None)
        if pair is None:
            shares[at] = 0
            continue
        person: dict[str, Any] = {name: origin[name] for name in ("from", "country") if name in origin}
        person |= _called(*pair)
        if source.random() < 0.3 and "preferred" in origin:
            person["preferred"] = source.choice(origin["preferred"])
        person["degree"] = source.choice(origin["degrees"])
        if origin.get("english"):
            person["english"] = [source.choice((5.5, 6.0, 6.5, 7.0, 7.5)) for _part in range(5)]
            parts = person["english"][1:]
            # the overall score is the mean of the parts, rounded to the next half
            person["english"][0] = int(sum(parts) / 4 * 2 + 0.5) / 2
        yield person


def _called(family: str | list[str], given: str | list[str]) -> dict[str, str]:
    """The parts of a name; of one with Chinese characters in both scripts."""
    if isinstance(family, list) and isinstance(given, list):
        return {"family": family[0], "given": given[0], "han": family[1] + given[1]}
    return {"family": str(family), "given": str(given)}


def _apply(person: dict[str, Any], house: str, plans: dict[str, list[str]], source: Random) -> None:
    """The programme, the mode and what is asked of those who choose it."""
    is_local = person["from"] == "HONG_KONG"
    person["mode"] = "PART_TIME" if is_local and source.random() < 0.5 else "FULL_TIME"
    if house == "hku":
        person["apply"] = "hku-mmedsc"
        person["choose"] = source.sample(range(1, 8), source.choice((1, 1, 2)))
        return
    person["apply"] = source.choice(list(plans))
    person["plan"] = source.choice(plans[person["apply"]])
    if person["degree"] in ("hku", "pass") or (is_local and source.random() < 0.5):
        person["degree"] = "hkust" if source.random() < 0.5 else "hk-honours"


def _go_on(person: dict[str, Any], house: str, source: Random) -> None:
    """When the application is received, and what happens to it on the way to where `acts` leaves it."""
    acts = person["acts"]
    least, most = _RECEIVED.get(acts, _DECIDED)
    day = max(OPENING.date() - timedelta(days=source.randint(least, most)), FIRST_DAY)
    received = datetime.combine(day, time(8), HONG_KONG) + timedelta(
        minutes=source.randrange(15 * 60), seconds=source.randrange(60)
    )
    person["began"] = min(received, OPENING - timedelta(hours=12)) - TO_SUBMIT
    if acts == "reviewed":
        person["scores"] = [source.choice(_SCORES) for _reader in range(source.choice((1, 2, 2)))]
    elif acts == "refused":
        person["scores"] = [source.choice((2.0, 2.5, 3.0)) for _reader in range(2)]
    elif acts not in ("begun", "half", "ready", "submitted", "checked"):
        person["scores"] = [source.choice((3.5, 4.0, 4.5, 4.5, 5.0)) for _reader in range(2)]
    if "scores" in person:
        person["tilt"] = {"plans": source.randint(-2, 1), "practice": source.randint(-4, 1)}
        others = f"{person['apply'].partition('-')[0].replace('hkust', 'ust')}-coordinator"
        person["readers"] = source.sample([*_READERS[house], others], 2)
    early = day < date(2026, 3, 4)
    if early and acts in ("checked", "reviewed") and source.random() < 0.4:
        person["asked"] = [source.choice(("open", "overdue", "answered", "settled", "later"))]
    elif acts in ("checked", "reviewed"):
        chance = source.random()
        if chance < 0.12:
            person["rejected"] = _CUT_OFF
        elif chance < 0.3:
            person["looked"] = {"personal": "In order", "residence": "In order", "qualifications": "In order"}
    if acts == "offered":
        person["reply_by"] = source.choice((date(2026, 4, 10), date(2026, 4, 17), date(2026, 4, 24)))
