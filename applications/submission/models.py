import json
import uuid
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.fields import SealedJSONField
from admissions_portal.support.models import Timestamped
from admissions_portal.support.sealing import unseal
from applications.applicants.models import Applicant
from applications.applicants.names import validate_printable
from applications.lifecycle.models import Application
from programmes.models import QuestionVersion, Round


class ProgrammeAnswer(Timestamped):
    """An answer to a question of the programme, by the version whose words it was given to.

    One for each key: when the programme changes its questions, a draft's answers carry over. `value` is the
    text, the option's key or a list of them, a yes or no, a day as 2026-03-31; files are documents, proposed
    supervisors rows of their own.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return self.key


class ProposedSupervisor(models.Model):
    """Somebody the applicant would like to work with, in order of preference."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="supervisors")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(
        pgettext_lazy("of a person", "name"), max_length=120, validators=[validate_printable]
    )
    has_spoken = models.BooleanField(_("we have been in touch"), default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="one_supervisor_per_position")
        ]

    def __str__(self) -> str:
        return self.name


class SectionVisit(models.Model):
    """A section the applicant has saved at least once: what is not begun is told from what is merely empty.

    `application` is null for the sections about the person: they are written once for every application.
    `typed` keeps the answers exactly as they were typed while any of them cannot be right, so that nothing
    is lost. `version` counts the saves and `page` is the drawing of the form that made the last one: a page
    drawn before is told from one that sends the same thing twice. `numbers` says of each page that saved,
    by its key, which version it made last and how far it had counted then: what it sent before and comes
    late is no newer text, whoever saved since. `made` says which rows came from which new items on a page.
    """

    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="section_visits")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="section_visits")
    section = models.CharField(max_length=30)
    saved_at = models.DateTimeField()
    typed = SealedJSONField(null=True)
    version = models.PositiveIntegerField(default=0)
    page = models.UUIDField(null=True)
    numbers = models.JSONField(default=dict)
    made = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "application", "section"],
                name="one_visit_per_section",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.section


class UnsavedText(models.Model):
    """What was typed into one drawing of a section's form and is not saved: nothing in it has been judged.

    Kept while somebody types, when another page saved the section first, and when the session had ended.
    Encrypted; shown to its applicant alone, until it is saved or left out. Left without a session it is
    forgotten at `forget_at`. `version` is the section's when the page was drawn, `number` counts what the
    page sent, so that a late request never overwrites a later text.
    """

    page = models.UUIDField(primary_key=True)
    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="unsaved_texts")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="unsaved_texts")
    section = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    sealed = models.TextField()
    typed_at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["applicant", "section"], name="unsaved_text_of_section")]

    def __str__(self) -> str:
        return self.section

    @property
    def typed(self) -> dict[str, list[str]]:
        typed: dict[str, list[str]] = json.loads(unseal(self.sealed))
        return typed


class Submission(models.Model):
    """What was sent, as it was sent: the receipt's content. Never changed.

    `content` is the whole application in canonical JSON with the texts that were declared, `sha256` its hash.
    `paper` is the receipt with a copy of every answer; its code is what the public page asks. An application
    that is amended and submitted again has several, of which the last is in force. `written_as` is the draft
    that was sent: a second click on it leads to this receipt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField(default=1)
    written_as = models.UUIDField(unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    declaration_version = models.CharField(max_length=20)
    privacy_version = models.CharField(max_length=20)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["application", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="submissions_are_counted"),
        ]

    def __str__(self) -> str:
        return self.receipt_code

    def get_absolute_url(self) -> str:
        """The receipt in force of its case, for the applicant."""
        return reverse("applications:receipt", args=[self.application_id])

    @property
    def declared(self) -> list[dict[str, Any]]:
        """Declaration and privacy notice in the words that were on the page."""
        return [self.content["declaration"], self.content["privacy_notice"]]

    @property
    def receipt_code(self) -> str:
        """Twelve characters: what the public page asks beside the number."""
        return self.paper.code


class ClosedRoundOutcome(models.TextChoices):
    """What the close of a round means for a draft that was meant for it."""

    MOVED = "MOVED", _("A later round takes it")
    LOCAL_ONLY = "LOCAL_ONLY", _("The later round is for local applicants only")
    UNSAID = "UNSAID", _("Whether the later round takes it depends on a status not said")
    NO_ROUND = "NO_ROUND", _("No later round is announced")
    AMENDMENT = "AMENDMENT", _("The earlier submission stands")
    # told before, by a round that closed earlier; or a nearer one told them after an outage
    SKIPPED = "SKIPPED", _("Nothing new to tell")


class ClosedRoundNotice(models.Model):
    """That a draft met the close of a round (B11). The unique row is why nobody is told twice; a close that
    was moved later is another close."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="closed_round_notices")
    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    closed_from = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=ClosedRoundOutcome)
    next_round = models.ForeignKey(Round, models.CASCADE, null=True, related_name="+")
    decided_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "closed_from"], name="each_close_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.outcome}"


class ReminderStatus(models.TextChoices):
    QUEUED = "QUEUED", _("Queued")
    # another, nearer one went instead after an outage
    SKIPPED = "SKIPPED", _("Skipped")


class DraftReminder(models.Model):
    """One reminder of one draft before one round closes; the unique row is why nobody gets it twice."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="draft_reminders")
    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    days_before = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=ReminderStatus)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "days_before"], name="each_draft_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before"
