"""The repeated parts of the public check: a degree, a test, a stretch of postgraduate work.

Every answer may be "I am not sure", which the engine is told as nothing said. What a form accepts it hands on
as JSON (`fact()`); the engine's own reader makes the record and has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from eligibility import labels
from eligibility.engine import PARTS, SCALES, EnglishTestKind
from eligibility.forms.check_fields import (
    NOT_SURE,
    UNSURE,
    CheckForm,
    Choices,
    one_of,
    said,
    selected,
    truth,
    yes_no,
)
from eligibility.forms.scores import ScoreField

_LANGUAGES = (
    ("ENGLISH", gettext_lazy("English only")),
    ("MIXED", gettext_lazy("English and another language")),
    ("OTHER", gettext_lazy("Another language")),
    NOT_SURE,
)


class DegreeForm(CheckForm):
    """One qualification. `institution` is the code of the one applied to."""

    widths: ClassVar = {"level": 8, "honours": 8}
    level = selected(
        gettext_lazy("Which kind of qualification is it?"),
        {**labels.LEVELS, "OTHER": gettext_lazy("Another qualification, or I am not sure")},
        required=True,
    )
    own = yes_no("")
    in_hong_kong = yes_no(gettext_lazy("Is the institution in Hong Kong?"))
    institution = forms.CharField(
        label=gettext_lazy("Which institution is it from?"),
        help_text=gettext_lazy(
            "The office keeps a list of those it accepts. Write the name in full, as on the certificate."
        ),
        max_length=200,
        required=False,
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the award"),
        help_text=gettext_lazy("As on the certificate, for example Bachelor of Science in Biotechnology."),
        max_length=200,
        required=False,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country or region of the institution"), required=False)
    status = one_of(
        gettext_lazy("Is it awarded?"),
        [
            ("AWARDED", gettext_lazy("Yes")),
            ("EXPECTED", gettext_lazy("Not yet: I still study, or wait for the result")),
            NOT_SURE,
        ],
    )
    completed_on = PortalDateField(
        label=gettext_lazy("When can the institution certify that you have finished?"),
        help_text=gettext_lazy(
            "For a degree still to come: the day of the official result, not the ceremony. Leave it empty if "
            "you do not know."
        ),
        required=False,
    )
    honours = selected(
        gettext_lazy("Which honours does the certificate print?"),
        {**labels.HONOURS, "NONE_PRINTED": gettext_lazy("Nothing is printed"), UNSURE: NOT_SURE[1]},
        help_text=gettext_lazy("Nothing is worked out from your grades."),
    )
    teaching_language = one_of(gettext_lazy("In which language was the degree taught?"), _LANGUAGES)
    examination_language = one_of(gettext_lazy("In which language was it examined?"), _LANGUAGES)
    institution_medium = one_of(
        gettext_lazy("In which language does the institution as a whole teach?"),
        _LANGUAGES,
        help_text=gettext_lazy("Its general medium of instruction, whatever your own degree used."),
    )
    relied_on = forms.BooleanField(
        label=gettext_lazy("My application would rely on this one"), required=False
    )

    def __init__(
        self,
        *args: Any,
        institution: str,
        institution_name: str,
        several: bool,
        countries: Choices = (),
        **kwargs: Any,
    ) -> None:
        self.own_name = f"of-{institution}"
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *countries,
            ("OTHER", _("Another one")),
        ]
        self.keep_only({*self.asked.degree, *(["relied_on"] if several else [])})
        if own := self.fields.get("own"):
            own.label = _("Is it a degree of %(institution)s?") % {"institution": institution_name}
            # named after the institution, so that the answer is not taken for another one's
            self.fields = {self.own_name if name == "own" else name: f for name, f in self.fields.items()}

    @property
    def heading(self) -> str:
        return str(self.summary_label)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        status, on = given.get("status"), given.get("completed_on")
        if status == "AWARDED":
            # the page hides the day of a degree that is there, so it may not refuse what stands in it
            self.errors.pop("completed_on", None)
        elif on and on < self.today:
            self.add_error(
                "completed_on",
                _(
                    "%(day)s has passed. If the degree was awarded, choose “Yes”; if not, give the day now "
                    "expected."
                )
                % {"day": hong_kong_day(on)},
            )
        if given.get(self.own_name) == "YES" and given.get("in_hong_kong") == "NO":
            self.add_error(
                "in_hong_kong",
                _(
                    "The degree is of this university, as you say, and so from Hong Kong. Change one of the "
                    "two answers."
                ),
            )
        return given

    def fact(self) -> dict[str, Any]:
        given = self.cleaned_data
        own = given.get(self.own_name) == "YES"
        # the engine knows no "not sure" here: what nobody says is awarded is still to be shown
        expected = given.get("status") != "AWARDED"
        return {
            "level": given["level"],
            "of_this_university": own,
            "institution_in_hong_kong": True if own else truth(given.get("in_hong_kong")),
            "honours": said(given.get("honours")),
            "status": "EXPECTED" if expected else "AWARDED",
            "completed_on": given.get("completed_on") if expected else None,
            "relied_on": bool(given.get("relied_on")),
            "institution": given.get("institution") or "",
            "title": given.get("title") or "",
            "country": given.get("country") or "",
            **{
                name: said(given.get(name))
                for name in ("teaching_language", "examination_language", "institution_medium")
            },
        }


_SCORES = ("overall", *PARTS, "comparable_total")
TEST_LABELS: Mapping[str, str | Promise] = {
    **labels.TESTS,
    "IELTS_ACADEMIC": gettext_lazy("IELTS Academic, also for UKVI"),
    "TOEFL_IBT": gettext_lazy("TOEFL iBT, total from 0 to 120"),
    "TOEFL_IBT_1_6": gettext_lazy("TOEFL iBT, scores from 1 to 6 (from 21 January 2026)"),
    "TOEFL_PAPER": gettext_lazy("TOEFL paper-based test, total from 310 to 677"),
}


class TestForm(CheckForm):
    """One sitting. Only what this kind of test prints is asked for; the kind is chosen when it is added."""

    __test__ = False  # no test of ours, whatever its name
    widths: ClassVar = {**dict.fromkeys(_SCORES, 2), "grade": 4}
    kind = forms.ChoiceField(choices=[*labels.TESTS.items()], widget=forms.HiddenInput)
    booked = forms.BooleanField(
        label=gettext_lazy("I have booked this test and not taken it yet"), required=False
    )
    taken_on = PortalDateField(
        label=gettext_lazy("Test date"),
        help_text=gettext_lazy(
            "As printed on the report, for example 12 10 2024. It is not the day of the report."
        ),
        required=False,
    )
    issued_on = PortalDateField(label=gettext_lazy("Day on which the report was issued"), required=False)
    one_skill_retake = forms.BooleanField(
        label=gettext_lazy("The scores come from more than one sitting, or one skill was retaken"),
        required=False,
    )
    home_edition = forms.BooleanField(label=gettext_lazy("I took this test at home"), required=False)

    def __init__(self, *args: Any, chosen: str = "", by_issue: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = (
            self.data.get(self.add_prefix("kind")) if self.is_bound else self.initial.get("kind") or chosen
        )
        self.test = EnglishTestKind(str(typed)) if typed in labels.TESTS else EnglishTestKind.OTHER
        if not self.is_bound:
            self.initial["kind"] = self.test.value
        scale = SCALES[self.test]
        words: dict[str, str | Promise] = {
            "overall": gettext_lazy("Overall"),
            "listening": gettext_lazy("Listening"),
            "reading": gettext_lazy("Reading"),
            "writing": gettext_lazy("Writing"),
            "speaking": gettext_lazy("Speaking"),
            "comparable_total": gettext_lazy("Comparable total, from 0 to 120"),
        }
        printed = [*(["overall"] if scale.overall else []), *(part for part in PARTS if part in scale.parts)]
        printed += ["comparable_total"] if scale.comparable else []
        for name in printed:
            self.fields[name] = ScoreField(
                kind=self.test, part=name, label=words[name], required=False, help_text=""
            )
        if scale.comparable:
            self.fields["comparable_total"].help_text = _(
                "Printed on the report beside the scores from 1 to 6."
            )
        if scale.grades:
            self.fields["grade"] = selected(gettext_lazy("Grade"), {grade: grade for grade in scale.grades})
        if not by_issue:
            del self.fields["issued_on"]
        if self.test not in (EnglishTestKind.TOEFL_IBT, EnglishTestKind.TOEFL_IBT_1_6):
            del self.fields["home_edition"]
        if not scale.parts:
            del self.fields["one_skill_retake"]
        five = [name for name in ("overall", *PARTS) if name in self.fields]
        others = [name for name in self.fields if name not in five]
        first = [name for name in others if name in ("kind", "booked", "taken_on", "issued_on")]
        rest = sorted((name for name in others if name not in first), key=lambda name: name.endswith("e"))
        self.helper.layout = Layout(
            *first, *([Div(*five, css_class="pg-grid pg-five")] if five else []), *rest
        )

    @property
    def heading(self) -> str:
        return _("%(item)s: %(test)s") % {"item": self.summary_label, "test": TEST_LABELS[self.test]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        on, booked = given.get("taken_on"), given.get("booked")
        if on and not booked and on > self.today:
            self.add_error(
                "taken_on",
                _(
                    "The test date is in the future (%(day)s). Check the year, or tick that you "
                    "have booked it."
                )
                % {"day": hong_kong_day(on)},
            )
        if on and booked and on < self.today:
            self.add_error(
                "taken_on",
                _("%(day)s has passed. Untick “booked” and write the scores, or give the day now booked.")
                % {"day": hong_kong_day(on)},
            )
        for name in (*_SCORES, "grade"):
            if booked and given.get(name) not in (None, ""):
                self.add_error(
                    name, _("A test not yet taken has no scores. Leave this empty, or untick “booked”.")
                )
        return given

    def fact(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "kind": self.test.value,
            "taken_on": given.get("taken_on"),
            "issued_on": given.get("issued_on"),
            "grade": given.get("grade") or "",
            **{name: given.get(name) for name in _SCORES},
            **{name: bool(given.get(name)) for name in ("booked", "one_skill_retake", "home_edition")},
        }


class StudyForm(CheckForm):
    """One stretch of postgraduate work, counted for a doctoral programme only (UST-03 b)."""

    widths: ClassVar = {"months": 2, "certified_normal_months": 2, "kind": 8}
    kind = selected(
        gettext_lazy("What was it?"),
        {
            "STUDY": gettext_lazy("Registered study"),
            "RESEARCH": gettext_lazy("Registered research"),
            "RESEARCH_ASSISTANTSHIP": gettext_lazy("Paid research assistantship"),
        },
        required=True,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Full-time or part-time?"),
        choices=[*labels.MODES.items()],
        widget=forms.RadioSelect(attrs={"class": "pg-few"}),
    )
    started_on = PortalDateField(label=gettext_lazy("Begun on"), required=False)
    ended_on = PortalDateField(
        label=gettext_lazy("Ended on"),
        help_text=gettext_lazy("Leave it empty if you still study."),
        required=False,
    )
    months = forms.IntegerField(
        label=gettext_lazy("How long, so far, in whole months?"), min_value=0, max_value=600, required=False
    )
    completed = forms.BooleanField(label=gettext_lazy("I have completed it"), required=False)
    certified_normal_months = forms.IntegerField(
        label=gettext_lazy("Normal length of the programme in months"),
        help_text=gettext_lazy(
            "As the institution certifies it. A one-year programme counts as 12 though its terms are shorter."
        ),
        min_value=0,
        max_value=600,
        required=False,
    )
    satisfactory = one_of(
        gettext_lazy("Does the transcript show that it was passed?"),
        [("YES", gettext_lazy("Yes")), ("NO", gettext_lazy("No")), (UNSURE, gettext_lazy("Not yet known"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only(self.asked.study)

    @property
    def heading(self) -> str:
        return str(self.summary_label)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begun, ended = given.get("started_on"), given.get("ended_on")
        if begun and begun > self.today:
            self.add_error(
                "started_on",
                _("%(day)s is in the future. Check the year.") % {"day": hong_kong_day(begun)},
            )
        if begun and ended and ended < begun:
            self.add_error(
                "ended_on",
                _("%(end)s is before %(begin)s, when it began. Check both dates.")
                % {"end": hong_kong_day(ended), "begin": hong_kong_day(begun)},
            )
        return given

    def fact(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "mode": given["mode"],
            "completed": bool(given.get("completed")),
            "satisfactory": truth(given.get("satisfactory")),
            **{
                name: given.get(name)
                for name in ("started_on", "ended_on", "months", "certified_normal_months")
            },
        }
