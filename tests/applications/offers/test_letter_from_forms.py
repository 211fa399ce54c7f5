"""From what people type to the letter: markup and addresses are printed as text, and nothing is fetched or
embedded.

The press has walls of its own (tests/papers); here the way is the real one: the applicant's and the office's
forms, `offer_place`, the worker's rendering.
"""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.papers.actions import render_due_papers
from admissions_portal.papers.models import Paper
from applications.applicants.models import Applicant
from applications.applicants.names import validate_printable
from applications.lifecycle.models import Application
from applications.offers.models import Offer
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from tests.factories.applications import DraftFactory, officer
from tests.factories.desks import Desk
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering

pytestmark = pytest.mark.django_db
SECRET = "a secret of this machine"
KINDS = ("file", "attachment", "http", "link", "style", "bare", "title")
# what an applicant may write that reaches the letter, with the form's section and the most it takes
WRITTEN = ("family_name", "given_names", "preferred_name", "address_1", "address_2", "address_3", "postcode")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(AT)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "s.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down whoever asks."""
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def attacks(address: str, secret: Path) -> dict[str, str]:
    return {
        "file": f'<img src="file://{secret}">',
        "attachment": f'<link rel="attachment" href="file://{secret}">',
        "http": f'<img src="{address}/i">',
        "link": f'<a href="{address}/a">x</a>',
        "style": f"<style>@import '{address}/c'</style>",
        "bare": f"{address}/b",
        "title": f'</title><img src="{address}/t">',
    }


def the_offer(case: Application, **typed: str) -> Offer:
    """The office makes the offer with its form."""
    client = Desk()
    client.force_login(officer(case.offering.programme))
    response = client.post(
        reverse("admin:applications_application_offer", args=[case.pk]),
        {
            "reply_on_day": "29",
            "reply_on_month": "5",
            "reply_on_year": "2026",
            "note": "",
            "conditions-TOTAL_FORMS": "1",
            "conditions-INITIAL_FORMS": "0",
            "conditions-0-text": "Transcript",
            "conditions-0-evidence": "By post",
            "conditions-0-due_on_day": "31",
            "conditions-0-due_on_month": "8",
            "conditions-0-due_on_year": "2026",
            **typed,
        },
    )
    assert response.status_code == 302, response.content.decode()
    return Offer.objects.select_related("letter").get(application=case)


def check_letter(offer: Offer, attack: str, times: int, asked: list[str]) -> None:
    render_due_papers()
    letter = Paper.objects.get(pk=offer.letter.pk)
    assert letter.pdf is not None
    pdf = pypdf.PdfReader(io.BytesIO(bytes(letter.pdf)))
    shown = "".join("".join(page.extract_text() for page in pdf.pages).split())
    assert shown.count("".join(attack.split())) >= times, "what was typed is printed as it was typed"
    assert SECRET.encode() not in bytes(letter.pdf)
    assert pdf.attachments == {}
    assert [note for page in pdf.pages for note in page.get("/Annots", [])] == []
    assert [image.name for page in pdf.pages for image in page.images] == []
    assert asked == []


def submitted(**person: str) -> Application:
    case = ready_draft(taught_offering(), **person)
    submit_application(case, declaration=in_force(on=AT.date()), by=own(case), at=AT)
    return Application.objects.get(pk=case.pk)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_applicant_writes_is_only_text_in_the_letter(
    kind: str, listener: tuple[str, list[str]], secret: Path
) -> None:
    address, asked = listener
    attack = attacks(address, secret)[kind]
    longest = {name: Applicant._meta.get_field(name).max_length or 0 for name in WRITTEN}
    written = {name: attack for name, most in longest.items() if len(attack) <= most}
    validate_printable(attack)  # the form lets it pass, so the letter must bear it
    assert {"family_name", "address_1", "address_2", "address_3"} <= set(written)
    check_letter(the_offer(submitted(**written)), attack, 4, asked)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_office_writes_is_only_text_in_the_letter(
    kind: str, listener: tuple[str, list[str]], secret: Path
) -> None:
    address, asked = listener
    attack = attacks(address, secret)[kind]
    offer = the_offer(submitted(), **{"conditions-0-text": attack, "conditions-0-evidence": attack})
    check_letter(offer, attack, 2, asked)


def test_the_form_itself_takes_such_a_name_and_keeps_it_as_text(
    listener: tuple[str, list[str]], secret: Path
) -> None:
    """The door in front: what is typed in the first section is what is frozen, submitted and printed."""
    attack = attacks(listener[0], secret)["link"]
    draft = DraftFactory(offering=taught_offering())
    client = Desk()
    client.force_login(draft.applicant.user)
    address = reverse("applications:section", args=[draft.pk, "personal"])
    client.post(address, {"family_name": attack, "given_names": "Tsz"})
    assert Applicant.objects.get(pk=draft.applicant_id).family_name == attack
    page = client.get(address).content.decode()
    assert attack not in page
    assert "&lt;a href=" in page


def test_a_character_the_letters_font_lacks_is_refused_before_the_offer_is_made() -> None:
    case = submitted()
    client = Desk()
    client.force_login(officer(case.offering.programme))
    response = client.post(
        reverse("admin:applications_application_offer", args=[case.pk]),
        {
            "reply_on_day": "29",
            "reply_on_month": "5",
            "reply_on_year": "2026",
            "conditions-TOTAL_FORMS": "1",
            "conditions-INITIAL_FORMS": "0",
            "conditions-0-text": "Transcript 🎓",
            "conditions-0-evidence": "By post",
            "conditions-0-due_on_day": "31",
            "conditions-0-due_on_month": "8",
            "conditions-0-due_on_year": "2026",
        },
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "🎓" in page
    assert 'role="alert"' in page
    assert not Offer.objects.exists()
