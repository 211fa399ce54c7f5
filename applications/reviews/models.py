from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.lifecycle.models import Application
from applications.reviews.assignment import ReviewAssignment, ReviewNotice, ReviewPutOff
from applications.reviews.phases import ReviewPhase
from applications.reviews.rubric import SINGLE_SCORE, Categories, Category, fingerprint, from_json
from programmes.models import Programme

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


# those of phases and of cases given to readers stand in files of their own
__all__ = [
    "EarlierReview",
    "Judgement",
    "Recommendation",
    "Review",
    "ReviewAssignment",
    "ReviewNotice",
    "ReviewPhase",
    "ReviewPutOff",
    "Rubric",
]


class Recommendation(models.TextChoices):
    OFFER = "OFFER", _("Offer")
    OFFER_WITH_CONDITION = "OFFER_WITH_CONDITION", _("Offer with a condition")
    WAIT = "WAIT", _("Wait and compare")
    REFUSE = "REFUSE", _("Do not offer")


class Rubric(models.Model):
    """One version of what a programme's readers score. In use, it never changes: the database refuses it.

    The version used last is the one in use; until it is used it is a draft without a number, one for each
    programme at a time. A programme without one is scored by `SINGLE_SCORE`. `categories` is `Categories` as
    JSON; `agreement` is the largest difference of two totals (scale of 1 to 5) that is still agreement, empty
    where differences are not looked at; under `is_blind` those who only read see no person.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="rubrics", verbose_name=_("programme")
    )
    number = models.PositiveIntegerField(_("version"), null=True, blank=True)
    categories = models.JSONField(_("categories"))
    agreement = models.DecimalField(
        _("largest difference that is still agreement"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    is_blind = models.BooleanField(_("readers see no person"), default=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    used_from = models.DateTimeField(_("in use from"), null=True)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        # a draft, having no number, comes first
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_rubric_per_number"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(number__isnull=True), name="one_draft_rubric_per_programme"
            ),
            both_or_neither("number", "used_from", name="rubric_numbered_when_used"),
            both_or_neither("used_by", "used_from", name="rubric_used_by_and_from"),
            models.CheckConstraint(
                condition=Q(agreement__isnull=True) | Q(agreement__gte=0, agreement__lt=4),
                name="agreement_lies_on_the_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number or _('draft')}"

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def edition(self) -> str:
        """Of all that an editor changes; a form says which one it was opened on (`seen`)."""
        return fingerprint([self.categories, str(self.agreement), self.is_blind, self.reason])

    def record(self) -> Categories:
        """The categories in their typed form."""
        return from_json(self.categories)


class Judgement(Timestamped):
    """What a reader said once: points by category under `rubric` (empty: `SINGLE_SCORE`), or an abstention.

    `score` is the total, the weighted mean on the common scale of 1.00 to 5.00; an abstention has neither
    score nor recommendation, and its reason is the `comment`. `saw_others`: when it was given, the scores of
    other readers lay open to this one.
    """

    rubric = models.ForeignKey(Rubric, models.PROTECT, null=True, related_name="+", verbose_name=_("rubric"))
    # of each category's key the points as text, so that no number of it is ever a float
    points = models.JSONField(_("points"), default=dict)
    score = models.DecimalField(_("score"), max_digits=3, decimal_places=2, null=True)
    recommendation = models.CharField(_("recommendation"), max_length=30, choices=Recommendation, blank=True)
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    saw_others = models.BooleanField(_("given with the others’ scores in sight"), default=False)
    reviewed_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=Decimal("1"), score__lte=Decimal("5")),
                name="%(class)s_score_from_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) & ~Q(recommendation="")
                | Q(score__isnull=True, recommendation="") & ~Q(comment=""),
                name="%(class)s_scores_or_abstains_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Abstained") if self.score is None else self.score)

    @property
    def abstained(self) -> bool:
        return self.score is None

    @property
    def points_shown(self) -> list[tuple[Category, Decimal, str]]:
        """The points of each category with what they mean in words; none where the total says it all."""
        if self.abstained or len(self.categories) == 1:
            return []
        given = [(each, Decimal(self.points[each.key])) for each in self.categories]
        return [(each, points, each.said_of(points)) for each, points in given]

    @property
    def categories(self) -> Categories:
        """What was scored, as it stood when the score was given."""
        return SINGLE_SCORE if self.rubric is None else self.rubric.record()


class Review(Judgement):
    """One reader's view of one case as it stands; what it replaced is an `EarlierReview`."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")

    if TYPE_CHECKING:
        earlier: RelatedManager[EarlierReview]

    class Meta(Judgement.Meta):
        ordering = ["reviewed_at", "id"]
        constraints = [
            *Judgement.Meta.constraints,
            models.UniqueConstraint(fields=["application", "reviewer"], name="one_review_per_reader"),
        ]


class EarlierReview(Judgement):
    """What a reader said before they changed their review. Rows are added and never changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="earlier")
    replaced_at = models.DateTimeField()

    class Meta(Judgement.Meta):
        ordering = ["reviewed_at", "id"]
