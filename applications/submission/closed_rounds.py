"""A round closes on drafts (B11, AMB-02): each is told once what that means and what can be done.

A local's draft moves on to the round for locals by itself, a non-local's cannot; whoever has not said, or is
not sure, is told both; whoever the office lets in late (A4) is told until when. No draft is deleted.
The moment is the first instant refused: 23:59 is a whole minute (AMB-01).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from applications.applicants.choices import ResidenceStatus
from applications.late_entry.queries import late_entries_of_each
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.queries import RELATED_TO_MESSAGES
from applications.lifecycle.states import UNDER_CONSIDERATION, State
from applications.submission.late_rounds import LateEntry, late_entry_among
from applications.submission.models import ClosedRoundNotice, ClosedRoundOutcome
from applications.submission.rounds import has_rules, may_use, requirements_of, status_under
from eligibility.engine import LocalStatus
from programmes.models import Offering, Round

# No round takes the draft as things stand.
_ENDED = frozenset({ClosedRoundOutcome.LOCAL_ONLY, ClosedRoundOutcome.UNSAID, ClosedRoundOutcome.NO_ROUND})
# One statement decides. For each draft begun before a round closed on it: of the rounds it has not been told
# of, the last is told and those before it, missed during an outage, are recorded as skipped. So is one that
# changes nothing for the person, because it was never theirs. The unique constraint makes each a matter of
# once; a second process waits for the first and finds it done.
_DECIDE = """
    WITH meaning (round_id, residence, outcome, next_id) AS (
        SELECT * FROM unnest(%(rounds)s::bigint[], %(residences)s::text[], %(outcomes)s::text[],
                             %(nexts)s::bigint[])
    ),
    met AS (
        SELECT application.id AS application_id, round.id AS round_id, round.closed_from, round.number,
               CASE WHEN application.amends_id IS NULL THEN meaning.outcome
                    WHEN round.id = amended.round_id AND amended.state = ANY(%(considered)s)
                    THEN %(amendment)s
                    ELSE %(skipped)s END AS outcome,
               CASE WHEN application.amends_id IS NULL THEN meaning.next_id END AS next_id
          FROM applications_application application
          JOIN applications_applicant applicant ON applicant.id = application.applicant_id
          JOIN accounts_user person ON person.id = applicant.user_id AND person.is_active
          JOIN programmes_round round ON round.offering_id = application.offering_id
          JOIN meaning ON meaning.round_id = round.id AND meaning.residence = applicant.residence_status
          LEFT JOIN applications_application amended ON amended.id = application.amends_id
         WHERE application.state = %(draft)s AND application.started_at < round.closed_from
           AND NOT EXISTS (SELECT FROM applications_closedroundnotice told
                            WHERE told.application_id = application.id AND told.round_id = round.id
                              AND told.closed_from = round.closed_from)
    )
    INSERT INTO applications_closedroundnotice
           (application_id, round_id, closed_from, outcome, next_round_id, decided_at)
    SELECT application_id, round_id, closed_from,
           CASE WHEN row_number() OVER (PARTITION BY application_id
                                        ORDER BY outcome = %(skipped)s, closed_from DESC, number DESC) = 1
                THEN outcome ELSE %(skipped)s END,
           next_id, %(at)s
      FROM met
     ORDER BY application_id, round_id
    ON CONFLICT (application_id, round_id, closed_from) DO NOTHING
    RETURNING id, outcome
"""


@transaction.atomic
def tell_of_closed_rounds(*, at: datetime) -> int:
    """Tell every draft that met the close of a round by `at`, and return how many messages that made.

    Safe to run twice, late and at once.
    """
    closed = _rounds_closed_on_drafts(at)
    if not closed:
        return 0
    rows = [row for round_, rounds in closed for row in _meanings(round_, rounds, at)]
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDE,
            {
                "rounds": [row[0] for row in rows],
                "residences": [row[1] for row in rows],
                "outcomes": [row[2] for row in rows],
                "nexts": [row[3] for row in rows],
                "draft": State.DRAFT,
                "considered": sorted(UNDER_CONSIDERATION),
                "amendment": ClosedRoundOutcome.AMENDMENT,
                "skipped": ClosedRoundOutcome.SKIPPED,
                "at": at,
            },
        )
        told = [pk for pk, outcome in cursor.fetchall() if outcome != ClosedRoundOutcome.SKIPPED]
    notices = list(
        ClosedRoundNotice.objects.filter(pk__in=told).select_related(
            "round",
            "next_round",
            "application__amends",
            *(f"application__{name}" for name in RELATED_TO_MESSAGES),
        )
    )
    late = _late_entries(notices, {round_.pk: rounds for round_, rounds in closed}, at)
    for notice in notices:
        # the notice's own row is unique, so the message needs no key
        case = notice.application.amends or notice.application
        notice.message = write_to_applicant(
            case,
            "round_closed",
            at=at,
            draft=notice.application,
            round=notice.round,
            next_round=notice.next_round,
            outcome=notice.outcome,
            late=late.get(notice.application_id),
        )
    ClosedRoundNotice.objects.bulk_update(notices, ["message"], batch_size=500)
    return len(notices)


def _rounds_closed_on_drafts(at: datetime) -> list[tuple[Round, list[Round]]]:
    """Each round that has closed on a draft nobody has told, with all the rounds of its offering."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT round.id
              FROM programmes_round round
              JOIN applications_application application
                ON application.offering_id = round.offering_id AND application.state = %(draft)s
               AND application.started_at < round.closed_from
             WHERE round.closed_from <= %(at)s
               AND NOT EXISTS (SELECT FROM applications_closedroundnotice told
                                WHERE told.application_id = application.id AND told.round_id = round.id
                                  AND told.closed_from = round.closed_from)
            """,
            {"draft": State.DRAFT, "at": at},
        )
        closed = {pk for (pk,) in cursor.fetchall()}
    offerings = Offering.objects.filter(rounds__in=closed).distinct().prefetch_related("rounds")
    found = []
    for offering in offerings.select_related("intake__programme__institution", "intake__programme__school"):
        rounds = list(offering.rounds.all())
        for each in rounds:
            each.offering = offering
        if has_rules(offering, at=at):
            found += [(each, rounds) for each in rounds if each.pk in closed]
    return found


def _late_entries(
    notices: Sequence[ClosedRoundNotice], rounds: Mapping[int, Sequence[Round]], at: datetime
) -> dict[UUID, LateEntry]:
    """What lets a draft in all the same that no round takes, by draft."""
    ended = [notice for notice in notices if notice.outcome in _ENDED]
    entries = late_entries_of_each((notice.application for notice in ended), at=at)
    found = {}
    for notice in ended:
        if mine := entries.get(notice.application_id):
            all_rounds = rounds[notice.round_id]
            offering = all_rounds[0].offering
            declared = notice.application.applicant.residence_status
            status = status_under(declared, offering, requirements_of(offering, at=at))
            if late := late_entry_among(mine, all_rounds, status, at=at):
                found[notice.application_id] = late
    return found


def _meanings(round_: Round, rounds: Sequence[Round], at: datetime) -> list[tuple[int, str, str, int | None]]:
    """For each declared status what the close means, by the institution's own definition (AMB-04)."""
    requirements = requirements_of(round_.offering, at=at)
    later = sorted(
        (each for each in rounds if each.is_announced and not each.is_closed(at)),
        key=lambda each: (each.closed_from, each.number),
    )
    rows = []
    for declared in ["", *ResidenceStatus.values]:
        status = status_under(declared, round_.offering, requirements)
        outcome, next_round = _meaning(round_, later, status)
        rows.append((round_.pk, declared, str(outcome), next_round.pk if next_round else None))
    return rows


def _meaning(
    round_: Round, later: Sequence[Round], status: LocalStatus
) -> tuple[ClosedRoundOutcome, Round | None]:
    if taking := next((each for each in later if may_use(each, status)), None):
        return ClosedRoundOutcome.MOVED, taking
    if status is LocalStatus.UNSAID and later:
        return ClosedRoundOutcome.UNSAID, later[0]
    if not may_use(round_, status) and status is LocalStatus.NON_LOCAL:
        return ClosedRoundOutcome.SKIPPED, None
    return (ClosedRoundOutcome.LOCAL_ONLY, later[0]) if later else (ClosedRoundOutcome.NO_ROUND, None)
