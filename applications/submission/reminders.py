"""Reminders of drafts 7, 3 and 1 days before a round closes, each once, however often or late it runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from applications.applicants.choices import ResidenceStatus
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.queries import RELATED_TO_MESSAGES
from applications.lifecycle.states import State
from applications.submission.models import DraftReminder, ReminderStatus
from applications.submission.rounds import may_use, requirements_of, status_under
from programmes.models import Round
from programmes.queries import open_rounds

DAYS_BEFORE = (7, 3, 1)

# One statement decides. For each draft: the earliest open round its declared status allows; of the
# reminders due for it, the nearest is sent and the others, missed during an outage or before the draft was
# begun, are recorded as skipped. The unique constraint makes each a matter of once; a second process waits
# for the first and finds it done.
_DECIDE = """
    WITH allowed (round_id, residence) AS (
        SELECT * FROM unnest(%(rounds)s::bigint[], %(residences)s::text[])
    ),
    aimed AS (
        SELECT DISTINCT ON (application.id)
               application.id AS application_id, round.id AS round_id, round.closes_at, application.started_at
          FROM applications_application application
          JOIN applications_applicant applicant ON applicant.id = application.applicant_id
          JOIN accounts_user person ON person.id = applicant.user_id AND person.is_active
          JOIN programmes_round round ON round.offering_id = application.offering_id
          JOIN allowed ON allowed.round_id = round.id AND allowed.residence = applicant.residence_status
         WHERE application.state = %(draft)s AND application.amends_id IS NULL
         ORDER BY application.id, round.closed_from, round.number
    ),
    due AS (
        SELECT aimed.*, days, closes_at - make_interval(days => days) AS due_at
          FROM aimed CROSS JOIN unnest(%(days)s::int[]) AS days
         WHERE closes_at - make_interval(days => days) <= %(at)s
    )
    INSERT INTO applications_draftreminder (application_id, round_id, days_before, status, due_at, decided_at)
    SELECT application_id, round_id, days,
           CASE WHEN days = min(days) OVER (PARTITION BY application_id) AND due_at > started_at
                THEN %(queued)s ELSE %(skipped)s END,
           due_at, %(at)s
      FROM due
     ORDER BY application_id, days
    ON CONFLICT (application_id, round_id, days_before) DO NOTHING
    RETURNING id, status
"""


@transaction.atomic
def remind_before_deadline(*, at: datetime) -> int:
    """Queue what is due at `at` and return how many messages that made. Safe to run twice, late and at once.

    Whoever has not said whether they are local is reminded as a non-local: before the earlier round. A draft
    begun after a reminder was due does not get it, and nobody gets one once the round has closed.
    """
    rounds = list(open_rounds(at))
    # most of the year nothing closes within a week
    if not any(
        round_.closes_at and round_.closes_at - timedelta(days=DAYS_BEFORE[0]) <= at for round_ in rounds
    ):
        return 0
    pairs = [(round_.pk, residence) for round_ in rounds for residence in _residences_allowed(round_, at)]
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDE,
            {
                "rounds": [pk for pk, _residence in pairs],
                "residences": [residence for _pk, residence in pairs],
                "days": list(DAYS_BEFORE),
                "draft": State.DRAFT,
                "queued": ReminderStatus.QUEUED,
                "skipped": ReminderStatus.SKIPPED,
                "at": at,
            },
        )
        queued = [pk for pk, status in cursor.fetchall() if status == ReminderStatus.QUEUED]
    reminders = list(
        DraftReminder.objects.filter(pk__in=queued).select_related(
            "round", *(f"application__{name}" for name in RELATED_TO_MESSAGES)
        )
    )
    for reminder in reminders:
        # the reminder's own row is unique, so the message needs no key
        reminder.message = write_to_applicant(
            reminder.application, "draft_reminder", at=at, round=reminder.round
        )
    DraftReminder.objects.bulk_update(reminders, ["message"], batch_size=500)
    return len(reminders)


def _residences_allowed(round_: Round, at: datetime) -> list[str]:
    """The declared statuses that may use the round, by the institution's own definition (AMB-04)."""
    declared = ["", *ResidenceStatus.values]
    if not round_.is_local_only:
        return declared
    requirements = requirements_of(round_.offering, at=at)
    return [
        value for value in declared if may_use(round_, status_under(value, round_.offering, requirements))
    ]
