"""A document beside the claim it proves, checked by keyboard; a name that differs, settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from applications.assessments.actions import assess_application
from applications.evidence.models import FileKind, PrintedDifference, SlotCode
from tests.applications.casework.test_case_page import NOW, door
from tests.browser.chromium import DESKTOP, PHONE, Reader, go
from tests.factories.applications import CaseFactory, officer
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory, picture


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_document_is_checked_beside_its_claim(reader: Callable[..., Reader], width: int) -> None:
    publish_policies()
    start_clock_at(NOW)
    case = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    assess_application(case, by=Actor.system(), at=NOW)
    photo = DocumentFactory(
        application=case, name="degree.jpg", kind=FileKind.JPEG, content=picture(size=(600, 400))
    )
    proof = DocumentFactory(application=case, slot=SlotCode.RESIDENCE, name="label.pdf")
    office = reader(width=width, user=officer(case.offering.programme))
    page = office.open(door(case, "document", photo.pk))
    assert page.locator("figure img").evaluate("image => image.naturalWidth") == 600
    page.get_by_label("Name as printed", exact=True).fill("LEE Mei")
    page.get_by_label("Name as printed", exact=True).press("Enter")
    page.wait_for_url(f"**{door(case, 'document', proof.pk)}")
    office.check()
    page.get_by_label("What it shows about the status in Hong Kong").select_option("STUDENT_VISA")
    go(page.get_by_role("button", name="Verify", exact=True))
    office.check()
    assert page.get_by_role("heading", name="A document shows another status in Hong Kong").count() == 1
    assert page.locator("#printed").count() == 1
    go(page.get_by_role("link", name="Settle it degree.jpg"))
    office.check()
    page.get_by_label("Another name of this person").check()
    page.get_by_label("Reason").fill("Maiden name.")
    go(page.get_by_role("button", name="Settle it", exact=True))
    assert PrintedDifference.objects.get().settled_as == "ALIAS"
    office.open(door(case, "file"))
