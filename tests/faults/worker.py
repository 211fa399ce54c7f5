"""Celery as the launcher starts it.

Where FAULTS_HOLD names a function, it leaves a mark there and waits to be killed.
"""

import os
import signal
import sys
from pathlib import Path


def hold_at(place: str) -> None:
    """Replace "module:Class.function" by one that leaves a mark and never returns."""
    from importlib import import_module

    module, name = place.split(":")
    owner, function = name.split(".")

    def held(*args: object, **options: object) -> None:
        Path(os.environ["FAULTS_MARK"]).touch()
        signal.pause()

    setattr(getattr(import_module(module), owner), function, held)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    from admissions_portal.celery import app

    app.set_default()
    if os.environ.get("FAULTS_HOLD"):
        import django

        django.setup()
        hold_at(os.environ["FAULTS_HOLD"])
    app.start(sys.argv[1:])
