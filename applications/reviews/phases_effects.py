"""What a new or changed phase of review does to readers and cases, said before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.clock import day_of
from admissions_portal.support.dates import hong_kong_time
from applications.lifecycle.models import Application
from applications.lifecycle.states import UNDER_CONSIDERATION
from applications.reviews.assignment_queries import annotate_readers, readers_of, scores_awaited
from applications.reviews.models import Review
from applications.reviews.phases import OthersScores, ReviewPhase, WhoScores
from applications.reviews.phases_actions import PhaseTerms
from applications.reviews.queries import disagrees
from programmes.models import Intake, refused_from


def effects_of(intake: Intake, terms: PhaseTerms, *, before: ReviewPhase | None, at: datetime) -> list[str]:
    """Sentences for whoever is about to save; `before` is the phase that is changed, None for a new one."""
    return [
        *_on_cases(intake, terms, at=at),
        *_on_time(intake, terms, before, at=at),
        *_on_readers(intake, terms, before, at=at),
        *_on_sight(terms, before),
        _("Scores that are in stay as they are."),
    ]


def _on_cases(intake: Intake, terms: PhaseTerms, *, at: datetime) -> Iterator[str]:
    cases = Application.objects.filter(offering__intake=intake, state__in=UNDER_CONSIDERATION)
    count = cases.count()
    yield ngettext(
        "%(count)s case of this intake is under consideration.",
        "%(count)s cases of this intake are under consideration.",
        count,
    ) % {"count": count}
    counted = annotate_readers(cases.order_by(), at=at)
    short = counted.filter(readers_expected__lt=terms.readers_needed)
    found = short.aggregate(have=Sum("readers_expected"))["have"]
    lacking = short.count()
    if lacking:
        more = lacking * terms.readers_needed - (found or 0)
        yield ngettext(
            "%(count)s of them needs readers: %(more)s in all.",
            "%(count)s of them need readers: %(more)s in all.",
            lacking,
        ) % {"count": lacking, "more": more}
    if terms.asks_third_reader:
        apart = (
            counted.filter(Q(scored__gte=terms.readers_needed) & disagrees(user=None, at=at))
            .filter(readers_expected=terms.readers_needed)
            .count()
        )
        if apart:
            yield ngettext(
                "The scores of %(count)s case lie apart: it needs one more reader.",
                "The scores of %(count)s cases lie apart: each needs one more reader.",
                apart,
            ) % {"count": apart}


def _on_time(intake: Intake, terms: PhaseTerms, before: ReviewPhase | None, *, at: datetime) -> Iterator[str]:
    runs = terms.begins_at <= at < refused_from(terms.ends_at)
    others = ReviewPhase.objects.filter(intake=intake)
    if before is not None:
        others = others.exclude(pk=before.pk)
    ran = before.is_running(at) if before else not others.exists()
    if ran and not runs:
        elsewhere = others.filter(begins_at__lte=at, closed_from__gt=at).exists()
        if not elsewhere and terms.begins_at > at:
            yield _("Readers can score now; they then cannot before %(when)s.") % {
                "when": hong_kong_time(terms.begins_at)
            }
        elif not elsewhere:
            yield _("Scoring ends at once.")
    elif runs and not ran:
        yield _("Readers can score as soon as it is saved, until %(when)s.") % {
            "when": hong_kong_time(terms.ends_at)
        }
    if before and before.ends_at != terms.ends_at:
        awaited = scores_awaited(at=at).filter(phase=before).count()
        if awaited:
            yield ngettext(
                "%(count)s score is still awaited; it is then due by %(when)s.",
                "%(count)s scores are still awaited; they are then due by %(when)s.",
                awaited,
            ) % {"count": awaited, "when": hong_kong_time(terms.ends_at)}


def _on_readers(
    intake: Intake, terms: PhaseTerms, before: ReviewPhase | None, *, at: datetime
) -> Iterator[str]:
    readers = list(readers_of(intake.programme, on=day_of(at)))
    everybody = terms.who_scores == WhoScores.EVERY_READER
    if everybody and (before is None or before.is_for_assigned):
        yield ngettext(
            "%(count)s reader of the programme can score every case.",
            "%(count)s readers of the programme can score every case.",
            len(readers),
        ) % {"count": len(readers)}
    elif not everybody:
        given = set(
            scores_awaited(at=at)
            .filter(application__offering__intake=intake)
            .order_by()
            .values_list("reader", flat=True)
        )
        without = [str(reader) for reader in readers if reader.pk not in given]
        if len(without) == len(readers):
            yield _("No reader has a case yet: give them cases once the phase is saved.")
        elif without:
            yield _("These readers have no case, so they can score none: %(names)s.") % {
                "names": _(", ").join(without)
            }


def _on_sight(terms: PhaseTerms, before: ReviewPhase | None) -> Iterator[str]:
    silent = terms.others_scores == OthersScores.AFTER_PHASE
    if silent and (before is None or before.others_scores != OthersScores.AFTER_PHASE):
        seeing = (
            Review.objects.filter(
                application__offering__intake=before.intake_id,
                application__state__in=UNDER_CONSIDERATION,
            )
            .order_by()
            .values("reviewer")
            .distinct()
            .count()
            if before
            else 0
        )
        if seeing:
            yield ngettext(
                "%(count)s reader who has scored no longer sees what others scored, until the phase ends.",
                "%(count)s readers who have scored no longer see what others scored, until the phase ends.",
                seeing,
            ) % {"count": seeing}
        else:
            yield _("No reader sees what others scored before the phase has ended.")
    elif before and not silent and before.others_scores == OthersScores.AFTER_PHASE:
        yield _("Whoever has scored a case sees at once what others scored.")
