"""Rows of several tables read in one statement: a page that shows ten kinds of rows asks the database once.

Django's prefetch asks once for each kind and puts each question together anew, which costs more than they do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeVar

from django.db import connection, models

# What JSON writes as text or as a number, and Python knows better.
_READ_AGAIN = (models.DateField, models.TimeField, models.DecimalField, models.UUIDField)


# Answers kept; there are a few for each programme and day.
MOST_KEPT = 500
T = TypeVar("T")
_kept: dict[Hashable, tuple[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of `model` for which `where` (SQL, with %(name)s for what differs) holds, in the order `by`."""

    model: type[models.Model]
    where: str
    by: str = "id"


def read_together(
    wanted: tuple[tuple[str, Rows], ...],
    params: Mapping[str, Any],
    *,
    stamped: tuple[type[models.Model], ...] = (),
) -> dict[str, Any]:
    """The rows of each name in `wanted`, as the model's own objects, after one statement.

    Under "stamp" a text that is another one as soon as any row of the `stamped` models is written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(wanted, stamped), params)
        *answers, stamp = cursor.fetchone()
    return {
        name: [_object(rows.model, values) for values in json.loads(answer or "[]", parse_float=Decimal)]
        for (name, rows), answer in zip(wanted, answers, strict=True)
    } | {"stamp": stamp}


def keep_as_read(owner: models.Model, relation: str, rows: list[Any]) -> None:
    """Rows that were read with their owner, as if the relation had been prefetched."""
    manager = getattr(owner, relation)
    for row in rows:
        setattr(row, manager.field.name, owner)
    found = manager.get_queryset()
    found._result_cache, found._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found


def kept_while(stamp: str, key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, kept in this process until the rows behind `stamp` are written: read only."""
    kept = _kept.get(key)
    if kept is None or kept[0] != stamp:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = (stamp, ask())
    return kept[1]


@cache
def _statement(wanted: tuple[tuple[str, Rows], ...], stamped: tuple[type[models.Model], ...]) -> str:
    parts = [
        f"(SELECT json_agg(json_build_array({_columns(rows.model)}) ORDER BY {rows.by})::text"  # nosec B608  our own names
        f' FROM "{rows.model._meta.db_table}" WHERE {rows.where})'
        for _name, rows in wanted
    ]
    # the place and the writing transaction of every row: no row is written without a change of one of them
    written = " UNION ALL ".join(
        f"SELECT tableoid || ' ' || ctid || ' ' || xmin FROM \"{model._meta.db_table}\""  # nosec B608  our own names
        for model in stamped  # nosec B608  our own names
    )
    parts.append(
        f"(SELECT md5(string_agg(row, ',' ORDER BY row)) FROM ({written}) rows (row))" if stamped else "''"  # nosec B608  our own names
    )
    return f"SELECT {', '.join(parts)}"


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def _object(model: type[models.Model], values: list[Any]) -> models.Model:
    names, readers = _read_by(model)
    for number, read in readers:
        if values[number] is not None:
            values[number] = read(values[number])
    return model.from_db(connection.alias, names, values)


@cache
def _read_by(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The names of the columns, and what turns JSON into what Django would have read, by place."""
    readers: list[tuple[int, Callable[[Any], Any]]] = []
    for number, field in enumerate(model._meta.concrete_fields):
        kind = field.target_field if isinstance(field, models.ForeignKey) else field
        if isinstance(kind, _READ_AGAIN):
            readers.append((number, kind.to_python))
        elif hasattr(kind, "from_db_value") and not isinstance(kind, models.JSONField):
            readers.append((number, partial(_from_database, kind)))
    return [field.attname for field in model._meta.concrete_fields], readers


def _from_database(field: Any, value: Any) -> Any:
    return field.from_db_value(value, None, connection)
