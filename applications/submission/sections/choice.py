"""What is applied for within the programme. The track follows from the specialisation (HKU-10)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.lifecycle.models import Application
from applications.submission.sections.base import FormSection
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import SectionForm
from programmes.models import Specialisation


class ChoiceForm(SectionForm):
    specialisation = forms.TypedChoiceField(
        label=gettext_lazy("Specialisation"),
        empty_value=None,
        help_text=gettext_lazy("The track follows from it."),
    )
    second_specialisation = forms.TypedChoiceField(
        label=gettext_lazy("Second choice"),
        required=False,
        empty_value=None,
        help_text=gettext_lazy("Considered if your first choice cannot be offered."),
    )

    class Meta:
        model = Application
        fields = ("specialisation", "second_specialisation")

    def prepare(self) -> None:
        offered = self.filling.specialisations
        by_pk = {str(row.pk): row for row in offered}
        for name, nothing in (("specialisation", _("Choose one")), ("second_specialisation", _("None"))):
            field: Any = self.fields[name]
            field.choices = [("", nothing), *_by_track(offered)]
            field.coerce = by_pk.__getitem__
        if not offered:
            self.fields.clear()

    def _get_validation_exclusions(self) -> set[str]:
        # both answers come from the list above: asking the database again whether they exist costs four
        # queries
        return {field.name for field in Application._meta.get_fields()}

    def check(self) -> None:
        first, second = (
            self.cleaned_data.get("specialisation"),
            self.cleaned_data.get("second_specialisation"),
        )
        if first and first == second:
            self.add_error(
                "second_specialisation",
                _("“%(name)s” is already your first choice. Choose another one, or none.")
                % {"name": first.name},
            )


class Choice(FormSection):
    key = "choice"
    title = gettext_lazy("Programme choice")
    form_class = ChoiceForm

    def owner(self, filling: Filling) -> models.Model:
        return filling.application

    def has_begun(self, filling: Filling) -> bool:
        chosen = filling.application.specialisation_id is not None
        return chosen or self.key in filling.visits or bool(self.unsaved(filling))


def _by_track(offered: list[Specialisation]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            _("Track %(track)s") % {"track": track},
            [(str(row.pk), f"({row.number}) {row.name}") for row in rows],
        )
        for track, rows in groupby(offered, key=lambda row: row.track)
    ]
