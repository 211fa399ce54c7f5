"""A case is made into one PDF: paged and bookmarked, whatever its files are, for its asker and a day."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from PIL import Image

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.jobs.models import Job
from applications.casework.jobs import run_whole_case
from applications.evidence.models import DocumentStatus, FileKind
from applications.exports.merging import CannotBeMerged, MergedFile, merge, write_anew
from applications.exports.models import ExportLog, WholeCase
from applications.exports.whole_case import forget_whole_cases, request_whole_case
from applications.lifecycle.models import Application, Opened, Opening
from programmes.models import Appointment
from tests.applications.casework.test_case_page import NOW, desk, door
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.evidence import DocumentFactory

# the parts of the files


def pdf_of(pages: int, *, turned: int = 0) -> BytesIO:
    made = BytesIO()
    with pikepdf.new() as pdf:
        for _n in range(pages):
            pdf.add_blank_page(page_size=(595, 842)).rotate(turned, relative=False)
        pdf.save(made)
    made.seek(0)
    return made


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> BytesIO:
    made = BytesIO()
    Image.new(mode, size, "white").save(made, kind)
    made.seek(0)
    return made


def outline_of(reader: pypdf.PdfReader) -> list[Any]:
    """Titles and pages (from 1) of the bookmarks, those below one in a list after it."""

    def told(items: list[Any]) -> list[Any]:
        return [
            told(item)
            if isinstance(item, list)
            else (item.title, reader.get_destination_page_number(item) + 1)
            for item in items
        ]

    return told(reader.outline)


def test_files_follow_the_front_each_with_its_bookmark_and_every_page_its_number(tmp_path: Path) -> None:
    front = tmp_path / "front.pdf"
    front.write_bytes(pdf_of(2).getvalue())
    sources = [
        ("學位 Degree", pdf_of(2, turned=90), "application/pdf"),
        ("Scan", picture("PNG", "RGBA"), "image/png"),
        ("Photo", picture("JPEG", size=(40, 60)), "image/jpeg"),
        ("Fax", picture("JPEG", "L"), "image/jpeg"),
    ]
    files = [
        write_anew(source, kind, title=title, to=tmp_path / f"{number}.pdf")
        for number, (title, source, kind) in enumerate(sources)
    ]
    whole = tmp_path / "whole.pdf"
    pages = merge(
        front, files, whole, foot=lambda page, pages: f"p. {page} of {pages} · X-1", heading="Files"
    )
    reader = pypdf.PdfReader(whole)
    assert (pages, len(reader.pages)) == (7, 7)
    assert outline_of(reader) == [
        ("Files", 3),
        [("學位 Degree", 3), ("Scan", 5), ("Photo", 6), ("Fax", 7)],
    ]
    assert [page.extract_text().strip() for page in reader.pages] == [
        f"p. {n} of 7 · X-1" for n in range(1, 8)
    ]
    # a turned page is upright for whoever reads its number
    assert [(int(page.mediabox.width), page.rotation) for page in reader.pages[2:6]] == [
        (842, 0),
        (842, 0),
        (841, 0),
        (595, 0),
    ]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(BytesIO(b"%PDF-1.7\nnot one"), "application/pdf", id="a PDF in name only"),
        pytest.param(BytesIO(pdf_of(1).getvalue()[:120]), "application/pdf", id="a PDF cut short"),
        pytest.param(BytesIO(b"\x89PNG\r\n\x1a\nnothing"), "image/png", id="a picture that ends at its name"),
    ],
)
def test_what_cannot_be_read_says_so_and_breaks_nothing(source: BytesIO, kind: str, tmp_path: Path) -> None:
    with pytest.raises(CannotBeMerged):
        write_anew(source, kind, title="x", to=tmp_path / "x.pdf")


def test_without_any_file_the_front_stands_alone(tmp_path: Path) -> None:
    front, files = tmp_path / "front.pdf", list[MergedFile]()
    front.write_bytes(pdf_of(1).getvalue())
    assert merge(front, files, tmp_path / "w.pdf", foot=lambda page, pages: "x", heading="Files") == 1


# the case


@pytest.fixture
def case(settings: Any, tmp_path: Any, db: None) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(NOW)
    made = CaseFactory()
    DocumentFactory(application=made, name="certificate.pdf", file=ContentFile(pdf_of(2).read(), "x"))
    DocumentFactory(application=made, name="broken.pdf", slot="OTHER", file=ContentFile(b"%PDF-1.7", "x"))
    held = DocumentFactory(application=made, name="held.bin", slot="RESIDENCE", kind=FileKind.UNKNOWN)
    refused = DocumentFactory(application=made, name="blurred.pdf", slot="ENGLISH_TEST")
    type(refused).objects.filter(pk=refused.pk).update(status=DocumentStatus.REJECTED, reason="Blurred")
    assert held.is_held
    return made


def made_for(case: Application, user: Any) -> WholeCase:
    run_whole_case({"case": str(case.pk), "user": user.pk}, lambda done, total=None: None)
    return WholeCase.objects.get(made_for=user)


def test_the_office_asks_and_takes_and_nobody_else_finds_it(case: Application) -> None:
    office = desk(case)
    asked = [office.post(door(case, "whole")).url for _n in range(2)]
    job = Job.objects.get()
    assert asked == [f"/jobs/{job.pk}/"] * 2
    assert run_due_job().status == Job.Status.DONE, job.error
    copy = WholeCase.objects.get()
    url = door(case, "whole_file", copy.pk)
    job.refresh_from_db()
    assert job.result == {
        "url": url,
        "text": f"The case {case.number} is ready: {copy.pages} pages. It is kept for you for 24 hours. "
        "Not in it: 3; the file says why.",
    }
    answer = office.get(url)
    reader = pypdf.PdfReader(BytesIO(answer.getvalue()))
    assert "no-store" in answer["Cache-Control"].split(", ")
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "LAM Tsz Ching" in text
    for why in (
        "not in this file: the file cannot be read",
        "not in this file: held: not yet examined",
        "not in this file: not accepted: Blurred",
    ):
        assert why in text
    assert outline_of(reader)[-1] == [
        ("Degree certificate and transcript: certificate.pdf", len(reader.pages) - 1)
    ]
    assert {each["name"] for each in copy.left_out} == {"broken.pdf", "held.bin", "blurred.pdf"}
    assert list(ExportLog.objects.values_list("kind", "format")) == [("whole_case", "PDF")]
    assert Opening.objects.filter(what=Opened.WHOLE).count() == 1
    # nor a colleague with the same right
    assert desk(case).get(url).status_code == 404
    assert desk(case, Role.REVIEWER).post(door(case, "whole")).status_code == 404


def test_rights_are_asked_again_when_it_is_made_and_when_it_is_taken(case: Application) -> None:
    user = officer(case.offering.programme, Role.COORDINATOR)
    copy = made_for(case, user)
    Appointment.objects.filter(user=user).delete()
    client = desk(case)
    client.force_login(user)
    assert client.get(door(case, "whole_file", copy.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        request_whole_case(case, by=acting(user), at=NOW)


def test_it_is_forgotten_after_a_day_and_a_later_one_takes_its_place(case: Application) -> None:
    user = officer(case.offering.programme)
    first = Path(made_for(case, user).file.path)
    second = Path(made_for(case, user).file.path)
    assert (first.exists(), second.exists()) == (False, True)
    assert forget_whole_cases(at=NOW + timedelta(hours=23)) == 0
    assert forget_whole_cases(at=NOW + timedelta(hours=25)) == 1
    assert (second.exists(), WholeCase.objects.count()) == (False, 0)
