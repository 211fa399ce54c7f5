import uuid
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.accounts.roles import Right
from admissions_portal.papers.models import Paper
from admissions_portal.support.models import Timestamped, both_or_neither
from applications.lifecycle.models import Application
from applications.offers.terms import ConditionTerms, OfferTerms
from programmes.models import Programme


class DecisionOutcome(models.TextChoices):
    OFFER = "OFFER", _("Offer a place")
    REFUSE = "REFUSE", _("Do not offer a place")


class RefusalReason(models.TextChoices):
    """Given to the applicant as a sentence; each says something true about the case, none is praise."""

    REQUIREMENT_NOT_MET = "REQUIREMENT_NOT_MET", _("An entrance requirement is not met")
    COMPETITION = "COMPETITION", _("Other applicants were placed higher")
    PLACES_FILLED = "PLACES_FILLED", _("All places are filled")
    SUPERVISION = "SUPERVISION", _("Nobody can supervise the proposed subject")


class CheckLevel(models.TextChoices):
    """Who looks at a prepared decision before it is released, in this order."""

    SCHOOL = "SCHOOL", _("School")
    GRADUATE_SCHOOL = "GRADUATE_SCHOOL", _("Graduate school")

    @property
    def right(self) -> Right:
        return Right.CHECK_FOR_SCHOOL if self is CheckLevel.SCHOOL else Right.CHECK_FOR_GRADUATE_SCHOOL


class ChecksAsked(models.TextChoices):
    """What a programme asks for between a prepared decision and its release."""

    NONE = "NONE", _("No check: whoever prepares a decision may release it")
    SCHOOL = "SCHOOL", _("The School checks it")
    BOTH = "BOTH", _("The School checks it, then the graduate school")

    @property
    def levels(self) -> tuple[CheckLevel, ...]:
        """In the order in which they are given."""
        if self is ChecksAsked.NONE:
            return ()
        return (CheckLevel.SCHOOL,) if self is ChecksAsked.SCHOOL else tuple(CheckLevel)


class DecisionChecks(Timestamped):
    """What one programme's administrator set; without a row a published practice counts, else none is
    asked."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="decision_checks")
    asked = models.CharField(_("checks"), max_length=10, choices=ChecksAsked)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["programme"]

    def __str__(self) -> str:
        return str(self.get_asked_display())


class PreparedStatus(models.TextChoices):
    PREPARED = "PREPARED", _("Prepared")
    SENT_BACK = "SENT_BACK", _("Sent back")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    RELEASED = "RELEASED", _("Released")


# somebody in the office still has it; one at a time for each case
OPEN_PREPARED = (PreparedStatus.PREPARED, PreparedStatus.SENT_BACK)


class PreparedDecision(Timestamped):
    """What the office means to decide, until it is released. The applicant learns nothing of it.

    `reasons` are {reason, clause} in the order given, `conditions` {text, evidence, due_on}; `terms` the
    catalogue's facts as frozen. Each change raises `revision`: checks given on an earlier one fall away.
    `version` is the last event of the case that the office had seen. `preview` is the letter with a mark
    across it, of this revision.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="prepared_decisions")
    status = models.CharField(
        _("status"), max_length=10, choices=PreparedStatus, default=PreparedStatus.PREPARED
    )
    revision = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(_("decision"), max_length=10, choices=DecisionOutcome)
    reasons = models.JSONField(default=list)
    words = models.TextField(_("words to the applicant"), max_length=1000, blank=True)
    reply_by = models.DateTimeField(_("reply by"), null=True)
    conditions = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    note = models.TextField(_("note for the file"), max_length=2000, blank=True)
    version = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(_("why it was withdrawn"), max_length=1000, blank=True)
    preview = models.OneToOneField(Paper, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("prepared decision")
        verbose_name_plural = _("prepared decisions")
        ordering = ["-prepared_at", "id"]
        indexes = [
            models.Index(fields=["application"], condition=Q(status__in=OPEN_PREPARED), name="decisions_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=OPEN_PREPARED),
                name="one_open_prepared_decision",
            ),
            both_or_neither("changed_by", "changed_at", name="prepared_changed_by_and_at"),
            models.CheckConstraint(
                condition=Q(outcome="OFFER", reply_by__isnull=False)
                | Q(outcome="REFUSE", reply_by__isnull=True),
                name="a_prepared_offer_has_its_reply_by",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_PREPARED, ended_at__isnull=True)
                | (~Q(status__in=OPEN_PREPARED) & Q(ended_at__isnull=False)),
                name="an_ended_prepared_decision_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_PREPARED

    @property
    def is_offer(self) -> bool:
        return self.outcome == DecisionOutcome.OFFER

    @property
    def offer_terms(self) -> OfferTerms:
        """What the office says of the offer. Only for one."""
        assert self.reply_by is not None, "an offer has a date to reply by"
        return OfferTerms(
            self.reply_by,
            tuple(
                ConditionTerms(row["text"], row["evidence"], date.fromisoformat(row["due_on"]))
                for row in self.conditions
            ),
        )

    @cached_property
    def checks_given(self) -> list["DecisionCheck"]:
        """The checks of this revision that were given, the School's first."""
        return [each for each in self.checks.all() if each.revision == self.revision and each.is_given]

    @cached_property
    def sent_back(self) -> "DecisionCheck | None":
        """By whom and why this revision was sent back."""
        return next(
            (each for each in self.checks.all() if each.revision == self.revision and not each.is_given), None
        )


class DecisionCheck(models.Model):
    """One look of the School or the graduate school at one revision: given, or sent back with a reason.
    Never changed."""

    prepared = models.ForeignKey(PreparedDecision, models.CASCADE, related_name="checks")
    revision = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20, choices=CheckLevel)
    is_given = models.BooleanField()
    reason = models.TextField(_("what to change"), max_length=1000, blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["checked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["prepared", "revision", "level"], name="one_check_per_level"),
            models.UniqueConstraint(
                fields=["prepared", "revision", "checked_by"], name="nobody_checks_a_decision_twice"
            ),
            models.CheckConstraint(
                condition=Q(is_given=True, reason="") | (Q(is_given=False) & ~Q(reason="")),
                name="sent_back_means_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.revision}"


class Decision(Timestamped):
    """What was decided and released. The note stays inside the office.

    `application` is the case it stands on, empty once it was undone; `case` the one it was made on, for good.
    """

    case = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="decision")
    prepared = models.OneToOneField(PreparedDecision, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=10, choices=DecisionOutcome)
    words = models.TextField(_("words to the applicant"), max_length=1000, blank=True)
    note = models.TextField(_("note for the file"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "id"]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class DecisionReason(models.Model):
    """Why no place was offered: one of several, with the clause that is not met where it is one."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="reasons")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=30, choices=RefusalReason)
    clause = models.CharField(_("clause"), max_length=40, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="one_reason_per_position")
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class Release(models.Model):
    """Decisions that go out together at a moment, confirmed as a list by one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release_at = models.DateTimeField(_("moment"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("release of decisions")
        verbose_name_plural = _("releases of decisions")
        ordering = ["-made_at", "id"]
        constraints = [
            both_or_neither("called_off_by", "called_off_at", name="release_called_off_by_and_at"),
            models.CheckConstraint(
                condition=Q(release_at__gte=models.F("made_at")), name="no_release_in_the_past"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ItemStatus(models.TextChoices):
    WAITING = "WAITING", _("Waits for its moment")
    RELEASED = "RELEASED", _("Released")
    STAYED = "STAYED", _("Not released")
    CALLED_OFF = "CALLED_OFF", _("Called off")


class ReleaseItem(models.Model):
    """One prepared decision, as confirmed, in one release. `why`: the sentence for which it stayed."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="items")
    prepared = models.ForeignKey(PreparedDecision, models.PROTECT, related_name="release_items")
    revision = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.WAITING)
    why = models.TextField(blank=True)
    # real time: leases are machinery
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["prepared"], condition=Q(status="WAITING"), name="waits_in_one_release"
            )
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.prepared_id}"


class Undoable(models.TextChoices):
    """What a person with the right may undo, each by an act of its own."""

    REFUSAL = "REFUSAL", _("The refusal was undone")
    OFFER = "OFFER", _("The offer was taken back")
    DECLINE = "DECLINE", _("The declined offer was opened again")
    LAPSE = "LAPSE", _("The lapsed offer was opened again")


class DecisionUndo(models.Model):
    """Something undone, by whom and why. The reason stays in the office; the words were sent.

    `declined_because` keeps what the applicant had given as a reason for declining.
    """

    case = models.ForeignKey(Application, models.PROTECT, related_name="undoings")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="undoings")
    what = models.CharField(max_length=10, choices=Undoable)
    reason = models.TextField(_("reason"), max_length=1000)
    words = models.TextField(_("words to the applicant"), max_length=1000, blank=True)
    declined_because = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-undone_at", "-id"]

    def __str__(self) -> str:
        return str(self.get_what_display())
