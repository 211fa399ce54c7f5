"""The study modes beside each other, and advice on the one chosen: `{% load choosing %}`."""

from __future__ import annotations

from typing import Any

from django import template

from admissions_portal import clock
from applications.lifecycle.models import Application
from applications.submission.choosing import advice_on_mode
from eligibility.wording import Audience

register = template.Library()


@register.inclusion_tag("applications/submission/_choice_advice.html", takes_context=True)
def choice_advice(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """What the chosen mode means for the applicant, nothing where there is nothing to say."""
    return {"advice": advice_on_mode(application, at=context.get("now") or clock.now())}


@register.inclusion_tag("applications/submission/_choice_advice.html", takes_context=True)
def choice_advice_given(context: dict[str, Any], case: Application) -> dict[str, Any]:
    """The same as staff read it."""
    at = context.get("now") or clock.now()
    return {"advice": advice_on_mode(case, at=at, audience=Audience.STAFF), "is_office": True}


@register.inclusion_tag("applications/submission/_choice_modes.html", takes_context=True)
def choice_modes(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """The modes of the intake side by side, the chosen one marked; a draft may change to another."""
    offerings = list(application.offering.intake.offerings.order_by("mode"))
    return {
        "application": application,
        "offerings": offerings,
        "chosen": application.offering_id,
        "may_change": application.is_draft and application.amends_id is None,
        "has_patterns": any(each.pattern for each in offerings),
        "has_instalments": any(each.instalments for each in offerings),
        "has_fees": any(each.fee_amount for each in offerings),
        "csrf_token": context.get("csrf_token"),
    }
