"""A recused reader finds nothing of the case anywhere; a recused coordinator still exports the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from applications.evidence.models import SlotCode
from applications.lifecycle.models import Application
from applications.submission.conflicts import compare_new_people
from applications.submission.models import ProposedSupervisor
from tests.browser.chromium import DESKTOP, PHONE, Reader, go, press
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import hkt

NOW = hkt(2026, 5, 4, 9, 0)
# of the case and of nothing else
CANARIES = ("Zzyzxfamily", "甪端", "MMS26-000777")


@pytest.fixture
def case(transactional_db: None, settings: Any, tmp_path: Path) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)
    person = ApplicantFactory(family_name=CANARIES[0], chinese_name=CANARIES[1])
    made = CaseFactory(offering__intake__programme__slug="hku-mmedsc", applicant=person, number=CANARIES[2])
    DocumentFactory(application=made, slot=SlotCode.DEGREE)
    ProposedSupervisor.objects.create(application=made, position=1, name="Prof. PATEL Arjun", has_spoken=True)
    CaseFactory(offering=made.offering, number="MMS26-000778")
    return made


def test_a_recused_reader_finds_nothing_and_a_recused_coordinator_exports_the_rest(
    reader: Callable[..., Reader], case: Application
) -> None:
    programme = case.offering.programme
    reviewer = reader(
        width=PHONE, scripts=False, user=officer(programme, Role.REVIEWER, name="CHEUNG Ka Wai")
    )
    page = reviewer.page
    page.goto(case_page(case))
    page.get_by_text("I have a conflict of interest", exact=True).click()
    page.get_by_label("What the conflict is").select_option(label="Family or a close personal relation")
    page.get_by_label("In your words").fill("My cousin.")
    press(page, "Declare it and leave the case")
    page.get_by_text("the application is closed to you").wait_for()
    finds_nothing(reviewer, case, told="MMS26-000777 is on record")

    # named as supervisor, found by comparing names: the coordinator never sees the case, and exports the rest
    supervisor = officer(programme, Role.COORDINATOR, name="Patel Arjun")
    compare_new_people(at=NOW)
    coordinator = reader(user=supervisor)
    finds_nothing(coordinator, case)
    page = coordinator.page
    page.goto(reverse("admin:shortlist"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    rows = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert (len(rows), "MMS26-000778" in rows[1]) == (2, True)

    keeper = officer(programme, Role.ADMINISTRATOR, name="TSE Pui Shan")
    for width in (DESKTOP, PHONE):
        page = reader(width=width, user=keeper).open(reverse("admin:applications_application_conflicts"))
        told = " ".join(page.locator("main").inner_text().split())
        assert "Named as proposed supervisor: Prof. PATEL Arjun" in told
        assert told.index("Patel Arjun") < told.index("CHEUNG Ka Wai")
    lifting = reader(width=PHONE, user=keeper)
    page = lifting.open(f"{case_page(case)}#conflicts")
    page.get_by_text("Lift Patel Arjun").click()
    opened = page.locator("details[open]")
    opened.get_by_label("Why it no longer stands").fill("A namesake at another faculty.")
    lifting.check()
    go(opened.get_by_role("button", name="Lift the conflict of interest"))
    page.get_by_text("The conflict of interest is lifted. Patel Arjun may open").wait_for()
    assert coordinator.page.goto(case_page(case)).status == 200  # type: ignore[union-attr]


def case_page(case: Application) -> str:
    return reverse("admin:applications_application_change", args=[case.pk])


def finds_nothing(someone: Reader, case: Application, *, told: str = "") -> None:
    """Neither in lists, searches and counts nor by the address of anything of the case."""
    page = someone.page
    someone.watch.forgive("^40[45]")
    changelist = reverse("admin:applications_application_changelist")
    lists = [changelist, *(f"{changelist}?q={said}" for said in CANARIES), reverse("admin:index")]
    lists += [reverse(f"admin:applications_application_{door}") for door in ("my_reviews", "next_review")]
    for address in lists:
        page.goto(address)
        shown = page.locator("body").inner_text().replace(told or "-", "")
        assert [canary for canary in CANARIES if canary in shown] == [], address
    page.goto(reverse("admin:index"))
    assert "1 New" in " ".join(page.locator("main").inner_text().split())
    document = case.documents.get()
    for address in (
        case_page(case),
        reverse("applications:document", args=[document.pk]),
        reverse("admin:applications_application_letter", args=[case.pk]),
        reverse("admin:applications_application_sent", args=[case.pk, 1]),
        reverse("admin:applications_application_runs", args=[case.pk]),
        reverse("admin:applications_application_whole", args=[case.pk]),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (404, 405), address
