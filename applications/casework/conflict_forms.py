"""What is said about a conflict of interest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.models import User
from admissions_portal.support.forms import PortalForm
from applications.lifecycle.models import ConflictReason, Recusal


class CaseConflictForm(PortalForm):
    """One's own conflict of interest."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What the conflict is"), choices=[("", ""), *ConflictReason.choices]
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("Read by those alone who keep the record of conflicts. Not the applicant."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="conflict-%s", **kwargs)
        self.summary_label = _("Declare a conflict of interest")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == ConflictReason.OTHER and not cleaned.get("words"):
            self.add_error("words", _("Say in a few words what the reason is."))
        return cleaned


class ColleagueConflictForm(CaseConflictForm):
    """The conflict of one of `colleagues`, who may open the case now."""

    person = forms.TypedChoiceField(label=gettext_lazy("Colleague"))
    words = forms.CharField(
        label=gettext_lazy("In words, and how you know"),
        help_text=gettext_lazy("Read by those alone who keep the record of conflicts."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("person", "reason", "words")

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {str(each.pk): each for each in colleagues}
        person = self.fields["person"]
        person.choices = [("", ""), *((pk, str(each)) for pk, each in people.items())]  # type: ignore[attr-defined]
        person.coerce = people.__getitem__  # type: ignore[attr-defined]
        self.auto_id = "colleague-%s"
        self.summary_label = _("Record a colleague’s conflict of interest")


class LiftedConflictForm(PortalForm):
    """Why a conflict of interest no longer stands."""

    because = forms.CharField(
        label=gettext_lazy("Why it no longer stands"),
        help_text=gettext_lazy("It stays on the file."),
        max_length=500,
    )

    def __init__(self, *args: Any, recusal: Recusal, **kwargs: Any) -> None:
        # one such form stands beside each conflict of the page
        super().__init__(*args, auto_id=f"lift-{recusal.pk}-%s", **kwargs)
        self.recusal = recusal
        self.summary_label = _("Conflict of interest of %(person)s") % {"person": recusal.person}
