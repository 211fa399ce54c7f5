"""Reading jobs."""

from django.db import models

from admissions_portal.jobs.models import Job
from admissions_portal.support.actors import ActorKind


def jobs_of(user_id: int) -> models.QuerySet[Job]:
    """What this person asked for, newest first."""
    return Job.objects.filter(actor_kind=ActorKind.USER, actor_id=str(user_id)).order_by(
        "-requested_at", "-id"
    )
