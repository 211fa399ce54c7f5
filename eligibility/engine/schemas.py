"""JSON Schema (2020-12) of every record of the engine, so that other programs can check before they ask.

Made from the records themselves, so it cannot differ from what `records.from_json` reads. Two things are
left to the reader: what one field says about another (no more than one qualification relied on, a degree's
dates in order) and the range of a score that is written as text. What a schema accepts may therefore still
be a `FactsError`.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from textwrap import dedent
from typing import Any, Union, get_args, get_origin

from .facts import EnglishTest, PostgraduateStudy
from .records import fields_of, to_json
from .requirements import READINGS, EnglishMinimum, Requirements
from .scales import PARTS, SCALES, Range, Scale

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DECIMAL = {"type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_SCALARS: Mapping[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    Decimal: _DECIMAL,
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def schema_of(kind: Any, *, written: bool = False) -> dict[str, Any]:
    """The JSON Schema of a record, as `from_json` reads it or, if `written`, as `to_json` writes it.

    Read, a field with a default may be left out; written, every field is there. Records inside records and
    enumerations stand in `$defs` under their names. Raises TypeError for what has no JSON form.
    """
    defs: dict[str, Any] = {}
    _schema(kind, defs, written)
    return {"$schema": DIALECT, **defs.pop(kind.__name__), **({"$defs": defs} if defs else {})}


def _schema(kind: Any, defs: dict[str, Any], written: bool) -> dict[str, Any]:
    origin, inside = get_origin(kind), get_args(kind)
    if kind in _SCALARS:
        return dict(_SCALARS[kind])
    if origin in (Union, types.UnionType):
        return _any_of([_schema(option, defs, written) for option in inside])
    if kind is types.NoneType:
        return {"type": "null"}
    if origin in (tuple, list):
        return {"type": "array", "items": _schema(inside[0], defs, written)}
    if origin in (dict, Mapping) or kind in (dict, Mapping):
        values = _schema(inside[1], defs, written) if inside else {}
        return {"type": "object", **({"additionalProperties": values} if values else {})}
    is_record = dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")
    if not isinstance(kind, type) or not (is_record or issubclass(kind, Enum)):
        raise TypeError(f"{kind} has no JSON form here")
    if kind.__name__ not in defs:
        defs[kind.__name__] = {}  # named before it is made, so that a record may hold its own kind
        defs[kind.__name__] |= _enumeration(kind) if issubclass(kind, Enum) else _record(kind, defs, written)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _any_of(options: list[dict[str, Any]]) -> dict[str, Any]:
    """One of several; “a number or nothing” in one line where only the type differs."""
    first, *rest = options
    if "type" in first and rest == [{"type": "null"}]:
        types_ = first["type"] if isinstance(first["type"], list) else [first["type"]]
        return {**first, "type": [*types_, "null"]}
    return {"anyOf": options}


def _enumeration(kind: type[Enum]) -> dict[str, Any]:
    return {"title": kind.__name__, **_said_of(kind, ()), "enum": [member.value for member in kind]}


def _record(kind: type, defs: dict[str, Any], written: bool) -> dict[str, Any]:
    fields = fields_of(kind)
    said = _said_of(kind, tuple(name for name, _, _ in fields))
    of_fields: dict[str, str] = said.pop("fields", {})
    defaults = _defaults(kind)
    properties = {
        name: {
            **_schema(type_, defs, written),
            **({"description": of_fields[name]} if name in of_fields else {}),
            **({"default": defaults[name]} if name in defaults and not written else {}),
        }
        for name, type_, _ in fields
    }
    schema = {
        "title": kind.__name__,
        **said,
        "type": "object",
        "properties": properties,
        "required": [name for name, _, required in fields if required or written],
        "additionalProperties": False,
    }
    refine = _REFINED.get(kind)
    return refine(schema) if refine else schema


def _defaults(kind: type) -> dict[str, Any]:
    """What a field means that is left out, where that is one plain value."""
    if dataclasses.is_dataclass(kind):
        given = {field.name: field.default for field in dataclasses.fields(kind)}
    else:
        given = dict(getattr(kind, "_field_defaults", {}))
    return {
        name: to_json(value)
        for name, value in given.items()
        if value is None or isinstance(value, bool | int | str | Decimal)
    }


def _said_of(kind: type, names: tuple[str, ...]) -> dict[str, Any]:
    """A docstring as `description`, and as `fields` its lines `name    what it means`."""
    text = kind.__dict__.get("__doc__") or ""
    if not text or text.startswith(f"{kind.__name__}("):  # what dataclasses write where nobody did
        return {}
    first, _, rest = text.partition("Raises FactsError")[0].partition("\n")
    prose, fields, heading = [first], {}, ""
    for line in dedent(rest).splitlines():
        named = re.match(r"(\w+)\s{2,}(\S.*)", line)
        if named and named[1] in names:
            heading = named[1]
            fields[heading] = named[2]
        elif heading and line.startswith("  "):
            fields[heading] += " " + line.strip()
        else:
            heading = ""
            prose.append(line.strip())
    return {"description": " ".join(" ".join(prose).split()), **({"fields": fields} if fields else {})}


def _scored(schema: dict[str, Any]) -> dict[str, Any]:
    """What each test's report can show, kind by kind (DOMAIN B5)."""
    schema["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]},
            "then": {"properties": _scores(scale)},
        }
        for kind, scale in SCALES.items()
        if scale.part or scale.overall or scale.grades
    ]
    return schema


def _scores(scale: Scale) -> dict[str, Any]:
    ranges = {part: scale.part if part in scale.parts else None for part in PARTS}
    ranges |= {"overall": scale.overall, "comparable_total": scale.comparable}
    return {name: _range(range_) for name, range_ in ranges.items()} | {
        "grade": {"enum": ["", *scale.grades]}
    }


def _range(range_: Range | None) -> dict[str, Any]:
    """A number on the scale; as text only its step can be said."""
    if range_ is None:
        return {"type": "null"}
    halves = range_.step == Decimal("0.5")
    low, high, step = (
        float(figure) if figure % 1 else int(figure) for figure in (range_.low, range_.high, range_.step)
    )
    return {
        "minimum": low,
        "maximum": high,
        "multipleOf": step,
        "pattern": r"^[0-9]+(\.[05]0*)?$" if halves else r"^[0-9]+(\.0+)?$",
    }


def _counted(schema: dict[str, Any]) -> dict[str, Any]:
    for name in ("months", "certified_normal_months"):
        schema["properties"][name] |= {"minimum": 0, "maximum": 600}
    return schema


def _of_parts(schema: dict[str, Any]) -> dict[str, Any]:
    schema["properties"]["parts"]["propertyNames"] = {"enum": list(PARTS)}
    return schema


def _of_readings(schema: dict[str, Any]) -> dict[str, Any]:
    schema["properties"]["readings"] |= {
        "properties": {name: {"enum": list(choices)} for name, choices in READINGS.items()},
        "additionalProperties": False,
    }
    return schema


# What records check themselves when they are made, said as a schema.
_REFINED: Mapping[type, Callable[[dict[str, Any]], dict[str, Any]]] = {
    EnglishTest: _scored,
    PostgraduateStudy: _counted,
    EnglishMinimum: _of_parts,
    Requirements: _of_readings,
}
