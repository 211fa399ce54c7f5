from django import forms
from django.utils.translation import gettext_lazy as _

from admissions_portal.papers.models import Paper
from admissions_portal.papers.queries import paper_with_code
from admissions_portal.support.forms import PortalForm


class VerifyForm(PortalForm):
    """The number and the code as they stand on a paper."""

    widths = {"number": 4, "code": 4}

    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        help_text=_("For example MMS26-000123 on a receipt, or OFF-2026-00731 at the foot of a letter."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Twelve letters and figures. Spaces and capital letters do not matter."),
    )
    paper: Paper

    def clean(self) -> None:
        super().clean()
        number, code = self.cleaned_data.get("number"), self.cleaned_data.get("code")
        if not number or not code:
            return
        paper = paper_with_code(code)
        if paper is None or paper.number != number.strip().upper():
            raise forms.ValidationError(
                _("We issued no letter and no receipt with this number and this code. Compare both with it.")
            )
        self.paper = paper
