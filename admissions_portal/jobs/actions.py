"""Asking for jobs and running them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import JobLost, runner_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal

logger = logging.getLogger(__name__)

# Renewed by every report of progress; a killed worker's job is taken up after it.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
OPEN = [Job.Status.QUEUED, Job.Status.RUNNING]


def request_job(
    kind: str, *, params: dict[str, Any] | None = None, by: Actor, at: datetime, key: str | None = None
) -> Job:
    """Write down work for a worker; it starts after the commit.

    `params` takes JSON values only. While a job with the same `key` waits or runs, it is returned instead of
    a second one. Raises LookupError for a kind without a runner.
    """
    runner_of(kind)
    if key is not None and (open_job := _open_job(key)):
        return open_job
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind, params=params or {}, key=key, actor_kind=by.kind, actor_id=by.id, requested_at=at
            )
    except IntegrityError:
        # somebody asked for the same at the same moment and came first
        if key is not None and (open_job := _open_job(key)):
            return open_job
        raise


def run_due_job() -> Job | None:
    """Claim the job that waits longest and run it; return it, or None where nothing waits.

    A job whose worker died is claimed again after its lease, at most three times. A Refusal raised by the
    runner is shown to whoever asked; any other failure is logged and shown as a failure without its details.
    """
    job = _claim()
    if job is None:
        return None
    try:
        result = runner_of(job.kind).run(job.params, _Progress(job))
    except JobLost:
        logger.warning("job was taken over by another worker", extra={"job": str(job.pk)})
        return job
    except Refusal as refusal:
        _finish(job, status=Job.Status.FAILED, error=str(refusal)[:300])
    except Exception:
        logger.exception("job failed", extra={"job": str(job.pk), "kind": job.kind})
        _finish(job, status=Job.Status.FAILED, error="")
    else:
        _finish(job, status=Job.Status.DONE, result=result, done=F("total") if _counts(job) else F("done"))
    job.refresh_from_db()
    return job


class _Progress:
    """What a runner calls; knows by its attempt's number whether the job is still this worker's."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, done: int, total: int | None = None) -> None:
        values: dict[str, Any] = {"done": done, "leased_until": timezone.now() + LEASE}
        if total is not None:
            values["total"] = total
        if not _mine(self.job).update(**values):
            raise JobLost


def _counts(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, total__isnull=False).exists()


def _mine(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)


def _finish(job: Job, **values: Any) -> None:
    _mine(job).update(finished_at=timezone.now(), leased_until=None, **values)


def _open_job(key: str) -> Job | None:
    return Job.objects.filter(key=key, status__in=OPEN).first()


@transaction.atomic
def _claim() -> Job | None:
    job = (
        Job.objects.select_for_update(skip_locked=True)
        .filter(Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, leased_until__lt=timezone.now()))
        .order_by("requested_at", "id")
        .first()
    )
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        job.status, job.finished_at, job.leased_until = Job.Status.FAILED, timezone.now(), None
        job.save(update_fields=["status", "finished_at", "leased_until"])
        logger.error("job's worker died each time", extra={"job": str(job.pk), "kind": job.kind})
        return None
    job.status = Job.Status.RUNNING
    job.attempts += 1
    job.started_at = job.started_at or timezone.now()
    job.leased_until = timezone.now() + LEASE
    job.save(update_fields=["status", "attempts", "started_at", "leased_until"])
    return job
