from datetime import timedelta

from django.db import models
from django.db.models import Q


class Offset(models.Model):
    """The demo's one row: how far the domain's clock is from real time. Outside the demo there is none."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField(default=timedelta(0))

    class Meta:
        db_table = "clock_offset"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_has_one_row")]

    def __str__(self) -> str:
        return str(self.offset)
