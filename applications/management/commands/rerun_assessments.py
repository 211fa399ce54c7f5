"""`manage.py rerun_assessments`: does every stored assessment still explain itself?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.assessments.judging import Rerun, rerun_all


class Command(BaseCommand):
    help = (
        "Ask the engine again what it was asked for every stored assessment, under the very rules it pins, "
        "and compare the answers to the byte. Nothing is written. Assessments of an earlier engine are "
        "counted apart. Fails where one differs, and names it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found: Rerun = rerun_all()
        self.stdout.write(
            f"{found.same} assessments say the same, {found.of_another_engine} are of another engine."
        )
        if found.differing:
            listed = ", ".join(map(str, found.differing[:20]))
            raise CommandError(f"{len(found.differing)} differ: {listed}")
