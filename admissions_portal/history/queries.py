"""Reading history."""

from django.db import models

from admissions_portal.history.models import Event


def events_about(thing: models.Model) -> models.QuerySet[Event]:
    """Everything that happened to `thing`, oldest first."""
    return Event.objects.filter(about_kind=thing._meta.model_name, about_id=str(thing.pk)).order_by(
        "at", "id"
    )
