from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "admissions_portal.papers"
    label = "papers"
