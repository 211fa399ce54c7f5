"""Policy files as one tree that knows the file and line of every value, so that a mistake is found at once.

A file may build on another (`extends`): the layer above states its own rules, adds what the layer below
leaves out, and never restates it. English figures are raised through `english.overlay` alone, where the
stricter always wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from admissions_portal.support.fact_files import FactFileError, line_of, names_in, root_of


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
