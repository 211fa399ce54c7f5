"""The front of a case as one PDF: what its page says, for the person who asked, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from admissions_portal.outbox.queries import messages_about
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.assessments.corrections import names_now
from applications.casework.claims import claims_of
from applications.casework.reading import CaseReading
from applications.casework.rules import told_rules
from applications.casework.told import told_events
from applications.checklists.checklist import checklist_of
from applications.exports.whole_case import RIGHTS, DocumentPut
from applications.reviews.queries import may_see_scores, reviews_visible_to
from eligibility.labels import OUTCOMES

Row = dict[str, Any]


def whole_on(reading: CaseReading) -> dict[str, Any]:
    return {"may_take_whole": any(map(reading.may, RIGHTS))}


def front_of(reading: CaseReading, put: Sequence[DocumentPut]) -> dict[str, Any]:
    """The context of `letters/whole_case.html`: plain texts in the language of the moment, and nothing that
    the person may not see on the case page."""
    case = reading.case
    programme, (name, han) = case.offering.programme, names_now(case)
    return {
        "number": case.number,
        "name": name,
        "han": han,
        "institution": programme.institution.name,
        "facts": _facts(reading),
        "claims": [
            _row(claim.title, [*claim.lines, claim.han], [document.name for document in claim.documents])
            for claim in claims_of(case, reading.documents, on=reading.on)
        ],
        **_rules(reading),
        "asked": [
            _row(
                each.title,
                [each.words, each.answer, each.reason],
                [str(each.get_status_display()), _("due %(day)s") % {"day": hong_kong_day(each.due_on)}],
            )
            for each in case.evidence_requests.all()
        ],
        "checklist": [
            _row(
                each.title,
                [each.check.comment if each.check else ""],
                [
                    _("Changed since") if each.is_changed else str(each.state.label),
                    _signed(each.check.checked_by, each.check.checked_at) if each.check else "",
                ],
            )
            for each in checklist_of(case, at=reading.at)
        ],
        **_reviews(reading),
        "decision": _decision(reading),
        "messages": [
            _row(message.subject, [], [str(message.get_status_display()), hong_kong_time(message.queued_at)])
            for message in messages_about(case)
            if not message.is_sign_in
        ],
        "history": [
            _row(event.sentence, [], [event.who, hong_kong_time(event.at)])
            for event in reversed(told_events(case, reading.history))
        ],
        "documents": [_document(each) for each in put],
        "made": _("Made for %(who)s on %(when)s") % {"who": reading.user, "when": hong_kong_time(reading.at)},
    }


def _row(title: object, lines: Sequence[str], side: Sequence[str] = ()) -> Row:
    """One line of a table: what it is about, what is said of it, and beside it where it stands."""
    return {
        "title": str(title),
        "lines": [str(line) for line in lines if line],
        "side": [str(line) for line in side if line],
    }


def _signed(who: object, at: Any) -> str:
    return _("%(who)s, %(when)s") % {"who": who, "when": hong_kong_time(at)}


def _facts(reading: CaseReading) -> list[Row]:
    case = reading.case
    choices = [each.name for each in (case.specialisation, case.second_specialisation) if each]
    received = _("%(when)s, %(round)s") % {
        "when": hong_kong_time(case.submitted_at),  # type: ignore[arg-type]  # a case is submitted
        "round": case.round.title,  # type: ignore[union-attr]  # and has its round
    }
    return [
        _row(_("Programme"), [case.offering.programme.name]),
        _row(_("Study"), [str(case.offering.get_mode_display()), case.offering.intake.label]),
        *([_row(_("Specialisation"), choices)] if choices else []),
        _row(_("Received"), [received]),
        _row(_("State"), [str(case.get_state_display())]),
    ]


def _rules(reading: CaseReading) -> dict[str, Any]:
    if reading.assessment is None or reading.rules is None:
        return {}
    told = told_rules(reading.assessment, reading.findings, reading.rules, reading.officer_findings)
    findings = []
    for shown in told["findings"]:
        text, officer = shown.text, shown.officer
        lines = [
            text.text,
            *text.remarks,
            _("Given: %(value)s") % {"value": text.supplied} if text.supplied else "",
            _("Needed: %(value)s") % {"value": text.needed} if text.needed else "",
            _("The rule’s own: %(outcome)s") % {"outcome": OUTCOMES[shown.own]} if shown.own else "",
            _("“%(quote)s”") % {"quote": text.quote} if text.quote else "",
        ]
        if officer is not None:
            lines += [officer.reason, _signed(officer.found_by, officer.found_at)]
        clause = (
            _("%(clause)s (%(code)s)") % {"clause": text.clause, "code": text.code}
            if text.clause
            else text.code
        )
        findings.append(_row(text.title, lines, [str(OUTCOMES[text.outcome]), clause]))
    return {
        "verdict": told["verdict"].heading,
        "verdict_text": told["verdict"].text,
        "run": _("Run on %(when)s.") % {"when": hong_kong_time(reading.assessment.at)},
        "findings": findings,
    }


def _reviews(reading: CaseReading) -> dict[str, Any]:
    """Those that the person may see; that others are held back is said."""
    seen = reviews_visible_to(reading.user, at=reading.at).filter(application=reading.case)
    rows = [
        _row(
            review.reviewer,
            [str(review.get_recommendation_display()), review.comment],
            [str(review), hong_kong_day(review.reviewed_at)],
        )
        for review in seen.select_related("reviewer").order_by("reviewed_at", "id")
    ]
    return {
        "reviews": rows,
        "reviews_hidden": not may_see_scores(reading.user, reading.case, at=reading.at),
    }


def _decision(reading: CaseReading) -> list[Row]:
    case, rows = reading.case, []
    for made in case.decisions.all():
        rows.append(
            _row(made.get_outcome_display(), [made.note], [_signed(made.decided_by, made.decided_at)])
        )
    offer = getattr(case, "offer", None)
    if offer is not None:
        reply_by = _("Reply by %(when)s") % {"when": hong_kong_time(offer.reply_by)}
        rows.append(
            _row(
                _("Offer %(number)s") % {"number": offer.number},
                [reply_by],
                [str(offer.get_status_display())],
            )
        )
        rows += [
            _row(
                pgettext("of an offer", "Condition"),
                [condition.text, condition.evidence],
                [str(condition.get_status_display()), hong_kong_day(condition.due_on)],
            )
            for condition in offer.conditions.all()
        ]
    withdrawal = getattr(case, "withdrawal", None)
    if withdrawal is not None:
        rows.append(
            _row(
                _("Withdrawn by the applicant"),
                [str(withdrawal.get_reason_display()), withdrawal.words],
                [hong_kong_time(withdrawal.withdrawn_at)],
            )
        )
    return rows


def _document(each: DocumentPut) -> Row:
    document = each.document
    inside = (
        _("not in this file: %(why)s") % {"why": each.why_not}
        if each.why_not
        else _("pages in this file: %(count)s") % {"count": each.pages}
    )
    checked = _signed(document.checked_by, document.checked_at) if document.checked_at else ""
    return _row(
        document.name,
        [str(document.get_slot_display()), inside],
        [str(document.get_status_display()), checked],
    )
