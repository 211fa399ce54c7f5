"""Which round takes an application received at an instant, and, if none does, why and what can be done.

The one place that joins an applicant's declared status, by the institution's own definition (AMB-04), with
the rounds' instants (AMB-01, AMB-02). The definition itself is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.support.dates import hong_kong_time
from applications.assessments.facts import declared_residence
from applications.lifecycle.models import Application
from eligibility.engine import LocalStatus, Requirements, StudyMode, local_status
from eligibility.queries import NoPolicy, rules_for
from programmes.models import Offering, Round

# A round for locals refuses only those who are known not to be, or who have not said: an unclear status is
# for an officer to decide, and the engine refers it.
MAY_USE_LOCAL_ROUNDS = frozenset({LocalStatus.LOCAL, LocalStatus.UNCLEAR})


def requirements_of(offering: Offering, *, at: datetime) -> Requirements:
    """The rules in force for the programme on the Hong Kong day of `at`."""
    return rules_for(offering.intake.programme, on=day_of(at)).requirements()


def has_rules(offering: Offering, *, at: datetime) -> bool:
    """Whether requirements are published for the programme; one just made in the admin may have none yet."""
    try:
        requirements_of(offering, at=at)
    except NoPolicy:
        return False
    return True


def status_under(declared: str, offering: Offering, requirements: Requirements) -> LocalStatus:
    """What a declared status is by this institution's definition.

    Only nothing is unsaid. "I am not sure", and a dependant visa whose first day is not known, are answers
    an officer settles, and keep nobody out of a round (UST-18).
    """
    status = local_status(declared_residence(declared), StudyMode(offering.mode), requirements)
    return LocalStatus.UNCLEAR if declared and status is LocalStatus.UNSAID else status


def status_of(application: Application, *, at: datetime) -> LocalStatus:
    """The applicant's status as declared now (AMB-04b)."""
    offering = application.offering
    return status_under(application.applicant.residence_status, offering, requirements_of(offering, at=at))


def may_use(round_: Round, status: LocalStatus) -> bool:
    """HKU-09: a round for local applicants only is closed to everybody else."""
    return not round_.is_local_only or status in MAY_USE_LOCAL_ROUNDS


def round_receiving(rounds: Iterable[Round], status: LocalStatus, *, at: datetime) -> Round | None:
    """The round that receives at `at`: of those open to the person, the first to close (AMB-02)."""
    taking = [round_ for round_ in rounds if round_.is_open(at) and may_use(round_, status)]
    return min(taking, key=lambda round_: (round_.closed_from, round_.number), default=None)


def why_none_receives(rounds: Iterable[Round], status: LocalStatus, *, at: datetime) -> str:
    """Why nothing can be submitted at `at`, and what can be done, as sentences for the applicant."""
    rounds = list(rounds)
    announced = [round_ for round_ in rounds if round_.is_announced]
    if not announced:
        return _(
            "No closing date has been announced for this programme, so nothing can be submitted yet. "
            "Your draft is kept; look at the programme’s page or ask its office when it opens."
        )
    if local := [round_ for round_ in announced if round_.is_open(at) and not may_use(round_, status)]:
        words = {"round": local[0].title, "ended": _ended_for_others(announced, at)}
        if status is LocalStatus.NON_LOCAL:
            return (
                _(
                    "%(round)s is for local applicants only, and by this university’s definition you "
                    "are non-local. "
                    "%(ended)s If your status in Hong Kong is another one, correct it under “Local or "
                    "non-local”; "
                    "otherwise ask the office about the next intake. Your draft is kept."
                )
                % words
            )
        return (
            _(
                "%(round)s is for local applicants only, and you have not said clearly what allows you to be "
                "in Hong Kong. "
                "Answer it under “Local or non-local”. If you are not sure, ask the Immigration Department, "
                "telephone 2824 6111."
            )
            % words
        )
    if to_come := sorted((r for r in announced if r.is_to_come(at) and may_use(r, status)), key=_opening):
        return _("%(round)s opens on %(opening)s. Your draft is kept until then; submit it after that.") % {
            "round": to_come[0].title,
            "opening": hong_kong_time(_opening(to_come[0])),
        }
    last = max(announced, key=lambda round_: (round_.closed_from, round_.number))
    return _(
        "%(round)s closed on %(close)s, and no later round is announced. "
        "Your draft is kept; ask the programme’s office about the next intake."
    ) % {"round": last.title, "close": hong_kong_time(_closing(last))}


def _ended_for_others(announced: list[Round], at: datetime) -> str:
    """When the last round that took everybody ended."""
    ended = [round_ for round_ in announced if round_.is_closed(at) and not round_.is_local_only]
    if not ended:
        return ""
    last = max(ended, key=_closing)
    return _("%(round)s, for everybody, closed on %(close)s.") % {
        "round": last.title,
        "close": hong_kong_time(_closing(last)),
    }


def _opening(round_: Round) -> datetime:
    assert round_.opens_at is not None, "a round still to come says when it opens"
    return round_.opens_at


def _closing(round_: Round) -> datetime:
    assert round_.closes_at is not None, "an announced round says when it closes"
    return round_.closes_at
