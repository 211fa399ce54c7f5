from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "admissions_portal.clock"
    label = "clock"
