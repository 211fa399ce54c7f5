"""A list of cases and readers as a spreadsheet writes it: read line by line, each problem in a sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.lifecycle.models import Application
from applications.lifecycle.queries import applications_visible_to
from applications.reviews.assignment_plans import Pair, problems_of
from programmes.queries import appointments_on

MOST_LINES = 5000
MOST_BYTES = 1_000_000
# a mark of the order of bytes, as Excel's "Unicode text" begins
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"
# what a spreadsheet puts around or into a cell without meaning anything by it
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


class SheetRefused(Refusal):
    """Not a list of cases and readers: another kind of file, too long, or empty."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was written: its place in the file (the first is 1), the number, the address."""

    place: int
    number: str
    email: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line with whom it means; `problem` says why it cannot be done, "" where it can."""

    line: Line
    case: Application | None = None
    reader: User | None = None
    problem: str = ""

    @property
    def pair(self) -> Pair | None:
        if self.case is None or self.reader is None or self.problem:
            return None
        return Pair(self.case.pk, self.reader.pk)


def text_of(content: bytes) -> str:
    """The text of a file that a spreadsheet saved, whichever mark or order of bytes it begins with.

    Raises SheetRefused for a workbook, a PDF, a picture: whatever is no text.
    """
    if len(content) > MOST_BYTES:
        raise SheetRefused(
            _("The file is too large: a list of this kind has at most 1 MB. Send it in parts.")
        )
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        # numbers and addresses are ASCII: another encoding shows in a name beside them alone
        text = content.decode("latin-1")
    if "\0" in text or content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise SheetRefused(
            _("This is no CSV file. In the spreadsheet choose “Save as”, then CSV, and send that file.")
        )
    return text


def read_lines(text: str) -> list[Line]:
    """The lines of a list: the number of the case, then the reader's e-mail address, whatever stands between
    them (comma, semicolon or tab) and behind them. Blank lines and a line of headings are passed over.

    Raises SheetRefused where nothing is left, and for a list that is too long.
    """
    text = text.replace("\0", "").lstrip("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    lines: list[Line] = []
    try:
        for row in rows:
            cells = [_BLANK.sub(" ", cell).strip() for cell in row]
            if not any(cells):
                continue
            line = Line(rows.line_num, cells[0][:100], cells[1][:254] if len(cells) > 1 else "")
            if not lines and _is_heading(line):
                continue
            lines.append(line)
    except csv.Error:
        raise SheetRefused(
            _("Line %(place)s cannot be read: a quotation mark is open, or a cell is too long.")
            % {"place": rows.line_num}
        ) from None
    if not lines:
        raise SheetRefused(
            _("There is nothing in the list. Each line holds a number, a comma and an e-mail address.")
        )
    if len(lines) > MOST_LINES:
        raise SheetRefused(
            _("The list has %(lines)d lines; at most %(most)d are taken at once. Send it in parts.")
            % {"lines": len(lines), "most": MOST_LINES}
        )
    return lines


def lines_shown(lines: Sequence[Line], *, by: Actor, at: datetime) -> list[LineShown]:
    """Each line with the case and the reader it means and what is wrong with it. Whether a case exists that
    this officer may not see is not told: it reads as unknown."""
    numbers = {line.number.upper() for line in lines}
    visible = applications_visible_to(by.user, on=day_of(at), right=Right.ASSIGN_REVIEWS)
    cases = {case.number: case for case in visible.filter(number__in=numbers).order_by()}
    addresses = {line.email.lower() for line in lines if line.email}
    institutions = {case.offering.programme.institution_id for case in cases.values()}
    people = {user.email.lower(): user for user in _staff_with(addresses, institutions, on=day_of(at))}
    shown: list[LineShown] = []
    first: dict[Pair, int] = {}
    for line in lines:
        case, reader = cases.get(line.number.upper()), people.get(line.email.lower())
        problem = _unknown(line, case, reader)
        if case is not None and reader is not None and not problem:
            before = first.setdefault(Pair(case.pk, reader.pk), line.place)
            if before != line.place:
                problem = _("Line %(place)s says the same.") % {"place": before}
        shown.append(LineShown(line, case, reader, problem))
    problems = problems_of(list(first), by=by, at=at)
    return [
        LineShown(each.line, each.case, each.reader, problems[each.pair]) if each.pair in problems else each
        for each in shown
    ]


def _unknown(line: Line, case: Application | None, reader: User | None) -> str:
    if not line.number:
        return _("The number of the application is missing.")
    if case is None:
        return _("None of your applications has the number %(number)s.") % {"number": line.number}
    if not line.email:
        return _("The reader’s e-mail address is missing.")
    if reader is None:
        return _("Nobody who scores for %(programme)s has the address %(email)s.") % {
            "programme": case.offering.programme.name,
            "email": line.email,
        }
    return ""


def _staff_with(addresses: set[str], institutions: set[int], *, on: date) -> list[User]:
    """By the index that makes an address one person's however it is written; of those who are appointed at
    the institutions of the cases: that another one's staff exist is not told."""
    appointed = appointments_on(on).filter(programme__institution__in=institutions)
    staff = User.objects.annotate(address=Lower("email")).filter(
        is_staff=True, address__in=addresses, pk__in=appointed.order_by().values("user")
    )
    return list(staff)


def _separator(text: str) -> str:
    """Of comma, semicolon and tab the one that the first line with any of them holds most often."""
    lines = (line for line in text.splitlines() if any(map(line.count, _SEPARATORS)))
    return max(_SEPARATORS, key=next(lines, "").count)


def _is_heading(line: Line) -> bool:
    """No number of a case is without a figure, no address without its sign."""
    return not any(character.isdigit() for character in line.number) and "@" not in line.email
