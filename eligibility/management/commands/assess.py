"""`manage.py assess`: facts as JSON in, findings as JSON out (PRODUCT C14). See eligibility/README.md."""

from __future__ import annotations

import io
import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from admissions_portal import clock
from admissions_portal.clock import day_of
from eligibility.assessing import (
    QUESTIONS,
    SCHEMAS,
    CannotAssess,
    Rules,
    assess_json,
    rules_in_files,
    rules_of_programme,
    stored_rules,
)
from eligibility.engine import HKT, FactsError, from_json
from eligibility.reading_json import NotJson


class Refused(CommandError):
    """What was asked cannot be answered; told in one line, exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class Command(BaseCommand):
    help = (
        "Assess facts, given as JSON, under a policy, and print the findings as JSON. Facts are one "
        "object, a list or JSON lines. With policy files no database is used."
    )
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # --version is the policy's here, not Django's
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("facts", nargs="?", default="-", help="file of facts; “-”, the default, is stdin")
        parser.add_argument(
            "--policy",
            action="append",
            metavar="CODE|FILE",
            help="code of a stored policy (HKU-MMEDSC), or a policy file (.yaml, .json); given again, a file "
            "of a layer that raises it",
        )
        parser.add_argument("--programme", metavar="SLUG", help="all stored layers that judge this programme")
        parser.add_argument("--on", type=_day, metavar="DATE", help="rules in force on this day, 2026-03-24")
        parser.add_argument("--version", type=int, metavar="N", help="this version of the stored policy")
        parser.add_argument(
            "--at",
            type=_instant,
            metavar="INSTANT",
            help="the moment of asking, 2026-03-24T09:00+08:00; without it, now",
        )
        parser.add_argument(
            "--text",
            choices=["en", "zh-hant", "zh-hans"],
            default="",
            help="add the sentences people read, in this language",
        )
        parser.add_argument(
            "--about",
            choices=sorted(QUESTIONS),
            default="admission",
            help="what is asked; for credits the facts are requests",
        )
        parser.add_argument(
            "--schema", choices=sorted(SCHEMAS), help="print a JSON Schema and assess nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if hasattr(self.stdout, "reconfigure"):
            self.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the terminal speaks
        with _quiet_when_nobody_reads():
            if options["schema"]:
                schema = SCHEMAS[options["schema"]]()
                self.stdout.write(json.dumps(schema, ensure_ascii=False, indent=2))
            else:
                self._assess(**options)
            self.stdout.flush()

    def _assess(self, **options: Any) -> None:
        try:
            rules, at = _rules_and_moment(**options)
            with _opened(options["facts"]) as source:
                tally = assess_json(
                    source,
                    rules,
                    at=at,
                    language=options["text"],
                    about=options["about"],
                    write=lambda text: self.stdout.write(text, ending=""),
                    refuse=self.stderr.write,
                )
        except (CannotAssess, NotJson) as error:
            raise Refused(str(error)) from error
        if tally.refused:
            raise Refused(
                f"{tally.refused} of {tally.refused + tally.assessed} cannot be assessed; none was."
            )


def _rules_and_moment(
    *,
    policy: list[str] | None,
    programme: str | None,
    on: date | None,
    version: int | None,
    at: datetime | None,
    **_others: Any,
) -> tuple[Rules, datetime]:
    """The rules asked for, and the moment: with files the real time, so that no database is needed."""
    named = policy or []
    if bool(named) is bool(programme):
        raise Refused("Name the rules: --policy with a code or a file, or --programme.")
    if named and all(map(_is_file, named)):
        if on or version is not None:
            raise Refused("A policy file is one version: leave out --on and --version.")
        return rules_in_files([Path(name) for name in named]), at or datetime.now(HKT)
    if len(named) > 1:
        raise Refused("Several policies are several files. For stored layers name the --programme.")
    if version is not None and (on or programme):
        raise Refused(
            "--version names one version of --policy, so it goes with neither --on nor --programme."
        )
    try:
        at = at or clock.now()
        day = on or day_of(at)
        if programme:
            return rules_of_programme(programme, on=day), at
        return stored_rules(named[0], on=day, number=version), at
    except OperationalError as error:
        raise Refused(f"The database cannot be reached: {str(error).strip()}") from error


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml", ".json"))


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    """The facts as text: a file, or what is piped in."""
    if name == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig")
        yield sys.stdin
        return
    try:
        stream = Path(name).open(encoding="utf-8-sig")  # noqa: SIM115  closed below; the refusal is of opening
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
    with stream:
        yield stream


@contextmanager
def _quiet_when_nobody_reads() -> Iterator[None]:
    """`| head` closes the pipe early, which is no fault."""
    try:
        yield
    except BrokenPipeError:
        # what Python still holds for stdout goes nowhere, else it would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day as 2026-03-24") from None


def _instant(text: str) -> datetime:
    try:
        return from_json(datetime, text)
    except FactsError:
        raise ArgumentTypeError(
            f"“{text}” is no instant with its offset, as 2026-03-24T09:00+08:00"
        ) from None
