"""`manage.py load_catalogue`: the files of programmes/catalogue/ into the tables. Safe at every start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from admissions_portal import clock
from admissions_portal.support.actors import Actor
from programmes.loading import CATALOGUE, CatalogueError, load_catalogue
from programmes.questions.loading import QuestionFileError, load_questions


class Command(BaseCommand):
    help = "Load institutions, programmes and rounds from files; edits made in the admin are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, default=CATALOGUE, help="folder of *.yaml files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                report = load_catalogue(options["folder"])
                asked = load_questions(options["folder"] / "questions", by=Actor.system(), at=clock.now())
        except (CatalogueError, QuestionFileError) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        self.stdout.write(
            f"Catalogue: {report.created} rows new, {report.updated} updated, "
            f"{report.unchanged} as they were."
        )
        for difference in report.differences:
            self.stdout.write(self.style.WARNING(f"  kept: {difference}"))
        self.stdout.write(f"Questions: {asked.created} versions new, {asked.unchanged} as they were.")
        for sentence in asked.kept:
            self.stdout.write(self.style.WARNING(f"  kept: {sentence}"))
