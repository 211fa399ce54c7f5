"""A list of cases and readers from a spreadsheet: every line says what it would do, or why not."""

from __future__ import annotations

import pytest

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from applications.reviews.assignment_sheet import (
    MOST_BYTES,
    MOST_LINES,
    Line,
    SheetRefused,
    lines_shown,
    read_lines,
    text_of,
)
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, hkt
from tests.factories.reviewing import AssignmentFactory

AT = hkt(2026, 4, 2, 10, 0)
ONE = [Line(1, "MMS26-000001", "lam@example.edu")]
TWO = [Line(2, "MMS26-000001", "lam@example.edu"), Line(3, "MMS26-000002", "kaur@example.edu")]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param(b"MMS26-000001,lam@example.edu", ONE, id="comma"),
        pytest.param(b"MMS26-000001;lam@example.edu\r\n", ONE, id="semicolon, as Excel writes it in Europe"),
        pytest.param(b"MMS26-000001\tlam@example.edu", ONE, id="tab"),
        pytest.param(b"\xef\xbb\xbfMMS26-000001,lam@example.edu", ONE, id="byte order mark"),
        pytest.param("MMS26-000001\tlam@example.edu".encode("utf-16"), ONE, id="Excel’s Unicode text"),
        pytest.param(b'"MMS26-000001","lam@example.edu"', ONE, id="quoted"),
        pytest.param("  MMS26-000001\u00a0, lam@example.edu\u200b ".encode(), ONE, id="blanks nobody sees"),
        pytest.param(b"MMS26-000001,lam@example.edu,Prof. LAM,yes", ONE, id="columns behind are passed over"),
        pytest.param("MMS26-000001,lam@example.edu,林".encode("big5"), ONE, id="another encoding of a name"),
        pytest.param(
            b"Number,Reader\nMMS26-000001,lam@example.edu\nMMS26-000002,kaur@example.edu", TWO, id="headings"
        ),
        pytest.param(
            b";;\nMMS26-000001;lam@example.edu\n\n;\n",
            [Line(2, "MMS26-000001", "lam@example.edu")],
            id="blank lines",
        ),
        pytest.param(b"MMS26-000001", [Line(1, "MMS26-000001", "")], id="no address"),
        pytest.param(b",lam@example.edu", [Line(1, "", "lam@example.edu")], id="no number"),
        pytest.param(b"MMS26-000001,lam@example.edu\r", ONE, id="line ends of an old Mac"),
        pytest.param(
            b"Readers of 2026:\nMMS26-000001;lam@example.edu",
            [Line(1, "Readers of 2026:", ""), Line(2, "MMS26-000001", "lam@example.edu")],
            id="a title over it",
        ),
    ],
)
def test_what_a_spreadsheet_saves_is_read(content: bytes, lines: list[Line]) -> None:
    assert read_lines(text_of(content)) == lines


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "There is nothing in the list", id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n,,\n", "There is nothing in the list", id="only blanks"),
        pytest.param(b"Number,E-mail", "There is nothing in the list", id="only headings"),
        pytest.param(b"PK\x03\x04workbook", "This is no CSV file.", id="a workbook"),
        pytest.param(b"%PDF-1.7 x", "This is no CSV file.", id="a PDF"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "This is no CSV file.", id="a picture"),
        pytest.param(b"\xff\xfea", "This is no CSV file.|Line|nothing", id="half a character"),
        pytest.param(b"1,a\n" * (MOST_LINES + 1), "The list has 5001 lines; at most 5000", id="too long"),
        pytest.param(b"x" * (MOST_BYTES + 1), "The file is too large", id="too large"),
        pytest.param(b'1,"' + b"x" * 200_000, "Line 1 cannot be read", id="a cell without end"),
    ],
)
def test_garbage_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(SheetRefused, match=sentence):
        read_lines(text_of(content))


@pytest.mark.django_db
def test_each_line_says_what_is_wrong_with_it() -> None:
    offering = OfferingFactory()
    office = acting(officer(offering.programme))
    cases = [CaseFactory(offering=offering) for _ in range(2)]
    elsewhere = CaseFactory()

    def reader(email: str) -> User:
        return officer(offering.programme, Role.REVIEWER, email=email, name=email.split("@")[0])

    reader("Lam@Example.edu")
    has = reader("has@example.edu")
    AssignmentFactory(application=cases[0], reader=has)
    house = offering.programme.institution
    officer(ProgrammeFactory(institution=house), Role.REVIEWER, email="stranger@example.edu", name="stranger")
    # that somebody works at another institution is not told
    officer(ProgrammeFactory(institution__code="hkust"), Role.REVIEWER, email="ust@example.edu", name="ust")
    first, second = (case.number for case in cases)
    text = "\n".join(
        [
            f"{first.lower()},LAM@example.edu",
            f"{second},lam@example.edu",
            f"{first},lam@EXAMPLE.edu",
            f"{first},has@example.edu",
            f"{first},nobody@example.edu",
            f"{first},stranger@example.edu",
            f"{first},ust@example.edu",
            f"{elsewhere.number},lam@example.edu",
            "MMS26-999999,lam@example.edu",
            ",lam@example.edu",
            f"{first},",
            "=cmd|' /C calc'!A0,@sum",
        ]
    )
    programme = offering.programme.name
    shown = lines_shown(read_lines(text), by=office, at=AT)
    assert [each.problem for each in shown] == [
        "",
        "",
        "Line 1 says the same.",
        "has has it already.",
        f"Nobody who scores for {programme} has the address nobody@example.edu.",
        f"stranger does not score for {programme}.",
        f"Nobody who scores for {programme} has the address ust@example.edu.",
        f"None of your applications has the number {elsewhere.number}.",
        "None of your applications has the number MMS26-999999.",
        "The number of the application is missing.",
        "The reader’s e-mail address is missing.",
        "None of your applications has the number =cmd|' /C calc'!A0.",
    ]
    assert [each.pair is not None for each in shown] == [True, True] + [False] * 10
