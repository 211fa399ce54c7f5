"""What the public check says about answers: findings, papers to have ready, the round to apply in.

Nothing here is stored, and nothing knows a person: answers come in, a page's worth of words goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django_countries import countries

from admissions_portal.clock import day_of
from eligibility.engine import Assessment, Facts, LocalStatus, ProgrammeLevel, assess, local_status
from eligibility.engine import Round as RoundFact
from eligibility.forms.check import About, Answers, CheckSheet, Part
from eligibility.forms.check_asked import GROUP_OF, Asked, asked_by
from eligibility.models import AcceptedAward
from eligibility.queries import RulesInForce, acceptances_in_force, matching_acceptance
from eligibility.wording import (
    FindingText,
    RuleText,
    VerdictText,
    explain_all,
    explain_requirements,
    explain_verdict,
)
from programmes.listing import IntakeShown, show_programme
from programmes.models import CloseReading, Level, Offering, Programme, Round


@dataclass(frozen=True)
class NextRound:
    """Where an application would go: an offering, and its round if one is open or to come."""

    offering: Offering | None
    round: Round | None
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.round is not None and self.round.is_open(self.at)


@dataclass(frozen=True)
class Paper:
    """A document the findings ask for, and the requirements it would settle."""

    name: str
    settles: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """All that the page and the printed sheet say."""

    assessment: Assessment
    verdict: VerdictText
    findings: list[FindingText]
    answers: list[Answers]
    papers: list[Paper]
    next_round: NextRound
    at: datetime


class ProgrammeCheck:
    """The check for one programme on one day: what it asks, and what its rules make of the answers.

    Asks the database for the acceptance register once; programme and intakes must be prefetched
    (`published_programmes`).
    """

    def __init__(self, programme: Programme, rules: RulesInForce, *, at: datetime) -> None:
        self.programme, self.rules, self.at = programme, rules, at
        self.requirements = rules.requirements()
        self.intakes = show_programme(programme, at).intakes

    @cached_property
    def register(self) -> list[AcceptedAward]:
        """What the office accepts for this programme today (C15)."""
        return acceptances_in_force(self.programme.institution.code, self.programme, day_of(self.at))

    @cached_property
    def asked(self) -> Asked:
        asked = asked_by(self.requirements)
        if asked.degree and self.register:
            more = {"institution"}
            more |= {"title"} if any(entry.titles for entry in self.register) else set()
            more |= {"country"} if any(entry.country for entry in self.register) else set()
            asked = replace(asked, degree=asked.degree | more)
        return asked

    @cached_property
    def about(self) -> About:
        """What the questions must know of the programme."""
        institution, earlier = self.programme.institution, self.asked.earlier
        named = {(entry.country, countries.name(entry.country)) for entry in self.register if entry.country}
        taught = institution.programmes.filter(is_published=True).order_by("discipline") if earlier else []
        return About(
            institution=institution.code,
            institution_name=institution.name,
            intakes=tuple((self._code(shown), shown.intake.label) for shown in self.intakes),
            countries=tuple(sorted(named)),
            levels=tuple((level.value, level.label) for level in Level if level in {p.level for p in taught}),
            disciplines=tuple(dict.fromkeys(p.discipline for p in taught if p.discipline)),
            by_issue=self.requirements.reading("AMB-05b") == "issue_date",
        )

    def sheet(
        self,
        posted: QueryDict | None = None,
        *,
        judged: bool = False,
        add: str = "",
        chosen: str = "",
        drop: str = "",
    ) -> CheckSheet:
        """The questions, over what was posted."""
        return CheckSheet(
            self.asked,
            self.about,
            today=day_of(self.at),
            posted=posted,
            judged=judged,
            add=add,
            chosen=chosen,
            drop=drop,
        )

    def clauses_of(self, part: Part) -> list[RuleText]:
        """The rules that a part of the page asks for."""
        # a limb is told by the rule it belongs to
        codes = {
            rule.part_of or rule.code
            for rule in self.requirements.rules
            if GROUP_OF.get(rule.check) == part.key
        }
        return [text for text in explain_requirements(self.requirements) if text.code in codes]

    def result(self, sheet: CheckSheet) -> CheckResult | None:
        """What the rules say, as if an application were submitted now; None where an answer cannot be."""
        if not sheet.is_right:
            return None
        shown = self._intake(sheet.intake)
        offering = self._offering(shown, sheet.mode)
        facts = sheet.facts(
            accepted=self._accepted,
            programme_level=ProgrammeLevel(self.programme.level),
            rounds=self._rounds(shown, offering),
            programme_starts_on=shown.intake.expected_start_on if shown else None,
            chosen_subject=self.programme.discipline,
            discipline=self.programme.discipline,
        )
        if facts is None:
            return None
        found = assess(facts, self.requirements, at=self.at)
        findings = explain_all(found.findings, self.requirements)
        return CheckResult(
            assessment=found,
            verdict=explain_verdict(found.verdict, found.findings),
            findings=findings,
            answers=sheet.answers(),
            papers=_papers(findings),
            next_round=self._next_round(shown, offering, facts),
            at=self.at,
        )

    @staticmethod
    def _code(shown: IntakeShown) -> str:
        return f"{shown.intake.code}{shown.intake.term}"

    def _intake(self, code: str) -> IntakeShown | None:
        """The intake chosen, else the one that can be applied for soonest."""
        chosen = (shown for shown in self.intakes if self._code(shown) == code)
        return next(chosen, self.intakes[0] if self.intakes else None)

    @staticmethod
    def _offering(shown: IntakeShown | None, mode: str | None) -> Offering | None:
        """The study mode chosen, or the only one there is."""
        offerings = shown.offerings if shown else ()
        if mode is None and len(offerings) == 1:
            return offerings[0]
        return next((offering for offering in offerings if offering.mode == mode), None)

    @staticmethod
    def _rounds(shown: IntakeShown | None, offering: Offering | None) -> tuple[RoundFact, ...] | None:
        """The rounds as facts; without a study mode only where every mode has the same."""
        if shown is None:
            return ()
        if offering is not None:
            return _as_facts(offering)
        every = {_as_facts(other) for other in shown.offerings}
        return every.pop() if len(every) == 1 else None

    def _next_round(self, shown: IntakeShown | None, offering: Offering | None, facts: Facts) -> NextRound:
        status = local_status(facts.residence, facts.mode, self.requirements)
        local = {LocalStatus.LOCAL: True, LocalStatus.NON_LOCAL: False}.get(status)
        if offering is not None:
            return NextRound(offering, offering.next_round(self.at, local=local), self.at)
        nearest = shown.nearest.round if shown and shown.nearest and not shown.nearest.is_closed else None
        return NextRound(None, nearest if nearest and nearest.is_for(local) else None, self.at)

    def _accepted(self, degree: dict[str, Any]) -> dict[str, Any]:
        """What the register adds to a degree, as a case's own facts have it."""
        entry = matching_acceptance(
            self.register,
            institution=degree["institution"],
            country=degree["country"],
            title=degree["title"],
            level=degree["level"],
        )
        return {"acceptance_reference": entry.reference, "acceptance": entry.kind} if entry else {}


def _as_facts(offering: Offering) -> tuple[RoundFact, ...]:
    return tuple(
        RoundFact(
            row.label,
            row.closes_at,
            # an opening that only a reading gave is the policy's to read (AMB-02)
            None if row.opens_reading else row.opens_at,
            row.is_local_only,
            strict_minute=row.close_reading == CloseReading.STRICT,
        )
        for row in sorted(offering.rounds.all(), key=lambda row: row.number)
    )


def _papers(findings: Iterable[FindingText]) -> list[Paper]:
    """Each paper once, in the order the findings name them."""
    settles: dict[str, list[str]] = {}
    for finding in findings:
        if finding.document and not finding.is_limb:
            settles.setdefault(finding.document, []).append(finding.title)
    return [Paper(name, tuple(dict.fromkeys(titles))) for name, titles in settles.items()]
