"""English: the first language, and tests with their scores as printed. The engine knows each test's scale."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from applications.applicants.choices import EnglishTestKind as Kind
from applications.applicants.models import Applicant, EnglishTest
from applications.submission.sections.base import FormSection
from applications.submission.sections.rows import RowForm, RowGroup, SectionForm
from eligibility.engine import PARTS, SCALES, EnglishMinimum, EnglishTestKind
from eligibility.forms.scores import ScoreField

SCORES = ("overall", *PARTS, "comparable_total")
# what only a report has: nothing of it is asked about a test that is booked
OF_REPORT = (*SCORES, "grade", "one_skill_retake", "home_edition", "report_number")
# before the kind of a new test, where it is booked and not yet taken
BOOKED = "BOOKED_"


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
    """A test taken, with only what its kind prints, or a test booked, with nothing that only a report has.

    Kind and booking are chosen when the test is added. Of a booked one the button “The result is there”
    makes a taken one, in the same row.
    """

    needed_to_keep = ("kind",)
    # of a taken test to be answered
    needed_later = ("taken_on", "overall", *PARTS, "grade")
    widths: ClassVar = {**dict.fromkeys(SCORES, 2), "grade": 2, "report_number": 8, "name": 8}
    # the button was pressed before the day of the test
    is_too_early = False

    class Meta:
        model = EnglishTest
        fields = (
            "kind",
            "booked",
            "name",
            "taken_on",
            "report_expected_on",
            *SCORES,
            "grade",
            "one_skill_retake",
            "home_edition",
            "report_number",
        )
        labels = {
            "name": gettext_lazy("Which test is it?"),
            "taken_on": gettext_lazy("Test date"),
            "report_expected_on": gettext_lazy("When do you expect the report?"),
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
            "name": gettext_lazy("As its report calls it."),
            "taken_on": gettext_lazy(
                "As printed on the report, for example 12 10 2024. It is not the day of the report."
            ),
            "report_expected_on": gettext_lazy(
                "As the test centre says. The office then knows when to look."
            ),
            "comparable_total": gettext_lazy("Printed on the report beside the scores from 1 to 6."),
        }
        field_classes = {"taken_on": PortalDateField, "report_expected_on": PortalDateField}
        widgets = {"kind": forms.HiddenInput, "booked": forms.HiddenInput}

    @property
    def kind(self) -> EnglishTestKind:
        chosen = self.data.get(self.add_prefix("kind")) if self.is_bound else self.instance.kind
        return EnglishTestKind(chosen) if chosen in Kind.values else EnglishTestKind.OTHER

    @property
    def is_booked(self) -> bool:
        if not self.is_bound:
            return self.instance.booked
        return self.data.get(self.add_prefix("booked"), "") not in ("", "False", "false", "0")

    @property
    def heading(self) -> str:
        words = {"item": self.summary_label, "test": self._test_name()}
        if self.is_booked:
            return _("%(item)s, booked: %(test)s") % words
        return _("%(item)s: %(test)s") % words

    def _test_name(self) -> str:
        typed = self.data.get(self.add_prefix("name"), "") if self.is_bound else self.instance.name
        other = self.kind is EnglishTestKind.OTHER
        return " ".join(typed.split())[:120] if other and typed.strip() else str(Kind(self.kind).label)

    def prepare(self) -> None:
        self._take_arrival()
        scale, other = SCALES[self.kind], self.kind is EnglishTestKind.OTHER
        printed = {
            "overall": other or scale.overall is not None,
            "comparable_total": scale.comparable is not None,
            "grade": bool(scale.grades),
            "home_edition": self.kind in (Kind.TOEFL_IBT, Kind.TOEFL_IBT_1_6),
            "one_skill_retake": bool(scale.parts),
            **{part: other or (scale.part is not None and part in scale.parts) for part in PARTS},
        }
        asked = dict.fromkeys(self.fields, True) | printed | {"name": other}
        asked["report_expected_on"] = self.is_booked
        if self.is_booked:
            asked |= dict.fromkeys(OF_REPORT, False)
        for name in [name for name in self.fields if not asked[name]]:
            del self.fields[name]
        for name in SCORES:
            if name in self.fields:
                own = self.fields[name]
                listed = self._listed() if other else None
                self.fields[name] = ScoreField(
                    kind=self.kind,
                    part=name,
                    label=own.label,
                    help_text=own.help_text,
                    required=False,
                    scale=listed.scale if listed else None,
                )
        if "grade" in self.fields:
            self.fields["grade"] = forms.ChoiceField(
                label=self.fields["grade"].label,
                choices=[("", _("Choose one")), *((grade, grade) for grade in scale.grades)],
                required=False,
            )
        if other:
            self.fields["name"].required = True
            if names := [row.name for row in self._added()]:
                self.fields["name"].help_text = _(
                    "As its report calls it. The rules of this programme list: %(names)s."
                ) % {"names": _(", ").join(names)}
        if self.is_booked:
            self.fields["taken_on"].help_text = _("The day for which it is booked.")
        self.helper.layout = Layout(*self._layout())

    @property
    def button(self) -> tuple[str, str] | None:
        if not self.is_booked or self.instance.pk is None:
            return None
        return self.add_prefix("arrived"), _("The result is there")

    def _take_arrival(self) -> None:
        """“The result is there” was pressed: the row is a taken test from now on, if its day has come."""
        pressed = self.add_prefix("arrived")
        if not self.is_bound or pressed not in self.data:
            return
        typed = self.typed
        del typed[pressed]
        if not self.is_booked:
            return
        self.is_too_early = (day := self._day_typed()) is not None and day > self.filling.today
        if not self.is_too_early:
            typed[self.add_prefix("booked")] = "False"
            self.asks_anew = True

    def _day_typed(self) -> date | None:
        field = self.fields["taken_on"]
        typed = field.widget.value_from_datadict(self.typed, {}, self.add_prefix("taken_on"))
        try:
            return field.to_python(typed)
        except ValidationError:
            return None

    def _listed(self) -> EnglishMinimum | None:
        """What the programme's rules ask of this test, where only they know it."""
        name = self._test_name().casefold()
        return next((row for row in self._added() if " ".join(row.name.split()).casefold() == name), None)

    def _added(self) -> list[EnglishMinimum]:
        """The tests that the office has added as data."""
        rules = self.filling.rules
        return [row for row in rules.english.minima if row.name] if rules is not None else []

    def _layout(self) -> list[Any]:
        scores = [name for name in ("overall", *PARTS) if name in self.fields]
        parts = [name for name in self.fields if name not in scores]
        at = parts.index("taken_on") + 1
        return [
            *parts[:at],
            *([Div(*scores, css_class="pg-grid pg-five")] if scores else []),
            *parts[at:],
        ]

    def check(self) -> None:
        on = self.cleaned_data.get("taken_on")
        if on is None and "taken_on" not in self.errors:
            self.add_error("taken_on", _("Give the date of the test: day, month and year."))
        if self.is_booked:
            self._check_booking(on)
            return
        if on and on > self.filling.today:
            self.add_error(
                "taken_on",
                _(
                    "The test date is in the future (%(day)s). Check the year; a test still to be taken is "
                    "added as a booked one."
                )
                % {"day": hong_kong_day(on)},
            )
        for name in (*SCORES, "grade"):
            if name not in self.fields or name in self.errors:
                continue
            if self.cleaned_data.get(name) in (None, "") and self._is_needed(name):
                self.add_error(
                    name, _("Write the %(part)s score as printed.") % {"part": str(self.fields[name].label)}
                )

    def _check_booking(self, on: date | None) -> None:
        today, expected = self.filling.today, self.cleaned_data.get("report_expected_on")
        if on and self.is_too_early:
            self.add_error(
                "taken_on",
                _("The test is on %(day)s. Its result can be written once that day has come.")
                % {"day": hong_kong_day(on)},
            )
        if on and expected and expected < on:
            self.add_error(
                "report_expected_on",
                _("%(report)s is before the test on %(day)s. Check both dates.")
                % {"report": hong_kong_day(expected), "day": hong_kong_day(on)},
            )
        elif expected and expected < today:
            self.add_error(
                "report_expected_on",
                _(
                    "The report was expected on %(day)s. If it is there, press “The result is there”; if "
                    "not, give the day now expected."
                )
                % {"day": hong_kong_day(expected)},
            )
        elif on and on < today and not expected and "report_expected_on" not in self.errors:
            self.add_error(
                "report_expected_on",
                _(
                    "The test was on %(day)s. If the result is there, press “The result is there”; if not, "
                    "say when you expect the report."
                )
                % {"day": hong_kong_day(on)},
            )

    def _is_needed(self, name: str) -> bool:
        if self.kind is EnglishTestKind.OTHER:  # which of them its report prints, its name does not tell
            return False
        if name == "overall":  # the revised paper test prints no total (AMB-11)
            return self.kind is not Kind.TOEFL_REVISED_PAPER
        return (
            name != "comparable_total"
        )  # printed for two years only; without it an officer decides (AMB-12)

    def keep(self) -> None:
        """A booking that became a test, or the other way round, keeps nothing of what it was."""
        gone = [name for name in (*OF_REPORT, "report_expected_on") if name not in self.fields]
        for name in gone:
            column: Any = EnglishTest._meta.get_field(name)
            setattr(self.instance, name, column.get_default())
        super().keep()
        if gone:
            self.instance.save(update_fields=gone)


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
            kind_choices=(
                *Kind.choices,
                *(
                    (f"{BOOKED}{kind}", format_lazy(gettext_lazy("Booked: {test}"), test=label))
                    for kind, label in Kind.choices
                    if not SCALES[EnglishTestKind(kind)].retired and kind != Kind.IELTS_INDICATOR
                ),
            ),
        ),
    )

    @staticmethod
    def _of_kind(instance: models.Model, kind: str) -> models.Model:
        if isinstance(instance, EnglishTest) and kind:
            instance.booked, instance.kind = kind.startswith(BOOKED), kind.removeprefix(BOOKED)
        return instance
