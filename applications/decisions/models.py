from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from applications.lifecycle.models import Application


class DecisionOutcome(models.TextChoices):
    OFFER = "OFFER", _("Offer a place")
    REFUSE = "REFUSE", _("Do not offer a place")


class RefusalReason(models.TextChoices):
    """Given to the applicant as a sentence; each says something true about the case, none is praise."""

    REQUIREMENT_NOT_MET = "REQUIREMENT_NOT_MET", _("An entrance requirement is not met")
    COMPETITION = "COMPETITION", _("Other applicants were placed higher")
    PLACES_FILLED = "PLACES_FILLED", _("All places are filled")
    SUPERVISION = "SUPERVISION", _("Nobody can supervise the proposed subject")


class Decision(Timestamped):
    """What the office decided on a case. The note stays inside the office."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=10, choices=DecisionOutcome)
    reason = models.CharField(_("reason"), max_length=30, choices=RefusalReason, blank=True)
    note = models.TextField(_("note for the file"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "id"]

    def __str__(self) -> str:
        return str(self.get_outcome_display())
