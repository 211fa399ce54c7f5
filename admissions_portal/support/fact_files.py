"""Files of facts in YAML, node by node, so that whoever finds a mistake can name its file and line."""

from __future__ import annotations

from pathlib import Path

import yaml

# the parser in C where PyYAML has it: these files are read at every start
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FactFileError(Exception):
    """A file of facts is wrong; nothing of it was stored. `str(error)` is `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


def line_of(node: yaml.Node) -> int:
    """The line on which the node begins, counted from 1."""
    return int(node.start_mark.line) + 1


def root_of(path: Path, error: type[FactFileError]) -> yaml.Node:
    """The file's outermost node. Raises `error` where the file is empty, not UTF-8 or no YAML."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as found:
        line = found.problem_mark.line + 1 if found.problem_mark else 1
        raise error(path, line, f"not YAML: {found.problem}") from found
    except (UnicodeDecodeError, yaml.YAMLError) as found:
        raise error(path, 1, f"not YAML: {found}") from found
    if root is None:
        raise error(path, 1, "the file is empty")
    return root


def names_in(
    node: yaml.Node, path: Path, error: type[FactFileError]
) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Each name with the node it stands in and the node of its value.

    Raises `error` where the node holds no names, or one twice, which YAML itself would let pass.
    """
    if not isinstance(node, yaml.MappingNode):
        raise error(path, line_of(node), "expected names with values here")
    found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise error(path, line_of(key), "a name was expected here")
        if key.value in found:
            raise error(path, line_of(key), f"“{key.value}” is given twice")
        found[key.value] = (key, value)
    return found
