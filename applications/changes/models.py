from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import both_or_neither
from applications.applicants.models import ProfileSnapshot
from applications.evidence.models import Document
from applications.lifecycle.models import Application


class ProposalStatus(models.TextChoices):
    OPEN = "OPEN", _("Waiting for the office")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REFUSED = "REFUSED", _("Not accepted")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


class ChangeProposal(models.Model):
    """One answer, or one item of a list, that the applicant asks the office to change (B14).

    `section` and `group` name it as in the form, `row` counts the items of a group from 0; null is an item to
    add, or no item at all where `group` is "". `old` and `new` hold the answers as in a profile, only those
    that differ; `new` is null where the item should go. `words` is the change in the applicant's own words
    where the form has no inputs for it. Texts stand here and never in history.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="proposals")
    profile = models.ForeignKey(ProfileSnapshot, models.PROTECT, related_name="+")
    section = models.CharField(max_length=30)
    group = models.CharField(max_length=40, blank=True)
    row = models.PositiveSmallIntegerField(null=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    words = models.TextField(blank=True, max_length=4000)
    why = models.TextField(_("why"), max_length=1000)
    proof = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            both_or_neither("decided_by", "decided_at", name="proposal_decided_by_and_at"),
            models.CheckConstraint(
                condition=Q(status="OPEN", decided_at__isnull=True)
                | (~Q(status="OPEN") & Q(decided_at__isnull=False)),
                name="a_closed_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="REFUSED") | ~Q(reason=""), name="a_refused_proposal_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["application"], condition=Q(status="OPEN"), name="open_change_proposals")
        ]

    def __str__(self) -> str:
        return self.section

    @property
    def is_open(self) -> bool:
        return self.status == ProposalStatus.OPEN
