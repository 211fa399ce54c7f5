from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "admissions_portal.outbox"
    label = "outbox"

    def ready(self) -> None:
        from admissions_portal.outbox.kinds import ACCOUNT, register_kinds

        register_kinds(ACCOUNT)
