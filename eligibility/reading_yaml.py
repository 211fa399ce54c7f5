"""Policy files as one tree that knows the file and line of every value, so that a mistake is found at once.

A file may build on another (`extends`): it states its own rules, adds what the file below leaves out, and
never restates it. A file with `layer: SCHOOL` or `PROGRAMME` is no complete policy: what it `raises` is laid
upon the university's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from admissions_portal.support.fact_files import FactFileError, line_of, names_in, root_of
from eligibility.engine import FactsError, from_json

T = TypeVar("T")

# What a file says to the loader and not to the engine.
FOR_THE_LOADER = ("applies_to", "effective_from")
RAISES = ("english", "outstanding")


class PolicyError(FactFileError):
    """A policy file is wrong; nothing of any file was stored. `str(error)` is `file:line: reason`."""


@dataclass(frozen=True)
class Located:
    """A value of a file with its place; inside mappings and lists every value is Located too."""

    value: Any
    path: Path
    line: int

    def wrong(self, reason: str) -> PolicyError:
        return PolicyError(self.path, self.line, reason)

    def plain(self) -> Any:
        """The value without places, as `json.loads` would give it."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def at(self, json_path: str) -> Located:
        """The value at `$.rules[2].check`, or the nearest one around it that is there."""
        here = self
        for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", json_path):
            below = here.value
            if name and isinstance(below, dict) and name in below:
                here = below[name]
            elif index and isinstance(below, list) and int(index) < len(below):
                here = below[int(index)]
            else:
                break
        return here


def read_policy_file(path: Path) -> Located:
    """One file with the layers it extends merged in. Raises PolicyError."""
    return _read(path, ())


def is_overlay(tree: Located) -> bool:
    """Whether the file states what a School or programme asks beyond, and not a complete policy."""
    return "layer" in tree.value and tree.value["layer"].value != "UNIVERSITY"


def content_of(tree: Located) -> Located:
    """What the engine reads of a file: without the loader's names, and with `raises` unfolded. Raises
    PolicyError where `raises` holds something else."""
    values = {name: value for name, value in tree.value.items() if name not in FOR_THE_LOADER}
    if not is_overlay(tree):
        values.pop("layer", None)
        return Located(values, tree.path, tree.line)
    raises = values.pop("raises", None)
    if raises is not None:
        if not isinstance(raises.value, dict):
            raise raises.wrong("expected names with values here")
        for name, value in raises.value.items():
            if name not in RAISES:
                raise value.wrong(f"“{name}” is not known here; a layer raises " + " and ".join(RAISES))
        values |= raises.value
    return Located(values, tree.path, tree.line)


def record_of(tree: Located, kind: type[T]) -> T:
    """The file as the engine reads it: `Requirements` or, of a layer, `Overlay`. Raises PolicyError."""
    content = content_of(tree)
    try:
        return from_json(kind, content.plain())
    except FactsError as error:
        raise content.at(error.path).wrong(str(error)) from error


def _read(path: Path, above: tuple[Path, ...]) -> Located:
    if path in above:
        raise PolicyError(path, 1, "the file extends itself")
    tree = _locate(root_of(path, PolicyError), path)
    if not isinstance(tree.value, dict):
        raise tree.wrong("expected names with values here")
    extends = tree.value.pop("extends", None)
    if extends is None:
        return tree
    base = path.parent / f"{extends.value}.yaml"
    if not base.is_file():
        raise extends.wrong(f"there is no file “{base.name}” to extend")
    return _merge(tree, _read(base, (*above, path)))


def _locate(node: yaml.Node, path: Path) -> Located:
    line = line_of(node)
    if isinstance(node, yaml.MappingNode):
        names = names_in(node, path, PolicyError)
        return Located({name: _locate(value, path) for name, (_key, value) in names.items()}, path, line)
    if isinstance(node, yaml.SequenceNode):
        return Located([_locate(item, path) for item in node.value], path, line)
    try:
        return Located(yaml.SafeLoader("").construct_object(node), path, line)
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyError(path, line, f"not a value: {error}") from error


def _merge(layer: Located, base: Located, name: str = "") -> Located:
    """The layer's rules before the base's; everything else may be added and never said twice."""
    if name == "rules" and isinstance(layer.value, list) and isinstance(base.value, list):
        return Located([*layer.value, *base.value], layer.path, layer.line)
    if isinstance(layer.value, dict) and isinstance(base.value, dict):
        merged = {
            key: _merge(item, base.value[key], key) if key in base.value else item
            for key, item in layer.value.items()
        }
        return Located(
            {**merged, **{k: v for k, v in base.value.items() if k not in merged}}, layer.path, layer.line
        )
    raise layer.wrong(
        f"“{name}” stands in {base.path.name} already; a layer adds to it and never restates it"
    )
