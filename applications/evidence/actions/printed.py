"""What a document prints of a person, recorded; and what differs, settled (D6)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from applications.applicants.names import tidy, tidy_chinese
from applications.evidence.actions.refusals import DocumentRefused
from applications.evidence.models import Document, PrintedDifference, PrintedIdentity, SettledAs, WhatDiffers
from applications.evidence.permissions import check_can_check_document
from applications.evidence.printed import AsPrinted, compared_on
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application


def record_printed(document: Document, printed: AsPrinted, *, by: Actor, at: datetime) -> PrintedIdentity:
    """Keep what the document prints, inside the act that verifies it, whose caller has locked the case; then
    compare again. The same once more is nothing new."""
    said = {
        "name": tidy(printed.name),
        "chinese_name": tidy_chinese(printed.chinese_name),
        "date_of_birth": printed.date_of_birth,
    }
    if printed.date_of_birth and printed.date_of_birth > day_of(at):
        raise DocumentRefused(
            _("%(day)s is still to come: nobody was born then.")
            % {"day": hong_kong_day(printed.date_of_birth)}
        )
    for name, text in (("name", tidy(printed.name)), ("chinese_name", tidy_chinese(printed.chinese_name))):
        most = getattr(PrintedIdentity._meta.get_field(name), "max_length", None) or 0
        if len(text) > most:
            raise DocumentRefused(_("A name may have up to %(most)d characters.") % {"most": most})
    last = document.printed.filter(superseded_at=None).first()
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return last
    _supersede(document, at=at)
    made = PrintedIdentity.objects.create(
        application=document.application, document=document, recorded_by=by.user, recorded_at=at, **said
    )
    if last:
        record_event(
            "document.print_corrected", about=document.application, by=by, at=at, document=str(document.pk)
        )
    compare_again(document.application, by=by, at=at)
    return made


def forget_printed(document: Document, *, by: Actor, at: datetime) -> None:
    """A document that is not accepted proves nothing of anybody's name."""
    if _supersede(document, at=at):
        compare_again(document.application, by=by, at=at)


def _supersede(document: Document, *, at: datetime) -> int:
    PrintedDifference.objects.filter(printed__document=document, settled_at=None).delete()
    return document.printed.filter(superseded_at=None).update(superseded_at=at, updated_at=at)


@transaction.atomic
def compare_again(application: Application, *, by: Actor, at: datetime) -> None:
    """Compare every print of the case with the profile as it counts now, and with each other: what differs
    waits for an officer, what agrees after all waits no longer. What was settled stays. For whoever changed
    the profile, inside that act."""
    case = Application.objects.select_related("profile", "applicant").get(pk=application.pk)
    there = {
        (difference.printed_id, difference.what): difference for difference in case.printed_differences.all()
    }
    found = {
        (compared.printed.pk, what): compared.printed
        for compared in compared_on(case)
        for what in compared.differs_in
    }
    for key, difference in there.items():
        if key not in found and not difference.is_settled:
            difference.delete()
    for (printed_pk, what), printed in found.items():
        if (printed_pk, what) in there:
            continue
        PrintedDifference.objects.create(application=case, printed=printed, what=what, found_at=at)
        record_event(
            "document.difference_found",
            about=case,
            by=by,
            at=at,
            document=str(printed.document_id),
            what=str(what),
        )


@transaction.atomic
def settle_difference(
    difference: PrintedDifference,
    *,
    settled_as: SettledAs,
    reason: str,
    deed: Document | None = None,
    by: Actor,
    at: datetime,
) -> PrintedDifference:
    """An officer says why a name or birth date that differs is this person's: another name of theirs, a name
    changed by a deed among the case's documents, or an explanation. An alias and a changed name are known
    from then on, whatever document prints them.

    Settled already, the latest word counts. Raises PermissionDenied without the right to verify evidence on
    this case, DocumentRefused without a reason that fits or a deed, for an alias of a birth date, where it
    was compared well meanwhile, or once the case has ended.
    """
    check_can_check_document(difference.printed.document, by, at)
    reason = " ".join(reason.split())
    if not reason:
        raise DocumentRefused(_("Write the reason: it must be possible to defend this later."))
    most = PrintedDifference._meta.get_field("reason").max_length or 0
    if len(reason) > most:
        raise DocumentRefused(_("The reason may have up to %(most)d characters.") % {"most": most})
    case = lock_application(difference.application)
    locked = _locked(difference, case)
    if settled_as not in SettledAs.values:
        raise DocumentRefused(_("Choose how it is settled."))
    if locked.what == WhatDiffers.DATE_OF_BIRTH and settled_as == SettledAs.ALIAS:
        raise DocumentRefused(
            _("Nobody has two dates of birth. Explain it, or name the document that shows it.")
        )
    if settled_as != SettledAs.DEED:
        deed = None
    elif deed is None or deed.application_id != case.pk or deed.is_rejected:
        raise DocumentRefused(_("Choose the document that shows the change, or ask the applicant for it."))
    said = (settled_as, reason, deed.pk if deed else None, by.user.pk)
    if (locked.settled_as, locked.reason, locked.deed_id, locked.settled_by_id) == said:
        return locked
    locked.settled_as, locked.reason, locked.deed = settled_as, reason, deed
    locked.settled_by, locked.settled_at = by.user, at
    locked.save()
    record_event(
        "document.difference_settled",
        about=case,
        by=by,
        at=at,
        document=str(locked.printed.document_id),
        what=locked.what,
        settled_as=str(settled_as),
    )
    compare_again(case, by=by, at=at)
    return locked


@transaction.atomic
def reopen_difference(difference: PrintedDifference, *, by: Actor, at: datetime) -> None:
    """Take back how a difference was settled: it waits for an officer again, unless it compares well by now.

    Raises PermissionDenied without the right to verify evidence on this case, DocumentRefused once the case
    has ended.
    """
    check_can_check_document(difference.printed.document, by, at)
    case = lock_application(difference.application)
    locked = _locked(difference, case)
    if not locked.is_settled:
        return
    locked.settled_as, locked.reason, locked.deed = "", "", None
    locked.settled_by = locked.settled_at = None
    locked.save()
    record_event(
        "document.difference_reopened",
        about=case,
        by=by,
        at=at,
        document=str(locked.printed.document_id),
        what=locked.what,
    )
    compare_again(case, by=by, at=at)


def _locked(difference: PrintedDifference, case: Application) -> PrintedDifference:
    if case.has_ended:
        raise DocumentRefused(_("This application has ended, so its documents stay as they are."))
    row = (
        PrintedDifference.objects.select_for_update(of=("self",))
        .select_related("printed")
        .filter(pk=difference.pk, application=case, printed__superseded_at=None)
        .first()
    )
    if row is None:
        raise DocumentRefused(_("This no longer differs. Reload the page."))
    return row
