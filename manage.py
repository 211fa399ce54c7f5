#!/usr/bin/env python3
"""Django's command line. `./portal manage …` runs it with the demo's own services."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.demo")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run ./portal once: it makes .venv; then use ./portal manage …")

    from admissions_portal.env import EnvironmentHint

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentHint as hint:
        sys.exit(str(hint))


if __name__ == "__main__":
    main()
