#!/usr/bin/env python3
"""Django's command line. `./portal manage …` runs it with the demo's own services."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.demo")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run ./portal once, then use ./portal manage …")

    from django.db import OperationalError

    from admissions_portal.env import EnvironmentHint

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentHint as hint:
        sys.exit(str(hint))
    except OperationalError as error:
        # psycopg2's own sentence names the server; a statement that failed later is a bug and stays loud
        if "connection" not in str(error) or "server" not in str(error):
            raise
        sys.exit(f"No database answers: {error}\nStart the portal with ./portal, or set DATABASE_URL.")


if __name__ == "__main__":
    main()
