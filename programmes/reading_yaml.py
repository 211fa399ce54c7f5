"""Catalogue files as rows to be stored, checked to the last key. Knows lines, to point at a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from modeltranslation.translator import NotRegistered, translator

from admissions_portal.support.fact_files import FactFileError, line_of, names_in, root_of
from programmes.models import (
    Agreement,
    CreditComponent,
    DocumentTitle,
    Fact,
    Institution,
    Intake,
    Offering,
    Office,
    Programme,
    Round,
    School,
    Specialisation,
    Statement,
    Track,
)

LANGUAGES = ("en", "zh-hant", "zh-hans")
# HKU-04 · HKU-16(ii) · HKU-E5 · UST-08 · AMB-21b · B3, and lists of them
CLAUSE = re.compile(r"(HKU-(E|AS)?|UST-|MOU-|AMB-|[B-E])\d+[a-z]?(\([ivx]+\))?")


class CatalogueError(FactFileError):
    """A catalogue file is wrong; nothing of any file was stored. `str(error)` is `file:line: reason`."""


@dataclass(frozen=True)
class Shape:
    """What the rows of a list look like: the model, the fields that name a row, the lists inside a row."""

    model: type[Fact]
    key: tuple[str, ...]
    parent: str = ""
    lists: dict[str, Shape] = field(default_factory=dict)


STATEMENT_KEY = ("institution", "programme", "level", "topic", "reader", "source")
INSTITUTIONS = Shape(
    Institution,
    ("code",),
    lists={
        "schools": Shape(School, ("institution", "code"), "institution"),
        "offices": Shape(Office, ("institution", "code"), "institution"),
        "statements": Shape(Statement, STATEMENT_KEY, "institution"),
        "programmes": Shape(
            Programme,
            ("slug",),
            "institution",
            lists={
                "tracks": Shape(
                    Track,
                    ("programme", "number"),
                    "programme",
                    lists={"specialisations": Shape(Specialisation, ("track", "number"), "track")},
                ),
                "credits": Shape(CreditComponent, ("programme", "name"), "programme"),
                "documents": Shape(DocumentTitle, ("programme", "title"), "programme"),
                "statements": Shape(Statement, STATEMENT_KEY, "programme"),
                "intakes": Shape(
                    Intake,
                    ("programme", "code", "term"),
                    "programme",
                    lists={
                        "offerings": Shape(
                            Offering,
                            ("intake", "mode"),
                            "intake",
                            lists={"rounds": Shape(Round, ("offering", "number"), "offering")},
                        )
                    },
                ),
            },
        ),
        "agreements": Shape(Agreement, ("code",), "institution"),
    },
)
# Set by the loader itself, or not the catalogue's to say: an example date belongs to the demonstration.
_NOT_IN_FILES = {"id", "loaded", "closed_from", "is_example"}
# A row names these by their code within its institution.
_BY_CODE = {"school", "office"}


@dataclass(frozen=True)
class Row:
    """One row of a file with every field of its model given, by default where the file is silent.

    `parent` is the row it stands in; values of `_BY_CODE` fields are codes.
    """

    shape: Shape
    values: dict[str, Any]
    parent: Row | None
    path: Path
    line: int

    def wrong(self, reason: str) -> CatalogueError:
        return CatalogueError(self.path, self.line, reason)

    def ancestor(self, model: type[Fact]) -> Row | None:
        """The row around this one, near or far, that is of `model`."""
        row = self.parent
        while row is not None and row.shape.model is not model:
            row = row.parent
        return row


def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Fields of the model that a file gives in three languages."""
    try:
        return tuple(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return ()


def column(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"


def read_files(folder: Path) -> list[Row]:
    """Every row of every `*.yaml` in the folder, parents before children. Raises CatalogueError."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise CatalogueError(folder, 0, "there is no catalogue file (*.yaml) here")
    return [row for path in paths for row in _Reader(path).rows()]


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, node: yaml.Node, reason: str) -> CatalogueError:
        return CatalogueError(self.path, line_of(node), reason)

    def rows(self) -> Iterator[Row]:
        top = self.names(root_of(self.path, CatalogueError))
        for name, (key_node, _value) in top.items():
            if name != "institutions":
                raise self.wrong(key_node, f"“{name}” is not known here; a file holds institutions")
        if "institutions" in top:
            yield from self.list_of(INSTITUTIONS, top["institutions"][1], None)

    def names(self, node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        return names_in(node, self.path, CatalogueError)

    def list_of(self, shape: Shape, node: yaml.Node, parent: Row | None) -> Iterator[Row]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, "expected a list here, each item with a dash")
        for position, item in enumerate(node.value):
            yield from self.row(shape, item, parent, position)

    def row(self, shape: Shape, node: yaml.Node, parent: Row | None, position: int) -> Iterator[Row]:
        given = self.names(node)
        fields = {
            f.name: f
            for f in shape.model._meta.concrete_fields
            if f.name not in _NOT_IN_FILES and f.name not in {shape.parent, "position"}
        }
        own_parents = {"institution", "programme"} if shape.model is Statement else {"institution"}
        translated = translated_fields(shape.model)
        for name in translated:
            for language in LANGUAGES:
                fields.pop(column(name, language))
        allowed = (set(fields) - own_parents) | set(shape.lists)
        for name, (key_node, _value) in given.items():
            if name not in allowed:
                raise self.wrong(
                    key_node, f"“{name}” is not known here; known are: {', '.join(sorted(allowed))}"
                )

        values: dict[str, Any] = {}
        for name, model_field in fields.items():
            if name in own_parents:
                continue
            value_node = given[name][1] if name in given else None
            if value_node is None and _is_required(model_field):
                raise self.wrong(node, f"“{name}” is missing")
            if name in translated:
                for language, text in self.texts(name, value_node, model_field).items():
                    values[column(name, language)] = text
            elif value_node is None:
                values[name] = None if model_field.null else model_field.get_default()
            elif name in _BY_CODE:
                values[name] = self.scalar(value_node)
            else:
                values[name] = self.value(model_field, value_node)
            if name.endswith("source") and value_node is not None:
                self.check_clause(value_node, values[name])
        if any(f.name == "position" for f in shape.model._meta.concrete_fields):
            values["position"] = position
        row = Row(shape, values, parent, self.path, line_of(node))
        yield row
        for name, inner in shape.lists.items():
            if name in given:
                yield from self.list_of(inner, given[name][1], row)

    def texts(self, name: str, node: yaml.Node | None, model_field: models.Field[Any, Any]) -> dict[str, str]:
        if node is None:
            return dict.fromkeys(LANGUAGES, "")
        given = self.names(node)
        if set(given) != set(LANGUAGES):
            raise self.wrong(node, f"“{name}” needs exactly the languages {', '.join(LANGUAGES)}")
        return {language: self.value(model_field, given[language][1]) for language in LANGUAGES}

    def scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, "expected one value here, not a list or names with values")
        return str(node.value).strip()

    def value(self, model_field: models.Field[Any, Any], node: yaml.Node) -> Any:
        raw: Any
        if isinstance(node, yaml.SequenceNode):
            raw = [self.scalar(item) for item in node.value]
        else:
            raw = self.scalar(node)
        if isinstance(model_field, models.BooleanField):
            raw = {"true": True, "false": False}.get(raw, raw)
        try:
            value = model_field.clean(raw, None)
        except ValidationError as error:
            raise self.wrong(node, f"“{model_field.name}”: {' '.join(error.messages)}") from error
        if isinstance(value, datetime) and (
            value.tzinfo is None or not re.search(r"(Z|[+-]\d\d:\d\d)$", raw)
        ):
            raise self.wrong(
                node, f"“{model_field.name}”: write the zone, for example 2026-03-31T23:59+08:00"
            )
        if isinstance(model_field, models.DateField) and not isinstance(value, datetime | date):
            raise self.wrong(
                node, f"“{model_field.name}” is empty; leave the line out where no date is known"
            )
        return value

    def check_clause(self, node: yaml.Node, clause: str) -> None:
        for one in clause.split(", "):
            if not CLAUSE.fullmatch(one):
                raise self.wrong(node, f"“{one}” is no clause; write for example HKU-04, or HKU-08, AMB-01")


def _is_required(model_field: models.Field[Any, Any]) -> bool:
    return not (model_field.blank or model_field.null or model_field.has_default())
