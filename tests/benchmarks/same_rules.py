"""The same fifteen rules three times over: as this portal's engine has them, in JsonLogic and in ZEN.

They are what HKU asks for its Master of Medical Sciences, with HKUST's recognised institution and two
English routes. A decision is the outcome of a rule and why. JsonLogic is written once and ZEN made from it,
so that the two decide alike. Both are spared what the engine does beside: they get days as whole numbers
(20260331), instants as minutes, scores as numbers, one qualification, one test and two rounds, and say
nothing of what was supplied and what is needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from eligibility.engine import HKT, Check, EnglishTestKind, Facts, Requirements, Rule
from tests.eligibility.engine.people import MMEDSC, policy

Logic = Any
IELTS, TOEFL = EnglishTestKind.IELTS_ACADEMIC, EnglishTestKind.TOEFL_IBT


def requirements() -> Requirements:
    """The policy of the comparison: fifteen rules, readings as proposed."""
    shipped = policy(MMEDSC)
    further = (
        Rule("UST-02-RECOGNISED", Check.INSTITUTION_RECOGNISED, "Admission Requirements", "Institution"),
        Rule("UST-07", Check.ENGLISH_ROUTE, "English", "TOEFL", kinds=(TOEFL,), part_of="HKU-E5"),
        Rule("UST-08", Check.ENGLISH_ROUTE, "English", "IELTS", kinds=(IELTS,), part_of="HKU-E5"),
    )
    return replace(shipped, rules=(*shipped.rules, *further))


def data_of(facts: Facts, at: datetime) -> dict[str, Any]:
    """One person as the peers read it: only what the fifteen rules ask, in the form cheapest for them."""
    (degree,), tests, (first, second) = facts.degrees, facts.english_tests, facts.rounds or ()
    test = tests[0] if tests else None
    residence = facts.residence
    data = {
        "mode": facts.mode,
        "examination": facts.qualifying_examination,
        "degree": {
            "level": degree.level,
            "here": degree.of_this_university,
            "in_hong_kong": degree.institution_in_hong_kong,
            "honours": degree.honours,
            "taught": degree.teaching_language,
            "examined": degree.examination_language,
            "status": degree.status,
            "completed": _day(degree.completed_on),
            "accepted": degree.acceptance_reference != "",
        },
        "test": test
        and {
            "kind": test.kind,
            "taken": _day(test.taken_on),
            "booked": test.booked,
            "retake": test.one_skill_retake,
            "home": test.home_edition,
            **{
                name: None if (score := getattr(test, name)) is None else float(score)
                for name in ("listening", "reading", "writing", "speaking", "overall")
            },
        },
        "status": residence and residence.status,
        "origin": residence and residence.origin,
        "round_1": _minute(first.closes_at),
        "round_2": _minute(second.closes_at),
        "at": at.timestamp() / 60,
        "today": _day(at.astimezone(HKT).date()),
        "award_by": _day(facts.programme_starts_on and facts.programme_starts_on.replace(month=8, day=31)),
    }
    plain: dict[str, Any] = json.loads(json.dumps(data))  # enumerations as the text they are
    return plain


def _day(day: date | None) -> int | None:
    return None if day is None else day.year * 10000 + day.month * 100 + day.day


def _minute(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp() / 60


def var(name: str) -> Logic:
    return {"var": name}


def choose(*pairs: Logic) -> Logic:
    """Conditions with their results in turn, the last result for whatever is left."""
    return {"if": list(pairs)}


def same(name: str, value: Logic) -> Logic:
    return {"===": [var(name), value]}


def known(name: str) -> Logic:
    return {"!==": [var(name), None]}


def one_of(name: str, *values: str) -> Logic:
    return {"in": [var(name), list(values)]}


def either(*conditions: Logic) -> Logic:
    return {"or": list(conditions)}


def both(*conditions: Logic) -> Logic:
    return {"and": list(conditions)}


def named(asked: Requirements) -> dict[str, Logic]:
    """What several rules need, worked out once under a name; each may use those above it."""
    return {
        "exempt": either(
            same("degree.in_hong_kong", True),
            both(
                same("degree.in_hong_kong", False),
                same("degree.taught", "ENGLISH"),
                same("degree.examined", "ENGLISH"),
            ),
        ),
        "required": both(
            same("degree.in_hong_kong", False),
            either(same("degree.taught", "OTHER"), same("degree.examined", "OTHER")),
        ),
        "computed": choose(
            either(*(same(f"test.{part}", None) for part in PARTS)), None,
            same("test.kind", IELTS.value), MEAN,
            SUM,
        ),
        "overall": choose(same("test.overall", None), var("computed"), var("test.overall")),
        "scores": choose(
            both(
                known("computed"),
                known("test.overall"),
                {"!==": [var("computed"), var("test.overall")]},
            ), "NEEDS_EVIDENCE total_inconsistent",
            same("test.kind", IELTS.value), _scores(asked, IELTS),
            _scores(asked, TOEFL),
        ),
        # two years are 20000: 29 February becomes that of a common year, after which 1 March is too late
        "validity": choose(
            same("test.taken", None), "NEEDS_EVIDENCE test_date_missing",
            {">": [var("test.taken"), var("today")]}, "NEEDS_EVIDENCE test_date_in_the_future",
            {">": [var("today"), {"+": [var("test.taken"), 20000]}]}, "NOT_MET expired",
            "MET valid",
        ),
        "sitting": choose(
            same("test", None), "",
            both(same("test.booked", True), known("test.taken"), {"<": [var("test.taken"), var("today")]}),
            "NEEDS_EVIDENCE booked_day_passed",
            same("test.booked", True), "NEEDS_EVIDENCE booked",
            same("scores", "NOT_MET below_minimum"), var("scores"),
            same("validity", "NOT_MET expired"), var("validity"),
            {"!==": [var("scores"), "MET"]}, var("scores"),
            {"!==": [var("validity"), "MET valid"]}, var("validity"),
            same("test.retake", True), "REFER one_skill_retake",
            same("test.home", True), "REFER home_edition",
            "MET test_meets",
        ),
        "local": choose(
            same("status", None), "UNSAID",
            one_of("status", "STUDENT_VISA", "VISITOR", "DEPENDANT_18_OR_OVER", "IANG"), "NON_LOCAL",
            same("status", "OTHER"), "UNCLEAR",
            same("status", "DEPENDANT"), "UNSAID",
            both(same("status", "EMPLOYMENT_VISA"), {"!==": [var("mode"), "PART_TIME"]}), "UNCLEAR",
            "LOCAL",
        ),
    }  # fmt: skip


PARTS = ("listening", "reading", "writing", "speaking")
SUM = {"+": [var(f"test.{part}") for part in PARTS]}
DOUBLED = {"+": [{"/": [SUM, 2]}, 0.5]}
MEAN = {"/": [{"-": [DOUBLED, {"%": [DOUBLED, 1]}]}, 2]}
"""To the nearest half, a quarter upwards."""

UNSETTLED = choose(
    same("status", None), "NEEDS_EVIDENCE status_not_declared",
    same("status", "DEPENDANT"), "NEEDS_EVIDENCE dependant_age_not_stated",
    same("status", "EMPLOYMENT_VISA"), "REFER work_visa_full_time",
    "REFER status_unclear",
)  # fmt: skip


def _scores(asked: Requirements, kind: EnglishTestKind) -> Logic:
    least = next(row for row in asked.english.minima if row.kind is kind)
    figures = [("overall", float(least.overall or 0))]
    if least.each_part is not None:
        figures += [(f"test.{part}", float(least.each_part)) for part in PARTS]
    return choose(
        either(*(both(known(score), {"<": [var(score), least]}) for score, least in figures)),
        "NOT_MET below_minimum",
        either(*(same(score, None) for score, _ in figures)), "NEEDS_EVIDENCE score_missing",
        "MET",
    )  # fmt: skip


def _route(kind: EnglishTestKind) -> Logic:
    return choose(
        var("exempt"), "NOT_APPLICABLE english_not_required",
        {"!==": [var("test.kind"), kind.value]}, "NOT_APPLICABLE no_test_of_this_route",
        var("sitting"),
    )  # fmt: skip


def _open(number: int) -> Logic:
    """Before the end of the round's printed minute."""
    return {"<": [var("at"), {"+": [var(f"round_{number}"), 1]}]}


def json_logic(asked: Requirements) -> dict[str, Logic]:
    """The fifteen rules as JsonLogic, by code."""
    rules: Mapping[str, Logic] = {
        "HKU-E1": "PENDING_OFFICER officer_confirms",
        "HKU-E2": "PENDING_OFFICER officer_confirms",
        "HKU-E3": choose(
            same("degree.accepted", True), "MET accepted_by_register",
            same("degree.here", False), "REFER another_institution",
            same("degree.level", "MBBS"), "REFER mbbs",
            {"!==": [var("degree.level"), "BACHELOR"]}, "REFER other_qualification_of_this_university",
            same("degree.status", "EXPECTED"), "NEEDS_EVIDENCE award_expected",
            same("degree.honours", None), "NEEDS_EVIDENCE honours_not_stated",
            same("degree.honours", "PASS"), "REFER pass_degree",
            same("degree.honours", "NONE_PRINTED"), "REFER no_honours_printed",
            "MET honours_of_this_university",
        ),
        "HKU-E3-AWARD": choose(
            both(
                same("degree.status", "AWARDED"),
                known("degree.completed"),
                {">": [var("degree.completed"), var("today")]},
            ),
            "NEEDS_EVIDENCE awarded_in_the_future",
            same("degree.status", "AWARDED"), "MET awarded",
            same("degree.completed", None), "NEEDS_EVIDENCE completion_date_missing",
            {"<=": [var("degree.completed"), var("award_by")]}, "NEEDS_EVIDENCE expected_in_time",
            "NOT_MET expected_too_late",
        ),
        "HKU-E4": choose(
            same("examination", None), "PENDING_OFFICER examination_undecided",
            same("examination", "NOT_REQUIRED"), "NOT_APPLICABLE examination_not_required",
            same("examination", "REQUIRED"), "NEEDS_EVIDENCE examination_to_be_passed",
            same("examination", "PASSED"), "MET examination_passed",
            "NOT_MET examination_failed",
        ),
        "HKU-E5": choose(
            same("degree.in_hong_kong", True), "NOT_APPLICABLE in_hong_kong",
            var("exempt"), "NOT_APPLICABLE taught_and_examined_in_english",
            same("sitting", "MET test_meets"), var("sitting"),
            same("degree.in_hong_kong", None), "NEEDS_EVIDENCE place_not_stated",
            both(var("required"), same("test", None)), "NEEDS_EVIDENCE no_test",
            var("required"), var("sitting"),
            either(same("degree.taught", None), same("degree.examined", None)),
            "NEEDS_EVIDENCE language_not_stated",
            "REFER bilingual",
        ),
        "HKU-E5-VALIDITY": choose(
            var("exempt"), "NOT_APPLICABLE english_not_required",
            either(same("test", None), same("test.booked", True)), "NOT_APPLICABLE no_date_to_judge",
            var("validity"),
        ),
        "HKU-01": choose(
            same("mode", None), "NEEDS_EVIDENCE mode_not_chosen",
            one_of("mode", *(mode.value for mode in asked.modes)), "MET mode_offered",
            "NOT_MET mode_not_offered",
        ),
        "HKU-STATUS": choose(
            same("local", "LOCAL"), "MET local", same("local", "NON_LOCAL"), "MET non_local", UNSETTLED
        ),
        "HKU-MODE": choose(
            same("mode", None), "NEEDS_EVIDENCE mode_not_chosen",
            same("mode", "FULL_TIME"), "NOT_APPLICABLE full_time",
            same("local", "LOCAL"), "MET local_part_time",
            {"!==": [var("local"), "NON_LOCAL"]}, UNSETTLED,
            same("origin", None), "NEEDS_EVIDENCE origin_not_stated",
            one_of("origin", "MAINLAND", "MACAO", "TAIWAN"), "REFER part_time_origin",
            one_of("status", "STUDENT_VISA", "VISITOR"), "MET part_time_visa_needed",
            "MET part_time_open",
        ),
        "HKU-08": choose(either(_open(1), _open(2)), "MET round_open", "NOT_MET closed"),
        "HKU-09": choose(
            _open(1), "NOT_APPLICABLE round_for_everyone",
            {"!": [_open(2)]}, "NOT_APPLICABLE no_round_open",
            same("local", "LOCAL"), "MET local_in_local_round",
            same("local", "NON_LOCAL"), "NOT_MET locals_only",
            UNSETTLED,
        ),
        "UST-02-RECOGNISED": choose(
            same("degree.here", True), "MET this_university",
            same("degree.accepted", True), "MET accepted_by_register",
            "PENDING_OFFICER officer_confirms",
        ),
        "UST-07": _route(TOEFL),
        "UST-08": _route(IELTS),
    }  # fmt: skip
    return {rule.code: rules[rule.code] for rule in asked.rules}


def inlined(logic: Logic, named: Mapping[str, Logic]) -> Logic:
    """A rule with what it names put in its place, so that it stands alone."""
    if isinstance(logic, list):
        return [inlined(item, named) for item in logic]
    if not isinstance(logic, dict):
        return logic
    if logic.get("var") in named:
        return inlined(named[logic["var"]], named)
    return {operator: inlined(values, named) for operator, values in logic.items()}


def zen_of(logic: Logic) -> str:
    """A JsonLogic rule as one ZEN expression."""
    if not isinstance(logic, dict):
        return json.dumps(logic)
    ((operator, values),) = logic.items()
    if operator == "var":
        return str(values)
    parts = [zen_of(value) for value in values]
    operator = {"===": "==", "!==": "!="}.get(operator, operator)
    if operator == "if":
        condition, result, *rest = parts
        last = rest[0] if len(rest) == 1 else zen_of({"if": values[2:]})
        return f"({condition} ? {result} : {last})"
    if operator == "!":
        return f"(not {parts[0]})"
    return "(" + f" {operator} ".join(parts) + ")"
