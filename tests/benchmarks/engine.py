"""`python -m tests.benchmarks.engine`: one person under fifteen equal rules, against JsonLogic and ZEN.

Our side is `assess` as every door calls it, with all that a finding holds: clause, grade, reading, what was
supplied and what is needed. The others give outcome and reason alone, from data and rules made ready before:

- JsonLogic: what several rules share is worked out once under a name, then rule by rule.
- ZEN: one compiled expression a rule, so that each rule stands alone and can be cited: the goal is set
  against this. All fifteen in one expression, which reads the person only once, is measured beside it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import json_logic as json_logic_package
import zen

from eligibility.engine import (
    AwardStatus,
    DegreeLevel,
    EnglishTestKind,
    Facts,
    Honours,
    Language,
    Origin,
    QualifyingExamination,
    Residence,
    ResidenceStatus,
    StudyMode,
    assess,
)
from tests.benchmarks import measuring, same_rules
from tests.eligibility.engine.people import AT, MMEDSC, elsewhere, ielts, person, toefl

ASKED = same_rules.requirements()
Decisions = Mapping[str, str]


def applicant() -> Facts:
    """From outside Hong Kong, taught in another language, IELTS reached, a student visa to come."""
    return person(
        MMEDSC,
        degrees=(elsewhere(),),
        english_tests=(ielts(),),
        residence=Residence(ResidenceStatus.STUDENT_VISA, Origin.MAINLAND),
    )


def by_our_engine(facts: Facts, at: datetime) -> Decisions:
    found = assess(facts, ASKED, at=at).findings
    return {finding.code: f"{finding.outcome} {finding.reason}" for finding in found}


def json_logic() -> Callable[[dict[str, Any]], Decisions]:
    named, rules = same_rules.named(ASKED), same_rules.json_logic(ASKED)
    run = json_logic_package.jsonLogic

    def decide(data: dict[str, Any]) -> Decisions:
        data = dict(data)
        for name, logic in named.items():
            data[name] = run(logic, data)
        return {code: run(logic, data) for code, logic in rules.items()}

    return decide


def _alone() -> dict[str, str]:
    named = same_rules.named(ASKED)
    rules = same_rules.json_logic(ASKED)
    return {code: same_rules.zen_of(same_rules.inlined(logic, named)) for code, logic in rules.items()}


def zen_by_rule() -> Callable[[dict[str, Any]], Decisions]:
    rules = {code: zen.compile_expression(text) for code, text in _alone().items()}
    return lambda data: {code: rule.evaluate(data) for code, rule in rules.items()}


def zen_in_one() -> Callable[[dict[str, Any]], Decisions]:
    fields = ", ".join(f'"{code}": {text}' for code, text in _alone().items())
    whole = zen.compile_expression("{" + fields + "}")
    return whole.evaluate  # type: ignore[no-any-return]


PEERS: Mapping[str, Callable[[], Callable[[dict[str, Any]], Decisions]]] = {
    "JsonLogic": json_logic,
    "ZEN, one expression a rule": zen_by_rule,
    "ZEN, one expression for all": zen_in_one,
}


def people(number: int) -> list[tuple[Facts, datetime]]:
    """The same people every time: one qualification, no more than one test, two rounds."""
    random_ = random.Random(15)
    return [_somebody(random_) for _ in range(number)]


def _somebody(random_: random.Random) -> tuple[Facts, datetime]:
    pick = random_.choice

    def day() -> date | None:
        return pick([None, date(2023, 1, 1) + timedelta(days=random_.randrange(1400)), date(2024, 2, 29)])

    def score(most: int, halves: bool) -> Decimal | None:
        return pick([None, *[Decimal(random_.randrange(most * (1 + halves) + 1)) / (1 + halves)] * 3])

    degree = elsewhere(
        level=pick([*DegreeLevel]),
        institution_in_hong_kong=pick([True, False, False, None]),
        of_this_university=pick([True, False]),
        honours=pick([None, *Honours]),
        teaching_language=pick([None, *Language]),
        examination_language=pick([None, *Language]),
        status=pick([*AwardStatus]),
        completed_on=day(),
        acceptance_reference=pick(["", "", "register/1"]),
    )
    is_ielts = pick([True, False])
    parts = {part: score(9 if is_ielts else 30, is_ielts) for part in same_rules.PARTS}
    whole = is_ielts or None not in parts.values()
    test = replace(
        ielts() if is_ielts else toefl(),
        taken_on=day(),
        booked=pick([True, False, False]),
        one_skill_retake=is_ielts and pick([True, False, False]),
        home_edition=pick([True, False, False]),
        **parts,
        overall=score(9 if is_ielts else 120, is_ielts) if whole else None,
    )
    assert test.kind in (EnglishTestKind.IELTS_ACADEMIC, EnglishTestKind.TOEFL_IBT)
    facts = person(
        MMEDSC,
        mode=pick([None, *StudyMode]),
        degrees=(degree,),
        english_tests=pick([(), (test,), (test,), (test,)]),
        residence=pick([None, *(Residence(status, pick([None, *Origin])) for status in ResidenceStatus)]),
        qualifying_examination=pick([None, *QualifyingExamination]),
    )
    return facts, AT + timedelta(days=random_.randrange(100))


def main(rounds: int = 31, times: int = 300) -> None:
    facts = applicant()
    data = same_rules.data_of(facts, AT)
    sides: dict[str, Callable[[], object]] = {"this engine": lambda: assess(facts, ASKED, at=AT)}
    for name, prepare in PEERS.items():
        sides[name] = partial(prepare(), data)
    seconds = measuring.cpu_seconds(sides, rounds=rounds, times=times)
    measuring.say_sides("engine", seconds, per=f"person under {len(ASKED.rules)} rules")
    ours = seconds["this engine"]
    for name, at_least in (
        ("JsonLogic", 3),
        ("ZEN, one expression a rule", 3),
        ("ZEN, one expression for all", 1),
    ):
        measuring.say_goal("engine", ours, seconds[name], against=name, at_least=at_least)


if __name__ == "__main__":
    main()
