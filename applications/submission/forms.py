"""What the review page accepts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.submission.declarations import Declaration, Text


class AccessCodeEntryForm(PortalForm):
    """A code for late entry, as the office gave it."""

    code = forms.CharField(
        label=gettext_lazy("Access code"),
        help_text=gettext_lazy(
            "12 letters and figures, for example 7KQ2-M9TX-4HBD. Capitals and hyphens make no difference."
        ),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    widths: ClassVar = {"code": 8}


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
