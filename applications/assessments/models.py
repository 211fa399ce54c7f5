from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from applications.lifecycle.models import Application
from eligibility.engine import Outcome, Verdict
from eligibility.models import PolicyVersion


class Assessment(models.Model):
    """One run of one policy version over the facts of one case. Never changed: a new run is a new row."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assessments")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=[(v.value, v.value) for v in Verdict])
    facts = models.JSONField()
    findings = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["application", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verdict}"


class OfficerFinding(Timestamped):
    """What an officer found on a clause the text leaves to the office; the latest for a code counts.

    The reason stands here and never in history. The rule's own finding stays in the assessment.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="officer_findings")
    code = models.CharField(_("clause"), max_length=40)
    outcome = models.CharField(_("finding"), max_length=20, choices=[(o.value, o.value) for o in Outcome])
    reason = models.TextField(_("reason"), max_length=2000)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["found_at", "id"]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"
