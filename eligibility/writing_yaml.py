"""A stored version as a policy file: what `manage.py load_policies` reads back to the same fingerprint."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from eligibility.engine import EnglishMinimum, Rule, plain
from eligibility.models import PolicyVersion
from eligibility.reading_yaml import RAISES

# Read by editors that complete and check; the file stands beside the shipped policies.
SCHEMA_LINE = "# yaml-language-server: $schema=policy.schema.json"


def policy_file_of(version: PolicyVersion) -> str:
    """The version, published or draft, as the text of a policy file."""
    policy, record = version.policy, version.record()
    content = _plain(record)
    head: dict[str, Any] = {name: content.pop(name) for name in ("policy", "title")}
    if policy.is_overlay:
        head["layer"] = content.pop("layer")
        content["raises"] = {name: content.pop(name) for name in RAISES if name in content}
    head["applies_to"] = _Row(
        (name, code)
        for name, code in (
            ("institution", policy.institution_code),
            ("school", policy.school_code),
            ("level", policy.level),
            ("programme", policy.programme_slug),
        )
        if code
    )
    head["effective_from"] = version.effective_from
    if "rules" in content:  # the longest part last
        content["rules"] = content.pop("rules")
    text = yaml.dump({**head, **content}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return f"{SCHEMA_LINE}\n# {' '.join(str(version).split())}\n\n{text}"


class _Row(dict[str, Any]):
    """Written in one line: `{kind: IELTS_ACADEMIC, overall: 6.5}`."""


class _Dumper(yaml.SafeDumper):
    """Rows and lists of plain values in one line, and no anchors: a person reads it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _row(dumper: yaml.SafeDumper, row: _Row) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", row.items(), flow_style=True)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


def _figure(dumper: yaml.SafeDumper, figure: Decimal) -> yaml.Node:
    text = plain(figure)
    if "." not in text:
        return dumper.represent_scalar("tag:yaml.org,2002:int", text)
    if Decimal(str(float(text))) == figure:
        return dumper.represent_scalar("tag:yaml.org,2002:float", text)
    return dumper.represent_str(text)  # a fraction that a YAML number could not hold


def _words(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # signs that YAML takes for the end of a line are written as escapes, which only double quotes know
    style = '"' if re.search("[\x85\u2028\u2029]", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _words)
_Dumper.add_representer(_Row, _row)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(Decimal, _figure)


def _plain(value: Any) -> Any:
    """A record as mappings and lists; of rules and rows only what differs from the default."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        said = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not _is_left_out(value, field)
        }
        return _Row(said) if isinstance(value, EnglishMinimum) else said
    if isinstance(value, dict):
        return _Row((key, _plain(item)) for key, item in value.items())
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _is_left_out(record: Any, field: Any) -> bool:
    value = getattr(record, field.name)
    if value and not isinstance(record, Rule | EnglishMinimum):
        return False
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and value == field.default_factory()
