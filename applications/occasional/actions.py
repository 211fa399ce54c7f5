"""Writing, sending, withdrawing and deciding a request of an occasional student (HKU-15)."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.outbox.actions import queue_message
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.models import Applicant
from applications.evidence.bytes import remove_orphans_of
from applications.evidence.files import ReadFile
from applications.lifecycle.actions import next_number
from applications.occasional.models import (
    FOLDER,
    OPEN,
    OccasionalFile,
    OccasionalRequest,
    OccasionalStatus,
    WantedCourse,
)
from applications.occasional.permissions import check_can_decide_request, check_is_own_request
from applications.occasional.queries import person_kept, person_of, programmes_with_route
from programmes.models import Programme

MOST_COURSES = 12
MOST_FILES = 4


class RequestRefused(Refusal):
    """The request does not take this now."""


class RequestIncomplete(RequestRefused):
    """Something is missing; `problems` are all of it, each with the field it stands in."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(_("The request is not complete yet. Each line below leads to what is missing."))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CourseTerms:
    """A course as named by the person; `kind` is one of `CourseKind`, or "" where they do not know."""

    title: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """What the form says: the person's names and telephone, the courses in their order, and why."""

    person: dict[str, Any]
    courses: tuple[CourseTerms, ...]
    why: str


@transaction.atomic
def start_request(
    applicant: Applicant, programme: Programme, *, by: Actor, at: datetime
) -> OccasionalRequest:
    """A draft for this programme; the open request if there is one, so that a second click makes no second.

    Raises PermissionDenied for anybody but the person, RequestRefused where no source says that the programme
    takes occasional students.
    """
    if by.user is None or by.user.pk != applicant.user_id:
        raise PermissionDenied
    if not programmes_with_route().filter(pk=programme.pk).exists():
        raise RequestRefused(_("This programme says nothing about occasional students. Ask its office."))
    running = OccasionalRequest.objects.filter(applicant=applicant, programme=programme, status__in=OPEN)
    if found := running.first():
        return found
    try:
        with transaction.atomic():
            made = OccasionalRequest.objects.create(applicant=applicant, programme=programme, started_at=at)
    except IntegrityError:  # another tab was first
        return running.get()
    record_event("occasional.started", about=made, by=by, at=at, programme=programme.pk)
    return made


@transaction.atomic
def save_request(
    request: OccasionalRequest, terms: RequestTerms, *, by: Actor, at: datetime
) -> OccasionalRequest:
    """Keep the form as it is, complete or not; names and telephone go into the profile, which serves
    applications too.

    Raises PermissionDenied for another's request, RequestRefused once it is sent.
    """
    locked = _own_draft(request, by)
    applicant = Applicant.objects.select_for_update().get(pk=locked.applicant_id)
    for name, value in terms.person.items():
        setattr(applicant, name, value)
    applicant.save(update_fields=[*terms.person, "updated_at"])
    locked.why = terms.why
    locked.save(update_fields=["why", "updated_at"])
    locked.courses.all().delete()
    WantedCourse.objects.bulk_create(
        WantedCourse(request=locked, position=position, title=course.title, kind=course.kind)
        for position, course in enumerate(terms.courses[:MOST_COURSES], 1)
    )
    return locked


def add_file(request: OccasionalRequest, file: ReadFile, *, by: Actor, at: datetime) -> OccasionalFile:
    """Keep a file with the draft; the same file again is the one that is there.

    `file` is what `evidence.files.read_upload` made of an upload, outside any transaction. Its bytes lie on
    disk before its row commits. Raises PermissionDenied for another's request, RequestRefused once it is sent
    or holds as many as it may.
    """
    with transaction.atomic():
        locked = _own_draft(request, by)
        if same := locked.files.filter(sent_sha256=file.sent_sha256).first():
            return same
        if locked.files.count() >= MOST_FILES:
            raise RequestRefused(
                _("“%(name)s” was not kept: %(most)d files is the most. Put pages together into one PDF.")
                % {"name": file.name, "most": MOST_FILES}
            )
        made = OccasionalFile(
            request=locked,
            name=file.name,
            kind=file.kind,
            size=file.size,
            pages=file.pages,
            sha256=file.sha256,
            sent_sha256=file.sent_sha256,
            uploaded_at=at,
        )
        made.file.save("", ContentFile(file.content), save=False)
        try:
            with made.file.open() as kept:  # a row survives a power cut, so its bytes must
                os.fsync(kept.fileno())
            made.save(force_insert=True)
        except BaseException:
            made.file.delete(save=False)
            raise
        return made


@transaction.atomic
def remove_file(request: OccasionalRequest, pk: UUID, *, by: Actor, at: datetime) -> None:
    """Take a file out of the draft, for good; the bytes go once this is committed. Gone already is gone.

    Raises PermissionDenied for another's request, RequestRefused once it is sent.
    """
    locked = _own_draft(request, by)
    if row := locked.files.filter(pk=pk).first():
        storage, path = row.file.storage, row.file.name
        row.delete()
        transaction.on_commit(lambda: storage.delete(path))


@transaction.atomic
def send_request(request: OccasionalRequest, *, by: Actor, at: datetime) -> OccasionalRequest:
    """The office receives the request at `at`: it gets its number, the person is kept as they stand, and a
    receipt is queued. Sent before: the same request.

    No round, rule or fee of the degree is asked (HKU-15). Raises PermissionDenied for another's request,
    RequestIncomplete with everything that is missing.
    """
    check_is_own_request(request, by)
    locked = _locked(request)
    if not locked.is_draft:
        return locked
    if problems := problems_of(locked):
        raise RequestIncomplete(problems)
    locked.person = person_kept(locked.applicant)
    locked.status, locked.sent_at = OccasionalStatus.RECEIVED, at
    # the series stays locked until the transaction ends, so this comes as late as it can
    locked.number = next_number(f"{locked.programme.number_prefix}O{day_of(at):%y}")
    locked.save(update_fields=["person", "status", "sent_at", "number", "updated_at"])
    record_event("occasional.sent", about=locked, by=by, at=at, number=locked.number)
    _write(locked, "occasional_received", at=at)
    return locked


@transaction.atomic
def withdraw_request(request: OccasionalRequest, *, by: Actor, at: datetime) -> OccasionalRequest:
    """The person takes the request back; taken back before, nothing changes. A draft goes with its files.

    Raises PermissionDenied for another's request, RequestRefused once it is decided.
    """
    check_is_own_request(request, by)
    locked = _locked(request)
    if locked.status == OccasionalStatus.WITHDRAWN:
        return locked
    if locked.is_decided:
        raise RequestRefused(
            _(
                "The office has decided on this request: “%(status)s”. Tell the %(office)s if you no longer "
                "want it."
            )
            % {"status": locked.get_status_display(), "office": locked.programme.office.name}
        )
    if locked.is_draft:
        record_event("occasional.withdrawn", about=locked, by=by, at=at)
        for file in locked.files.all():
            transaction.on_commit(partial(file.file.storage.delete, file.file.name))
        locked.delete()
        return locked
    locked.status, locked.withdrawn_at = OccasionalStatus.WITHDRAWN, at
    locked.save(update_fields=["status", "withdrawn_at", "updated_at"])
    record_event("occasional.withdrawn", about=locked, by=by, at=at)
    return locked


@transaction.atomic
def decide_request(
    request: OccasionalRequest, *, approved: Collection[int], reason: str, by: Actor, at: datetime
) -> OccasionalRequest:
    """One decision on all courses: `approved` are the primary keys of those the person may take.

    Approved as soon as one course is; the person is told course by course, with the reason. Raises
    PermissionDenied without the right to decide for the programme, RequestRefused where it is decided or
    withdrawn already, for a course of another request, and without a reason where a course is not approved.
    """
    check_can_decide_request(request, by=by, at=at)
    locked = _locked(request)
    if not locked.is_waiting:
        raise RequestRefused(
            _("This request has moved on: it is now “%(status)s”. Reload the page to see by whom.")
            % {"status": locked.get_status_display()}
        )
    courses = list(locked.courses.all())
    if set(approved) - {course.pk for course in courses}:
        raise RequestRefused(_("One of the courses is not in this request. Reload the page."))
    reason = reason.strip()
    if len(set(approved)) < len(courses) and not reason:
        raise RequestRefused(_("Write why a course is not approved: the person reads it."))
    for course in courses:
        course.is_approved = course.pk in approved
    WantedCourse.objects.bulk_update(courses, ["is_approved"])
    locked.status = OccasionalStatus.APPROVED if approved else OccasionalStatus.DECLINED
    locked.reason, locked.decided_by, locked.decided_at = reason, by.user, at
    locked.save(update_fields=["status", "reason", "decided_by", "decided_at", "updated_at"])
    record_event(
        "occasional.approved" if approved else "occasional.declined",
        about=locked,
        by=by,
        at=at,
        approved=len(set(approved)),
        wanted=len(courses),
    )
    _write(locked, "occasional_decided", at=at)
    return locked


def problems_of(request: OccasionalRequest) -> list[tuple[str, str]]:
    """What is missing before it can be sent: the field's id and the sentence. Never an academic ground."""
    person = person_of(request)
    asked = [
        (
            "id_family_name",
            bool(person["full_name"]),
            _("Write your name; one name alone is complete."),
        ),
        ("id_phone", bool(person["phone"]), _("Write a telephone number the office can reach you at.")),
        (
            "id_courses-0-title",
            request.courses.exists(),
            _("Name at least one course, by its title or code."),
        ),
        ("id_why", bool(request.why.strip()), _("Write in a few words why you want to take the courses.")),
    ]
    return [(field, sentence) for field, is_there, sentence in asked if not is_there]


def _locked(request: OccasionalRequest) -> OccasionalRequest:
    """The row as it is now, locked, with what a message needs. Raises RequestRefused for a deleted draft."""
    found = (
        OccasionalRequest.objects.select_for_update(of=("self",))
        .select_related("applicant__user", "programme__institution", "programme__office")
        .filter(pk=request.pk)
        .first()
    )
    if found is None:
        raise RequestRefused(_("This draft was deleted in another tab. Begin another one if you want to."))
    return found


def _own_draft(request: OccasionalRequest, by: Actor) -> OccasionalRequest:
    check_is_own_request(request, by)
    locked = _locked(request)
    if not locked.is_draft:
        raise RequestRefused(
            _("This request has been sent, so it stays as it is. Write to the %(office)s to change it.")
            % {"office": locked.programme.office.name}
        )
    return locked


def _write(request: OccasionalRequest, kind: str, *, at: datetime) -> None:
    """Queue a message about the request, in the person's language, from the programme's office."""
    programme, person = request.programme, person_of(request)
    queue_message(
        kind,
        to=request.applicant.user,
        sender=programme.office.name,
        context={
            "request": request,
            "courses": list(request.courses.all()),
            "programme": programme,
            "institution": programme.institution,
            "office": programme.office,
            "name": person["preferred_name"] or person["full_name"],
        },
        about=request,
        at=at,
    )


def remove_orphaned_files(*, older_than: datetime) -> int:
    """As `bytes.remove_orphans_of` says, for the files of requests for single courses."""
    return remove_orphans_of(OccasionalFile, FOLDER, older_than=older_than)
