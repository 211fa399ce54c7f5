"""`manage.py prepare`: what a fresh or updated installation needs, in order, each step with its time."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# Compressing what no page asks for took half a minute: Bootstrap's other builds, countries' flags.
NOT_SERVED = ["flags", "bootstrap-*", "bootstrap.rtl*", "bootstrap.esm*", "bootstrap.min.js*"]
NOT_SERVED += [
    f"bootstrap.{name}" for name in ("css", "css.map", "js", "js.map", "bundle.js", "bundle.js.map")
]


class Command(BaseCommand):
    """Safe to run again: each step changes only what is not yet as it should be."""

    help = (
        "Makes tables, loads catalogue and policies, collects static files; or only the steps named. "
        "The steps demo and sign-ins are run only when named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("steps", nargs="*", choices=[*self.steps({}), []])
        parser.add_argument("--sign-ins", type=Path, help="where the step sign-ins writes")
        parser.add_argument("--since", type=float, help="the moment on the monotonic clock when it all began")

    def handle(self, *args: Any, steps: list[str], **options: Any) -> None:
        known = self.steps(options)
        started = options["since"] or time.monotonic()
        for name in steps or [name for name in known if name not in ("demo", "sign-ins")]:
            known[name]()
            done = time.monotonic()
            self.stdout.write(f"  {name:<28} {done - started:5.1f} s")
            self.stdout.flush()
            started = done

    def steps(self, options: dict[str, Any]) -> dict[str, Callable[[], None]]:
        """Every step by its name, in the order that a fresh database needs."""
        return {
            "tables": self.make_tables,
            "catalogue": lambda: self.call("load_catalogue"),
            "policies": lambda: self.call("load_policies"),
            "static": lambda: self.call(
                "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=NOT_SERVED
            ),
            "demo": lambda: self.call("demo", "load"),
            "sign-ins": lambda: self.write_sign_ins(options["sign_ins"]),
        }

    def call(self, command: str, *args: str, **options: Any) -> None:
        """Run another command; what it says goes to the log, the steps stay readable."""
        call_command(command, *args, stdout=self.stderr, **options)

    def make_tables(self) -> None:
        self.call("migrate", interactive=False, verbosity=0)
        self.call("createcachetable", verbosity=0)

    def write_sign_ins(self, path: Path) -> None:
        """The demo's names and passwords as a text, for the launcher to show; its owner alone may read it."""
        text = StringIO()
        call_command("demo", "sign-ins", stdout=text)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text.getvalue())
