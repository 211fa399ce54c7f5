"""JSON from other programs, one value at a time, so that a list of any length needs the memory of one person.

Read as strictly as policies are: a name that stands twice in one object, NaN, and anything after the end are
mistakes, each told with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

LONGEST = 1 << 20
"""Characters of one value: a person's facts are some thousands, so more means that a bracket is missing."""

_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")


class NotJson(ValueError):
    """What was given is no JSON. `str(error)` says the line and what is wrong there."""


class JsonValues:
    """The values of a text: those of the list it is, or one object after another (JSON lines).

    `is_list` is known before the first value is read. Raises NotJson, where it stands, once it is reached.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text, self._at, self._line = "", 0, 1
        self.is_list = self._next() == "["

    def __iter__(self) -> Iterator[Any]:
        if not self.is_list:
            while self._next():
                yield self._value()
            return
        self._at += 1
        if self._next() != "]":
            yield self._value()
            while self._next() == ",":
                self._at += 1
                yield self._value()
        if self._next() != "]":
            raise self._wrong(self._at, "“,” or “]” expected")
        self._at += 1
        if self._next():
            raise self._wrong(self._at, "nothing may follow the list")

    def _next(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read(_CHUNK):
                return ""

    def _read(self, size: int) -> bool:
        """Forget what was read and read on. False at the end."""
        self._line += self._text.count("\n", 0, self._at)
        try:
            more = self._stream.read(size)
        except UnicodeDecodeError:
            raise NotJson("The text is not UTF-8.") from None
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)

    def _value(self) -> Any:
        self._next()
        size = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # perhaps only cut off; twice as much each time, so that nothing is tried often
                start = self._at
                if len(self._text) - start < LONGEST and self._read(size):
                    size *= 2
                    continue
                raise self._wrong(error.pos - start + self._at, error.msg) from None
            except RecursionError:
                raise self._wrong(self._at, "too many brackets within brackets") from None
            except ValueError as error:
                raise self._wrong(self._at, str(error)) from None
            if end == len(self._text) and self._read(_CHUNK):
                continue  # a number may go on
            self._at = end
            return value

    def _wrong(self, position: int, reason: str) -> NotJson:
        line = self._line + self._text.count("\n", 0, position)
        return NotJson(f"Line {line} is not JSON: {reason}.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"“{name}” stands twice in one object")
        found[name] = value
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
