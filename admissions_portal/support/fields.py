"""Columns whose content the database keeps and cannot read."""

from __future__ import annotations

import json
from typing import Any

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
