"""Papers: an offer letter's context as the design has it, and rows that hold one."""

from copy import deepcopy
from datetime import datetime
from typing import Any

import factory

from admissions_portal.clock import HONG_KONG
from admissions_portal.papers.models import Paper

AT = datetime(2026, 5, 4, 10, 30, tzinfo=HONG_KONG)

_OFFER: dict[str, Any] = {
    "head": {
        "unit": "LKS Faculty of Medicine",
        "institution": "The University of Hong Kong 香港大學",
        "office": "MMedSc Office",
        "address": ["3/F, William MW Mong Block", "21 Sassoon Road, Hong Kong"],
        "phones": ["(+852) 3910 2821"],
    },
    "addressee": {"name": "LIN Yuhan", "han": "林雨涵", "lines": ["88 Binjiang Road, Binhai (fictional)"]},
    "date": "4 May 2026",
    "references": ["Application MMS26-004182"],
    "signatory": {"name": "", "title": ""},
    "is_specimen": True,
    "programme": "Master of Medical Sciences",
    "intake": "2026 intake",
    "terms": [{"label": "Programme", "value": "Master of Medical Sciences (MMedSc)", "note": ""}],
    "fee": {
        "amount": "HK$198,000, self-funded",
        "note": "Provisional: subject to the University Council’s approval",
        "instalments": "2 instalments",
    },
    "reply_by": "29 May 2026, 23:59 HKT",
    "sign_in_at": "admissions.example.hk",
    "conditions": [
        {
            "text": "Official final transcript",
            "evidence": "Sent by your university",
            "due": "31 August 2026, 23:59 HKT",
            "state": "Open",
        }
    ],
}


def offer_context(**changes: Any) -> dict[str, Any]:
    """The context of a whole offer letter; `addressee__name="…"` changes one text inside it."""
    context = deepcopy(_OFFER)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = context
        for parent in parents:
            place = place[int(parent) if parent.isdigit() else parent]
        place[int(last) if last.isdigit() else last] = value
    return context


class PaperFactory(factory.django.DjangoModelFactory):
    """A paper that waits to be made. `PaperFactory(rendered=True)` has stand-in bytes."""

    class Meta:
        model = Paper

    class Params:
        rendered = factory.Trait(
            status=Paper.Status.RENDERED,
            pdf=b"%PDF-1.7 stand-in",
            sha256="1a4e3d0e7b1d0b5ae86f8d8d4ff0f5c0b4f0f3c7f1f0b3f0e3f0a3f0b3f0c3f0",
            pages=1,
            rendered_at=AT,
        )

    kind = "offer"
    number = factory.Sequence(lambda n: f"OFF-2026-{n:05}")
    about_kind = "offer"
    about_id = "1"
    template = "letters/offer.html"
    context = factory.LazyFunction(offer_context)
    requested_at = AT
