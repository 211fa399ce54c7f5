"""A moment to move the demonstration's clock to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.forms import PortalDateField, PortalForm


class ClockForm(PortalForm):
    day = PortalDateField(label=_("Day"), help_text=_("Day, month and year, for example 31 3 2026."))
    time = forms.TimeField(
        label=_("Time"),
        help_text=_("In Hong Kong, for example 23:58."),
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "", "inputmode": "numeric"}),
    )
    widths = {"time": 4}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time"):
            cleaned["moment"] = datetime.combine(cleaned["day"], cleaned["time"], tzinfo=HONG_KONG)
        return cleaned
