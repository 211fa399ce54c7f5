"""Carrying answers over: a new application begun with what still fits from an earlier one (B9).

Answers about the person are in the profile and need no carrying. Nothing of a decision goes along: neither
number, round, scores, findings nor letters. Files are not sent again: the new case refers to the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.evidence.models import Document, DocumentStatus, SlotCode
from applications.lifecycle.actions import lock_application, start_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.lifecycle.queries import applications_of
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor
from applications.submission.questions import fitting
from programmes.models import Offering
from programmes.questions.content import QuestionKind
from programmes.questions.queries import questions_in_force


class CarryOverRefused(Refusal):
    """There is nothing to carry from, or already an application to carry to."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """What goes from one application into another, and what does not, in sentences for the applicant."""

    carried: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fits:
    """The rows that fit the new application."""

    specialisations: tuple[int | None, int | None]
    answers: list[ProgrammeAnswer]
    supervisors: list[ProposedSupervisor]
    documents: list[Document]


def can_be_carried(source: Application) -> bool:
    """Whether an application has ended, or was never submitted: what is with the office stays there alone."""
    return source.amends_id is None and (source.has_ended or source.is_draft)


def plan_of_carrying(source: Application, offering: Offering, *, at: datetime) -> Carrying:
    """What `carry_over` would carry, asked before it is done."""
    return _told(source, offering, _fits(source, offering, at=at))


@transaction.atomic
def carry_over(
    source: Application, offering: Offering, *, by: Actor, at: datetime
) -> tuple[Application, Carrying]:
    """Begin an application for `offering` with what still fits of `source`, which stays as it is.

    Raises PermissionDenied for another's application, CarryOverRefused while `source` is with the office, for
    its own offering while it is a draft, and where an application for `offering` is running; further whatever
    `start_application` raises.
    """
    check_is_own(source, by)
    source = lock_application(source)
    if not can_be_carried(source):
        raise CarryOverRefused(
            _(
                "This application is with the office. Its answers can be carried over once it has ended; "
                "until then begin another one on the programme’s page."
            )
        )
    running = applications_of(source.applicant.user).filter(offering=offering, amends=None)
    if any(not each.has_ended for each in running):
        raise CarryOverRefused(
            _("You have an application for “%(offering)s” already. Open it, and write your answers there.")
            % {"offering": offering}
        )
    made = start_application(source.applicant, offering, by=by, at=at)
    fits = _fits(source, offering, at=at)
    made.specialisation_id, made.second_specialisation_id = fits.specialisations
    made.save(update_fields=["specialisation", "second_specialisation", "updated_at"])
    ProgrammeAnswer.objects.bulk_create(
        ProgrammeAnswer(application=made, version_id=row.version_id, key=row.key, value=row.value)
        for row in fits.answers
    )
    ProposedSupervisor.objects.bulk_create(
        ProposedSupervisor(application=made, position=row.position, name=row.name, has_spoken=row.has_spoken)
        for row in fits.supervisors
    )
    Document.objects.bulk_create(_again(row, made, at) for row in fits.documents)
    record_event(
        "application.carried_over",
        about=made,
        by=by,
        at=at,
        source=str(source.pk),
        documents=len(fits.documents),
    )
    return made, _told(source, offering, fits)


def _fits(source: Application, offering: Offering, *, at: datetime) -> _Fits:
    """What of `source` answers something that an application for `offering` asks."""
    programme = offering.programme
    asked = {
        (version.set_id, question.key): question
        for version in questions_in_force(programme, day_of(at))
        for question in version.record().questions
    }
    answers = [
        row
        for row in source.answers.select_related("version").order_by("pk")
        if (question := asked.get((row.version.set_id, row.key))) and fitting(question, row.value) is not None
    ]
    kinds = {question.kind for question in asked.values()}
    files = {key for (_set, key), question in asked.items() if question.is_file}
    same_house = source.offering.programme.institution_id == programme.institution_id
    same = source.offering.programme.pk == programme.pk
    return _Fits(
        (source.specialisation_id, source.second_specialisation_id) if same else (None, None),
        answers,
        list(source.supervisors.all()) if same_house and QuestionKind.SUPERVISORS in kinds else [],
        [row for row in source.documents.all() if _is_reusable(row, files if same_house else set())],
    )


def _is_reusable(document: Document, files_asked: Collection[str]) -> bool:
    """Whether a file proves something of the new application too.

    What the office turned down, what nobody could read and what answered a request of that office stays.
    """
    if document.is_held or document.status == DocumentStatus.REJECTED or document.request_id is not None:
        return False
    if document.slot == SlotCode.PROGRAMME:
        return document.question in files_asked
    return document.slot != SlotCode.OTHER


def _again(document: Document, made: Application, at: datetime) -> Document:
    """The same file in the new case: its bytes are referred to, what an officer made of it is not taken."""
    kept = ("slot", "question", "name", "kind", "size", "pages", "sha256", "sent_sha256", "was")
    said = ("part", "language", "translated_by", "is_certified")
    fields = {name: getattr(document, name) for name in (*kept, *said)}
    return Document(application=made, file=document.file.name, uploaded_at=at, **fields)


def _told(source: Application, offering: Offering, fits: _Fits) -> Carrying:
    carried = [_("What you wrote about yourself, your studies and your tests: it is in your profile.")]
    left = []
    if source.specialisation_id:
        if fits.specialisations[0]:
            carried.append(_("Your choice of specialisation."))
        else:
            left.append(_("Your choice of specialisation: this programme has others or none."))
    if count := len(fits.answers):
        carried.append(
            ngettext(
                "%(count)d answer to the programme’s questions.",
                "%(count)d answers to the programme’s questions.",
                count,
            )
            % {"count": count}
        )
    if count := source.answers.count() - len(fits.answers):
        left.append(
            ngettext(
                "%(count)d answer to questions that are not asked here.",
                "%(count)d answers to questions that are not asked here.",
                count,
            )
            % {"count": count}
        )
    supervisors = source.supervisors.count()
    if fits.supervisors:
        carried.append(_("The supervisors you proposed."))
    elif supervisors:
        left.append(
            _("The supervisors you proposed: they are not asked for here, or are of another university.")
        )
    if count := len(fits.documents):
        carried.append(
            ngettext(
                "%(count)d file. It need not be sent again; the office checks it anew.",
                "%(count)d files. They need not be sent again; the office checks them anew.",
                count,
            )
            % {"count": count}
        )
    if count := source.documents.count() - len(fits.documents):
        left.append(
            ngettext(
                "%(count)d file that proves nothing asked here, or was not accepted.",
                "%(count)d files that prove nothing asked here, or were not accepted.",
                count,
            )
            % {"count": count}
        )
    if not source.is_draft:
        left.append(_("Nothing of the earlier decision, its scores or its letters."))
    return Carrying(tuple(carried), tuple(left))
