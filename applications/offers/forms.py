"""What the applicant may say when declining."""

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.forms import PortalForm


class OfferDeclineForm(PortalForm):
    """A reason helps the office and is never required."""

    reason = forms.CharField(
        label=_("Your reason"),
        help_text=_("The office reads it. You may leave it empty."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
