"""How an officer knows whose records two cases are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm


class PairForm(PortalForm):
    """`act` says which of the page's buttons it stands with."""

    because = forms.CharField(
        label=gettext_lazy("How you know"),
        help_text=gettext_lazy("It stays on the file of both. The applicants do not read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{act}-%s", **kwargs)
        self.act = act
