"""Moving the demo's clock."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from admissions_portal import clock
from admissions_portal.clock.models import Offset
from admissions_portal.support.refusals import Refusal


class ClockRefused(Refusal):
    """The clock was asked to run backwards, or outside the demo."""


@transaction.atomic
def start_clock_at(moment: datetime) -> None:
    """Make `now()` answer `moment` and tick on. Only while there is no offset yet: the demo's first start."""
    if not settings.IS_DEMO:
        raise ClockRefused(_("Only the demonstration's clock can be set."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        real = cursor.fetchone()[0]
    Offset.objects.get_or_create(id=1, defaults={"offset": moment - real})


@transaction.atomic
def move_clock_to(moment: datetime) -> datetime:
    """Move the demo's clock forward to `moment` and return the new time.

    Raises ClockRefused outside the demo and for a moment already past: what has happened cannot unhappen;
    going back means resetting the demo.
    """
    if not settings.IS_DEMO:
        raise ClockRefused(_("Only the demonstration's clock can be set."))
    row, _made = Offset.objects.select_for_update().get_or_create(id=1)
    ahead = moment - clock.now()
    if ahead <= timedelta(0):
        raise ClockRefused(
            _("The clock only moves forward. Choose a later moment, or reset the demonstration.")
        )
    row.offset += ahead
    row.save(update_fields=["offset"])
    return clock.now()
