import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.models import Timestamped, both_or_neither
from applications.lifecycle.models import Application
from applications.submission.models import ReminderStatus


class OfferStatus(models.TextChoices):
    OPEN = "OPEN", _("Waiting for your reply")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    LAPSED = "LAPSED", _("Lapsed")
    WITHDRAWN = "WITHDRAWN", _("Ended: the application was withdrawn")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back by the office")


class Offer(Timestamped):
    """A place offered, with 0..n conditions (UST-14) and a date by which to answer (UST-15).

    `reply_by` is the minute as printed, `closed_from` the first instant at which a reply is too late: the
    whole minute counts, as for rounds (AMB-01). `terms` are the facts as they stood when the offer was
    made. `application` is the case whose offer it is, empty once the office has taken it back; `case` the one
    it was made on, for good. `opened_at`: since when it waits for its answer, made or opened again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Application, models.PROTECT, related_name="offers")
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="offer")
    number = models.CharField(max_length=24, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=OfferStatus, default=OfferStatus.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    reply_by = models.DateTimeField(_("reply by"))
    closed_from = models.DateTimeField()
    terms = models.JSONField()
    letter = models.OneToOneField(Paper, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(_("reason for declining"), max_length=500, blank=True)
    lapsed_at = models.DateTimeField(null=True)
    # the applicant withdrew the application; an acceptance before it stays on record
    withdrawn_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["status", "closed_from"])]
        constraints = [
            both_or_neither("answered_by", "answered_at", name="offer_answered_by_and_at"),
            models.CheckConstraint(
                condition=Q(closed_from__gte=F("reply_by")), name="offer_closes_after_its_minute"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                & (
                    Q(status="OPEN", answered_at__isnull=True, lapsed_at__isnull=True)
                    | Q(
                        status__in=["ACCEPTED", "DECLINED"], answered_at__isnull=False, lapsed_at__isnull=True
                    )
                    | Q(status="LAPSED", answered_at__isnull=True, lapsed_at__isnull=False)
                )
                | Q(status="WITHDRAWN", withdrawn_at__isnull=False, lapsed_at__isnull=True)
                | Q(
                    status="TAKEN_BACK",
                    withdrawn_at__isnull=True,
                    answered_at__isnull=True,
                    lapsed_at__isnull=True,
                ),
                name="offer_status_agrees_with_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(status="TAKEN_BACK", application__isnull=True, taken_back_at__isnull=False)
                | (~Q(status="TAKEN_BACK") & Q(application=models.F("case"), taken_back_at__isnull=True)),
                name="an_offer_stands_on_its_case_until_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == OfferStatus.OPEN

    @property
    def is_in_force(self) -> bool:
        """Waiting for a reply, or accepted: its conditions still count."""
        return self.status in (OfferStatus.OPEN, OfferStatus.ACCEPTED)


class ConditionStatus(models.TextChoices):
    OPEN = "OPEN", _("Open")
    MET = "MET", pgettext_lazy("of a condition", "Met")


class Condition(Timestamped):
    """Something the applicant must still show, by a day in Hong Kong (the whole day counts)."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("condition"), max_length=300)
    evidence = models.CharField(_("what we need"), max_length=300)
    due_on = models.DateField(_("by"))
    status = models.CharField(
        _("status"), max_length=10, choices=ConditionStatus, default=ConditionStatus.OPEN
    )
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="one_condition_per_position"),
            both_or_neither("met_by", "met_at", name="condition_met_by_and_at"),
            models.CheckConstraint(
                condition=Q(status="OPEN", met_at__isnull=True) | Q(status="MET", met_at__isnull=False),
                name="a_condition_met_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ReplyReminder(models.Model):
    """One warning before one offer lapses, each once."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="reply_reminders")
    days_before = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=ReminderStatus)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "days_before"], name="each_reply_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before"
