"""Application rounds as instants: which one is open, and to whom (HKU-08, HKU-09, UST-12, AMB-01, AMB-02,
AMB-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from .case import HKT, Case
from .facts import Round
from .findings import MET, NOT_APPLICABLE, NOT_MET, Finding
from .requirements import Requirements, Rule
from .residence import STATUS_PROOF, LocalStatus, describe_residence, local_status, status_reading, unsettled

_MINUTE = timedelta(minutes=1)


def refused_from(round_: Round, requirements: Requirements) -> datetime | None:
    """The first instant that is too late: the end of the printed minute, or its beginning (AMB-01)."""
    if round_.closes_at is None:
        return None
    strict = round_.strict_minute
    if strict is None:
        strict = requirements.reading("AMB-01") == "strict_minute"
    minute = round_.closes_at.replace(second=0, microsecond=0)  # 23:59:59 names the minute 23:59 too
    return minute if strict else minute + _MINUTE


def _ordered(rounds: Sequence[Round]) -> list[Round]:
    announced = [round_ for round_ in rounds if round_.closes_at is not None]
    return sorted(announced, key=lambda round_: (round_.closes_at, round_.name, round_.local_only))


def _open_rounds(case: Case, ordered: Sequence[Round]) -> list[Round]:
    """The rounds that take an application at the case's instant, the first to close first.

    A later round whose opening nobody announced follows the one before it without a gap, or waits (AMB-02).
    """
    waits = case.reading("AMB-02") == "when_announced"
    return [
        round_
        for number, round_ in enumerate(ordered)
        if (round_.opens_at <= case.at if round_.opens_at is not None else not (waits and number))
        and (closed := refused_from(round_, case.requirements)) is not None
        and case.at < closed
    ]


def current_round(case: Case) -> Round | None:
    """The round an application received now belongs to: one the person may use before one they may not."""
    if not case.facts.rounds:
        return None
    found = _open_rounds(case, _ordered(case.facts.rounds))
    status = local_status(case.residence, case.facts.mode, case.requirements)
    if status is not LocalStatus.LOCAL:
        for round_ in found:
            if not round_.local_only:
                return round_
    return found[0] if found else None


def describe_round(round_: Round) -> dict[str, Any]:
    """A round as values for a finding; the closing minute as printed, in HKT."""
    values: dict[str, Any] = {"round": round_.name, "local_only": round_.local_only}
    if round_.closes_at is not None:
        values["closes_at"] = _in_hong_kong(round_.closes_at)
    return values


@lru_cache(maxsize=1000)  # an intake's few closing minutes, told to everybody who applies
def _in_hong_kong(moment: datetime) -> str:
    return moment.astimezone(HKT).isoformat()


def round_open(case: Case, rule: Rule) -> Finding:
    """HKU-08, UST-12: whether an application received now is in time. What is not announced is no fault of
    anybody."""
    if case.facts.rounds is None:
        return rule.finds(NOT_APPLICABLE, "rounds_not_asked")
    supplied = {"at": case.at.astimezone(HKT).isoformat(), "received": case.facts.received_at is not None}
    # which instant counts is said where it is not that of the completed submission
    reading = "AMB-03" if case.at is case.facts.submit_clicked_at else "AMB-01"
    round_ = case.round
    if round_ is not None:
        return rule.finds(
            MET, "round_open", reading=reading, supplied=supplied, needed=case.values(describe_round, round_)
        )
    ordered = _ordered(case.facts.rounds)
    if not ordered:
        return rule.finds(NOT_APPLICABLE, "not_announced")
    to_come = [round_ for round_ in ordered if round_.opens_at is not None and case.at < round_.opens_at]
    if to_come:
        round_ = min(to_come, key=lambda round_: (round_.opens_at, round_.closes_at, round_.name))
        opens_at = round_.opens_at.astimezone(HKT).isoformat() if round_.opens_at else ""
        return rule.finds(
            NOT_APPLICABLE,
            "not_yet_open",
            supplied=supplied,
            needed={**describe_round(round_), "opens_at": opens_at},
        )
    last = ordered[-1]
    closed = refused_from(last, case.requirements)
    if closed is not None and case.at < closed:
        # only rounds whose opening nobody has announced are left
        return rule.finds(
            NOT_APPLICABLE,
            "opening_not_announced",
            reading="AMB-02",
            supplied=supplied,
            needed=describe_round(last),
        )
    return rule.finds(NOT_MET, "closed", reading=reading, supplied=supplied, needed=describe_round(last))


def round_for_locals(case: Case, rule: Rule) -> Finding:
    """HKU-09: a round for local applicants only refuses a non-local; status as declared at submission
    (AMB-04b)."""
    if case.facts.rounds is None:
        return rule.finds(NOT_APPLICABLE, "rounds_not_asked")
    round_ = case.round
    if round_ is None:
        return rule.finds(NOT_APPLICABLE, "no_round_open")
    if not round_.local_only:
        return rule.finds(NOT_APPLICABLE, "round_for_everyone", needed=case.values(describe_round, round_))
    status = local_status(case.residence, case.facts.mode, case.requirements)
    if status in (LocalStatus.UNCLEAR, LocalStatus.UNSAID):
        return unsettled(case, rule, status)._replace(needed=case.values(describe_round, round_))
    is_local = status is LocalStatus.LOCAL
    return rule.finds(
        MET if is_local else NOT_MET,
        "local_in_local_round" if is_local else "locals_only",
        reading=status_reading(case),
        supplied=describe_residence(case),
        needed=case.values(describe_round, round_),
        document=STATUS_PROOF,
    )
