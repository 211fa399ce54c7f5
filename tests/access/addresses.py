"""Every address of the portal, filled with one applicant's things."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

from django.urls import URLResolver, get_resolver, reverse

from applications.assessments.models import Reassessment
from applications.decisions.models import Release
from applications.evidence.models import EvidenceRequest, PrintedDifference
from applications.late_entry.models import AccessCode, Extension
from applications.occasional.models import OccasionalFile, OccasionalRequest
from applications.reviews.assignment import ReviewAssignment
from applications.standing.models import CourseClaim
from programmes.models import (
    QuestionSet,
    QuestionVersion,
)
from tests.access.table import MODELS
from tests.access.world import World


def addresses(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), prefix: str = ""
) -> Iterator[str]:
    """Every address there is, by its full name, or by its route where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, (*spaces, *filter(None, [pattern.namespace])), route)
        else:
            yield ":".join((*spaces, pattern.name)) if pattern.name else f"/{route}"


def filled(name: str, world: World) -> str:
    """The address with the applicant's own things in it."""
    if name == "/office/(?P<url>.*)$":
        return "/office/no/such/page/"
    if name.startswith("/"):
        app, model = name.split("/")[2:4]
        return f"/office/{app}/{model}/{world.things[f'{app}_{model}']}/"
    model, _line, page = name.removeprefix("admin:").rpartition("_")
    if model in MODELS and model != "applications_application" and page in ("change", "history", "delete"):
        return reverse(name, args=[world.things[model]])
    return reverse(name, args=given_in(world).get(name, []))


@cache
def given_in(world: World) -> dict[str, list[Any]]:
    """What stands in each address that names something of the world."""
    case, draft, offer = [world.case.pk], [world.draft.pk], [world.offer.pk]
    return {
        **{
            f"programmes:{page}": [world.case.offering.programme.slug]
            for page in ("programme", "calendar", "save", "forget")
        },
        "eligibility:check": [world.case.offering.programme.slug],
        "eligibility:requirements_version": ["HKU-MMEDSC", 1],
        **{f"applications:{page}": case for page in ("overview", "receipt", "standing", "withdraw")},
        **{f"applications:{page}": case for page in ("changes", "propose_change", "amend")},
        **{f"applications:{page}": draft for page in ("draft_copy", "draft_copy_pdf", "leave_out")},
        "applications:receipt_pdf": [world.case.pk, 1],
        "admin:applications_application_sent": [world.case.pk, 1],
        "admin:applications_application_saved_list": [1],
        "applications:identity_number": case,
        "applications:withdraw_change": [world.case.pk, world.case.pk],
        "admin:applications_application_change_proposal": [world.case.pk, world.case.pk],
        **{f"applications:{page}": draft for page in ("documents", "review", "findings", "submit")},
        **{
            f"applications:{page}": offer
            for page in ("offer", "offer_accept", "offer_decline", "offer_letter")
        },
        "applications:discard": draft,
        **{f"applications:{page}": draft for page in ("access_code", "carry_over", "change_mode")},
        **{
            f"applications:occasional{page}": [OccasionalRequest.objects.get().pk]
            for page in ("", "_form", "_typed", "_send", "_withdraw")
        },
        **{
            f"applications:occasional_{page}": [world.case.offering.programme.slug]
            for page in ("about", "begin")
        },
        "applications:occasional_file": [OccasionalFile.objects.get().pk],
        "admin:applications_accesscode_revoke": [AccessCode.objects.get().pk],
        "admin:applications_extension_revoke": [Extension.objects.get().pk],
        "applications:record_file": [world.record_copy.pk],
        "applications:section": [world.draft.pk, "personal"],
        **{f"applications:{page}": [world.draft.pk, "personal"] for page in ("autosave", "check")},
        "applications:message": [world.message.pk],
        "applications:document": [world.document.pk],
        "applications:start": [world.case.offering.pk],
        **{f"mfa_{page}_webauthn": [1] for page in ("remove", "edit")},
        "papers:verify_code": [world.offer.letter.code],
        "outbox:message": [world.message.pk],
        "jobs:progress": [world.job.pk],
        "admin:view_on_site": [1, 1],
        "admin:auth_user_password_change": [world.case.applicant.user_id],
        "applications:describe_document": [world.draft.pk, world.own_document.pk],
        "applications:request": [world.case.pk, EvidenceRequest.objects.get().pk],
        "admin:applications_application_request": [world.case.pk, EvidenceRequest.objects.get().pk],
        **{
            f"admin:programmes_questionset_{page}": [QuestionSet.objects.get().pk]
            for page in ("change", "begin", "draft", "edit", "publish", "discard")
        },
        **{
            f"admin:applications_rubric_{page}": [world.case.offering.programme.pk]
            for page in ("change", "begin", "draft", "edit", "use", "discard")
        },
        "admin:applications_rubric_version": [world.case.offering.programme.pk, 1],
        "admin:programmes_questionset_version": [
            QuestionSet.objects.get().pk,
            QuestionVersion.objects.get(number=1).pk,
        ],
        **{
            f"admin:applications_application_{page}": [world.case.pk, world.document.pk]
            for page in ("document", "document_again", "document_slot", "provenance")
        },
        "admin:applications_application_condition": [world.case.pk, world.offer.conditions.get().pk],
        **{
            f"admin:applications_application_{page}": [world.case.pk, 1]
            for page in ("withdrawal", "conflict_lifted")
        },
        "admin:applications_application_difference": [world.case.pk, PrintedDifference.objects.get().pk],
        "admin:applications_application_same_person": [world.case.pk, world.case.pk],
        "admin:applications_application_check": [world.case.pk, "english"],
        **{
            f"admin:applications_application_{page}": [world.case.pk, uuid4()]
            for page in ("message_again", "letter_again", "whole_file")
        },
        "admin:applications_application_course": [world.case.pk, CourseClaim.objects.get().pk],
        "admin:eligibility_impact": ["acceptance", world.things["eligibility_acceptedaward"]],
        "admin:applications_release_change": [Release.objects.get().pk],
        "admin:eligibility_reassessment": [Reassessment.objects.get().pk],
        "admin:shortlist_export": ["CSV"],
        **{
            f"admin:eligibility_policy_{page}": [world.things["eligibility_policy"]]
            for page in ("compare", "begin", "draft", "edit", "approve", "publish", "discard")
        },
        "admin:eligibility_policyversion_export": [world.things["eligibility_policyversion"], "yaml"],
        **{
            f"admin:eligibility_acceptedaward_{page}": [world.things["eligibility_acceptedaward"]]
            for page in ("edit", "force", "withdraw", "discard")
        },
        **{
            f"admin:applications_reviewphase_{page}": [world.things["applications_reviewphase"]]
            for page in ("remove", "spread")
        },
        "admin:applications_application_reader_back": [world.case.pk, ReviewAssignment.objects.get().pk],
        "admin:app_list": ["applications"],
        **{
            f"admin:applications_application_{page}": case
            for page in (
                "change",
                "review",
                "abstain",
                "finding",
                "override",
                "status",
                "identity",
                "runs",
                "offer",
                "letter",
                "refuse",
                "prepared",
                "preview",
                "undo",
                "ask",
                "file",
                "withdrawn",
                "whole",
                "later",
                "conflict",
                "conflict_of_colleague",
            )
        },
    }
