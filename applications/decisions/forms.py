"""When prepared decisions go out together, and how many; which checks a programme asks for."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.decisions.models import ChecksAsked

NOW, LATER = "now", "later"


class ReleaseMomentForm(PortalForm):
    """Now, or a minute in Hong Kong."""

    moment = forms.ChoiceField(
        label=gettext_lazy("When they are released"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At the moment below"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    release_on = PortalDateField(label=gettext_lazy("Day"), required=False)
    release_time = forms.TimeField(
        label=gettext_lazy("Time (HKT)"),
        input_formats=["%H:%M"],
        initial=time(9, 0),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )
    widths = {"release_time": 2}
    needed_later = ("release_on", "release_time")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("moment") == LATER:
            for name in ("release_on", "release_time"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Say the day and the time, or choose now."))
        return cleaned

    def release_at(self, *, at: datetime) -> datetime:
        """The moment; `at` is now. Call it once the form is valid."""
        if self.cleaned_data["moment"] == NOW:
            return at
        return datetime.combine(
            self.cleaned_data["release_on"], self.cleaned_data["release_time"], tzinfo=HONG_KONG
        )


class ReleaseCountForm(PortalForm):
    """How many the list holds, typed by whoever has read it."""

    count = forms.IntegerField(
        label=gettext_lazy("How many decisions does the list hold?"),
        help_text=gettext_lazy("Type the number. Nothing is released before."),
        min_value=1,
    )
    widths = {"count": 2}


class ProgrammeChecksForm(PortalForm):
    """Which checks one programme asks for."""

    asked = forms.ChoiceField(label=gettext_lazy("Checks before a release"), choices=ChecksAsked.choices)
