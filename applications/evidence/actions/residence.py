"""What a proof of residence shows, and the question to the applicant where they declared something else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from applications.applicants.choices import ResidenceStatus, label_of
from applications.assessments.actions import record_shown_status
from applications.assessments.models import ShownStatus
from applications.assessments.shown import StatusAsShown, status_counting
from applications.evidence.actions.requests import EvidenceTerms, ask_for_evidence
from applications.evidence.models import Document, RequestKind, RequestWants, SlotCode
from applications.lifecycle.models import Application

# what the applicant has to answer in
_ANSWER_WITHIN = timedelta(days=14)
CLAUSE = "AMB-04b"


def record_status_shown(document: Document, shown: StatusAsShown, *, by: Actor, at: datetime) -> ShownStatus:
    """Keep what the proof shows, inside the act that verifies it. Where that is not what was declared, ask
    the applicant with both texts: an offer waits for the answer, and an officer settles the status."""
    case = document.application
    counted = status_counting(case)
    before = case.shown_statuses.count()
    made = record_shown_status(case, shown, document=document.pk, by=by, at=at)
    if made.contradicts and case.shown_statuses.count() > before:
        ask_for_evidence(case, terms=_question(case, made, counted, at=at), by=by, at=at)
    return made


def _question(case: Application, shown: ShownStatus, counted: str, *, at: datetime) -> EvidenceTerms:
    """In the applicant's language: what was declared, what the paper shows."""
    with override(case.applicant.user.language or settings.LANGUAGE_CODE):
        days = [
            words % {"day": hong_kong_day(day)}
            for words, day in ((_("since %(day)s"), shown.since), (_("until %(day)s"), shown.until))
            if day
        ]
        status = _(", ").join([label_of(ResidenceStatus, shown.status), *days])
        return EvidenceTerms(
            RequestKind.LATER_BLOCKING,
            RequestWants.ANSWER,
            _("Your status in Hong Kong"),
            _(
                "You declared: %(declared)s.\nThe document you sent shows: %(shown)s.\n"
                "Tell us which of the two was right on the day you submitted, and since when. "
                "If the document is not the one you meant, say so and send the right one. "
                "An officer decides after your answer."
            )
            % {"declared": label_of(ResidenceStatus, counted) or _("nothing"), "shown": status},
            day_of(at) + _ANSWER_WITHIN,
            SlotCode.RESIDENCE,
            clause=CLAUSE,
        )
