"""Which School or programme begins rules of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from programmes.models import Level, Programme, School


class LayerForm(PortalForm):
    """Whose rules they are, and what they are called."""

    about = forms.ChoiceField(
        label=gettext_lazy("School or programme"),
        help_text=gettext_lazy("Only those of which you may edit the rules of every programme."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("For which level"),
        help_text=gettext_lazy("Of a School; a programme has one level."),
        choices=[("", gettext_lazy("Every level")), *Level.choices],
        required=False,
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    clause = forms.CharField(
        label=gettext_lazy("Where the School or programme says so"), max_length=200, required=False
    )
    policy_pk = 0

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things: dict[str, School | Programme] = {}
        programmes = list(programmes)
        for programme in programmes:
            if programme.school:
                self.things[f"school:{programme.school.pk}"] = programme.school
        for programme in programmes:
            self.things[f"programme:{programme.pk}"] = programme
        names = [(key, str(thing)) for key, thing in self.things.items()]
        self.fields["about"].choices = [("", "–"), *names]  # type: ignore[attr-defined]

    def about_chosen(self) -> School | Programme:
        """Call it once the form is valid."""
        return self.things[self.cleaned_data["about"]]

    def terms(self) -> dict[str, str]:
        """What `draft_policy_layer` takes beside the School or programme."""
        given = {name: self.cleaned_data[name] for name in ("title", "clause")}
        is_school = isinstance(self.about_chosen(), School)
        return {**given, "level": self.cleaned_data["level"] if is_school else ""}
