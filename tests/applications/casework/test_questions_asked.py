"""The case page asks the database the same few questions however much the case holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.applicants.models import PriorCourse
from applications.assessments.actions import assess_application, override_finding
from applications.changes.models import ChangeProposal
from applications.decisions.actions import offer_place
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.models import RequestKind, RequestWants, SlotCode
from applications.lifecycle.models import Application
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.standing.actions import request_standing
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import own, publish_policies
from tests.factories.programmes import hkt
from tests.test_query_counts import much_about

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 3, 30, 9, 0)
MOST = 25


def everything_about(case: Application) -> None:
    somebody = acting(officer(case.offering.programme, Role.COORDINATOR))
    office = acting(officer(case.offering.programme))
    assess_application(case, by=Actor.system(), at=NOW)
    much_about(case, 3)
    override_finding(case, "HKU-E1", "MET", authority="Dean", reason="x", by=somebody, at=NOW)
    terms = EvidenceTerms(
        kind=RequestKind.LATER_NON_BLOCKING,
        wants=RequestWants.DOCUMENT,
        title="Transcript",
        words="All pages, please.",
        due_on=date(2026, 5, 20),
        slot=SlotCode.DEGREE,
        clause="HKU-E1",
    )
    ask_for_evidence(case, terms=terms, by=office, at=NOW)
    ChangeProposal.objects.create(
        application=case,
        profile=case.profile,
        section="person",
        old={"family_name": "LAM"},
        new={"family_name": "LAMB"},
        why="A slip",
        proposed_at=NOW,
    )
    PriorCourse.objects.create(
        applicant=case.applicant,
        title="Biostatistics",
        institution="Example University",
        credits=6,
        passed=True,
        completed_on=date(2023, 6, 30),
    )
    request_standing(case, statement="The same content.", by=own(case), at=NOW)
    offer_place(
        case,
        terms=OfferTerms(
            hkt(2026, 6, 1, 23, 59), (ConditionTerms("Transcript", "By post", date(2026, 8, 31)),)
        ),
        note="",
        by=office,
        at=NOW,
    )


def test_a_case_that_holds_everything(settings: Any, tmp_path: Any, client: Any) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    case = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    everything_about(case)
    client.force_login(officer(case.offering.programme, Role.COORDINATOR))
    address = reverse("admin:applications_application_change", args=[case.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    # session and signed-in user included; parts that are added share what is left
    assert len(queries) <= MOST, "\n".join(query["sql"][:200] for query in queries)
