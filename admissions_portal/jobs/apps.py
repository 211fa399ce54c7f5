from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "admissions_portal.jobs"
    label = "jobs"
