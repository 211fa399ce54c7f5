"""The offer letter's context, frozen when the offer is made: every text as it is printed.

The letter is an English text, whatever language the officer reads in; Chinese names stand as they were
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from admissions_portal.clock import HONG_KONG
from admissions_portal.papers.preflight import can_be_printed
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from admissions_portal.support.templatetags.portal import money
from applications.applicants.queries import address_lines
from applications.assessments.corrections import names_now
from applications.lifecycle.contacts import contact_of
from applications.lifecycle.models import Application
from applications.offers.models import Offer
from applications.offers.terms import ConditionTerms
from programmes.models import Mode

TEMPLATE = "letters/offer.html"


def letter_context(offer: Offer, conditions: Sequence[ConditionTerms]) -> dict[str, Any]:
    """What `letters/offer.html` asks for, as JSON values."""
    with translation.override("en"):
        return _context(offer, conditions)


def _context(offer: Offer, conditions: Sequence[ConditionTerms]) -> dict[str, Any]:
    application, terms = offer.case, offer.terms
    office = application.offering.programme.office
    name, chinese = names_now(application)
    return {
        "head": {
            "unit": terms["school"] or terms["office"],
            "institution": terms["institution"],
            "office": terms["office"],
            "address": _in_two_lines(office.address),
            "phones": list(office.phones),
        },
        "addressee": {
            "name": name,
            "han": _printable(chinese),
            "lines": [line for line in address_lines(contact_of(application).values) if can_be_printed(line)],
        },
        "date": hong_kong_day(offer.opened_at),
        "references": [f"Application {application.number}"],
        "signatory": {"name": "", "title": ""},
        "is_specimen": settings.IS_DEMO,
        "programme": terms["programme"],
        "intake": f"{terms['intake']} intake",
        "terms": _terms_shown(application, terms),
        "fee": _fee_shown(terms),
        "reply_by": hong_kong_time(offer.reply_by),
        "sign_in_at": urlsplit(settings.PORTAL_ORIGIN).netloc,
        "conditions": [
            {
                "text": row.text,
                "evidence": row.evidence,
                "due": _end_of(row.due_on),
                "state": "Met" if row.is_met else "Open",
            }
            for row in conditions
        ],
    }


def left_out_of_letter(application: Application) -> list[str]:
    """What the applicant wrote and our fonts cannot print: no reason to keep an offer back (DOMAIN C4).

    The full name is never among it: a letter without it is refused.
    """
    written = [names_now(application)[1], *address_lines(contact_of(application).values)]
    return [text for text in written if not can_be_printed(text)]


def _printable(text: str) -> str:
    return text if can_be_printed(text) else ""


def _terms_shown(application: Application, terms: dict[str, Any]) -> list[dict[str, str]]:
    award = (
        f"{terms['programme']} ({terms['award']})"
        if terms["award"] not in terms["programme"]
        else terms["programme"]
    )
    mode = str(Mode(terms["mode"]).label)
    rows = [("Programme", award, "")]
    if terms["specialisation"]:
        rows.append(("Specialisation", terms["specialisation"], f"Track {terms['track']}"))
    rows.append(("Study mode", f"{mode}, {terms['pattern']}" if terms["pattern"] else mode, ""))
    if terms["expected_start_on"]:
        rows.append(("Expected start", hong_kong_day(date.fromisoformat(terms["expected_start_on"])), ""))
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _fee_shown(terms: dict[str, Any]) -> dict[str, str] | None:
    if terms["fee_amount"] is None:
        return None
    amount = money(Decimal(terms["fee_amount"]), terms["fee_currency"])
    funding = terms["fee_funding"]
    note = terms["fee_note"]
    return {
        "amount": f"{amount}, {funding[:1].lower()}{funding[1:]}" if funding else amount,
        "note": f"Provisional: {note[:1].lower()}{note[1:]}" if terms["fee_is_provisional"] else note,
        "instalments": f"{terms['instalments']} instalments" if terms["instalments"] else "",
    }


def _in_two_lines(address: str) -> list[str]:
    """An address kept in one line, broken at the comma in its middle, so that a street keeps its name."""
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    parts = lines[0].split(", ") if len(lines) == 1 else []
    if len(parts) < 3:
        return lines
    half = len(parts) // 2
    return [", ".join(parts[:half]), ", ".join(parts[half:])]


def _end_of(day: date) -> str:
    return hong_kong_time(datetime.combine(day, time(23, 59), tzinfo=HONG_KONG))
