"""Storing the catalogue's files: twice changes nothing, and what somebody changed in the admin stays theirs.

Each row remembers what the files last said (`Fact.loaded`). A field that still says so follows the file; one
that says something else was changed in the admin: it is kept, and the difference reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, models, transaction
from django.utils import translation

from programmes.models import CloseReading, Fact, Institution, Office, Programme, Round, School, Statement
from programmes.reading_yaml import CatalogueError, Row, read_files

CATALOGUE = Path(__file__).parent / "catalogue"

__all__ = ["CATALOGUE", "CatalogueError", "Difference", "LoadReport", "load_catalogue"]


@dataclass(frozen=True)
class Difference:
    """Where the portal and the files disagree; the portal's value stands."""

    row: str
    field: str
    kept: object
    file: object

    def __str__(self) -> str:
        if not self.field:
            return f"{self.row}: {self.kept}"
        return f"{self.row}, {self.field}: kept {self.kept!r}, the file says {self.file!r}"


@dataclass
class LoadReport:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differences: list[Difference] = field(default_factory=list)


@transaction.atomic
def load_catalogue(folder: Path = CATALOGUE) -> LoadReport:
    """Bring the tables in line with the files of `folder`; all of it or, on CatalogueError, nothing."""
    with translation.override("en"):  # modeltranslation writes the untranslated column in the active language
        return _Loader().load(read_files(folder))


class _Loader:
    def __init__(self) -> None:
        self.report = LoadReport()
        self.stored: dict[type[Fact], dict[tuple[object, ...], Fact]] = {}
        self.seen: dict[int, Fact] = {}
        self.met: set[tuple[type[Fact], int]] = set()

    def load(self, rows: list[Row]) -> LoadReport:
        for row in rows:
            thing = self.store(row)
            mark = (type(thing), thing.pk)
            if mark in self.met:
                raise row.wrong("the same row stands in the files twice")
            self.met.add(mark)
            self.seen[id(row)] = thing
        self.report_rows_without_file()
        return self.report

    def store(self, row: Row) -> Fact:
        values = self.values_of(row)
        known = self.known(row.shape.model, row.shape.key)
        key = tuple(_plain(values[name]) for name in row.shape.key)
        thing = known.get(key)
        try:
            if thing is None:
                thing = row.shape.model(**values, loaded=_plain_values(values))
                _follow(thing)
                thing.save()
                known[key] = thing
                self.report.created += 1
            else:
                self.merge(thing, values)
        except (IntegrityError, DataError) as error:
            raise row.wrong(f"breaks a rule of the catalogue: {_rule(error)}") from error
        return thing

    def merge(self, thing: Fact, values: dict[str, Any]) -> None:
        loaded = thing.loaded
        changed: list[str] = []
        for name, value in values.items():
            now, new = _plain(getattr(thing, name)), _plain(value)
            if now == new:
                continue
            if (
                loaded is not None
                and now == loaded.get(name, now)  # a field newer than the last load follows the file
                and not _moves_a_close_earlier(thing, name, value)
            ):
                setattr(thing, name, value)
                changed.append(name)
            else:
                self.report.differences.append(Difference(str(thing), name, now, new))
        if loaded is None:
            self.report.unchanged += 1
            return
        agreed = {n: _plain(v) for n, v in values.items() if _plain(getattr(thing, n)) == _plain(v)}
        remembered = {n: loaded[n] for n in values if n in loaded} | agreed
        if changed or remembered != loaded:
            thing.loaded = remembered
            _follow(thing)
            thing.save()
        if changed:
            self.report.updated += 1
        else:
            self.report.unchanged += 1

    def values_of(self, row: Row) -> dict[str, Any]:
        """The row's values with the rows it belongs to and refers to in place of names and codes."""
        values = dict(row.values)
        if row.parent is not None and row.shape.parent:
            values[row.shape.parent] = self.seen[id(row.parent)]
        if row.shape.model is Statement:
            programme = row.ancestor(Programme)
            values["programme"] = self.seen[id(programme)] if programme else None
        if "institution" in {f.name for f in row.shape.model._meta.concrete_fields}:
            around = row.ancestor(Institution)
            assert around is not None  # the shapes put every such list inside an institution
            values["institution"] = self.seen[id(around)]
        for name, model in (("school", School), ("office", Office)):
            code = values.get(name)
            if code is not None and name in row.values:
                values[name] = self.known(model, ("institution", "code")).get(
                    (values["institution"].pk, code)
                )
                if values[name] is None:
                    raise row.wrong(f"“{name}: {code}” names nothing listed for this institution")
        return values

    def known(self, model: type[Fact], key: tuple[str, ...]) -> dict[tuple[object, ...], Fact]:
        """Every stored row of the model by its key: one query a table, however many rows."""
        if model not in self.stored:
            references = [f.name for f in model._meta.concrete_fields if f.is_relation]
            self.stored[model] = {
                tuple(_plain(getattr(thing, name)) for name in key): thing
                for thing in model._default_manager.select_related(*references).order_by("pk")
            }
        return self.stored[model]

    def report_rows_without_file(self) -> None:
        for model, things in self.stored.items():
            for thing in things.values():
                if thing.is_from_catalogue and (model, thing.pk) not in self.met:
                    self.report.differences.append(
                        Difference(str(thing), "", "no longer in the files; kept", None)
                    )


def _follow(thing: Fact) -> None:
    """What is worked out from the loaded fields and never stands in a file."""
    if isinstance(thing, Round):
        thing.set_close(thing.closes_at, thing.close_reading)


def _moves_a_close_earlier(thing: Fact, name: str, value: Any) -> bool:
    """A published close never moves earlier by itself: that would shut out people who rely on it."""
    if not isinstance(thing, Round) or thing.closes_at is None:
        return False
    if name == "closes_at":
        return value is None or value < thing.closes_at
    # the strict reading takes the printed minute away (AMB-01)
    return name == "close_reading" and value == CloseReading.STRICT


def _plain(value: Any) -> Any:
    """A value as JSON keeps it and as two of them compare: instants in UTC, amounts with two decimals."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _rule(error: Exception) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return name or str(error).splitlines()[0]
