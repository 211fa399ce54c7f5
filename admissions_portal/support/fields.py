"""Columns whose content the database keeps and cannot read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from admissions_portal.support.sealing import seal, unseal


class SealedTextField(models.TextField):
    """Text, encrypted in the database with the portal's own keys; nothing is nothing there too.

    Equal texts are sealed differently, so the column cannot be searched: keep an `index_of` beside it.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return unseal(value) if value else value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        text = super().get_db_prep_save(value, connection)
        return seal(text) if text else text


class SealedJSONField(models.TextField):
    """Plain JSON data, likewise encrypted."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(unseal(value)) if value else None

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else seal(json.dumps(value, ensure_ascii=False))


class _Derived(models.Field):
    """A column that follows from the others of its row: taken when the row is written, set by nobody.

    For rows that never change. `derive` takes the row; migrations know only the plain column.
    """

    def __init__(self, *args: Any, derive: Callable[[Any], Any] = lambda row: None, **options: Any) -> None:
        self.derive = derive
        super().__init__(*args, **{"editable": False, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        plain: type[Any] = next(kind for kind in type(self).__mro__ if not issubclass(kind, _Derived))
        return name, plain(*args, **options).deconstruct()[1], args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value


class DerivedTextField(_Derived, models.TextField):
    pass


class DerivedWordsField(_Derived, ArrayField):
    """Words that a row is found by, at their beginnings: see `has_words` of `support.words`."""
