from django.db import models

from admissions_portal.support.actors import ActorKind


class Event(models.Model):
    """What happened to one thing, in the past participle: `offer.made`. Never changed or deleted."""

    kind = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    actor_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["about_kind", "about_id", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_kind}/{self.about_id}"
