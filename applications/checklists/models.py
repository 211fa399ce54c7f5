from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.lifecycle.models import Application


class CheckState(models.TextChoices):
    """What an officer makes of a section; without a row nobody has looked at it."""

    OPEN = "OPEN", _("Not looked at")
    IN_ORDER = "IN_ORDER", _("In order")
    TO_DO = "TO_DO", _("Something to do")
    NOT_NEEDED = "NOT_NEEDED", pgettext_lazy("of a section", "Not needed")


class SectionCheck(models.Model):
    """One officer's look at one section of one case. Rows are added and stay; the last one counts.

    `section` is the key of a section of the form, `content` the fingerprint of what it held at that moment:
    where it holds something else now, the applicant has changed it since.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="section_checks")
    section = models.CharField(max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=CheckState)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    content = models.CharField(max_length=64)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["checked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "section"],
                condition=Q(is_current=True),
                name="one_check_of_a_section_counts",
            )
        ]
        indexes = [
            # lists are narrowed to what is to do in one section
            models.Index(fields=["state", "section"], condition=Q(is_current=True), name="checks_that_count"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.state}"
