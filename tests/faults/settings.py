"""What a real worker of these tests runs with: the tests' database, mails as files, a broker of its own."""

import os

from admissions_portal.settings.test import *  # noqa: F403  the tests' settings, but for what is named here

DATABASES["default"]["NAME"] = os.environ["FAULTS_DATABASE"]  # noqa: F405
BROKER_URL = os.environ["FAULTS_BROKER"]
DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["FAULTS_MAILS"]
