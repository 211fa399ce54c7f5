"""Spreadsheets: a text is a text, whatever it begins with."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from admissions_portal.support import sheets
from admissions_portal.support.sheets import Sheet, csv_lines, write_xlsx

HOSTILE = [
    "=1+1",
    "+1",
    "-5",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1",
    "－1",
    '=HYPERLINK("http://example.org")',
    "#N/A",
    "{=1}",
]


def read(workbook: bytes) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return book.get_sheet_by_index(0).to_python()


@pytest.fixture(params=["fast", "where no wheel of it exists"])
def either_writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "fast":
        monkeypatch.setattr(sheets, "rustpy_xlsxwriter", None)


@pytest.mark.usefixtures("either_writer")
def test_hostile_texts_come_back_as_the_texts_they_were() -> None:
    workbook = write_xlsx([Sheet("Data", ["Text"], [[text] for text in HOSTILE])])
    assert [row[0] for row in read(workbook)[1:]] == HOSTILE
    sheet = zipfile.ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_no_text_becomes_a_formula_in_either_format(text: str) -> None:
    workbook = write_xlsx([Sheet("Data", ["Text"], [[f"={text}"]])])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml")
    lines = b"".join(csv_lines(["T"], [[f"={text}"]])).decode("utf-8-sig")
    cell = next(csv.reader([lines.split("\r\n", 1)[1]]))[0]
    assert cell == f"'={text}"


def test_csv_guards_texts_and_leaves_numbers() -> None:
    lines = b"".join(csv_lines(["A", "B"], [["-5", -5], ["plain", Decimal("4.20")]]))
    assert lines.startswith(b"\xef\xbb\xbf")
    assert lines.decode("utf-8-sig").splitlines() == ["A,B", "'-5,-5", "plain,4.2"]


@pytest.mark.usefixtures("either_writer")
def test_moments_are_hong_kong_time_and_long_numbers_keep_their_digits() -> None:
    rows = [[datetime(2026, 3, 31, 16, 0, tzinfo=UTC), date(2026, 9, 1), 2**60, None]]
    assert read(write_xlsx([Sheet("Data", list("ABCD"), rows)]))[1] == [
        "2026-04-01 00:00:00",
        "2026-09-01",
        str(2**60),
        "",
    ]


@pytest.mark.usefixtures("either_writer")
def test_a_sheet_without_rows_still_has_its_headings() -> None:
    assert read(write_xlsx([Sheet("Data", ["Number", "Name"], [])]))[0] == ["Number", "Name"]
