from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admissions_portal.papers.models import Paper


class Message(models.Model):
    """One mail to one person, as it was or will be sent."""

    class Status(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        SENT = "SENT", _("sent")
        FAILED = "FAILED", _("could not be sent")
        # somebody keeps it back; it stays until released
        HELD = "HELD", _("held back")
        # it was due while nothing ran, and a later one took its place
        SKIPPED = "SKIPPED", _("skipped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    # the user's id where the recipient has an account: a number, since people stand above this floor
    to_user = models.BigIntegerField(null=True, blank=True)
    to_address = models.CharField(max_length=254)
    # the office that writes; the address is always the portal's own
    sender = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    attach_paper = models.BooleanField(default=False)
    # the same key twice is the same message
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    # its code opens an account: never shown to staff, blanked once sent or given up
    is_sign_in = models.BooleanField(default=False)

    # domain time
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # when its recipient first opened it in the portal; says nothing about the mail itself
    read_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    # real time: leases, retries and the mail server know no demo clock
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-queued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="SENT", sent_at__isnull=False)
                | (~Q(status="SENT") & Q(sent_at__isnull=True)),
                name="a_sent_message_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id"]),
            models.Index(fields=["-queued_at", "-id"]),
            # what is due is found without looking at what is done
            models.Index(fields=["due_at"], condition=Q(status="QUEUED"), name="outbox_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
