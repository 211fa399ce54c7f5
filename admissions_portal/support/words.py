"""Finding rows by the beginnings of words, with what PostgreSQL has by itself: no extension is needed.

The words of a row are an array that Python makes, so that what counts as a word does not depend on the
database's locale; PostgreSQL keeps the index and compares beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func, Value


def vector_of(column: str) -> Func:
    """What an index of the words in `column` is over: `GinIndex(vector_of("words"), name=…)`."""
    return Func(F(column), function="array_to_tsvector", output_field=SearchVectorField())


def has_words(column: str, beginnings: Iterable[str]) -> Func:
    """For a filter: whether each of `beginnings` begins one of the words in `column`."""
    asked = " & ".join(f"'{_quoted(each)}':*" for each in beginnings)
    return Func(
        vector_of(column),
        Value(asked),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
