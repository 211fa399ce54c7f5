"""The one writer of spreadsheets. A text is a text: whatever it begins with, no program will run it.

XLSX cells of text are written as strings, which no spreadsheet evaluates. CSV has no types, so a text that a
spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets themselves write it.
Moments are written in Hong Kong time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

import xlsxwriter

from admissions_portal.clock import HONG_KONG

try:
    import rustpy_xlsxwriter
except ImportError:  # no wheel of it for this machine; the other writer makes the same file, slower
    rustpy_xlsxwriter = None  # type: ignore[assignment]  # the module or nothing

# Excel's own limit for the text of one cell
LONGEST_TEXT = 32_767
# Characters that open a formula, also as Chinese keyboards write them; tab and return hide one behind them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDTH = 22.0

Cell = str | int | float | Decimal | bool | date | datetime | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name (31 characters at most), its headings and its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Row]


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with bold, frozen headings. Rows are taken one by one."""
    return _write_slowly(sheets) if rustpy_xlsxwriter is None else _write_fast(sheets)


def _write_fast(sheets: Sequence[Sheet]) -> bytes:
    buffer = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(
        [(sheet.name, _records(sheet)) for sheet in sheets],
        buffer,
        freeze_panes={"general": {"row": 1, "col": 0}},
        bold_headers=True,
        column_width={"general": _WIDTH},
    )
    return buffer.getvalue()


def _write_slowly(sheets: Sequence[Sheet]) -> bytes:
    buffer = io.BytesIO()
    # texts stay texts: neither formulas nor addresses are made of them
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.set_column(0, max(len(sheet.headings) - 1, 0), _WIDTH)
            page.write_row(0, 0, sheet.headings, bold)
            for number, row in enumerate(sheet.rows, start=1):
                page.write_row(number, 0, map(_xlsx_cell, row))
    return buffer.getvalue()


def csv_lines(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV line by line, in UTF-8 with the mark by which Excel recognises it."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield b"\xef\xbb\xbf"
    for row in chain([headings], rows):
        writer.writerow([_csv_cell(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _records(sheet: Sheet) -> Iterator[dict[str, Any]]:
    row: Row | None = None
    for row in sheet.rows:
        yield dict(zip(sheet.headings, map(_xlsx_cell, row), strict=True))
    if row is None:  # the headings come with the rows: without any, one blank row carries them
        yield dict.fromkeys(sheet.headings)


def _xlsx_cell(cell: Cell) -> Any:
    cell = _shown(cell)
    if isinstance(cell, str):
        return cell[:LONGEST_TEXT]
    # beyond 2^53 a spreadsheet rounds: such a number is a label
    if isinstance(cell, int) and abs(cell) > 2**53:
        return str(cell)
    return cell


def _csv_cell(cell: Cell) -> str:
    shown = _shown(cell)
    if isinstance(shown, str) and shown.lstrip(" \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}").startswith(
        _FORMULA
    ):
        return f"'{shown}"
    return "" if shown is None else str(shown)


def _shown(cell: Cell) -> str | int | float | None:
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(HONG_KONG).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if cell is None or isinstance(cell, int | float):
        return cell
    # control characters have no place in a cell and break the file
    return "".join(character for character in str(cell) if character >= " " or character in "\t\n\r")
