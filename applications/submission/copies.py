"""A copy of the whole application to keep or print: every answer as the review page shows it.

Before submitting it says on each page that it is a draft; the receipt's is frozen with number, code and
fingerprint. Both are papers: a row now, the PDF by a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from admissions_portal.papers.actions import request_paper
from admissions_portal.papers.models import Paper
from admissions_portal.papers.preflight import made_printable
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_time
from admissions_portal.support.templatetags.portal import grouped
from applications.applicants.names import full_name
from applications.lifecycle.actions import lock_application
from applications.lifecycle.models import Application
from applications.lifecycle.permissions import check_is_own
from applications.submission.declarations import Declared
from applications.submission.models import Submission
from applications.submission.queries import draft_copies_of
from applications.submission.sections import Filling, sections_of
from programmes.models import Round

TEMPLATE = "letters/application_copy.html"
RECEIPT = "receipt"
DRAFT_COPY = "draft_copy"


@transaction.atomic
def copy_draft(application: Application, *, by: Actor, at: datetime) -> Paper:
    """Have a PDF made of the draft as it stands at `at`; it takes the place of the last one.

    Nothing changed since: the last one. Raises PermissionDenied for anybody but the applicant.
    """
    check_is_own(application, by)
    application = lock_application(application)
    language = application.applicant.user.language
    with translation.override(language):
        context = {
            **frame_of(application),
            "sections": answers_shown(application, at=at),
            "made": hong_kong_time(at, seconds=True),
        }
    last = draft_copies_of(application).first()
    is_good = last is not None and last.status != Paper.Status.FAILED and last.language == language
    if last is not None and is_good and last.context | {"made": ""} == context | {"made": ""}:
        return last
    draft_copies_of(application).delete()
    return request_paper(
        DRAFT_COPY,
        number=f"DRAFT-{application.pk.hex[:12].upper()}",
        template=TEMPLATE,
        context=context,
        about=application,
        at=at,
        language=language,
        is_copy=True,
    )


def issue_receipt(
    application: Application,
    *,
    number: str,
    round_: Round,
    sections: Sequence[dict[str, Any]],
    declared: Declared,
    sha256: str,
    earlier: Submission | None,
    at: datetime,
) -> Paper:
    """The receipt with everything that was sent, in the applicant's language; it replaces the earlier one."""
    language = application.applicant.user.language
    with translation.override(language):
        context = {
            **frame_of(application),
            "sections": list(sections),
            "received": _("%(when)s (UTC+8)") % {"when": hong_kong_time(at, seconds=True)},
            "round": _("%(round)s, closes %(when)s")
            % {"round": round_.title, "when": hong_kong_time(round_.closes_at) if round_.closes_at else "–"},
            "sha256": [grouped(sha256[:32]), grouped(sha256[32:])],
            "declared": [declared.declaration, declared.privacy_notice],
            "proof": {
                "programme": application.offering.programme.name,
                "institution": application.offering.programme.institution.name,
                "round": round_.label,
                "sha256": sha256,
            },
        }
    return request_paper(
        RECEIPT,
        number=number,
        template=TEMPLATE,
        context=context,
        about=application,
        at=at,
        language=language,
        supersedes=earlier.paper if earlier else None,
        is_copy=True,
    )


def answers_shown(application: Application, *, at: datetime) -> list[dict[str, Any]]:
    """Every section with its answers as people read them, in the active language, as JSON."""
    filling = Filling(application, at=at)
    return [
        {
            "title": str(section.title),
            "blocks": [
                {
                    "title": str(block.title),
                    "answers": [
                        {"label": str(each.label), "value": str(each.value)} for each in block.answers
                    ],
                }
                for block in section.answers(filling)
                if block.answers
            ],
        }
        for section in sections_of(application, at=at)
    ]


def frame_of(application: Application) -> dict[str, Any]:
    """Whose copy it is, of what, and the office it goes to; in the active language."""
    offering, applicant = application.offering, application.applicant
    programme = offering.programme
    name = full_name(applicant.family_name, applicant.given_names, applicant.chinese_name)
    return {
        "head": {
            "unit": programme.school.name if programme.school else programme.institution.name,
            "institution": programme.institution.name,
            "office": programme.office.name,
            "address": [line for line in programme.office.address.splitlines() if line.strip()],
            "phones": list(programme.office.phones),
        },
        "is_specimen": settings.IS_DEMO,
        "programme": programme.name,
        "offering": _("%(mode)s, %(intake)s intake")
        % {"mode": offering.get_mode_display(), "intake": offering.intake.label},
        "name": name or _("Name not written yet"),
        "han": applicant.chinese_name if applicant.chinese_name != name else "",
        "email": applicant.user.email,
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that differs from the one that was sent; "" where it was not given."""

    where: str
    label: str
    old: str
    new: str


def differences_from(case: Application, draft: Application, *, at: datetime) -> list[Changed] | None:
    """What an amendment changes; None where the copy that was sent is in another language than the page."""
    sent = case.submissions.select_related("paper").order_by("sequence").last()
    if sent is None or sent.paper.language != (translation.get_language() or "en"):
        return None
    old, new = _flat(sent.paper.context["sections"]), _flat(made_printable(answers_shown(draft, at=at)))
    return [
        Changed(" › ".join(filter(None, key[:2])), key[2], old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*new, *old])
        if old.get(key, "") != new.get(key, "")
    ]


def _flat(sections: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], str]:
    """Every answer by section, item and question; an item that repeats counts on."""
    found: dict[tuple[str, str, str], str] = {}
    for section in sections:
        for block in section["blocks"]:
            for answer in block["answers"]:
                title, number = block["title"], 1
                while (key := (section["title"], title, answer["label"])) in found:
                    number += 1
                    title = f"{block['title']} ({number})"
                found[key] = answer["value"]
    return found
