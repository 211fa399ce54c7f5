"""The pictures of the README, taken of the portal as it is: PORTAL_PICTURES=1 writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from admissions_portal.clock import day_of
from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from programmes.models import Offering
from tests.browser.chromium import Reader
from tests.factories.applications import officer
from tests.factories.drafts import AT, own, ready_draft

FOLDER = Path(__file__).parent / "pictures"
LARGEST = 80_000  # bytes: whoever opens the README loads all three


@pytest.fixture
def draft(live_server: Any, settings: Any, tmp_path: Path) -> Application:
    """One of the shipped programme, by the factories' fictional applicant, a week before Round 1 closes."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    call_command("load_catalogue", verbosity=0)
    call_command("load_policies", verbosity=0)
    start_clock_at(AT)
    return ready_draft(Offering.objects.filter(intake__programme__slug="hku-mmedsc").earliest("pk"))


def take(me: Reader, path: str, name: str, *, width: int, height: int, dark: bool = False) -> None:
    page = me.page
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    page.goto(path)
    page.wait_for_load_state("load")
    made = BytesIO()
    picture = Image.open(BytesIO(page.screenshot()))
    assert picture.size == (width, height)
    picture.convert("RGB").save(made, "WEBP", quality=82, method=6)
    assert len(picture.getcolors(maxcolors=width * height) or ()) > 50  # a page, not an empty sheet
    assert len(made.getvalue()) < LARGEST
    kept = FOLDER / f"{name}.webp"
    if os.environ.get("PORTAL_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        kept.write_bytes(made.getvalue())
    assert Image.open(BytesIO(kept.read_bytes())).size == picture.size


def test_the_catalogue_on_a_desk(draft: Application, reader: Callable[..., Reader]) -> None:
    take(reader(), "/", "catalogue", width=1120, height=720)


def test_a_section_of_the_form_on_a_phone_in_the_dark(
    draft: Application, reader: Callable[..., Reader]
) -> None:
    path = reverse("applications:section", args=[draft.pk, "qualifications"])
    take(reader(user=draft.applicant.user), path, "section", width=390, height=720, dark=True)


def test_a_case_in_the_office(draft: Application, reader: Callable[..., Reader]) -> None:
    submit_application(draft, declaration=in_force(on=day_of(AT)), by=own(draft), at=AT)
    programme = draft.offering.intake.programme
    path = reverse("admin:applications_application_change", args=[draft.pk])
    take(reader(user=officer(programme, name="HO Wing Yan")), path, "case", width=1120, height=720)
