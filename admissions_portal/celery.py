"""The worker and its beat. Beat only ticks; what is due stands in the database.

A tick that finds no worker expires, so an outage leaves no heap of them behind.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.demo")

app = Celery("admissions_portal")
app.config_from_object("admissions_portal.settings.worker")
app.autodiscover_tasks()
