"""Letting somebody in late: making and revoking a code, entering it, giving one person more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.late_entry.codes import draw_code, fingerprints_of
from applications.late_entry.models import AccessCode, AccessCodeUse, Extension
from applications.late_entry.permissions import check_can_let_in_late
from applications.lifecycle.actions import lock_application, start_application
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.states import OPEN_TO_APPLICANT
from programmes.models import Offering, Programme, Round, refused_from

MOST_USES = 500


class LateEntryRefused(Refusal):
    """What the office asked for would let nobody in."""


class CodeRefused(Refusal):
    """The code does not open this application. `is_unknown`: there is no such code, so it may be a guess."""

    def __init__(self, sentence: str, *, is_unknown: bool = False) -> None:
        super().__init__(sentence)
        self.is_unknown = is_unknown


@dataclass(frozen=True, slots=True)
class CodeScope:
    """What a code opens: a whole programme, one offering of it, or one round of that offering."""

    programme: Programme
    offering: Offering | None = None
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """`valid_until` is the last minute (HKT), counted in full; `email` names the one person it is for."""

    valid_until: datetime
    most_uses: int = 1
    email: str = ""
    note: str = ""


@transaction.atomic
def make_access_code(
    scope: CodeScope, terms: CodeTerms, *, by: Actor, at: datetime
) -> tuple[AccessCode, str]:
    """A new code and its text, which nobody can read again later: only a fingerprint is kept.

    Raises PermissionDenied without the right to decide on the programme's applications, LateEntryRefused for
    an end that has passed or a number of uses that makes no sense.
    """
    check_can_let_in_late(scope.programme, by=by, at=at)
    closed_from = _end(terms.valid_until, at)
    if not 1 <= terms.most_uses <= MOST_USES:
        raise LateEntryRefused(
            _("A code can be used 1 to %(most)d times; %(given)d is not in between.")
            % {"most": MOST_USES, "given": terms.most_uses}
        )
    shown, fingerprint = draw_code()
    code = AccessCode.objects.create(
        programme=scope.programme,
        offering=scope.offering,
        round=scope.round,
        fingerprint=fingerprint,
        most_uses=terms.most_uses,
        email=terms.email.strip().lower(),
        note=terms.note.strip(),
        valid_until=terms.valid_until,
        closed_from=closed_from,
        made_by=by.user,
        made_at=at,
    )
    record_event(
        "code.made",
        about=code,
        by=by,
        at=at,
        programme=scope.programme.pk,
        offering=scope.offering.pk if scope.offering else None,
        round=scope.round.pk if scope.round else None,
        until=terms.valid_until.isoformat(),
        uses=terms.most_uses,
        for_one_person=bool(terms.email),
    )
    return code, shown


@transaction.atomic
def revoke_access_code(code: AccessCode, *, by: Actor, at: datetime) -> AccessCode:
    """The code opens nothing any more, not even a draft that has entered it; what was submitted stays.

    Revoked before: nothing changes. Raises PermissionDenied without the right.
    """
    check_can_let_in_late(code.programme, by=by, at=at)
    locked = AccessCode.objects.select_for_update().get(pk=code.pk)
    if _revoke(locked, by, at):
        record_event("code.revoked", about=locked, by=by, at=at)
    return locked


@transaction.atomic
def use_access_code(application: Application, typed: str, *, by: Actor, at: datetime) -> AccessCodeUse:
    """The applicant enters a code for a draft, which may then be submitted until the code's last minute.

    The code's row is locked while its uses are counted: of two people at once on the last use, one gets it.
    Entered again for the same draft it is no second use. Raises PermissionDenied for another's application,
    CodeRefused with what to do where the code does not exist, was revoked, has ended, is for another
    programme, mode or person, or is used up, and for an application that is submitted already.
    """
    check_is_own(application, by)
    application = lock_application(application)
    if application.state not in OPEN_TO_APPLICANT:
        raise CodeRefused(_("This application has been submitted; it needs no code."))
    if application.amends_id is not None:
        raise CodeRefused(
            _("A code is for what has not been submitted yet. Propose this change to the office instead.")
        )
    code = (
        AccessCode.objects.select_for_update(of=("self",))
        .select_related(
            "programme__office", "offering__intake__programme", "round__offering__intake__programme"
        )
        .filter(fingerprint__in=fingerprints_of(typed))
        .first()
    )
    if code is None:
        raise CodeRefused(
            _(
                "No code is written like this. Compare it, letter by letter, with what the office sent you; "
                "it has 12 letters and figures."
            ),
            is_unknown=True,
        )
    if why := _why_closed(code, application, at):
        raise CodeRefused(why)
    if earlier := code.uses.filter(application=application).first():
        return earlier
    if code.uses.count() >= code.most_uses:
        raise CodeRefused(
            _("This code has been used as often as it may be. Ask the %(office)s for another one.")
            % {"office": code.programme.office.name}
        )
    use = AccessCodeUse.objects.create(code=code, application=application, used_by=by.user, used_at=at)
    record_event(
        "application.access_code_used",
        about=application,
        by=by,
        at=at,
        code=code.pk,
        until=code.valid_until.isoformat(),
    )
    return use


@transaction.atomic
def start_with_code(
    applicant: Applicant, offering: Offering, typed: str, *, by: Actor, at: datetime
) -> Application:
    """A draft for an offering whose rounds have closed, and the code entered for it; both or neither.

    Raises what `start_application` and `use_access_code` raise.
    """
    application = start_application(applicant, offering, by=by, at=at)
    use_access_code(application, typed, by=by, at=at)
    return application


@transaction.atomic
def extend_deadline(
    offering: Offering, *, email: str, valid_until: datetime, reason: str, by: Actor, at: datetime
) -> Extension:
    """One person may submit their application for the offering until that minute (HKT), counted in full.

    The same given twice, by a second click, is given once. Whoever has a draft is told by message. The office
    is not told whether there is one. Raises PermissionDenied without the right to decide on the programme's
    applications, LateEntryRefused for an end that has passed.
    """
    check_can_let_in_late(offering.programme, by=by, at=at)
    closed_from = _end(valid_until, at)
    # locked, so that two clicks at once find each other
    Offering.objects.select_for_update(of=("self",)).get(pk=offering.pk)
    given = {
        "offering": offering,
        "email": email.strip().lower(),
        "reason": reason.strip(),
        "valid_until": valid_until,
        "made_by": by.user,
    }
    if same := Extension.objects.filter(**given, revoked_at=None).first():
        return same
    extension = Extension.objects.create(**given, closed_from=closed_from, made_at=at)
    record_event(
        "extension.given",
        about=extension,
        by=by,
        at=at,
        offering=offering.pk,
        until=valid_until.isoformat(),
    )
    draft = Application.objects.filter(
        offering=offering,
        applicant__user__email__iexact=extension.email,
        state__in=OPEN_TO_APPLICANT,
        amends=None,
    ).first()
    if draft is not None:
        write_to_applicant(draft, "extension_given", at=at, until=valid_until)
    return extension


@transaction.atomic
def revoke_extension(extension: Extension, *, by: Actor, at: datetime) -> Extension:
    """The extension allows nothing any more; what was submitted under it stays.

    Revoked before: nothing changes. Raises PermissionDenied without the right.
    """
    check_can_let_in_late(extension.offering.programme, by=by, at=at)
    locked = Extension.objects.select_for_update().get(pk=extension.pk)
    if _revoke(locked, by, at):
        record_event("extension.revoked", about=locked, by=by, at=at)
    return locked


def record_late_receipt(
    application: Application, entry: AccessCode | Extension, *, by: Actor, at: datetime
) -> None:
    """Write into the case's history by which code or extension it was received after the close."""
    kind = "code" if isinstance(entry, AccessCode) else "extension"
    record_event("application.received_late", about=application, by=by, at=at, **{kind: entry.pk})


def _end(valid_until: datetime, at: datetime) -> datetime:
    closed_from = refused_from(valid_until)
    if closed_from <= at:
        raise LateEntryRefused(
            _("%(when)s has passed. Choose a later day or time.") % {"when": hong_kong_time(valid_until)}
        )
    return closed_from


def _revoke(locked: AccessCode | Extension, by: Actor, at: datetime) -> bool:
    """Whether it was open until now."""
    if locked.is_revoked:
        return False
    locked.revoked_by, locked.revoked_at = by.user, at
    locked.save(update_fields=["revoked_by", "revoked_at"])
    return True


def _why_closed(code: AccessCode, application: Application, at: datetime) -> str:
    """Why a code that exists does not open this application; "" where it does."""
    office = {"office": code.programme.office.name}
    if code.is_revoked:
        return _("This code has been withdrawn. Ask the %(office)s, which gave it.") % office
    if code.is_over(at):
        return _(
            "This code could be used until %(when)s. Ask the %(office)s whether you may still apply."
        ) % {"when": hong_kong_time(code.valid_until), **office}
    if code.email and (application.applicant.user.email.lower() != code.email):
        return (
            _(
                "This code was made for another person’s account. Sign in with the address to which the "
                "%(office)s wrote, or ask it for a code of your own."
            )
            % office
        )
    if not code.is_for(application.offering):
        return _(
            "This code is for “%(covered)s”. Your application is for “%(offering)s”: begin one for what the "
            "code is for, or ask the %(office)s."
        ) % {"covered": code.covers, "offering": application.offering, **office}
    return ""
