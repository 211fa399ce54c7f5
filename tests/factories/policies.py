"""Drafts of rules and entries of the acceptance register, without the office's pages."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from admissions_portal.accounts.models import User
from eligibility.models import AcceptedAward, Policy, PolicyVersion, fingerprint
from tests.factories.programmes import hkt

WRITTEN = hkt(2026, 4, 1, 9, 0)


def draft_raising_ielts(
    to: str, *, by: User, policy: str = "HKU-MMEDSC", effective_from: date = date(2026, 1, 1)
) -> PolicyVersion:
    """A draft that differs from the version in force by the overall score of IELTS alone."""
    last = Policy.objects.get(code=policy).versions.exclude(published_at=None).latest("number")
    content = deepcopy(last.content)
    for row in content["english"]["minima"]:
        if row["kind"] == "IELTS_ACADEMIC":
            row["overall"] = str(Decimal(to))
    return PolicyVersion.objects.create(
        policy=last.policy,
        effective_from=effective_from,
        content=content,
        sha256=fingerprint(content),
        reason="The School Board asks for more.",
        drafted_by=by,
        drafted_at=WRITTEN,
    )


def publish(draft: PolicyVersion) -> PolicyVersion:
    """As `publish_version` leaves it; what it asks first is not asked here."""
    draft.number = draft.policy.versions.exclude(number=None).latest("number").number + 1
    draft.published_at = WRITTEN
    draft.save()
    return draft


def accepted(name: str, *, by: User, **fields: Any) -> AcceptedAward:
    """An entry of HKU's register that makes an institution's awards comparable; a draft unless told."""
    return AcceptedAward.objects.create(
        **{
            "institution_code": "hku",
            "names": [name],
            "kind": AcceptedAward.Kind.COMPARABLE,
            "in_force_from": date(2026, 1, 1),
            "why": "Seen by the Board.",
            "drafted_by": by,
            "drafted_at": WRITTEN,
            **fields,
        }
    )
