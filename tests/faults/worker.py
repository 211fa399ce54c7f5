"""Celery as the launcher starts it.

Where FAULTS_HOLD names a function, it leaves a mark there and waits to be killed; `#2` says at which call.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path


def hold_at(place: str) -> None:
    """Replace "module:Class.function" by one that leaves a mark and never returns; with "#2" from its second
    call on."""
    from importlib import import_module

    place, _mark, number = place.partition("#")
    module, name = place.split(":")
    owner, function = name.split(".")
    where = getattr(import_module(module), owner)
    own, calls = getattr(where, function), count(1)

    def held(*args: object, **options: object) -> object:
        if next(calls) < int(number or 1):
            return own(*args, **options)
        Path(os.environ["FAULTS_MARK"]).touch()
        signal.pause()
        return None

    setattr(where, function, held)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    from admissions_portal.celery import app

    app.set_default()
    if os.environ.get("FAULTS_HOLD"):
        import django

        django.setup()
        hold_at(os.environ["FAULTS_HOLD"])
    app.start(sys.argv[1:])
