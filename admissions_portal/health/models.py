from django.db import models
from django.db.models import F, Q


class Pulse(models.Model):
    """When a part last showed that it works, in real time and in the domain's."""

    class Part(models.TextChoices):
        # a tick was published
        BEAT = "BEAT", "beat"
        # a tick was carried out
        WORKER = "WORKER", "worker"

    part = models.CharField(max_length=10, choices=Part.choices, primary_key=True)
    at = models.DateTimeField()
    clock_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at:%Y-%m-%d %H:%M:%S}"


class Outage(models.Model):
    """A time in which no tick was carried out: nothing was sent, rendered or reminded of.

    Kept in both times: real time for the operator, the domain's (`clock_…`) for whoever must know what it
    missed.
    """

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    clock_started_at = models.DateTimeField()
    clock_ended_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")), name="an_outage_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} to {self.ended_at:%Y-%m-%d %H:%M}"
