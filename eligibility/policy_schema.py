"""The JSON Schema of policy files, for editors and other programs.

`manage.py assess --schema policy-file` prints it; `policies/policy.schema.json` keeps it beside the files.

Made from the engine's records, so that it cannot differ from what is read. A file that `extends` another may
leave out what the other states, so only what no file can leave out is asked for.
"""

from __future__ import annotations

from typing import Any

from eligibility.engine import Overlay, Requirements, schema_of
from eligibility.models import PolicyLayer
from eligibility.reading_yaml import RAISES
from programmes.models import Level

# Records that a file may state in part and leave the rest to the file it extends.
_IN_PARTS = (
    "EnglishRequirements",
    "DegreeRequirements",
    "ExperienceRequirements",
    "ResidenceRequirements",
    "CreditRequirements",
)
_OVERLAYS = [PolicyLayer.SCHOOL.value, PolicyLayer.PROGRAMME.value]


def policy_file_schema() -> dict[str, Any]:
    """The schema, in JSON Schema 2020-12. What it accepts may still be refused by the loader, which knows the
    catalogue, the files that are extended and the rules below."""
    complete, overlay = schema_of(Requirements), schema_of(Overlay)
    defs = {**overlay["$defs"], **complete["$defs"]}
    for name in _IN_PARTS:
        defs[name].pop("required", None)
    of_policy, of_layer = complete["properties"], overlay["properties"]
    raises = {name: of_layer[name] for name in RAISES}
    only_of_policies = sorted(set(of_policy) - set(of_layer) | {"english"})
    return {
        "$schema": complete["$schema"],
        "title": "Policy file",
        "description": "Admission rules as `manage.py load_policies` reads them: complete, of a School or "
        "programme that raises them, or, without `policy`, for other files to extend.",
        "type": "object",
        "properties": {
            "extends": _text("Name of a file beside this one, without .yaml, that it builds on"),
            **of_policy,
            "layer": {
                "description": "Who asks. A School or programme can only raise what its university asks.",
                "enum": list(PolicyLayer.values),
                "default": PolicyLayer.UNIVERSITY.value,
            },
            "applies_to": _target(),
            "effective_from": {
                "description": "Day from which the version judges applications received, Hong Kong time",
                "type": "string",
                "format": "date",
            },
            "clause": of_layer["clause"],
            "raises": {
                "description": "What a School or programme asks beyond its university",
                "type": "object",
                "properties": raises,
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
        "if": {"properties": {"layer": {"enum": _OVERLAYS}}, "required": ["layer"]},
        "then": {
            "required": ["policy", "title", "applies_to", "effective_from"],
            "properties": dict.fromkeys(only_of_policies, False),
            "allOf": [_asks(layer) for layer in _OVERLAYS],
        },
        "else": {
            "properties": {
                "clause": False,
                "raises": False,
                "applies_to": {"required": ["institution", "level"]},
            },
            "if": {"required": ["policy"]},
            "then": {
                "required": ["title", "applies_to", "effective_from"],
                "if": {"not": {"required": ["extends"]}},
                "then": {"required": complete["required"]},
            },
        },
        "$defs": defs,
    }


def _text(description: str) -> dict[str, Any]:
    return {"description": description, "type": "string", "minLength": 1}


def _target() -> dict[str, Any]:
    return {
        "description": "The programmes it is for, by the codes of the catalogue",
        "type": "object",
        "properties": {
            "institution": _text("Code of the university"),
            "school": _text("Code of the School, of a School's layer"),
            "level": {"description": "Degree applied for", "enum": list(Level.values)},
            "programme": _text("Address of the programme on the site; none: every programme of the level"),
        },
        "required": ["institution"],
        "additionalProperties": False,
    }


def _asks(layer: str) -> dict[str, Any]:
    """What `applies_to` must and must not say of a layer."""
    asked, no = (
        (["school"], "programme") if layer == PolicyLayer.SCHOOL else (["level", "programme"], "school")
    )
    return {
        "if": {"properties": {"layer": {"const": layer}}},
        "then": {"properties": {"applies_to": {"required": asked, "properties": {no: False}}}},
    }
