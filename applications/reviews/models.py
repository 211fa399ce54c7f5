from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped
from applications.lifecycle.models import Application


class Recommendation(models.TextChoices):
    OFFER = "OFFER", _("Offer")
    OFFER_WITH_CONDITION = "OFFER_WITH_CONDITION", _("Offer with a condition")
    WAIT = "WAIT", _("Wait and compare")
    REFUSE = "REFUSE", _("Do not offer")


class Review(Timestamped):
    """One reader's view of one case: a score from 1.0 to 5.0 in steps of 0.5, a recommendation and why."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    score = models.DecimalField(
        _("score"),
        max_digits=2,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("1.0")), MaxValueValidator(Decimal("5.0"))],
    )
    recommendation = models.CharField(_("recommendation"), max_length=30, choices=Recommendation)
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ["reviewed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="one_review_per_reader"),
            models.CheckConstraint(
                condition=Q(score__gte=Decimal("1.0"), score__lte=Decimal("5.0")), name="score_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}"
