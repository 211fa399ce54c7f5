"""What a person has done: degrees, tests, study and work, each a row that repeats."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from admissions_portal.support.models import Timestamped
from applications.applicants.choices import (
    AwardStatus,
    CourseLevel,
    DegreeLevel,
    EarlierLevel,
    EnglishTestKind,
    Honours,
    Language,
    Leaving,
    StudyKind,
    StudyMode,
)
from applications.applicants.models.person import Applicant
from applications.applicants.names import validate_printable


class Qualification(Timestamped):
    """A degree or other qualification, held or expected."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="qualifications")
    level = models.CharField(_("level"), max_length=30, choices=DegreeLevel.choices)
    title = models.CharField(
        _("title as on the certificate"), max_length=200, validators=[validate_printable]
    )
    institution = models.CharField(_("institution"), max_length=200, validators=[validate_printable])
    country = CountryField(_("country or region of the institution"))
    # the code of a university that takes applications here, so that "of this university" is known for each
    # programme applied for instead of asked anew
    university = models.CharField(_("university"), max_length=40, blank=True)
    honours = models.CharField(_("honours as printed"), max_length=30, choices=Honours.choices, blank=True)
    result = models.CharField(
        _("result as printed"), max_length=120, blank=True, validators=[validate_printable]
    )
    teaching_language = models.CharField(_("taught in"), max_length=10, choices=Language.choices, blank=True)
    examination_language = models.CharField(
        _("examined in"), max_length=10, choices=Language.choices, blank=True
    )
    institution_medium = models.CharField(
        _("the institution’s medium of instruction"), max_length=10, choices=Language.choices, blank=True
    )
    status = models.CharField(
        _("awarded or expected"), max_length=10, choices=AwardStatus.choices, default=AwardStatus.AWARDED
    )
    completed_on = models.DateField(_("awarded or expected on"), null=True, blank=True)
    relied_on = models.BooleanField(_("this is the one the application relies on"), default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(relied_on=True), name="one_qualification_relied_on"
            )
        ]

    def __str__(self) -> str:
        return self.title


class EnglishTest(Timestamped):
    """One sitting of one test, or a booked one. Scores stand as printed; the engine knows the scales."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="english_tests")
    kind = models.CharField(_("test"), max_length=30, choices=EnglishTestKind.choices)
    # of a test that only an office's rules know (kind OTHER): what its report calls it
    name = models.CharField(
        _("name of the test"), max_length=120, blank=True, validators=[validate_printable]
    )
    booked = models.BooleanField(_("booked, not yet taken"), default=False)
    taken_on = models.DateField(_("test date"), null=True, blank=True)
    issued_on = models.DateField(_("date of the report"), null=True, blank=True)
    # of a booked test: when the person expects its report, so that the office knows how long to wait
    report_expected_on = models.DateField(_("report expected on"), null=True, blank=True)
    overall = models.DecimalField(_("overall"), max_digits=5, decimal_places=1, null=True, blank=True)
    listening = models.DecimalField(_("listening"), max_digits=5, decimal_places=1, null=True, blank=True)
    reading = models.DecimalField(_("reading"), max_digits=5, decimal_places=1, null=True, blank=True)
    writing = models.DecimalField(_("writing"), max_digits=5, decimal_places=1, null=True, blank=True)
    speaking = models.DecimalField(_("speaking"), max_digits=5, decimal_places=1, null=True, blank=True)
    # TOEFL iBT from 21 January 2026: the 0–120 total printed beside the 1–6 scale (AMB-12)
    comparable_total = models.DecimalField(
        _("comparable total from 0 to 120"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    grade = models.CharField(_("grade"), max_length=10, blank=True, validators=[validate_printable])
    one_skill_retake = models.BooleanField(_("put together from more than one sitting"), default=False)
    home_edition = models.BooleanField(_("taken at home"), default=False)
    report_number = models.CharField(
        _("number of the report"), max_length=40, blank=True, validators=[validate_printable]
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("English test")
        verbose_name_plural = _("English tests")

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class PostgraduateStudy(Timestamped):
    """One stretch of study or research at postgraduate level in one mode (UST-03 b, AMB-19)."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="postgraduate_studies")
    kind = models.CharField(_("kind"), max_length=30, choices=StudyKind.choices)
    mode = models.CharField(_("mode"), max_length=10, choices=StudyMode.choices)
    institution = models.CharField(_("institution"), max_length=200, validators=[validate_printable])
    title = models.CharField(
        _("subject or programme"), max_length=200, blank=True, validators=[validate_printable]
    )
    started_on = models.DateField(_("begun on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("length so far in months"), null=True, blank=True)
    certified_normal_months = models.PositiveSmallIntegerField(
        _("normal length of the programme in months"), null=True, blank=True
    )
    completed = models.BooleanField(_("completed"), default=False)
    satisfactory = models.BooleanField(_("the transcript shows it was passed"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("postgraduate study")
        verbose_name_plural = _("postgraduate studies")

    def __str__(self) -> str:
        return self.title or self.institution


class Experience(Timestamped):
    """Work: a post held, paid or not. It backs the application and decides no rule."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="experiences")
    employer = models.CharField(_("employer"), max_length=200, validators=[validate_printable])
    position = models.CharField(
        pgettext_lazy("employment", "position"), max_length=200, validators=[validate_printable]
    )
    mode = models.CharField(_("full-time or part-time"), max_length=10, choices=StudyMode.choices, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    duties = models.TextField(_("what you did"), max_length=2000, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("experience")
        verbose_name_plural = _("experience")

    def __str__(self) -> str:
        return self.position


class EarlierStudy(Timestamped):
    """A study begun at one of the universities here, and how it ended (UST-27, UST-28).

    Asked by each university about itself, and told to no other: `profile_data` leaves the others' out.
    """

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="earlier_studies")
    # the code of a university that takes applications here
    university = models.CharField(_("university"), max_length=40)
    programme = models.CharField(_("programme"), max_length=200, validators=[validate_printable])
    level = models.CharField(_("level"), max_length=20, choices=EarlierLevel.choices, blank=True)
    # as the catalogue spells it; OTHER where the catalogue has none like it, "" where it is not known
    discipline = models.CharField(_("discipline"), max_length=120, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    leaving = models.CharField(_("how it ended"), max_length=20, choices=Leaving.choices, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("earlier study")
        verbose_name_plural = _("earlier studies")

    def __str__(self) -> str:
        return self.programme


class PriorCourse(Timestamped):
    """One course passed elsewhere or before, for which credits may be asked (HKU-AS2, UST-29).

    `credits` are those asked for, in whole credits; `completed_on` is when the result was officially
    published, or the last day of the semester where that is all that is known (AMB-15).
    """

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="prior_courses")
    title = models.CharField(_("course"), max_length=200, validators=[validate_printable])
    institution = models.CharField(_("institution"), max_length=200, validators=[validate_printable])
    level = models.CharField(_("level"), max_length=30, choices=CourseLevel.choices, blank=True)
    credits = models.PositiveSmallIntegerField(_("credits"), null=True, blank=True)
    passed = models.BooleanField(_("the transcript shows it was passed"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=40, blank=True, validators=[validate_printable])
    completed_on = models.DateField(_("result published on"), null=True, blank=True)
    used_for_award = models.BooleanField(_("counted towards an award"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("prior course")
        verbose_name_plural = _("prior courses")

    def __str__(self) -> str:
        return self.title
