"""Dates and times as the portal writes them: always Hong Kong's, always with the zone, never 31/3.

`31 March 2026, 23:59 HKT` keeps `31 March 2026,` and `23:59 HKT` each unbroken; Chinese has its own order.
Screens, mails and letters share these functions.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG, day_of

NBSP: Final = "\N{NO-BREAK SPACE}"
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
# Not in the message catalogues: the order of the parts differs, and it must be right even without them.
_ZONE: Final = {"zh-hant": "（香港時間）", "zh-hans": "（香港时间）"}


def _chinese() -> str | None:
    language = (get_language() or "en").lower()
    return language if language in _ZONE else None


def hong_kong_day(on: date | datetime) -> str:
    """A calendar day in full: `31 March 2026`, `2026年3月31日`. An instant gives its day in Hong Kong."""
    day = day_of(on) if isinstance(on, datetime) else on
    if _chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return NBSP.join([str(day.day), str(MONTHS[day.month]), str(day.year)])


def short_day(on: date | datetime) -> str:
    """A day where the year is plain from the context: `7 Apr`, `4月7日`."""
    day = day_of(on) if isinstance(on, datetime) else on
    if _chinese():
        return f"{day.month}月{day.day}日"
    return f"{day.day}{NBSP}{str(MONTHS_3[day.month]).capitalize()}"


def hong_kong_time(at: datetime, *, seconds: bool = False, zone: bool = True) -> str:
    """An instant in HKT (UTC+8): `31 March 2026, 23:59 HKT`, `2026年3月31日 23:59（香港時間）`."""
    clock = at.astimezone(HONG_KONG).strftime("%H:%M:%S" if seconds else "%H:%M")
    if language := _chinese():
        return f"{hong_kong_day(at)}{NBSP}{clock}{_ZONE[language] if zone else ''}"
    return f"{hong_kong_day(at)}, {clock}{NBSP + 'HKT' if zone else ''}"


def time_of_day(at: datetime) -> str:
    """`09:41:07 HKT`, where the day is plain from the context."""
    clock = at.astimezone(HONG_KONG).strftime("%H:%M:%S")
    return f"{clock}{_ZONE[language]}" if (language := _chinese()) else f"{clock}{NBSP}HKT"


def time_left(until: datetime, now: datetime) -> str:
    """How long a deadline is away: `in 6 days`, under 24 hours `in 5 hours`, afterwards `closed 10 days ago`.

    Ahead, only whole days, hours and minutes count, so that nobody is promised more time than there is.
    """
    left = until - now
    if left < timedelta(0):
        return _("closed %(how_long_ago)s") % {"how_long_ago": time_since(until, now)}
    if left >= DAY:
        return ngettext("in %(count)d day", "in %(count)d days", left // DAY) % {"count": left // DAY}
    if left >= HOUR:
        return ngettext("in %(count)d hour", "in %(count)d hours", left // HOUR) % {"count": left // HOUR}
    if left >= MINUTE:
        return ngettext("in %(count)d minute", "in %(count)d minutes", left // MINUTE) % {
            "count": left // MINUTE
        }
    return _("in less than a minute")


def time_since(at: datetime, now: datetime) -> str:
    """How long ago something was: days as the calendar in Hong Kong counts them, under 24 hours in hours."""
    gone = now - at
    if gone >= DAY:
        days = (day_of(now) - day_of(at)).days
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if gone >= HOUR:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", gone // HOUR) % {"count": gone // HOUR}
    if gone >= MINUTE:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", gone // MINUTE) % {
            "count": gone // MINUTE
        }
    return _("just now")
