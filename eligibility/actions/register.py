"""The acceptance register: what an office accepts once, later cases are met by (C15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_countries import countries

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from eligibility.actions.refusals import DraftChanged, PreviewMissing, RegisterRefused, SecondPersonMissing
from eligibility.engine import DegreeLevel
from eligibility.models import AcceptedAward
from eligibility.permissions import check_can_edit_register
from eligibility.queries import latest_preview, spelling

LONGEST_NAME, LONGEST_TEXT = 200, 2000


@dataclass(frozen=True)
class AcceptanceTerms:
    """What an entry says. `names` and `titles` are spellings; no titles, level or country: any; no programme:
    every programme of the institution. Days are of receipt (HKT), both included."""

    institution_code: str
    names: Sequence[str]
    kind: str
    in_force_from: date
    why: str
    programme_slug: str = ""
    country: str = ""
    titles: Sequence[str] = ()
    level: str = ""
    until: date | None = None


@transaction.atomic
def draft_acceptance(terms: AcceptanceTerms, *, by: Actor, at: datetime) -> AcceptedAward:
    """Write an entry that judges nothing yet.

    Raises PermissionDenied without the right over every programme it is for, and RegisterRefused with all
    that is wrong.
    """
    check_can_edit_register(by, terms.institution_code, terms.programme_slug, at)
    entry = AcceptedAward(drafted_by=by.user, drafted_at=at)
    _write(entry, terms)
    entry.save()
    record_event("acceptance.drafted", about=entry, by=by, at=at, reference=entry.reference)
    return entry


@transaction.atomic
def save_acceptance(
    entry: AcceptedAward, terms: AcceptanceTerms, *, seen: str, by: Actor, at: datetime
) -> AcceptedAward:
    """Keep what was written in a draft; `seen` is its `edition` when the form was opened.

    Raises PermissionDenied, DraftChanged where somebody else changed it meanwhile, RegisterRefused.
    """
    check_can_edit_register(by, terms.institution_code, terms.programme_slug, at)
    entry = _lock_draft(entry, seen=seen, by=by, at=at)
    before = entry.edition
    _write(entry, terms)
    if entry.edition == before:
        return entry
    entry.drafted_by, entry.drafted_at = by.user, at
    entry.save()
    record_event("acceptance.saved", about=entry, by=by, at=at, reference=entry.reference)
    return entry


@transaction.atomic
def discard_acceptance(entry: AcceptedAward, *, by: Actor, at: datetime) -> None:
    """Throw a draft away with its previews. Raises PermissionDenied and DraftChanged; twice is once."""
    check_can_edit_register(by, entry.institution_code, entry.programme_slug, at)
    if not AcceptedAward.objects.filter(pk=entry.pk).exists():
        return
    entry = _lock_draft(entry, by=by, at=at)
    record_event("acceptance.discarded", about=entry, by=by, at=at, reference=entry.reference)
    entry.delete()


@transaction.atomic
def put_acceptance_in_force(
    entry: AcceptedAward, *, by: Actor, at: datetime, seen: str = ""
) -> AcceptedAward:
    """Let the entry judge cases received from its day on; from now on only its withdrawal can be added.

    `seen` is the edition that was looked at. In force already: nothing changes. Raises PermissionDenied,
    DraftChanged, PreviewMissing unless the effects of this very entry were looked at, SecondPersonMissing
    where two are asked for and whoever saved it last asks.
    """
    check_can_edit_register(by, entry.institution_code, entry.programme_slug, at)
    entry = _lock_draft(entry, seen=seen, by=by, at=at)
    if latest_preview(entry) is None:
        raise PreviewMissing(
            _(
                "Nobody has looked at what this entry would change as it stands now. "
                "Preview its effects first."
            )
        )
    if settings.POLICIES_BY_TWO and entry.drafted_by == by.user:
        raise SecondPersonMissing(
            _("You saved this entry last, so somebody else must put it in force. Ask a colleague.")
        )
    entry.put_in_force_by, entry.put_in_force_at = by.user, at
    entry.save(update_fields=["put_in_force_by", "put_in_force_at"])
    record_event("acceptance.put_in_force", about=entry, by=by, at=at, reference=entry.reference)
    return entry


@transaction.atomic
def withdraw_acceptance(entry: AcceptedAward, *, reason: str, by: Actor, at: datetime) -> AcceptedAward:
    """End an entry: cases received from today on (HKT) are no longer met by it. Assessments already made
    keep what they cite. Withdrawn already: nothing changes.

    Raises PermissionDenied, and RegisterRefused without a reason or for a draft.
    """
    check_can_edit_register(by, entry.institution_code, entry.programme_slug, at)
    reason = reason.strip()
    entry = AcceptedAward.objects.select_for_update().get(pk=entry.pk)
    if entry.is_withdrawn:
        return entry
    if entry.is_draft:
        raise RegisterRefused([_("This entry is not in force, so discard it instead.")])
    if not reason:
        raise RegisterRefused([_("Write why it is withdrawn: it is kept with the entry.")])
    if len(reason) > LONGEST_TEXT:
        raise RegisterRefused([_too_long()])
    entry.withdrawn_by, entry.withdrawn_at, entry.withdrawal_reason = by.user, at, reason
    entry.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    record_event("acceptance.withdrawn", about=entry, by=by, at=at, reference=entry.reference)
    return entry


def _lock_draft(entry: AcceptedAward, *, by: Actor, at: datetime, seen: str = "") -> AcceptedAward:
    """The draft as it stands, locked, and the actor's to change as it stands."""
    found = (
        AcceptedAward.objects.select_for_update(of=("self",))
        .select_related("drafted_by")
        .filter(pk=entry.pk)
        .first()
    )
    if found is None:
        raise DraftChanged(_("This entry was discarded meanwhile, so nothing was saved."))
    check_can_edit_register(by, found.institution_code, found.programme_slug, at)
    if not found.is_draft:
        raise DraftChanged(
            _("This entry is in force, so it stays as it is. Withdraw it and write another if it is wrong.")
        )
    if seen and seen != found.edition:
        raise DraftChanged(
            _(
                "%(person)s has saved this entry since you opened it. Your entries are still here and "
                "theirs are kept: compare the two, then save again."
            )
            % {"person": found.drafted_by}
        )
    return found


def _write(entry: AcceptedAward, terms: AcceptanceTerms) -> None:
    if problems := list(_problems(terms)):
        raise RegisterRefused(problems)
    entry.institution_code, entry.programme_slug = terms.institution_code, terms.programme_slug
    entry.names, entry.titles = _spellings(terms.names), _spellings(terms.titles)
    entry.country, entry.level, entry.kind = terms.country, terms.level, terms.kind
    entry.in_force_from, entry.until = terms.in_force_from, terms.until
    entry.why = terms.why.strip()


def _problems(terms: AcceptanceTerms) -> Iterator[str]:
    names, titles = _spellings(terms.names), _spellings(terms.titles)
    if not names:
        yield _("Write the institution’s name as certificates print it, each spelling on a line of its own.")
    for text in (*names, *titles):
        if not spelling(text):
            yield _("“%(text)s” has no letter or number, so nothing could equal it.") % {"text": text}
        if len(text) > LONGEST_NAME:
            yield _("“%(text)s…” is longer than %(most)s characters.") % {
                "text": text[:40],
                "most": LONGEST_NAME,
            }
    if terms.country and terms.country not in countries:
        yield _("“%(country)s” is no country or region of the list.") % {"country": terms.country}
    if terms.level and terms.level not in list(DegreeLevel):
        yield _("Choose the level of the award from the list.")
    if terms.kind not in AcceptedAward.Kind.values:
        yield _("Choose what it is accepted as: recognised, equivalent or comparable.")
    if terms.until and terms.until < terms.in_force_from:
        yield _("It would end before it begins. Choose a later last day, or none.")
    if not terms.why.strip():
        yield _("Write why it is accepted: later cases rest on it.")
    if len(terms.why.strip()) > LONGEST_TEXT:
        yield _too_long()


def _too_long() -> str:
    return _("The reason is longer than %(most)s characters. Shorten it.") % {"most": LONGEST_TEXT}


def _spellings(texts: Sequence[str]) -> list[str]:
    """As written, without blanks around them, and none twice."""
    return list(dict.fromkeys(text for typed in texts if (text := " ".join(typed.split()))))
