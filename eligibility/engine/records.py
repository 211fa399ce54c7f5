"""Dataclasses and NamedTuples to JSON and back, strictly.

Facts, requirements and findings are stored as JSON and must re-run to the same bytes years later, so the
reader accepts nothing it does not know: an unknown field, a missing one, a wrong type or an impossible date
is a `FactsError` that names the JSON path (`$.degrees[0].awarded_on`). Decimals travel as text ("6.5"),
dates as ISO 8601, instants with their offset; a JSON number is accepted where a decimal is expected.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

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

    def within(self, path: str) -> FactsError:
        """The same refusal, seen from the record around it: `$.title` within `$.degrees[0]`."""
        return FactsError(path + self.path.removeprefix("$"), self.problem, self.value, self.expected)


def to_json(value: Any) -> Any:
    """Plain JSON data (dict, list, str, int, bool, None) of a record; the order of keys is that of the
    fields.

    Raises TypeError for what has no JSON form.
    """
    kind: Any = type(value)
    return value if kind in _PLAIN else _writer(kind)(value)


_PLAIN = frozenset({type(None), bool, int, str})
"""What is JSON as it is: asked before anything is called, for most values are one of these."""


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """How values of one type are written; found once a type, since a policy's change writes millions."""
    if issubclass(kind, Enum):
        return attrgetter("_value_")  # `value` itself is a property, and slow
    if issubclass(kind, bool | int | str):
        return lambda value: value
    if issubclass(kind, Decimal):
        return plain
    if issubclass(kind, datetime | date):
        return kind.isoformat
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: _write_pairs((name, getattr(value, name)) for name in names)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return lambda value: _write_pairs(zip(kind._fields, value, strict=True))
    if issubclass(kind, Mapping):
        return lambda value: _write_pairs(value.items())
    if issubclass(kind, list | tuple):
        return lambda value: [item if type(item) in _PLAIN else to_json(item) for item in value]
    raise TypeError(f"{kind.__name__} has no JSON form here")


def _write_pairs(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    return {
        (name if type(name) is str else to_json(name)): (item if type(item) in _PLAIN else to_json(item))
        for name, item in pairs
    }


def plain(number: Decimal) -> str:
    """A decimal as people write scores: 6.50 → "6.5", 80 → "80", never an exponent."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_json(kind: type[T], data: object, path: str = "$") -> T:
    """Read `data` as `kind`. Raises FactsError with the JSON path of the first thing that cannot be."""
    try:
        return _reader(cast(Any, kind))(data)
    except FactsError as error:
        raise error.within(path) from None


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


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How one type is read. Found once a type: what depends on the annotation alone is not asked again.

    A reader names what is wrong from itself on (`$`); whoever called it adds the way there, so that a path
    is put together only when something is wrong.
    """
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (kind,) = (option for option in inside if option is not type(None))
        read = _reader(kind)
        return lambda data: None if data is None else read(data)
    if origin is tuple:
        return _list_reader(_reader(inside[0]))
    if origin in (dict, Mapping) or kind in (dict, Mapping):
        return _mapping_reader(*map(_reader, inside or (str, Any)))
    if kind is Any:
        return lambda data: data
    if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
        return _record_reader(kind)
    return _enum_reader(kind) if issubclass(kind, Enum) else _SCALARS[kind]


def _list_reader(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read_list(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list | tuple):
            raise FactsError("$", "wrong_type", data, "a list")
        items = []
        for item in data:
            try:
                items.append(read(item))
            except FactsError as error:
                raise error.within(f"$[{len(items)}]") from None
        return tuple(items)

    return read_list


def _mapping_reader(read_key: Callable[[Any], Any], read_value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read_mapping(data: Any) -> dict[Any, Any]:
        if not isinstance(data, Mapping):
            raise FactsError("$", "wrong_type", data, "an object")
        values = {}
        for key, value in data.items():
            name = read_key(key)
            try:
                values[name] = read_value(value)
            except FactsError as error:
                raise error.within(f"$.{key}") from None
        return values

    return read_mapping


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    fields = [(name, _reader(type_), required) for name, type_, required in fields_of(kind)]
    names = frozenset(name for name, _, _ in fields)

    def read_record(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise FactsError("$", "wrong_type", data, "an object")
        if not names >= data.keys():
            unknown = next(key for key in data if key not in names)
            raise FactsError(
                f"$.{unknown}", "unknown_field", data[unknown], "one of " + ", ".join(sorted(names))
            )
        values = {}
        for name, read, required in fields:
            if name in data:
                try:
                    values[name] = read(data[name])
                except FactsError as error:
                    raise error.within(f"$.{name}") from None
            elif required:
                raise FactsError(f"$.{name}", "missing_field")
        return kind(**values)  # a record checks itself when made (`__post_init__`)

    return read_record


def _enum_reader(kind: type[Enum]) -> Callable[[Any], Any]:
    members = {member.value: member for member in kind}

    def read_enum(data: Any) -> Enum:
        member = members.get(data) if isinstance(data, str) else None
        if member is None:
            raise FactsError("$", "unknown_value", data, "one of " + ", ".join(members))
        return member

    return read_enum


def _bool(data: Any) -> bool:
    if isinstance(data, bool):
        return data
    raise FactsError("$", "wrong_type", data, "true or false")


def _text(data: Any) -> str:
    if isinstance(data, str):
        return data
    raise FactsError("$", "wrong_type", data, "text")


def _whole_number(data: Any) -> int:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    raise FactsError("$", "wrong_type", data, "a whole number")


_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _decimal(data: Any) -> Decimal:
    if isinstance(data, bool) or not isinstance(data, str | int | float | Decimal):
        raise FactsError("$", "wrong_type", data, "a number")
    try:
        # through text, so that 6.1 is six and one tenth and not its nearest binary fraction
        number = Decimal(str(data))
    except InvalidOperation:
        raise FactsError("$", "wrong_type", data, "a number") from None
    if not number.is_finite() or abs(number) > 1_000_000 or number != round(number, 6):
        raise FactsError("$", "off_scale", data, "a number on the test's scale")
    if isinstance(data, str) and not _PLAIN_NUMBER.fullmatch(data):
        # Decimal itself would read digits of any script, "1_0" and "1e1"
        raise FactsError("$", "wrong_type", data, "a number in figures from 0 to 9")
    return number


YEARS = range(1900, 2200)
"""Years of anybody's life and plans; what lies beyond is a slip, and the ends of the calendar hold traps."""


def _date(data: Any) -> date:
    day = data if isinstance(data, date) and not isinstance(data, datetime) else None  # YAML reads dates
    if isinstance(data, str):
        try:
            day = date.fromisoformat(data)
        except ValueError:
            day = None
        if day is not None and day.isoformat() != data:  # Python reads weeks and days without dashes too
            day = None
    if day is None:
        raise FactsError("$", "impossible_date", data, "a date as YYYY-MM-DD")
    if day.year not in YEARS:
        raise FactsError("$", "impossible_date", data, "a year from 1900 to 2199")
    return day


def _instant(data: Any) -> datetime:
    moment = data if isinstance(data, datetime) else None
    if isinstance(data, str):
        try:
            moment = datetime.fromisoformat(data)
        except ValueError:
            moment = None
    if moment is not None and moment.year not in YEARS:
        raise FactsError("$", "impossible_instant", data, "a year from 1900 to 2199")
    if moment is None or moment.tzinfo is None:
        raise FactsError(
            "$", "impossible_instant", data, "an instant with its offset, as 2026-03-31T23:59:00+08:00"
        )
    return moment


_SCALARS: dict[Any, Callable[[Any], Any]] = {
    bool: _bool,
    str: _text,
    int: _whole_number,
    Decimal: _decimal,
    date: _date,
    datetime: _instant,
}
