"""Saving a section of the form, and submitting the whole."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.papers.models import new_code
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.actions import freeze_profile
from applications.applicants.models import Applicant
from applications.applicants.queries import fingerprint_of
from applications.assessments.actions import assess_application
from applications.lifecycle.actions import apply_transition, lock_application, next_number
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.transitions import Move
from applications.submission.declarations import Declaration, in_force
from applications.submission.models import SectionVisit, Submission, UnsavedText
from applications.submission.opened import OpenedPage
from applications.submission.receipts import content_of, send_receipt
from applications.submission.rounds import round_receiving, status_of, why_none_receives
from applications.submission.sections import (
    Comparison,
    Filled,
    Filling,
    FormSection,
    Problem,
    Typed,
    problems_of,
)
from applications.submission.unsaved import forget_shown, keep_typed, storable

# New items whose rows are remembered, so that a page sent twice makes none of them twice.
MOST_MADE = 60


class SubmissionRefused(Refusal):
    """No round takes the application now, or the declaration is not the one in force."""


class ApplicationIncomplete(SubmissionRefused):
    """Something is still to be put right; `problems` are all of it."""

    def __init__(self, sentence: str, problems: list[Problem]) -> None:
        super().__init__(sentence)
        self.problems = problems


class SectionRefused(Refusal):
    """The form can no longer be written: the application has been submitted."""


@transaction.atomic
def save_section(
    application: Application,
    section: FormSection,
    typed: Typed,
    *,
    by: Actor,
    at: datetime,
    remove: tuple[str, int] | None = None,
    opened: OpenedPage | None = None,
    number: int = 0,
) -> Filled:
    """Keep what was typed: what is right in its column, and everything as text while something is not.

    `opened` is the page it was typed on. Where another page has saved the section since and the two answer a
    field differently, nothing is written: the text waits as it is until the person chooses, and the section
    comes back with `is_held`. What only one of the two has is kept. `number` counts what the page has sent.
    `remove` names a repeated item by its group and its number on the page, counted from 0. What is not on
    the page, because another tab added it, stays. Returns the section as it now stands, with its problems.
    Raises PermissionDenied for another's application and SectionRefused once it is submitted.
    """
    check_is_own(application, by)
    application = lock_application(application)
    if not application.is_draft:
        raise SectionRefused(
            _(
                "This application has been submitted, so its answers stay as they are. Write to the office "
                "to change one."
            )
        )
    # locked, so that one form arriving twice at once makes no row twice
    application.applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
    filling = Filling(application, at=at)
    typed = storable(typed)
    visit = filling.visits.get(section.key)
    if opened is not None and visit is not None and _is_stale(opened, visit):
        both = Comparison(section.current(filling), section.fill(filling, typed, judged=False))
        if both.differences:
            keep_typed(opened, typed, at=at, number=number)
            both.saved.is_held = True
            return both.saved
        typed, remove = both.composed({}), remove and _found_again(typed, both.composed({}), *remove)
        filling = Filling(application, at=at)
    if remove is not None:
        typed = _without(filling, section, typed, *remove)
    filled = section.fill(filling, typed)
    problems = filled.problems
    filled.keep()
    visit = visit or SectionVisit(
        applicant=application.applicant,
        application=None if section.in_profile else application,
        section=section.key,
    )
    visit.saved_at, visit.typed = at, filled.typed() if problems else None
    visit.version += 1
    visit.page, visit.number = (opened.page, number) if opened is not None else (None, 0)
    visit.made = dict(list({**visit.made, **filled.made}.items())[-MOST_MADE:])
    visit.save()
    if opened is not None:
        UnsavedText.objects.filter(pk=opened.page, applicant=application.applicant).delete()
        forget_shown(opened)
    return filled


@transaction.atomic
def submit_application(
    application: Application, *, declaration: Declaration, by: Actor, at: datetime
) -> Submission:
    """Receive the application at `at`, the server's time once the whole request is in (AMB-03).

    One transaction decides: the row is locked first, then rounds and answers are read and compared with
    `at` (AMB-01, AMB-02). The profile is frozen, the rules are run (and block nothing, UST-05), the case
    gets its number and its round, and the receipt is queued. Submitted before, by a second click or another
    tab: the same submission. Raises PermissionDenied for another's application, SubmissionRefused with what
    to do next where no round takes it or the declaration is outdated, and ApplicationIncomplete with every
    problem.
    """
    check_is_own(application, by)
    application = lock_application(application)
    if earlier := Submission.objects.filter(application=application).first():
        return earlier
    # locked too: what is judged below is what is frozen, whatever another draft's form writes meanwhile
    application.applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
    offering = application.offering
    rounds = list(offering.rounds.all())
    status = status_of(application, at=at)
    round_ = round_receiving(rounds, status, at=at)
    if round_ is None:
        raise SubmissionRefused(why_none_receives(rounds, status, at=at))
    if problems := problems_of(application, at=at):
        raise ApplicationIncomplete(
            _("The application is not complete yet. Each line below leads to what is missing."), problems
        )
    if declaration != in_force(on=day_of(at)):
        raise SubmissionRefused(
            _(
                "Read the declaration and the privacy notice below and tick both; then submit again. "
                "Nothing is lost."
            )
        )
    profile = freeze_profile(application.applicant, at=at)
    assess_application(application, by=by, at=at, received_at=at)
    # the series stays locked until the transaction ends, so this comes as late as it can
    number = next_number(f"{offering.programme.number_prefix}{offering.intake.code[-2:]}")
    application = apply_transition(
        application,
        Move.SUBMIT,
        by=by,
        at=at,
        fields={"number": number, "submitted_at": at, "round": round_, "profile": profile},
        number=number,
        round=round_.pk,
    )
    content = content_of(application, profile, round_, number=number, declaration=declaration, at=at)
    submission = Submission.objects.create(
        application=application,
        round=round_,
        submitted_at=at,
        declaration_version=declaration.declaration_version,
        privacy_version=declaration.privacy_version,
        content=content,
        sha256=fingerprint_of(content),
        receipt_code=new_code(),
    )
    send_receipt(submission)
    return submission


def _is_stale(opened: OpenedPage, visit: SectionVisit) -> bool:
    """Whether the section was saved after the page was drawn, by anything but the page itself."""
    return visit.version != opened.version and visit.page != opened.page


def _found_again(typed: Typed, composed: Typed, group: str, number: int) -> tuple[str, int] | None:
    """The item that stood at `number` of the page, where it stands now."""
    name = typed.get(f"{group}-{number}-row")
    found = (re.fullmatch(rf"{re.escape(group)}-(\d+)-row", key) for key in composed if composed[key] == name)
    return next(((group, int(match[1])) for match in found if match), None)


def _without(filling: Filling, section: FormSection, typed: Typed, group: str, number: int) -> Typed:
    """`typed` without that item, whose row, if it has one, is deleted."""
    own = re.compile(rf"{re.escape(group)}-{number}-\w+")
    row = typed.get(f"{group}-{number}-row", [""])[0]
    owner = section.owner(filling)
    for each in section.groups_for(filling):
        if each.key == group and row:
            for kept in each.rows(owner):
                if str(kept.pk) == row:
                    kept.delete()
    return {name: values for name, values in typed.items() if not own.fullmatch(name)}
