from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"

    def ready(self) -> None:
        """Register sentences of events, kinds of messages and runners of jobs, subject by subject."""
