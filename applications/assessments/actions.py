"""Asking the rules about a case, and recording what an officer found."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.choices import ResidenceStatus
from applications.assessments.facts import facts_of
from applications.assessments.judging import Judgement, judge
from applications.assessments.models import Assessment, Correction, OfficerFinding, SettledStatus, ShownStatus
from applications.assessments.queries import (
    RESULTS,
    clauses_for_officers,
    clauses_to_override,
    latest_assessment,
)
from applications.assessments.shown import StatusAsShown, contradicts, status_counting
from applications.lifecycle.actions import lock_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from eligibility import engine
from eligibility.queries import rules_for


class FindingRefused(Refusal):
    """The finding lacks its reason or authority, or the clause is not this officer's to judge."""


@transaction.atomic
def assess_application(
    application: Application, *, by: Actor, at: datetime, received_at: datetime | None = None
) -> Assessment:
    """Run the rules in force on the day the case was received and keep the result with their versions.

    A later policy never reaches back: it is for the office to re-assess under it. The run never blocks
    anything.
    """
    return _keep(application, _judge(application, at=at, received_at=received_at), by=by, at=at)


@transaction.atomic
def assess_if_changed(application: Application, *, by: Actor, at: datetime) -> Assessment | None:
    """Run the rules again where what they would be told, or they themselves, changed since they last ran;
    None where nothing did, or where they have never run."""
    last = latest_assessment(application)
    if last is None:
        return None
    judgement = _judge(application, at=at)
    if judgement.inputs == last.inputs:
        return None
    return _keep(application, judgement, by=by, at=at)


def _judge(application: Application, *, at: datetime, received_at: datetime | None = None) -> Judgement:
    received = received_at or application.submitted_at or at
    rules = rules_for(application.offering.programme, on=day_of(received))
    return judge(facts_of(application, at=at, received_at=received), rules)


def _keep(application: Application, judgement: Judgement, *, by: Actor, at: datetime) -> Assessment:
    before = latest_assessment(application)
    # an act that read its clock later and committed earlier must not look later than this one
    at = max(at, before.at) if before else at
    result = judgement.result(at=at)
    base, *overlays = judgement.rules.ids
    made = Assessment.objects.create(
        application=application,
        policy_version_id=base,
        overlays=overlays,
        engine=result.engine,
        inputs=judgement.inputs,
        at=at,
        verdict=result.verdict,
        changed_from=before.verdict if before and before.verdict != result.verdict else "",
        facts=engine.to_json(judgement.facts),
        findings=engine.to_json(result.findings),
    )
    record_event("application.assessed", about=application, by=by, at=at, verdict=result.verdict, policy=base)
    return made


@transaction.atomic
def record_finding(
    application: Application,
    code: str,
    outcome: engine.Outcome,
    *,
    reason: str,
    authority: str = "",
    by: Actor,
    at: datetime,
) -> OfficerFinding:
    """What an officer found on a clause left to the office (HKU-E1, E2, E4, UST-02…), then the rules run
    again. `authority` is who decided it, where the clause names somebody: the examiners (HKU-E4), School and
    department (UST-02, UST-03, UST-10).

    The same officer finding the same again for the same reason has found it once. Raises PermissionDenied
    without the right on this case, FindingRefused without a reason, once the case has ended, or for a clause
    that this case's policy does not leave to an officer or that an override settles.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    application, reason = _may_still_be_found(application, outcome, reason)
    if code in _overridden(application):
        raise FindingRefused(
            _("%(code)s is settled by an override. Whoever may override withdraws it first.") % {"code": code}
        )
    if code not in dict(clauses_for_officers(application)):
        raise FindingRefused(
            _("%(code)s is not left to an officer by this programme’s rules.") % {"code": code}
        )
    last = application.officer_findings.filter(code=code, overrides=False).order_by("found_at", "id").last()
    authority = " ".join(authority.split())
    same = (outcome, reason, authority, by.user.pk)
    if last and (last.outcome, last.reason, last.authority, last.found_by_id) == same:
        return last
    made = OfficerFinding.objects.create(
        application=application,
        code=code,
        outcome=outcome,
        reason=reason,
        authority=authority,
        found_by=by.user,
        found_at=at,
    )
    record_event("finding.recorded", about=application, by=by, at=at, code=code, outcome=outcome)
    assess_application(application, by=by, at=at)
    return made


@transaction.atomic
def settle_status(
    application: Application, status: str, *, reason: str, by: Actor, at: datetime
) -> SettledStatus:
    """What the applicant holds in Hong Kong, as an officer settled it; then the rules run again (C2, UST-18).

    It counts in the place of what was declared, which stays frozen, and the applicant is told. The same
    officer settling the same again has settled it once. Raises PermissionDenied without the right to verify
    on this case, FindingRefused without a reason, for no status at all, or once the case has ended.
    """
    check_can_with(Right.VERIFY_EVIDENCE, application, by=by, at=at)
    if not reason.strip():
        raise FindingRefused(_("Write what shows the status: it must be possible to defend it later."))
    if status not in ResidenceStatus.values or status == ResidenceStatus.NOT_SURE:
        raise FindingRefused(_("Choose the status the papers show."))
    application = lock_application(application)
    if application.has_ended:
        raise FindingRefused(_("This application has ended, so what the rules said stays as it is."))
    last = application.settled_statuses.last()
    if last and (last.status, last.reason, last.settled_by_id) == (status, reason.strip(), by.user.pk):
        return last
    made = SettledStatus.objects.create(
        application=application, status=status, reason=reason.strip(), settled_by=by.user, settled_at=at
    )
    record_event("status.settled", about=application, by=by, at=at, status=status)
    assess_application(application, by=by, at=at)
    write_to_applicant(application, "status_settled", at=at, settled=made)
    return made


@transaction.atomic
def record_shown_status(
    application: Application, shown: StatusAsShown, *, document: UUID, by: Actor, at: datetime
) -> ShownStatus:
    """What a verified proof shows about the status in Hong Kong (AMB-04b). Where it contradicts what counts
    so far, the rules leave the status to an officer until it is settled: nothing else follows by itself.

    The same of the same document is recorded once. Whoever calls has locked the case and asked who may, and
    runs the rules. Raises FindingRefused for no status, or days in the wrong order.
    """
    if shown.status not in ResidenceStatus.values or shown.status == ResidenceStatus.NOT_SURE:
        raise FindingRefused(_("Choose the status the papers show."))
    if shown.since and shown.until and shown.since > shown.until:
        raise FindingRefused(_("The status cannot end before it begins. Check both days."))
    said = {"status": shown.status, "since": shown.since, "until": shown.until, "document": document}
    last = application.shown_statuses.order_by("recorded_at", "id").last()
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return last
    received_on = day_of(application.submitted_at or at)
    contradicting = contradicts(shown, status_counting(application), received_on=received_on)
    made = ShownStatus.objects.create(
        application=application, contradicts=contradicting, recorded_by=by.user, recorded_at=at, **said
    )
    record_event(
        "status.contradicted" if contradicting else "status.shown",
        about=application,
        by=by,
        at=at,
        status=shown.status,
    )
    return made


def forget_shown_status(application: Application, *, document: UUID) -> None:
    """A proof that is not accepted after all shows nothing; inside the act that turned it down."""
    application.shown_statuses.filter(document=document).delete()


@transaction.atomic
def override_finding(
    application: Application,
    code: str,
    outcome: engine.Outcome,
    *,
    authority: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> OfficerFinding:
    """Put a result in the place of what a rule found, on a written authority, then the rules run again (C13).

    The rule's own finding stays beside it in every assessment. A second override of a rule takes the place of
    the first, which stays on the file; the very same by the same officer is one. Raises PermissionDenied
    without the right to override on this case, FindingRefused without authority or reason, once the case has
    ended, or for what is no rule of this case.
    """
    check_can_with(Right.OVERRIDE_FINDING, application, by=by, at=at)
    application, reason = _may_still_be_found(application, outcome, reason)
    authority = " ".join(authority.split())
    if not authority:
        raise FindingRefused(
            _(
                "Write on whose authority the rule is overridden: "
                "a person’s office, or a board and its minute."
            )
        )
    if code not in dict(clauses_to_override(application)):
        raise FindingRefused(_("%(code)s is no rule of this case that can be overridden.") % {"code": code})
    standing = application.officer_findings.filter(code=code, overrides=True, withdrawn_at=None)
    last = standing.order_by("found_at", "id").last()
    same = (outcome, authority, reason, by.user.pk)
    if last and (last.outcome, last.authority, last.reason, last.found_by_id) == same:
        return last
    made = OfficerFinding.objects.create(
        application=application,
        code=code,
        outcome=outcome,
        reason=reason,
        overrides=True,
        authority=authority,
        found_by=by.user,
        found_at=at,
    )
    record_event("finding.overridden", about=application, by=by, at=at, code=code, outcome=outcome)
    assess_application(application, by=by, at=at)
    return made


@transaction.atomic
def withdraw_override(override: OfficerFinding, *, reason: str, by: Actor, at: datetime) -> OfficerFinding:
    """Take an override back: what the rule or an officer found counts again, and the rules run again.

    Withdrawn already, it stays as it is. Raises PermissionDenied without the right to override on this case,
    FindingRefused without a reason, for what overrides nothing, or once the case has ended.
    """
    check_can_with(Right.OVERRIDE_FINDING, override.application, by=by, at=at)
    application = lock_application(override.application)
    if application.has_ended:
        raise FindingRefused(_("This application has ended, so what the rules said stays as it is."))
    if not reason.strip():
        raise FindingRefused(_("Write why the override is withdrawn: it stays on the file."))
    override = OfficerFinding.objects.select_for_update().get(pk=override.pk)
    if not override.overrides:
        raise FindingRefused(_("This finding overrides nothing. Record another one instead."))
    if override.is_withdrawn:
        return override
    override.withdrawn_by, override.withdrawn_at = by.user, at
    override.withdrawal_reason = reason.strip()
    override.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason", "updated_at"])
    record_event("finding.override_withdrawn", about=application, by=by, at=at, code=override.code)
    assess_application(application, by=by, at=at)
    return override


@transaction.atomic
def correct_answers(
    application: Application,
    *,
    group: str,
    row: int | None,
    values: dict[str, Any] | None,
    by: Actor,
    at: datetime,
) -> Correction:
    """Put the office's correction of a frozen answer beside it (B14), then the rules run again.

    `group`, `row` and `values` as in `Correction`. Whoever calls has locked the case and asked who may.
    """
    assert application.profile is not None, "a submitted case has its profile"
    made = Correction.objects.create(
        application=application,
        profile=application.profile,
        group=group,
        row=row,
        values=values,
        corrected_by=by.user,
        corrected_at=at,
    )
    record_event("application.corrected", about=application, by=by, at=at, group=group or "person")
    assess_if_changed(application, by=by, at=at)
    return made


def _may_still_be_found(
    application: Application, outcome: engine.Outcome, reason: str
) -> tuple[Application, str]:
    """The case, locked, and the reason as it is kept; FindingRefused where nothing can be found on it."""
    if not reason.strip():
        raise FindingRefused(_("Write the reason: it must be possible to defend this finding later."))
    application = lock_application(application)
    if application.has_ended:
        raise FindingRefused(_("This application has ended, so what the rules said stays as it is."))
    if outcome not in RESULTS:
        raise FindingRefused(_("Choose what you found: met, not met, needs evidence or does not apply."))
    return application, reason.strip()


def _overridden(application: Application) -> set[str]:
    return {row.code for row in application.officer_findings.all() if row.is_overriding}
