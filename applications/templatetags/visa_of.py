"""An applicant's own last days for a visa: `{% load visa_of %}{% visa_dates_of application %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from admissions_portal import clock
from admissions_portal.clock import day_of
from applications.assessments import visa
from applications.assessments.visa import VisaNeed
from applications.lifecycle.models import Application
from programmes.templatetags.visa import visa_context

register = template.Library()


@register.inclusion_tag("applications/assessments/_visa_dates.html", takes_context=True)
def visa_dates_of(
    context: dict[str, Any], application: Application, reply_by: datetime | None = None
) -> dict[str, Any]:
    """Nothing for somebody who needs no visa. `reply_by`: the last minute of an open offer, which may lie
    after the day on which replying still leaves time."""
    need = visa.visa_need_of(application)
    dates = visa.visa_dates_of(application) if need is not VisaNeed.NO else []
    safe_on = min((each.safe_on for each in dates), default=None)
    return {
        "need": need,
        "reply_by": reply_by,
        "is_reply_late": bool(reply_by and safe_on and day_of(reply_by) > safe_on),
        **visa_context(dates, at=context.get("now") or clock.now(), safe_on=safe_on),
    }
