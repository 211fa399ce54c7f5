"""The worker and its beat. Beat only ticks; what is due stands in the database.

A tick that finds no worker expires, so an outage leaves no heap of them behind.
"""

import os

from celery import Celery

# ./portal names the demo's settings; whoever names none gets those that refuse what is unsafe
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.production")

app = Celery("admissions_portal")
app.config_from_object("admissions_portal.settings.worker")
app.autodiscover_tasks()
