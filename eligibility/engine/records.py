"""Dataclasses and NamedTuples to JSON and back, strictly.

Facts, requirements and findings are stored as JSON and must re-run to the same bytes years later, so the
reader accepts nothing it does not know: an unknown field, a missing one, a wrong type or an impossible date
is a `FactsError` that names the JSON path (`$.degrees[0].awarded_on`). Decimals travel as text ("6.5"),
dates as ISO 8601, instants with their offset; a JSON number is accepted where a decimal is expected.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class FactsError(ValueError):
    """The one documented refusal of the engine: what was given cannot be a fact.

    `path` is the JSON path of the offending value, `problem` a stable code for the door that translates it,
    `value` what was given, `expected` what would have been right.
    """

    def __init__(self, path: str, problem: str, value: object = None, expected: str = "") -> None:
        self.path, self.problem, self.value, self.expected = path, problem, value, expected
        super().__init__(
            f"{path}: {problem.replace('_', ' ')}; {value!r} given"
            + (f", {expected} expected" if expected else "")
        )


def to_json(value: object) -> Any:
    """Plain JSON data (dict, list, str, int, bool, None) of a record; the order of keys is that of the
    fields."""
    if value is None or (isinstance(value, bool | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: to_json(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, Mapping):
        return {to_json(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def plain(number: Decimal) -> str:
    """A decimal as people write scores: 6.50 → "6.5", 80 → "80", never an exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_json(kind: type[T], data: object, path: str = "$") -> T:
    """Read `data` as `kind`. Raises FactsError with the JSON path of the first thing that cannot be."""
    return _read(kind, data, path)


@cache
def fields_of(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """(name, type, required) of each field; cached because resolving annotations costs more than reading."""
    hints = get_type_hints(kind)
    if dataclasses.is_dataclass(kind):
        missing = dataclasses.MISSING
        return tuple(
            (field.name, hints[field.name], field.default is missing and field.default_factory is missing)
            for field in dataclasses.fields(kind)
        )
    defaults: Mapping[str, object] = getattr(kind, "_field_defaults", {})
    return tuple((name, hints[name], name not in defaults) for name in kind._fields)  # type: ignore[attr-defined]


def _read(kind: Any, data: object, path: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        (kind,) = (option for option in get_args(kind) if option is not type(None))
        return _read(kind, data, path)
    if origin is tuple:
        if not isinstance(data, list | tuple):
            raise FactsError(path, "wrong_type", data, "a list")
        item = get_args(kind)[0]
        return tuple(_read(item, value, f"{path}[{number}]") for number, value in enumerate(data))
    if origin in (dict, Mapping) or kind in (dict, Mapping):
        if not isinstance(data, Mapping):
            raise FactsError(path, "wrong_type", data, "an object")
        key_kind, value_kind = get_args(kind) or (str, Any)
        return {
            _read(key_kind, key, path): _read(value_kind, value, f"{path}.{key}")
            for key, value in data.items()
        }
    if kind is Any:
        return data
    if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
        return _read_record(kind, data, path)
    return _read_scalar(kind, data, path)


def _read_record(kind: Any, data: object, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise FactsError(path, "wrong_type", data, "an object")
    fields = fields_of(kind)
    names = {name for name, _, _ in fields}
    for key in data:
        if key not in names:
            raise FactsError(
                f"{path}.{key}", "unknown_field", data[key], "one of " + ", ".join(sorted(names))
            )
    values = {}
    for name, type_, required in fields:
        if name in data:
            values[name] = _read(type_, data[name], f"{path}.{name}")
        elif required:
            raise FactsError(f"{path}.{name}", "missing_field")
    try:
        return kind(**values)
    except FactsError as error:
        # a record checks itself when made (`__post_init__`) and knows only its own part of the path
        raise FactsError(
            path + error.path.removeprefix("$"), error.problem, error.value, error.expected
        ) from None


def _read_scalar(kind: Any, data: object, path: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise FactsError(
                path, "unknown_value", data, "one of " + ", ".join(str(m.value) for m in kind)
            ) from None
    if kind is bool:
        if isinstance(data, bool):
            return data
        raise FactsError(path, "wrong_type", data, "true or false")
    if kind is str:
        if isinstance(data, str):
            return data
        raise FactsError(path, "wrong_type", data, "text")
    if kind is int:
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        raise FactsError(path, "wrong_type", data, "a whole number")
    return _PARSERS[kind](data, path)


def _decimal(data: object, path: str) -> Decimal:
    if isinstance(data, bool) or not isinstance(data, str | int | float | Decimal):
        raise FactsError(path, "wrong_type", data, "a number")
    try:
        # through text, so that 6.1 is six and one tenth and not its nearest binary fraction
        number = Decimal(str(data))
    except InvalidOperation:
        raise FactsError(path, "wrong_type", data, "a number") from None
    if not number.is_finite() or abs(number) > 1_000_000:
        raise FactsError(path, "off_scale", data, "a number on the test's scale")
    return number


def _date(data: object, path: str) -> date:
    if isinstance(data, date) and not isinstance(data, datetime):  # YAML reads dates by itself
        return data
    if isinstance(data, str):
        try:
            return date.fromisoformat(data)
        except ValueError:
            pass
    raise FactsError(path, "impossible_date", data, "a date as YYYY-MM-DD")


def _instant(data: object, path: str) -> datetime:
    moment = data if isinstance(data, datetime) else None
    if isinstance(data, str):
        try:
            moment = datetime.fromisoformat(data)
        except ValueError:
            moment = None
    if moment is None or moment.tzinfo is None:
        raise FactsError(
            path, "impossible_instant", data, "an instant with its offset, as 2026-03-31T23:59:00+08:00"
        )
    return moment


_PARSERS: dict[Any, Callable[[object, str], Any]] = {Decimal: _decimal, date: _date, datetime: _instant}
