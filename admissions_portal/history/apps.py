from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "admissions_portal.history"
    label = "history"
