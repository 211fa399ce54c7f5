"""The short form of an occasional student, and the office's decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm, PortalModelForm
from applications.applicants.models import Applicant
from applications.applicants.names import ChineseNameInput, NameInput
from applications.evidence.forms import FilesField
from applications.occasional.actions import MOST_COURSES, CourseTerms
from applications.occasional.models import CourseKind, OccasionalRequest, WantedCourse


class OccasionalPersonForm(PortalModelForm):
    """Names and telephone: what the office needs to write back. They are the profile's own."""

    needed_later = ("family_name", "given_names", "phone")

    class Meta:
        model = Applicant
        fields = ("family_name", "given_names", "chinese_name", "preferred_name", "phone")
        field_classes: ClassVar = {
            "family_name": NameInput,
            "given_names": NameInput,
            "chinese_name": ChineseNameInput,
            "preferred_name": NameInput,
        }
        labels: ClassVar = {
            "family_name": gettext_lazy("Family name"),
            "given_names": gettext_lazy("Given names"),
            "chinese_name": gettext_lazy("Chinese name"),
            "preferred_name": gettext_lazy("Preferred name"),
            "phone": gettext_lazy("Telephone"),
        }
        help_texts: ClassVar = {
            "family_name": gettext_lazy(
                "As in your identity card or passport. One name alone is enough: leave the other empty."
            ),
            "phone": gettext_lazy(
                "With the country code, for example +86 138 0013 8000. Hong Kong numbers need none."
            ),
        }


class OccasionalWhyForm(PortalModelForm):
    """Why the courses are wanted, and a file or two."""

    needed_later = ("why",)
    attached = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "For example a certificate. PDF, JPEG, PNG or HEIC; nothing is required. Several may be chosen."
        ),
        required=False,
    )

    class Meta:
        model = OccasionalRequest
        fields = ("why",)
        labels: ClassVar = {"why": gettext_lazy("Why you want to take them")}
        help_texts: ClassVar = {"why": gettext_lazy("A few sentences, up to 2,000 characters.")}
        widgets: ClassVar = {"why": forms.Textarea(attrs={"rows": 5})}


class WantedCourseForm(PortalForm):
    """One course. No list of courses is held, so it is named in words."""

    title = forms.CharField(
        label=gettext_lazy("Course, by title or code"),
        max_length=200,
        required=False,
        validators=WantedCourse._meta.get_field("title").validators[:1],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of course"),
        choices=[("", gettext_lazy("Not sure")), *CourseKind.choices],
        required=False,
    )
    needed_later = "__all__"
    widths: ClassVar = {"kind": 8}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Name the course, or set its kind back to “Not sure”."))
        return cleaned


class _Courses(forms.BaseFormSet):
    def add_fields(self, form: WantedCourseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.summary_label = _("Course %(number)s") % {"number": (index or 0) + 1}

    def terms(self) -> tuple[CourseTerms, ...]:
        """The courses named, in their order; lines left empty are none. Call it once the formset is valid."""
        return tuple(
            CourseTerms(form.cleaned_data["title"], form.cleaned_data["kind"])
            for form in self.forms
            if form.cleaned_data.get("title")
        )


def courses_formset(request: OccasionalRequest, data: Any = None) -> Any:
    """The courses named so far and room for more: three lines at least, one of them always empty."""
    kept = [{"title": course.title, "kind": course.kind} for course in request.courses.all()]
    room = max(3 - len(kept), 1)
    formset = forms.formset_factory(
        WantedCourseForm,
        formset=_Courses,
        extra=room,
        max_num=MOST_COURSES,
        validate_max=True,
        absolute_max=MOST_COURSES,
    )
    return formset(data, prefix="courses", initial=kept)


class OccasionalDecisionForm(PortalForm):
    """Which of the courses the person may take; those left out need a reason."""

    needed_later = "__all__"
    approved = forms.MultipleChoiceField(
        label=gettext_lazy("Approved courses"),
        help_text=gettext_lazy("With none ticked the request is not approved."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason or note to the person"),
        help_text=gettext_lazy("Needed where a course is not approved. The person reads it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, courses: list[WantedCourse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approved"].choices = [  # type: ignore[attr-defined]
            (str(course.pk), f"{course.title} ({course.get_kind_display()})" if course.kind else course.title)
            for course in courses
        ]

    @property
    def chosen(self) -> set[int]:
        """Primary keys of the approved courses. Call it once the form is valid."""
        return {int(pk) for pk in self.cleaned_data["approved"]}
