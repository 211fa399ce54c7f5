from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EligibilityConfig(AppConfig):
    name = "eligibility"
    verbose_name = _("Eligibility rules")

    def ready(self) -> None:
        from admissions_portal.history.wording import register_sentences

        register_sentences({"policy.published": _("Eligibility rules %(policy)s were published.")})
