"""The last days that leave time for a visa: `{% load visa %}{% visa_dates intake %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from admissions_portal import clock
from admissions_portal.clock import day_of
from programmes.models import Intake
from programmes.visa import LONGEST_WEEKS, SHORTEST_WEEKS, VisaDates, visa_dates

register = template.Library()


def visa_context(dates: list[VisaDates], *, at: datetime, **more: Any) -> dict[str, Any]:
    """What `programmes/_visa_dates.html` draws."""
    today = day_of(at)
    return {
        "rows": [(each, each.outlook(today)) for each in dates],
        "shortest": SHORTEST_WEEKS,
        "longest": LONGEST_WEEKS,
        **more,
    }


@register.inclusion_tag("programmes/_visa_dates.html", takes_context=True, name="visa_dates")
def visa_dates_of_intake(context: dict[str, Any], intake: Intake) -> dict[str, Any]:
    """For a reader nobody knows: both kinds of applicants; where no start is published it says so."""
    both = (
        visa_dates(intake.expected_start_on, is_confirmed=intake.is_start_confirmed, from_mainland=mainland)
        for mainland in (False, True)
    )
    return visa_context([each for each in both if each], at=context.get("now") or clock.now())
