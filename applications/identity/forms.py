"""What the applicant is asked once a place is accepted."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.applicants.identity import LONGEST, IdentityKind, whole_number


class IdentityNumberForm(PortalForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Identity document"),
        choices=[choice for choice in IdentityKind.choices if choice[0] != IdentityKind.NONE],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=gettext_lazy("Its whole number"),
        help_text=gettext_lazy("As the document prints it; of an identity card with the part in brackets."),
        max_length=2 * LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    widths: ClassVar = {"number": 8}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") and cleaned.get("number"):
            try:
                whole_number(cleaned["number"], cleaned["kind"])
            except ValidationError as wrong:
                self.add_error("number", wrong)
        return cleaned
