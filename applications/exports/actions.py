"""Making a file of a list, on record before the first byte leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.sheets import Cell, Sheet, csv_lines, write_xlsx
from applications.exports.answers import answer_columns
from applications.exports.columns import COLUMNS, IDENTITY_NUMBER, Column, category_columns
from applications.exports.models import ExportFormat, ExportLog
from applications.exports.permissions import check_can_export, check_can_export_column
from applications.identity.queries import identity_number_of
from applications.reviews.queries import category_means
from applications.worklists.filters import Narrowing
from applications.worklists.listing import narrowing_in_words


@transaction.atomic
def export_cases(
    kind: str,
    cases: Sequence[Any],
    *,
    narrowing: Narrowing,
    file_format: ExportFormat,
    identity_numbers: bool = False,
    answers: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> tuple[ExportLog, bytes]:
    """The file and its entry in the log of exports.

    `cases` carry the columns of `annotate_listing` and a rank. XLSX has the parameters (who, when, narrowed
    to what) and a legend that marks personal data; CSV only the rows. Whole `identity_numbers` are in it
    only where asked for, under their own right, and each case's history says so; so are `answers` to the
    programmes' questions, named by their keys. Raises PermissionDenied
    unless the actor may take out every one of them.
    """
    check_can_export(by, cases, at=at)
    columns = COLUMNS
    if by.user is not None:
        columns = (*COLUMNS, *category_columns(category_means(cases, user=by.user, at=at)))
    if identity_numbers:
        check_can_export_column(IDENTITY_NUMBER, by, cases, at=at)
        columns = (*columns, IDENTITY_NUMBER)
        prefetch_related_objects(cases, "identity_number")
        for case in cases:
            if identity_number_of(case) is not None:
                record_event("identity.exported", about=case, by=by, at=at)
    columns = (*columns, *answer_columns(cases, answers))
    headings = [str(column.heading) for column in columns]
    rows: Iterable[list[Cell]] = ([column.value(case) for column in columns] for case in cases)
    log = ExportLog.objects.create(
        exported_by=by.user,
        exported_at=at,
        kind=kind,
        format=file_format,
        filters=narrowing.given(),
        columns=[column.key for column in columns],
        rows=len(cases),
    )
    record_event("list.exported", about=log, by=by, at=at, list=kind, rows=log.rows, format=str(file_format))
    if file_format == ExportFormat.CSV:
        return log, b"".join(csv_lines(headings, rows))
    return log, write_xlsx(
        [
            Sheet(_("Applications"), headings, rows),
            Sheet(_("Parameters"), [_("Parameter"), _("Value")], _parameters(log, narrowing, by)),
            Sheet(_("Legend"), [_("Column"), _("Meaning"), _("Personal data")], _legend(columns)),
        ]
    )


def _parameters(log: ExportLog, narrowing: Narrowing, by: Actor) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [_("Exported by"), str(by.user)],
        [_("Exported at (HKT)"), log.exported_at],
        [_("Entry in the log of exports"), log.pk],
        [_("Rows"), log.rows],
    ]
    return rows + [[title, value] for title, value in narrowing_in_words(narrowing)]


def _legend(columns: Iterable[Column]) -> list[list[Cell]]:
    return [
        [str(column.heading), str(column.meaning), _("yes") if column.personal else _("no")]
        for column in columns
    ]
