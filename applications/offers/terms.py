"""What an office must say to make an offer, and the facts of the catalogue as they stood then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy

from applications.lifecycle.models import Application
from programmes.models import Mode


@dataclass(frozen=True, slots=True)
class ConditionTerms:
    """Something to be shown by the end of `due_on` (a day in Hong Kong)."""

    text: str
    evidence: str
    due_on: date
    is_met: bool = False


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """`reply_by` is the minute printed in the letter; the whole minute counts (UST-15, AMB-01)."""

    reply_by: datetime
    conditions: tuple[ConditionTerms, ...] = ()


def catalogue_terms(application: Application) -> dict[str, Any]:
    """Programme, mode, start and fee with its note, frozen as text and numbers: a later change of the
    catalogue does not change what was offered (HKU-04…07, AMB-21)."""
    with translation.override("en"):  # the letter's language, whoever makes the offer
        terms = _terms(application)
    others = [code for code, _name in settings.LANGUAGES if code != "en"]
    return {**terms, "translated": {language: _translated(application, language) for language in others}}


def shown_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """What a page or a mail shows beside the frozen terms: the mode in words, start and fee as values.

    The words of a fee stand in `_components/fee.html`, those of a mail's in `emails/_offer_terms.txt`: an
    amount never goes without its note (HKU-06), in the reader's language where the catalogue had it.
    """
    return {
        "mode": Mode(terms["mode"]).label,
        "starts_on": date.fromisoformat(terms["expected_start_on"]) if terms["expected_start_on"] else None,
        "fee_amount": None if terms["fee_amount"] is None else Decimal(terms["fee_amount"]),
        "fee_note": _said(terms, "fee_note"),
        "offered_by": _said(terms, "institution"),
    }


def _said_now(terms: Mapping[str, Any], field: str) -> str:
    words = terms.get("translated", {}).get(translation.get_language()) or terms
    return str(words[field])


# told when it is drawn: a mail's language is its reader's, not that of whoever acts
_said = lazy(_said_now, str)


def _translated(application: Application, language: str) -> dict[str, str]:
    with translation.override(language):
        offering = application.offering
        return {"institution": offering.programme.institution.name, "fee_note": offering.fee_note}


def _terms(application: Application) -> dict[str, Any]:
    offering = application.offering
    programme, intake = offering.programme, offering.intake
    specialisation = application.specialisation
    return {
        "programme": programme.name,
        "award": programme.award,
        "institution": programme.institution.name,
        "school": programme.school.name if programme.school else "",
        "office": programme.office.name,
        "intake": intake.label,
        "mode": offering.mode,
        "pattern": offering.pattern or offering.duration,
        "expected_start_on": intake.expected_start_on.isoformat() if intake.expected_start_on else None,
        "specialisation": specialisation.name if specialisation else "",
        "track": str(specialisation.track) if specialisation else "",
        "fee_amount": None if offering.fee_amount is None else str(offering.fee_amount),
        "fee_currency": offering.fee_currency,
        "fee_funding": offering.fee_funding,
        "fee_is_provisional": offering.is_fee_provisional,
        "fee_note": offering.fee_note,
        "instalments": offering.instalments,
    }
