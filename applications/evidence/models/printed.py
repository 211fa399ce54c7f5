"""Name and birth date as documents print them, and how what differs was settled (D6)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.applicants.names import full_name
from applications.applicants.names_compared import WrittenName
from applications.evidence.models.document import Document
from applications.lifecycle.models import Application


class WhatDiffers(models.TextChoices):
    NAME = "NAME", _("Name")
    DATE_OF_BIRTH = "DATE_OF_BIRTH", _("Date of birth")


class SettledAs(models.TextChoices):
    """Why a difference is none."""

    ALIAS = "ALIAS", _("Another name of this person")
    DEED = "DEED", _("Name changed, shown by a document")
    EXPLANATION = "EXPLANATION", _("Explained")


class PrintedIdentity(Timestamped):
    """What one document prints of the person, in its own writing, as the officer who verified it read it.

    Empty is what is not printed. The last row of a document counts; one before it is `superseded_at`.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="printed_identities")
    document = models.ForeignKey(Document, models.CASCADE, related_name="printed")
    name = models.CharField(_("name as printed"), max_length=200, blank=True)
    chinese_name = models.CharField(_("Chinese name as printed"), max_length=40, blank=True)
    date_of_birth = models.DateField(_("date of birth as printed"), null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        verbose_name = _("name and birth date as printed")
        verbose_name_plural = _("names and birth dates as printed")
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(superseded_at=None),
                name="one_printed_identity_of_a_document_counts",
            )
        ]

    def __str__(self) -> str:
        return full_name("", self.name, self.chinese_name)

    @property
    def written(self) -> WrittenName:
        """For `compare_names`; a line may hold both scripts."""
        line = WrittenName.of_line(self.name)
        return WrittenName(given=line.given, chinese=self.chinese_name or line.chinese)

    @property
    def has_name(self) -> bool:
        return bool(self.name or self.chinese_name)


class PrintedDifference(Timestamped):
    """A name or birth date that is not the profile's, or not that of another proof; until an officer settles
    it, no offer is released. One that compares well after all, because the profile was corrected or an alias
    became known, is taken away; a settled one stays. The reason stands here and never in history."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="printed_differences")
    printed = models.ForeignKey(PrintedIdentity, models.CASCADE, related_name="differences")
    what = models.CharField(max_length=20, choices=WhatDiffers)
    found_at = models.DateTimeField()
    settled_as = models.CharField(max_length=20, choices=SettledAs, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # what shows that a name was changed
    deed = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["found_at", "id"]
        verbose_name = _("name or birth date that differs")
        verbose_name_plural = _("names and birth dates that differ")
        indexes = [
            models.Index(
                fields=["application"], condition=models.Q(settled_at=None), name="printed_difference_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["printed", "what"], name="each_difference_once"),
            both_or_neither("settled_by", "settled_at", name="difference_settled_by_and_at"),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_as="", reason="", deed=None)
                | ~models.Q(settled_at=None) & ~models.Q(settled_as="") & ~models.Q(reason=""),
                name="a_settled_difference_says_how_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_as="DEED", deed__isnull=False)
                | ~models.Q(settled_as="DEED") & models.Q(deed=None),
                name="a_deed_is_a_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.settled_as}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
