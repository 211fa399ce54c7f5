"""What the portal is served with in these tests: as ./portal does, but on the tests' own database."""

import os
from importlib import import_module
from pathlib import Path

from admissions_portal.settings.test import *  # noqa: F403  the tests' settings, but for what is named here

DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]  # noqa: F405
# read by now, with the variables that the tests assume
STORAGES = import_module("admissions_portal.settings.base").STORAGES
STATIC_ROOT = Path(os.environ["SERVED_STATIC"])
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = False
