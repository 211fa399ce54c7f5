"""Preparing a decision, changing it, looking again, withdrawing it. The applicant learns nothing of it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.history.actions import record_event
from admissions_portal.papers.actions import request_paper
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.decisions.models import (
    OPEN_PREPARED,
    ItemStatus,
    PreparedDecision,
    PreparedStatus,
    RefusalReason,
    ReleaseItem,
)
from applications.decisions.queries import prepared_of, version_of_case
from applications.decisions.terms import DecisionTerms, clauses_not_met
from applications.lifecycle.actions import lock_application, moved_on
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_can_with
from applications.offers.actions import check_terms_in_time, drafted_offer
from applications.offers.letter import TEMPLATE, letter_context
from applications.offers.terms import catalogue_terms


class DecisionRefused(Refusal):
    """The decision lacks something the applicant has a right to, or is not where this can be done to it."""


@transaction.atomic
def prepare_decision(
    application: Application, *, terms: DecisionTerms, by: Actor, at: datetime
) -> PreparedDecision:
    """Write down what the office means to decide, with the letter it would cause; nobody outside is told.

    Raises PermissionDenied without the right to decide, DecisionRefused where one is being prepared already
    or a refusal lacks its reason, OfferRefused for dates that have passed, PaperRefused where the letter
    cannot be printed, TransitionRefused for a case that is decided.
    """
    prepared = write_prepared(application, terms=terms, by=by, at=at)
    _preview(prepared, at=at)
    record_event("decision.prepared", about=application, by=by, at=at)
    return prepared


def write_prepared(
    application: Application, *, terms: DecisionTerms, by: Actor, at: datetime
) -> PreparedDecision:
    """The row alone, without preview and history: what is released in the same breath needs neither."""
    check_can_with(Right.DECIDE, application, by=by, at=at)
    locked = lock_application(application)
    _check(locked, terms, at=at)
    if prepared_of(locked):
        raise DecisionRefused(
            _("A decision on this case is being prepared already. Change, release or withdraw that one.")
        )
    try:
        with transaction.atomic():
            return PreparedDecision.objects.create(
                application=application,
                terms=catalogue_terms(locked) if terms.offer else {},
                version=version_of_case(application),
                prepared_at=at,
                prepared_by=by.user,
                **terms.as_fields(),
            )
    except IntegrityError:  # a colleague was first
        raise DecisionRefused(_("Somebody has prepared a decision on this case meanwhile.")) from None


@transaction.atomic
def change_prepared(
    prepared: PreparedDecision, *, terms: DecisionTerms, by: Actor, at: datetime
) -> PreparedDecision:
    """Change what is to be decided: checks given before fall away, and a release it waited in leaves it out.

    Raises as `prepare_decision`, and DecisionRefused once it is released or withdrawn.
    """
    prepared = _locked(prepared, by=by, at=at)
    _check(prepared.application, terms, at=at)
    for name, value in terms.as_fields().items():
        setattr(prepared, name, value)
    prepared.terms = catalogue_terms(prepared.application) if terms.offer else {}
    prepared.status, prepared.revision = PreparedStatus.PREPARED, prepared.revision + 1
    prepared.version = version_of_case(prepared.application)
    prepared.changed_at, prepared.changed_by = at, by.user
    prepared.save()
    prepared.__dict__.pop("checks_given", None)
    prepared.__dict__.pop("sent_back", None)
    _leave_release(prepared, _("It was changed after the release was confirmed."))
    _preview(prepared, at=at)
    record_event("decision.changed", about=prepared.application, by=by, at=at)
    return prepared


@transaction.atomic
def look_again(prepared: PreparedDecision, *, by: Actor, at: datetime) -> PreparedDecision:
    """The office has looked at what changed on the case since, and the decision stands as it is, with the
    checks it has. The letter's preview is made anew: an address may be among what changed.

    Raises PermissionDenied without the right to decide, DecisionRefused once it is released or withdrawn.
    """
    prepared = _locked(prepared, by=by, at=at)
    prepared.version = version_of_case(prepared.application)
    prepared.save(update_fields=["version", "updated_at"])
    _preview(prepared, at=at)
    record_event("decision.looked_again", about=prepared.application, by=by, at=at)
    return prepared


@transaction.atomic
def withdraw_prepared(
    prepared: PreparedDecision, *, reason: str = "", by: Actor, at: datetime
) -> PreparedDecision:
    """The office gives up what it had prepared; it stays on the file. Raises as `look_again`."""
    prepared = _locked(prepared, by=by, at=at)
    return _end(prepared, reason.strip(), _("It was withdrawn by the office."), by=by, at=at)


@transaction.atomic
def end_prepared(application: Application, *, by: Actor, at: datetime) -> None:
    """The case has ended otherwise: what was being prepared on it ends as well. Asks nobody's right."""
    if prepared := prepared_of(application):
        _end(prepared, "", _("The applicant withdrew the application."), by=by, at=at)


def _end(prepared: PreparedDecision, reason: str, why: str, *, by: Actor, at: datetime) -> PreparedDecision:
    prepared.status, prepared.ended_at, prepared.end_reason = PreparedStatus.WITHDRAWN, at, reason
    prepared.save(update_fields=["status", "ended_at", "end_reason", "updated_at"])
    drop_preview(prepared)
    _leave_release(prepared, why)
    record_event("decision.withdrawn", about=prepared.application, by=by, at=at)
    return prepared


def locked_prepared(prepared: PreparedDecision) -> PreparedDecision:
    """The row as it is now, its case locked first: the same order everywhere."""
    lock_application(prepared.application)
    return (
        PreparedDecision.objects.select_for_update(of=("self",))
        .select_related("application__offering__intake__programme__institution", "application__profile")
        .get(pk=prepared.pk)
    )


def _locked(prepared: PreparedDecision, *, by: Actor, at: datetime) -> PreparedDecision:
    check_can_with(Right.DECIDE, prepared.application, by=by, at=at)
    locked = locked_prepared(prepared)
    if locked.status not in OPEN_PREPARED:
        raise DecisionRefused(
            _("This prepared decision is “%(status)s”. Open the case to see where it stands.")
            % {"status": locked.get_status_display()}
        )
    return locked


def _check(application: Application, terms: DecisionTerms, *, at: datetime) -> None:
    """Is it a decision at all? Whether it can be released is asked at the release."""
    if not application.is_considered:
        raise moved_on(application)
    if terms.offer is not None:
        check_terms_in_time(terms.offer, at=at)
        return
    if not terms.reasons or any(ground.reason not in RefusalReason.values for ground in terms.reasons):
        raise DecisionRefused(_("Choose the reason: the applicant is told it."))
    if len(set(terms.reasons)) < len(terms.reasons):
        raise DecisionRefused(_("A reason stands there twice. Leave one of them out."))
    named = {ground.clause for ground in terms.reasons if ground.clause}
    if named and named - {code for code, _title in clauses_not_met(application)}:
        raise DecisionRefused(
            _("The rules no longer find that clause unmet. Choose among those that are not met now.")
        )


def _preview(prepared: PreparedDecision, *, at: datetime) -> None:
    """Ask for the very letter, marked as a preview; the one of an earlier revision is gone."""
    drop_preview(prepared)
    if not prepared.is_offer:
        return
    application, terms = prepared.application, prepared.offer_terms
    offer = drafted_offer(application, terms=terms, frozen=prepared.terms, at=at)
    prepared.preview = request_paper(
        "offer_preview",
        number=f"PREVIEW-{prepared.pk.hex[:8].upper()}-{version_of_case(application)}-{prepared.revision}",
        template=TEMPLATE,
        context={**letter_context(offer, terms.conditions), "is_preview": True},
        about=prepared,
        at=at,
    )
    prepared.save(update_fields=["preview", "updated_at"])


def drop_preview(prepared: PreparedDecision) -> None:
    """A preview is no letter: once it shows nothing that counts, it is gone."""
    if prepared.preview is not None:
        preview, prepared.preview = prepared.preview, None
        prepared.save(update_fields=["preview", "updated_at"])
        preview.delete()


def _leave_release(prepared: PreparedDecision, why: str) -> None:
    ReleaseItem.objects.filter(prepared=prepared, status=ItemStatus.WAITING).update(
        status=ItemStatus.STAYED, why=why
    )
