"""`manage.py prepare`: what a fresh or updated database needs, in order, each step with its time."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# Compressing what no page asks for took half a minute: Bootstrap's other builds, countries' flags.
NOT_SERVED = ["flags", "bootstrap-*", "bootstrap.rtl*", "bootstrap.esm*", "bootstrap.min.js*"]
NOT_SERVED += [
    f"bootstrap.{name}" for name in ("css", "css.map", "js", "js.map", "bundle.js", "bundle.js.map")
]

STEPS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "tables": [("migrate", {"interactive": False, "verbosity": 0}), ("createcachetable", {"verbosity": 0})],
    "catalogue": [("load_catalogue", {})],
    "policies": [("load_policies", {})],
    "static": [
        (
            "collectstatic",
            {"interactive": False, "clear": True, "verbosity": 0, "ignore_patterns": NOT_SERVED},
        )
    ],
}


class Command(BaseCommand):
    """Safe to run again: each step changes only what is not yet as it should be."""

    help = "Makes tables, loads catalogue and policies, collects static files; or only the steps named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("steps", nargs="*", choices=[*STEPS, []], metavar="|".join(STEPS))

    def handle(self, *args: Any, steps: list[str], **options: Any) -> None:
        for name in steps or STEPS:
            started = time.monotonic()
            for command, arguments in STEPS[name]:
                call_command(command, stdout=self.stderr, **arguments)
            self.stdout.write(f"  {name:<28} {time.monotonic() - started:5.1f} s")
            self.stdout.flush()
