"""What the review page and the public check of receipts accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.submission.declarations import Declaration, Text
from applications.submission.models import Submission
from applications.submission.queries import submission_with_code


class DeclarationForm(PortalForm):
    """The two boxes above the button, with the versions that were shown when they were ticked."""

    declared = forms.BooleanField()
    read = forms.BooleanField(
        label=gettext_lazy("I have read the privacy notice below and how my data is used for admission.")
    )
    declaration_version = forms.CharField(widget=forms.HiddenInput)
    privacy_version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, texts: tuple[Text, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declaration, privacy = texts
        self.fields["declared"].label = " ".join(str(sentence) for sentence in declaration.sentences)
        self.initial["declaration_version"] = declaration.version
        self.initial["privacy_version"] = privacy.version
        self.fields["declared"].error_messages["required"] = _(
            "Tick this box to declare it; without it nothing can be submitted."
        )
        self.fields["read"].error_messages["required"] = _(
            "Read the privacy notice below, then tick this box."
        )

    def declaration(self) -> Declaration:
        return Declaration(self.cleaned_data["declaration_version"], self.cleaned_data["privacy_version"])


class ReceiptCheckForm(PortalForm):
    """Number and code, as they stand on the receipt; both must belong together."""

    widths = {"number": 4, "code": 8}
    number = forms.CharField(
        label=gettext_lazy("Application number"),
        max_length=24,
        help_text=gettext_lazy("For example MMS26-000123."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of the receipt"),
        max_length=40,
        help_text=gettext_lazy(
            "Twelve characters in groups of four. Spaces and capital letters do not matter."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "number" in given and "code" in given:
            self.submission = self._found(given["number"], given["code"])
        return given

    def _found(self, number: str, code: str) -> Submission:
        found = submission_with_code(code)
        if found is None or found.application.number != number.strip().upper():
            raise ValidationError(
                _(
                    "We issued no receipt with this number and code. Compare each character with the receipt "
                    "and try again."
                )
            )
        return found
