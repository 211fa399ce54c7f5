"""Degrees, postgraduate study and work."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from applications.applicants.choices import AwardStatus, Honours
from applications.applicants.models import Experience, PostgraduateStudy, Qualification
from applications.submission.sections.base import Filled, FormSection
from applications.submission.sections.earlier import earlier_groups
from applications.submission.sections.filling import Filling
from applications.submission.sections.rows import RowForm, RowGroup, YesNoField
from applications.submission.sections.spans import check_order


class QualificationForm(RowForm):
    needed = ("teaching_language", "examination_language", "institution_medium", "completed_on")
    needed_to_keep = ("level", "title", "institution", "country", "status")
    marks = ("relied_on",)
    # of an awarded degree
    needed_later = ("honours",)
    widths: ClassVar = {"level": 8, "honours": 8, "result": 8}
    university = forms.ChoiceField(label=gettext_lazy("Is it one of these universities?"), required=False)

    class Meta:
        model = Qualification
        fields = (
            "level",
            "title",
            "institution",
            "country",
            "university",
            "status",
            "completed_on",
            "honours",
            "result",
            "teaching_language",
            "examination_language",
            "institution_medium",
            "relied_on",
        )
        labels = {
            "level": gettext_lazy("Level"),
            "title": gettext_lazy("Title of the award"),
            "institution": gettext_lazy("Institution"),
            "country": gettext_lazy("Country or region of the institution"),
            "status": gettext_lazy("Awarded or expected"),
            "completed_on": gettext_lazy("Day of the award"),
            "honours": gettext_lazy("Honours as printed"),
            "result": gettext_lazy("Grade average or class mark"),
            "teaching_language": gettext_lazy("The degree was taught in"),
            "examination_language": gettext_lazy("The degree was examined in"),
            "institution_medium": gettext_lazy("The institution as a whole teaches in"),
            "relied_on": gettext_lazy("My application relies on this one"),
        }
        help_texts = {
            "title": gettext_lazy("As on the certificate, for example Bachelor of Science in Biotechnology."),
            "completed_on": gettext_lazy(
                "When the result was officially published. If you still study: when your institution "
                "can certify "
                "that you have finished, not the day of the ceremony."
            ),
            "honours": gettext_lazy("What the certificate says. Nothing is worked out from your grades."),
            "result": gettext_lazy("As printed, for example 3.42 of 4.30."),
            "institution_medium": gettext_lazy(
                "Its general medium of instruction, whatever your own degree used."
            ),
        }
        field_classes = {"completed_on": PortalDateField}
        widgets = {"status": forms.RadioSelect}

    def prepare(self) -> None:
        university: Any = self.fields["university"]
        university.choices = lambda: [("", _("No, another one")), *self.filling.universities]

    def check(self) -> None:
        given = self.cleaned_data
        on, expected = given.get("completed_on"), given.get("status") == AwardStatus.EXPECTED
        if on and expected and on < self.filling.today:
            self.add_error(
                "completed_on",
                _(
                    "%(day)s has passed. If the degree was awarded, choose “Awarded”; if not, give the day "
                    "now expected."
                )
                % {"day": hong_kong_day(on)},
            )
        if on and given.get("status") == AwardStatus.AWARDED and on > self.filling.today:
            self.add_error(
                "completed_on",
                _("%(day)s is in the future. Check the year, or choose “Expected”.")
                % {"day": hong_kong_day(on)},
            )
        if given.get("status") == AwardStatus.AWARDED and "honours" in given and not given["honours"]:
            self.add_error(
                "honours",
                _("Say what the certificate prints; if it prints nothing, choose “%(nothing)s”.")
                % {"nothing": Honours.NONE_PRINTED.label},
            )


class Qualifications(FormSection):
    key = "qualifications"
    title = gettext_lazy("Degrees")
    intro = gettext_lazy(
        "Every degree you hold or expect. If you give several, mark the one your application relies on."
    )
    in_profile = True
    groups = (
        RowGroup(
            key="degree",
            form_class=QualificationForm,
            relation="qualifications",
            item=gettext_lazy("Degree %(number)s"),
            add=gettext_lazy("Add another degree"),
            least=1,
        ),
    )

    def arrange(self, filled: Filled) -> None:
        """A single degree needs no mark."""
        rows = filled.groups[0].forms
        if len(rows) == 1:
            rows[0].fields["relied_on"].widget = forms.HiddenInput()

    def check(self, filled: Filled) -> None:
        """One degree is relied on (AMB-31): the only one, or the one that is marked."""
        written = [form for form in filled.groups[0].forms if not form.is_blank]
        if len(written) == 1:
            written[0].instance.relied_on = True
            return
        marked = [form for form in written if form.cleaned_data.get("relied_on")]
        if len(written) > 1 and not marked:
            written[0].add_error("relied_on", _("Mark the one degree that your application relies on."))
        for form in marked[1:]:
            form.add_error(
                "relied_on",
                _("“%(label)s” is already marked. Mark only one degree.")
                % {"label": marked[0].summary_label},
            )

    def before_keeping(self, filled: Filled) -> None:
        """The mark may move to an earlier row, and only one row may carry it at any moment."""
        filled.filling.applicant.qualifications.filter(relied_on=True).update(relied_on=False)


class PostgraduateStudyForm(RowForm):
    needed = ("months",)
    needed_to_keep = ("kind", "mode", "institution")
    widths: ClassVar = {"months": 2, "certified_normal_months": 2, "kind": 8, "mode": 8}
    satisfactory = YesNoField(
        label=gettext_lazy("Does the transcript show that it was passed?"),
        unknown=gettext_lazy("Not yet known"),
    )

    class Meta:
        model = PostgraduateStudy
        fields = (
            "kind",
            "mode",
            "institution",
            "title",
            "started_on",
            "ended_on",
            "months",
            "completed",
            "certified_normal_months",
            "satisfactory",
        )
        labels = {
            "kind": gettext_lazy("What it was"),
            "mode": gettext_lazy("Full-time or part-time"),
            "institution": gettext_lazy("Institution"),
            "title": gettext_lazy("Programme or subject"),
            "started_on": gettext_lazy("Begun on"),
            "ended_on": gettext_lazy("Ended on"),
            "months": gettext_lazy("Length so far in whole months"),
            "completed": gettext_lazy("I have completed it"),
            "certified_normal_months": gettext_lazy("Normal length of the programme in months"),
        }
        help_texts = {
            "ended_on": gettext_lazy("Leave it empty if you still study."),
            "certified_normal_months": gettext_lazy(
                "As the institution certifies it. A one-year programme counts as 12 though its terms "
                "are shorter."
            ),
        }
        field_classes = {"started_on": PortalDateField, "ended_on": PortalDateField}

    def check(self) -> None:
        check_order(self, self.filling.today)
        for name in ("months", "certified_normal_months"):
            if (self.cleaned_data.get(name) or 0) > 600:
                self.add_error(
                    name,
                    _("Write months, not days: %(number)s months is more than 50 years.")
                    % {"number": self.cleaned_data[name]},
                )


class ExperienceForm(RowForm):
    needed = ("started_on",)
    needed_to_keep = ("employer", "position")
    widths: ClassVar = {"mode": 8}

    class Meta:
        model = Experience
        fields = ("employer", "position", "mode", "started_on", "ended_on", "duties")
        labels = {
            "employer": gettext_lazy("Employer"),
            "position": gettext_lazy("Position"),
            "mode": gettext_lazy("Full-time or part-time"),
            "started_on": gettext_lazy("From"),
            "ended_on": gettext_lazy("Until"),
            "duties": gettext_lazy("What you did"),
        }
        help_texts = {"ended_on": gettext_lazy("Leave it empty if you still work there.")}
        field_classes = {"started_on": PortalDateField, "ended_on": PortalDateField}
        widgets = {"duties": forms.Textarea(attrs={"rows": 4})}

    def check(self) -> None:
        check_order(self, self.filling.today)


_STUDY = RowGroup(
    key="study",
    form_class=PostgraduateStudyForm,
    relation="postgraduate_studies",
    heading=gettext_lazy("Postgraduate study and research"),
    intro=gettext_lazy(
        "Study or research at postgraduate level, finished or not. It can stand in for an outstanding "
        "bachelor’s degree."
    ),
    item=gettext_lazy("Study %(number)s"),
    add=gettext_lazy("Add a study"),
)
_WORK = RowGroup(
    key="post",
    form_class=ExperienceForm,
    relation="experiences",
    heading=gettext_lazy("Work"),
    intro=gettext_lazy("Posts that say something about your subject. No rule asks for them."),
    item=gettext_lazy("Post %(number)s"),
    add=gettext_lazy("Add a post"),
)


class WorkAndStudy(FormSection):
    """For research degrees postgraduate study comes first: it is a route to admission (UST-03 b)."""

    key = "experience"
    title = gettext_lazy("Experience")
    in_profile = True
    groups = (_STUDY, _WORK)

    def groups_for(self, filling: Filling) -> tuple[RowGroup, ...]:
        is_research = filling.application.offering.programme.is_research
        return (*(self.groups if is_research else (_WORK,)), *earlier_groups(filling))
