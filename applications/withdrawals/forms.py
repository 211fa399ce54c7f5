"""What the applicant says when withdrawing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.forms import PortalForm
from applications.withdrawals.models import WithdrawalReason


class WithdrawForm(PortalForm):
    """A reason from the list, which may be that one would rather not say; words only if one likes."""

    reason = forms.ChoiceField(
        label=_("Why do you withdraw?"),
        help_text=_("The office reads it. It has no effect on a later application."),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Anything you want to tell the office"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
