"""What Django and Celery look for finds every subject; foreign keys point down, never up."""

import importlib
import pkgutil
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, Model

import applications
from applications import models as gathered

ROOT = Path(__file__).parents[2]
OWN = ("admissions_portal.", "programmes.", "eligibility.", "applications.")


def _floors(name: str) -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["name"].startswith(name))
    return [[part.strip(" ()") for part in layer.replace("|", ":").split(":")] for layer in layers]


def _height(module: str) -> tuple[int, int]:
    """How high a module stands: first the app's floor, then the subject's. Bigger is higher."""
    own_apps, subjects = _floors("Apps:"), _floors("Subjects")
    app = next(
        i for i, floor in enumerate(own_apps) if any(f"{module}.".startswith(f"{name}.") for name in floor)
    )
    parts = module.split(".")
    subject = next(
        (i for i, floor in enumerate(subjects) if parts[0] == "applications" and parts[1] in floor), 0
    )
    return -app, -subject


def _own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith(OWN)]


def test_every_model_of_every_subject_is_gathered() -> None:
    written = {
        value.__name__
        for info in pkgutil.iter_modules(applications.__path__)
        if info.ispkg and any((ROOT / "applications" / info.name).glob("models*"))
        for value in vars(importlib.import_module(f"applications.{info.name}.models")).values()
        if isinstance(value, type)
        and issubclass(value, Model)
        and not value._meta.abstract
        # a subject gathers its own files
        and value.__module__.startswith(f"applications.{info.name}.")
    }
    assert written == set(gathered.__all__)


def test_every_app_with_models_has_migrations() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith(
            ("admissions_portal", "programmes", "eligibility", "applications")
        ) and list(config.get_models()):
            assert (Path(config.path) / "migrations" / "0001_initial.py").exists(), config.name


def test_no_foreign_key_points_upward() -> None:
    upward = [
        f"{model.__module__}.{model.__name__}.{field.name} -> {field.related_model.__module__}"
        for model in _own_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model.__module__.startswith(OWN)
        and _height(field.related_model.__module__) > _height(model.__module__)
    ]
    assert upward == []


def test_class_names_are_unique_across_subjects() -> None:
    names = [model.__name__ for model in _own_models()]
    assert sorted(names) == sorted(set(names))
