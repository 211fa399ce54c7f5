"""English: the first language, and tests with their scores as printed. The engine knows each test's scale."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from applications.applicants.choices import EnglishTestKind as Kind
from applications.applicants.models import Applicant, EnglishTest
from applications.submission.sections.base import FormSection
from applications.submission.sections.rows import RowForm, RowGroup, SectionForm
from eligibility.engine import PARTS, SCALES, EnglishTestKind
from eligibility.forms.scores import ScoreField

SCORES = ("overall", *PARTS, "comparable_total")


class FirstLanguageForm(SectionForm):
    first_language_is_english = forms.TypedChoiceField(
        label=gettext_lazy("Is English your first language?"),
        help_text=gettext_lazy("The one you grew up with. Not every programme’s rules use this answer."),
        choices=[("True", gettext_lazy("Yes")), ("False", gettext_lazy("No"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Applicant
        fields = ("first_language_is_english",)


class EnglishTestForm(RowForm):
    """Only what this kind of test prints is asked for; the kind itself is chosen when the test is added."""

    needed_to_keep = ("kind",)
    # not of a booked test, else to be answered
    needed_later = ("taken_on", "overall", *PARTS, "grade")
    widths: ClassVar = {**dict.fromkeys(SCORES, 2), "grade": 2, "report_number": 8}

    class Meta:
        model = EnglishTest
        fields = (
            "kind",
            "booked",
            "taken_on",
            *SCORES,
            "grade",
            "one_skill_retake",
            "home_edition",
            "report_number",
        )
        labels = {
            "booked": gettext_lazy("I have booked this test and not taken it yet"),
            "taken_on": gettext_lazy("Test date"),
            "overall": gettext_lazy("Overall"),
            "listening": gettext_lazy("Listening"),
            "reading": gettext_lazy("Reading"),
            "writing": gettext_lazy("Writing"),
            "speaking": gettext_lazy("Speaking"),
            "comparable_total": gettext_lazy("Comparable total, from 0 to 120"),
            "grade": gettext_lazy("Grade"),
            "one_skill_retake": gettext_lazy(
                "The scores come from more than one sitting, or one skill was retaken"
            ),
            "home_edition": gettext_lazy("I took this test at home"),
            "report_number": gettext_lazy("Number of the report"),
        }
        help_texts = {
            "taken_on": gettext_lazy(
                "As printed on the report, for example 12 10 2024. It is not the day of the report."
            ),
            "comparable_total": gettext_lazy("Printed on the report beside the scores from 1 to 6."),
        }
        field_classes = {"taken_on": PortalDateField}
        widgets = {"kind": forms.HiddenInput}

    @property
    def kind(self) -> EnglishTestKind:
        chosen = self.data.get(self.add_prefix("kind")) if self.is_bound else self.instance.kind
        return EnglishTestKind(chosen) if chosen in Kind.values else EnglishTestKind.OTHER

    @property
    def heading(self) -> str:
        return _("%(item)s: %(test)s") % {"item": self.summary_label, "test": Kind(self.kind).label}

    def prepare(self) -> None:
        scale = SCALES[self.kind]
        printed = {
            "overall": scale.overall is not None,
            "comparable_total": scale.comparable is not None,
            "grade": bool(scale.grades),
            "home_edition": self.kind in (Kind.TOEFL_IBT, Kind.TOEFL_IBT_1_6),
            "one_skill_retake": bool(scale.parts),
            **{part: scale.part is not None and part in scale.parts for part in PARTS},
        }
        for name, is_printed in printed.items():
            if not is_printed:
                del self.fields[name]
            elif name in SCORES:
                own = self.fields[name]
                self.fields[name] = ScoreField(
                    kind=self.kind, part=name, label=own.label, help_text=own.help_text, required=False
                )
        if "grade" in self.fields:
            self.fields["grade"] = forms.ChoiceField(
                label=self.fields["grade"].label,
                choices=[("", _("Choose one")), *((grade, grade) for grade in scale.grades)],
                required=False,
            )
        self.helper.layout = Layout(*self._layout())

    def _layout(self) -> list[Any]:
        scores = [name for name in ("overall", *PARTS) if name in self.fields]
        parts = [name for name in self.fields if name not in scores]
        at = parts.index("taken_on") + 1
        return [*parts[:at], *([Div(*scores, css_class="pg-grid pg-five")] if scores else []), *parts[at:]]

    def check(self) -> None:
        given, booked = self.cleaned_data, self.cleaned_data.get("booked")
        on = given.get("taken_on")
        if on is None and "taken_on" not in self.errors:
            self.add_error("taken_on", _("Give the date of the test: day, month and year."))
        if on and not booked and on > self.filling.today:
            self.add_error(
                "taken_on",
                _(
                    "The test date is in the future (%(day)s). Check the year, or tick that you "
                    "have booked it."
                )
                % {"day": hong_kong_day(on)},
            )
        if on and booked and on < self.filling.today:
            self.add_error(
                "taken_on",
                _("%(day)s has passed. Untick “booked” and write the scores, or give the day now booked.")
                % {"day": hong_kong_day(on)},
            )
        for name in (*SCORES, "grade"):
            if name not in self.fields or name in self.errors:
                continue
            value, label = given.get(name), self.fields[name].label
            if booked and value not in (None, ""):
                self.add_error(
                    name, _("A test not yet taken has no scores. Leave this empty, or untick “booked”.")
                )
            if not booked and value in (None, "") and self._is_needed(name):
                self.add_error(name, _("Write the %(part)s score as printed.") % {"part": str(label)})

    def _is_needed(self, name: str) -> bool:
        if name == "overall":  # the revised paper test prints no total (AMB-11)
            return self.kind is not Kind.TOEFL_REVISED_PAPER
        return (
            name != "comparable_total"
        )  # printed for two years only; without it an officer decides (AMB-12)


class English(FormSection):
    key = "english"
    title = gettext_lazy("English tests")
    intro = gettext_lazy(
        "Add a test if you have taken or booked one. Whether you need one depends on your degree and, "
        "at some universities, on your first language: we say so once you have saved both."
    )
    in_profile = True
    form_class = FirstLanguageForm
    groups = (
        RowGroup(
            key="test",
            form_class=EnglishTestForm,
            relation="english_tests",
            item=gettext_lazy("Test %(number)s"),
            heading=gettext_lazy("Tests"),
            add=gettext_lazy("Add a test"),
            kind_choices=tuple(Kind.choices),
        ),
    )
