from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "admissions_portal.support"
    label = "support"
