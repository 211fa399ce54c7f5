"""Saving a section of the form, and submitting the whole."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.actions import freeze_profile
from applications.applicants.models import Applicant
from applications.applicants.queries import fingerprint_of
from applications.assessments.actions import assess_application
from applications.evidence.actions import compare_again
from applications.late_entry.actions import record_late_receipt
from applications.lifecycle.actions import apply_transition, lock_application, next_number
from applications.lifecycle.contacts import take_over_contact
from applications.lifecycle.limits import check_not_too_many
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.transitions import Move
from applications.submission.amendments import lock_if_there, take_answers, why_not_amendable
from applications.submission.conflicts import find_conflicts
from applications.submission.copies import answers_shown, issue_receipt
from applications.submission.declarations import Declaration, Declared, in_force
from applications.submission.late_rounds import late_entry
from applications.submission.models import SectionVisit, Submission, UnsavedText
from applications.submission.opened import OpenedPage
from applications.submission.queries import draft_copies_of
from applications.submission.questions import answers_as_sent, pin_questions
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
from applications.submission.unsaved import MOST_PAGES, forget_shown, keep_typed, storable

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
                "This application has been submitted, so its answers stay as they are. Its own page says how "
                "to change one."
            )
        )
    if application.amends and (why := why_not_amendable(application.amends, at=at)):
        raise SectionRefused(why)
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
    if section.in_profile:
        take_over_contact(application.applicant, by=by, at=at)
    visit = visit or SectionVisit(
        applicant=application.applicant,
        application=None if section.in_profile else application,
        section=section.key,
    )
    visit.saved_at, visit.typed = at, filled.typed() if problems else None
    visit.version += 1
    visit.page = opened.page if opened is not None else None
    if opened is not None:
        numbers = {**visit.numbers, str(opened.page): [visit.version, number]}
        visit.numbers = dict(sorted(numbers.items(), key=lambda each: each[1])[-MOST_PAGES:])
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
    gets its number and its round, and receipt, copy and message are queued. Submitted before, by a second
    click or another tab: the same submission. An amendment takes the place of what its case holds, in the
    same round and under the same number; the earlier receipt is replaced by the new one and never changed.
    A round that has closed takes what a code or more time lets in (A4).
    Raises PermissionDenied for another's application, SubmissionRefused with what to do next where no round
    takes it or the declaration is outdated, TooManyApplications (B12), and ApplicationIncomplete with every
    problem.
    """
    check_is_own(application, by)
    case = lock_application(application.amends or application)
    draft = lock_if_there(application) if application.amends_id else case
    if earlier := Submission.objects.filter(written_as=application.pk).select_related("paper").first():
        return earlier
    if draft is None:
        raise SubmissionRefused(
            _("These changes were left out in another tab. The application stands as it was.")
        )
    # locked too: what is judged below is what is frozen, whatever another draft's form writes meanwhile
    draft.applicant = case.applicant = Applicant.objects.select_for_update().get(pk=case.applicant_id)
    offering = case.offering
    rounds = [case.round] if case.round else list(offering.rounds.all())
    if application.amends_id and (why := why_not_amendable(case, at=at)):
        raise SubmissionRefused(why)
    status = status_of(draft, at=at)
    round_ = round_receiving(rounds, status, at=at)
    late = late_entry(draft, rounds, status, at=at) if round_ is None and draft.pk == case.pk else None
    round_ = late.round if late else round_
    if round_ is None:
        raise SubmissionRefused(why_none_receives(rounds, status, at=at))
    if draft.pk == case.pk:
        check_not_too_many(case.applicant, offering)
    if problems := problems_of(draft, at=at):
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
    declared = Declared.on(day_of(at))
    with translation.override(case.applicant.user.language):
        sections = answers_shown(draft, at=at)
    with translation.override("en"):  # a fingerprint does not depend on the language of the page
        answers = answers_as_sent(draft, on=day_of(at))
    pin_questions(draft, on=day_of(at))
    if draft.pk != case.pk:
        take_answers(draft, into=case)
    profile = freeze_profile(case.applicant, at=at, university=offering.programme.institution.code)
    case.profile = profile if draft.pk != case.pk else None
    assess_application(case, by=by, at=at, received_at=at)
    earlier = case.submissions.select_related("paper").order_by("sequence").last()
    sequence = earlier.sequence + 1 if earlier else 1
    # the series stays locked until the transaction ends, so this comes as late as it can
    number = case.number or next_number(f"{offering.programme.number_prefix}{offering.intake.code[-2:]}")
    case = apply_transition(
        case,
        Move.SUBMIT_AGAIN if earlier else Move.SUBMIT,
        by=by,
        at=at,
        fields={
            "number": number,
            "submitted_at": at,
            "round": round_,
            "profile": profile,
            "specialisation": draft.specialisation,
            "second_specialisation": draft.second_specialisation,
        },
        number=number,
        round=round_.pk,
        sequence=sequence,
    )
    if late:
        record_late_receipt(case, late.by, by=by, at=at)
    if earlier:
        # documents are the case's at once, and may have been read against another name
        compare_again(case, by=by, at=at)
    content = content_of(case, profile, round_, answers, number=number, declared=declared, at=at)
    sha256 = fingerprint_of(content)
    submission = Submission.objects.create(
        application=case,
        sequence=sequence,
        written_as=draft.pk,
        round=round_,
        submitted_at=at,
        declaration_version=declaration.declaration_version,
        privacy_version=declaration.privacy_version,
        content=content,
        sha256=sha256,
        paper=issue_receipt(
            case,
            number=number,
            round_=round_,
            sections=sections,
            declared=declared,
            sha256=sha256,
            earlier=earlier,
            at=at,
        ),
    )
    draft_copies_of(draft).delete()
    if draft.pk != case.pk:
        draft.delete()
    find_conflicts(case, at=at)
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
