"""Asking the rules about a case, and recording what an officer found."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.facts import facts_of
from applications.assessments.models import Assessment, OfficerFinding
from applications.assessments.queries import RESULTS, clauses_for_officers
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from eligibility import engine
from eligibility.queries import policy_version_for


class FindingRefused(Refusal):
    """The finding lacks its reason, or the clause is not an officer's to judge."""


def preview_assessment(
    application: Application, *, at: datetime
) -> tuple[engine.Assessment, engine.Requirements]:
    """What the rules in force say at `at`, and the rules; nothing is stored: for whoever is still writing."""
    rules = policy_version_for(application.offering.programme, on=day_of(at)).requirements()
    return engine.assess(facts_of(application), rules, at=at), rules


@transaction.atomic
def assess_application(
    application: Application, *, by: Actor, at: datetime, received_at: datetime | None = None
) -> Assessment:
    """Run the policy in force on the day the case was received and keep the result with its version.

    A later policy never reaches back: it is for the office to re-assess under it. The run never blocks
    anything.
    """
    received = received_at or application.submitted_at or at
    version = policy_version_for(application.offering.programme, on=day_of(received))
    facts = facts_of(application, received_at=received)
    result = engine.assess(facts, version.requirements(), at=at)
    made = Assessment.objects.create(
        application=application,
        policy_version=version,
        at=at,
        verdict=result.verdict,
        facts=engine.to_json(facts),
        findings=engine.to_json(result.findings),
    )
    record_event(
        "application.assessed", about=application, by=by, at=at, verdict=result.verdict, policy=version.pk
    )
    return made


@transaction.atomic
def record_finding(
    application: Application, code: str, outcome: engine.Outcome, *, reason: str, by: Actor, at: datetime
) -> OfficerFinding:
    """What an officer found on a clause left to the office (HKU-E1, E2, E4, UST-02…), then the rules run
    again.

    Raises PermissionDenied without the right on this case, FindingRefused without a reason, once the case has
    ended, or for a clause that this case's policy does not leave to an officer.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    if not reason.strip():
        raise FindingRefused(_("Write the reason: it must be possible to defend this finding later."))
    application = lock_application(application)
    if application.has_ended:
        raise FindingRefused(_("This application has ended, so what the rules said stays as it is."))
    if outcome not in RESULTS:
        raise FindingRefused(_("Choose what you found: met, not met, needs evidence or does not apply."))
    if code not in dict(clauses_for_officers(application)):
        raise FindingRefused(
            _("%(code)s is not left to an officer by this programme’s rules.") % {"code": code}
        )
    made = OfficerFinding.objects.create(
        application=application,
        code=code,
        outcome=outcome,
        reason=reason.strip(),
        found_by=by.user,
        found_at=at,
    )
    record_event("finding.recorded", about=application, by=by, at=at, code=code, outcome=outcome)
    assess_application(application, by=by, at=at)
    return made
