"""Asking for a copy of one's record, making it, and forgetting it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from admissions_portal.accounts.models import User
from admissions_portal.history.actions import record_event
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import Progress
from admissions_portal.outbox.actions import queue_message
from admissions_portal.support.actors import Actor
from applications.privacy.models import RecordCopy, private_path
from applications.privacy.queries import copies_to_forget
from applications.privacy.record import write_record

KIND = "record_copy"
# long enough to come back with a better connection; all about a person in one file lies there no longer
KEPT = timedelta(days=2)
_BLOCK = 1 << 20


@transaction.atomic
def request_copy(user: User, *, by: Actor, at: datetime) -> Job:
    """Ask for a copy of everything held about `user` (DPP6); a worker makes it.

    Asked again while one is being made, it is the same job. Raises PermissionDenied for anybody else.
    """
    if by.user is None or by.user.pk != user.pk:
        raise PermissionDenied
    job = request_job(KIND, params={"user": user.pk}, by=by, at=at, key=f"{KIND}/{user.pk}")
    if job.requested_at == at:
        record_event("record.copy_requested", about=user, by=by, at=at)
    return job


def make_copy(user: User, *, at: datetime, progress: Progress) -> RecordCopy:
    """Write the archive, keep it, tell its owner; whatever older copy there was goes.

    Safe to run twice: the second run's archive replaces the first's.
    """
    copy = RecordCopy(user=user, made_at=at, forget_at=at + KEPT)
    copy.file.name = private_path(copy, "")
    # the row is there before its bytes: whatever dies in between is forgotten with it
    copy.save()
    with TemporaryFile() as made:
        write_record(made, user, at=at, progress=progress)
        copy.size, copy.sha256 = made.tell(), _fingerprint(made)
        made.seek(0)
        copy.file.storage.save(copy.file.name, File(made))
    with transaction.atomic():
        for older in RecordCopy.objects.select_for_update().filter(user=user).exclude(pk=copy.pk):
            _forget(older)
        copy.save()
        record_event("record.copy_made", about=user, by=Actor.system(), at=at)
        queue_message(KIND, to=user, context={"copy": copy}, about=copy, at=at)
    return copy


def note_copy_taken(copy: RecordCopy, *, by: Actor, at: datetime) -> None:
    """Write down that its owner took it. Raises PermissionDenied for anybody else."""
    if by.user is None or by.user.pk != copy.user_id:
        raise PermissionDenied
    record_event("record.copy_taken", about=by.user, by=by, at=at)


def forget_copies(*, at: datetime) -> int:
    """Delete the copies whose days are over; says how many. Safe to run twice or late."""
    forgotten = 0
    for copy in copies_to_forget(at):
        with transaction.atomic():
            _forget(copy)
        forgotten += 1
    return forgotten


def _forget(copy: RecordCopy) -> None:
    # the bytes first: a crash in between leaves a row that the next run deletes, never a file nobody knows
    copy.file.delete(save=False)
    RecordCopy.objects.filter(pk=copy.pk).delete()


def _fingerprint(made: IO[bytes]) -> str:
    made.seek(0)
    digest = hashlib.sha256()
    while block := made.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
