"""Where a person can be reached now, where that changed after something was submitted."""

from __future__ import annotations

from django.db import models

from applications.applicants.models.person import Applicant

# What may change at once, without the office: how a person is reached decides nothing.
CONTACT_FIELDS = ("phone", "address_1", "address_2", "address_3", "postcode", "country")


class ContactChange(models.Model):
    """A telephone number or address that took the place of another, for every running case. Never changed.

    `before` and `after` hold the fields of `CONTACT_FIELDS` as in a profile. The e-mail address is the
    account's and not kept here.
    """

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="contact_changes")
    changed_at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ["changed_at", "id"]
        indexes = [models.Index(fields=["applicant", "-changed_at", "-id"], name="contact_change_latest")]

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.changed_at:%Y-%m-%d}"
