from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "admissions_portal.health"
    label = "health"
