"""`manage.py demo load` fills the demonstration, `manage.py demo sign-ins` says how to look at it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admissions_portal.accounts.roles import Role
from admissions_portal.support.refusals import Refusal
from applications.demo.actions import PASSWORD, load_demo
from applications.demo.cast import cast

_APPLICANTS = {"ready": "an application ready to submit", "offered": "an offer waits for a reply"}


class Command(BaseCommand):
    help = "The demonstration: its fictional people, and how to sign in as some of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["load", "sign-ins"])
        parser.add_argument("--json", action="store_true", help="sign-ins as JSON")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "sign-ins":
            rows = _sign_ins()
            self.stdout.write(
                json.dumps(rows, ensure_ascii=False, indent=2) if options["json"] else _as_text(rows)
            )
            return
        try:
            made = load_demo()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{len(cast().applicants)} fictional applicants." if made else "The people are there already."
        )


def _sign_ins() -> list[dict[str, str]]:
    staff = [
        {"who": f"{Role(row['role']).label}, {row['institution'].upper()}", "email": row["email"]}
        for row in cast().staff
        if row.get("sign_in")
    ]
    applicants = [
        {"who": f"Applicant: {_APPLICANTS[row['acts']]}", "email": row["email"]}
        for row in cast().applicants
        if row.get("sign_in")
    ]
    return [{**row, "password": PASSWORD} for row in (*applicants, *staff)]


def _as_text(rows: list[dict[str, str]]) -> str:
    lines = [f"  {row['email']:<32}{row['who']}" for row in rows]
    return "\n".join([f"Sign in with the password {rows[0]['password']}:", *lines])
