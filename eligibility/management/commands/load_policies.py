"""`manage.py load_policies`: the files of eligibility/policies/ into the tables; safe at every start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admissions_portal import clock
from admissions_portal.support.actors import Actor
from eligibility.loading import POLICIES, PolicyError, load_policies


class Command(BaseCommand):
    help = "Publish the eligibility policies that came with the portal; an office’s own versions are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, default=POLICIES, help="folder of *.yaml files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_policies(options["folder"], by=Actor.system(), at=clock.now())
        except PolicyError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        self.stdout.write(f"Policies: {report.created} versions new, {report.unchanged} as they were.")
        for line in report.kept:
            self.stdout.write(self.style.WARNING(f"  kept: {line}"))
