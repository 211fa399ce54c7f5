"""What the page of a proposed change accepts beside the form's own inputs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.evidence.forms import ACCEPT


class ReasonForm(PortalForm):
    """Why, with a proof if there is one; `words` where the form has no inputs for what should change."""

    words = forms.CharField(
        label=gettext_lazy("What should stand there instead"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The office reads it with your application. Up to 1,000 characters."),
    )
    proof = forms.FileField(
        label=gettext_lazy("Proof"),
        required=False,
        help_text=gettext_lazy("A PDF or a photograph of what shows it, if you have it."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, in_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="change", **kwargs)
        if not in_words:
            del self.fields["words"]


class RefusalOfChangeForm(PortalForm):
    """Why the office does not take a change over."""

    widths: ClassVar = {}
    reason = forms.CharField(
        label=gettext_lazy("Why it is not accepted"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The applicant reads it."),
    )
