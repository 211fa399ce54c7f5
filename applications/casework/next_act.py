"""The one thing to do next on a case: exactly one, and where it waits for somebody else, for whom.

A step is a question about the case. A part that somebody must act on has its step where it blocks what stands
below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.support.actors import Actor
from applications.assessments.status import STATUS_OPEN
from applications.casework.reading import CaseReading
from applications.checklists.models import CheckState
from applications.decisions.models import CheckLevel, PreparedStatus
from applications.decisions.permissions import is_another
from applications.decisions.queries import checks_asked_by
from applications.evidence.models import DocumentStatus, RequestKind
from applications.offers.models import ConditionStatus
from applications.reviews.phases import WhoScores
from eligibility.engine import Outcome


@dataclass(frozen=True, slots=True)
class NextAct:
    """The one thing to do now: a heading, why, and the part of the page where it is done. One that `waits` is
    for somebody else, named in the heading."""

    title: str
    why: str
    anchor: str = ""
    waits: bool = False


# what every part gave to the page, by name
Shown = Mapping[str, Any]


def next_act(reading: CaseReading, shown: Shown) -> NextAct:
    """What this person can do comes before what they wait for; one decides once nothing is waited for."""
    waiting: NextAct | None = None
    for step in (*ALWAYS, *(WHILE_CONSIDERED if reading.case.is_considered else ())):
        act = step(reading, shown)
        if act is not None and not act.waits:
            return act
        waiting = waiting or act
    return waiting or (_decision(reading) if reading.case.is_considered else _nothing(reading))


def office_acts(
    reading: CaseReading, right: Right, title: str, why: str, otherwise: str, anchor: str
) -> NextAct:
    """The act for whoever holds the `right`; others wait for the office and read why (`otherwise`)."""
    if reading.may(right):
        return NextAct(title, why, anchor)
    return NextAct(_("Wait for the programme office"), otherwise, anchor, waits=True)


def _withdrawal(reading: CaseReading, _shown: Shown) -> NextAct | None:
    withdrawal = getattr(reading.case, "withdrawal", None)
    if withdrawal is None or withdrawal.noted_at is not None:
        return None
    why = _("The applicant withdrew when the case stood at “%(state)s”.") % {
        "state": withdrawal.get_from_state_display()
    }
    return office_acts(reading, Right.VERIFY_EVIDENCE, _("Note the withdrawal"), why, why, "decide")


def _proposed_changes(reading: CaseReading, shown: Shown) -> NextAct | None:
    proposed = sum(each.proposal.is_open for each in shown["proposals"])
    if not proposed or not reading.may_still(Right.VERIFY_EVIDENCE):
        return None
    why = _("Waiting for an answer: %(count)s.") % {"count": proposed}
    return NextAct(_("Answer the change proposed"), why, "changes")


def _conditions(reading: CaseReading, _shown: Shown) -> NextAct | None:
    offer = getattr(reading.case, "offer", None)
    if reading.case.is_considered or offer is None or not offer.is_in_force:
        return None
    unmet = sum(condition.status == ConditionStatus.OPEN for condition in offer.conditions.all())
    if not unmet:
        return None
    return NextAct(
        _("Mark each condition once it is met"), _("Still open: %(count)s.") % {"count": unmet}, "decide"
    )


def _nothing(reading: CaseReading) -> NextAct:
    return NextAct(
        _("Nothing is asked of the office now"),
        _("The case stands at “%(state)s”.") % {"state": reading.case.get_state_display()},
        waits=True,
    )


def _documents(reading: CaseReading, _shown: Shown) -> NextAct | None:
    unchecked = sum(document.status == DocumentStatus.RECEIVED for document in reading.documents)
    if not unchecked:
        return None
    return office_acts(
        reading,
        Right.VERIFY_EVIDENCE,
        _("Check the documents"),
        _("Not yet checked: %(count)s.") % {"count": unchecked},
        _("It checks the documents. Not yet checked: %(count)s.") % {"count": unchecked},
        "claims",
    )


def _names(reading: CaseReading, shown: Shown) -> NextAct | None:
    if not (count := shown["names_open"]):
        return None
    return office_acts(
        reading,
        Right.VERIFY_EVIDENCE,
        _("Settle a name that differs"),
        _("Documents that print another name or date of birth: %(count)s.") % {"count": count},
        _("It settles a name or date of birth that a document prints otherwise."),
        "printed",
    )


def _requests(reading: CaseReading, shown: Shown) -> NextAct | None:
    requests = shown["asked"]
    if (answered := sum(request.is_answered for request in requests)) and reading.may(Right.VERIFY_EVIDENCE):
        why = _("Answered, not settled: %(count)s.") % {"count": answered}
        return NextAct(_("Look at what the applicant answered"), why, "asked")
    waiting = [request for request in requests if request.is_open and request.kind == RequestKind.NOW]
    if not waiting:
        return None
    why = _("Asked for and needed now: %(titles)s.") % {
        "titles": _("; ").join(request.title for request in waiting)
    }
    return NextAct(_("Wait for the applicant"), why, "asked", waits=True)


def _checklist(reading: CaseReading, shown: Shown) -> NextAct | None:
    """Something to do, or a section that was looked at and has changed since; who has not looked is not
    asked to."""
    if not reading.may_still(Right.VERIFY_EVIDENCE):
        return None
    for checked in (each.checked for each in shown["checklist"]):
        anchor = f"check-{checked.section.key}"
        if checked.is_changed:
            why = _("The applicant changed this section after it was looked at.")
            return NextAct(_("Look again: %(section)s") % {"section": checked.title}, why, anchor)
        if checked.state == CheckState.TO_DO:
            return NextAct(
                _("Do what the checklist says: %(section)s") % {"section": checked.title},
                checked.check.comment,
                anchor,
            )
    return None


def _prepared(reading: CaseReading, shown: Shown) -> NextAct | None:
    """Sent back: the office's again. Then each check that the programme asks for, then the release."""
    prepared = shown["prepared_decision"]
    if prepared is None:
        return None
    if prepared.status == PreparedStatus.SENT_BACK:
        why = _("It was sent back to the programme office.")
        return office_acts(
            reading, Right.DECIDE, _("Look again at the prepared decision"), why, why, "decide"
        )
    given = {check.level for check in prepared.checks_given}
    asked = checks_asked_by(reading.case.offering.programme).levels
    due = next((level for level in asked if level not in given), None)
    if due is None:
        why = _("It is prepared, and no check is missing.")
        return office_acts(reading, Right.DECIDE, _("Release the prepared decision"), why, why, "decide")
    if reading.may(due.right) and is_another(prepared, Actor.of(reading.user)):
        return NextAct(_("Check the prepared decision"), _("It is released once it is checked."), "decide")
    waits = {
        CheckLevel.SCHOOL: _("Wait for the School"),
        CheckLevel.GRADUATE_SCHOOL: _("Wait for the graduate school"),
    }
    return NextAct(waits[due], _("It checks the prepared decision."), "decide", waits=True)


def _status(reading: CaseReading, shown: Shown) -> NextAct | None:
    if not reading.may(Right.VERIFY_EVIDENCE) or not any(
        finding.reason in STATUS_OPEN for finding in reading.findings
    ):
        return None
    return NextAct(
        _("Settle the status in Hong Kong"),
        _("A document shows another status than the one that counts so far.")
        if "status_meaning" in shown
        else _("What the applicant declared leaves it open whether this is a local applicant."),
        "status",
    )


def _clauses(reading: CaseReading, _shown: Shown) -> NextAct | None:
    for finding in reading.findings:
        if finding.outcome in (Outcome.REFER, Outcome.PENDING_OFFICER) and not finding.part_of:
            return office_acts(
                reading,
                Right.VERIFY_EVIDENCE,
                _("Record what you find on %(code)s") % {"code": finding.code},
                _("The rules leave this clause to an officer."),
                _("The rules leave %(code)s to an officer there.") % {"code": finding.code},
                "rules",
            )
    return None


def _own_score(reading: CaseReading, shown: Shown) -> NextAct | None:
    """Whoever has yet to score the case is asked that first: what else waits is the office's."""
    if shown["own_review"] or shown.get("scoring_closed") or not reading.scores.is_held_back:
        return None
    return NextAct(
        _("Give your score"), _("What others say is hidden from you until yours is in."), "reviews"
    )


def _scores(reading: CaseReading, shown: Shown) -> NextAct | None:
    """Who has the case and has not scored it; where nobody has it, that it be given to somebody, if the phase
    asks for that."""
    given = [each for each in shown.get("readers", ()) if each.shape in ("todo", "warn")]
    if given:
        names = _(", ").join(str(each.assignment.reader) for each in given)
        why = _("Not yet scored by: %(names)s.") % {"names": names}
        return NextAct(_("Wait for the readers’ scores"), why, "readers", waits=True)
    if reading.said:
        return None
    phase = shown.get("phase")
    if shown.get("may_assign") and phase is not None and phase.who_scores == WhoScores.ASSIGNED:
        return NextAct(_("Give the case to readers"), _("Nobody has it to score."), "readers")
    why = _("Nobody has scored this case yet.")
    return NextAct(_("Wait for a reader’s score"), why, "reviews", waits=True)


def _decision(reading: CaseReading) -> NextAct:
    return office_acts(
        reading,
        Right.DECIDE,
        _("Decide"),
        _("Documents, rules and scores are in."),
        _("Documents, rules and scores are in, and it decides."),
        "decide",
    )


# In this order: what blocks comes before what it blocks.
Step = Callable[[CaseReading, Shown], NextAct | None]
ALWAYS: tuple[Step, ...] = (_withdrawal, _proposed_changes, _conditions)
WHILE_CONSIDERED: tuple[Step, ...] = (
    _own_score,
    _prepared,
    _documents,
    _names,
    _requests,
    _checklist,
    _status,
    _clauses,
    _scores,
)
