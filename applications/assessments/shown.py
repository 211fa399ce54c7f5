"""What a paper shows about the status in Hong Kong, beside what was declared (AMB-04b, UST-18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from applications.applicants.choices import ResidenceStatus
from applications.assessments.corrections import person_now
from applications.assessments.facts import declared_residence
from applications.assessments.flips import Flip, flips_between
from applications.lifecycle.models import Application
from eligibility.engine import (
    Assessment,
    Facts,
    Finding,
    LocalStatus,
    Requirements,
    Residence,
    StudyMode,
    Verdict,
    assess,
    local_status,
)

# an answer that a paper completes is not contradicted by it
_COMPLETED_BY = {
    ResidenceStatus.DEPENDANT: (ResidenceStatus.DEPENDANT_UNDER_18, ResidenceStatus.DEPENDANT_18_OR_OVER),
}


@dataclass(frozen=True, slots=True)
class StatusAsShown:
    """A status with the days its paper prints; None where it prints none."""

    status: str
    since: date | None = None
    until: date | None = None


def contradicts(shown: StatusAsShown, declared: str, *, received_on: date) -> bool:
    """Whether the paper says something else than what counts so far: another status, or one that was not
    held on the day of receipt (HKT)."""
    not_then = bool(
        (shown.since and shown.since > received_on) or (shown.until and shown.until < received_on)
    )
    if declared in ("", ResidenceStatus.NOT_SURE):
        return not_then
    completes = shown.status in _COMPLETED_BY.get(ResidenceStatus(declared), ())
    return not_then or (shown.status != declared and not completes)


def status_counting(application: Application) -> str:
    """What counts so far: what an officer settled last, else what was declared."""
    settled = list(application.settled_statuses.all())
    return settled[-1].status if settled else str(person_now(application)["residence_status"])


@dataclass(frozen=True, slots=True)
class RulesSaid:
    """What the last run was told, as of the day of receipt, and the rules it ran under."""

    facts: Facts
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class IfItCounted:
    """What the rules would say of the case, as of its submission, if the status shown were the one that
    counts; `flips` are against the status that counts so far. Nothing of it is kept."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    flips: list[Flip]
    local_status: LocalStatus
    # received in a round for local applicants only, which this status is not (HKU-09)
    is_in_others_round: bool


def if_it_counted(
    application: Application, status: str, *, counting: str, run: RulesSaid, at: datetime
) -> IfItCounted:
    """Ask the rules of the last run twice, about its facts: with the status that counts so far, and with
    `status`. Asks the database nothing where `corrections` were read with the case."""
    person = person_now(application)

    def asked(of: str) -> tuple[Assessment, Residence | None]:
        residence = declared_residence(of, person["origin"], person["nationality"])
        return assess(replace(run.facts, residence=residence), run.requirements, at=at), residence

    (before, _before), (after, residence) = asked(counting), asked(status)
    local = local_status(residence, StudyMode(application.offering.mode), run.requirements)
    in_others = (
        application.round is not None and application.round.is_local_only and local is LocalStatus.NON_LOCAL
    )
    flips = flips_between(before.findings, after.findings)
    return IfItCounted(after.verdict, after.findings, flips, local, in_others)
