from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes and rounds")

    def ready(self) -> None:
        from admissions_portal.history.wording import register_sentences
        from admissions_portal.support.contact import register_offices
        from programmes.queries import office_contacts

        register_offices(office_contacts)
        register_sentences({"round.close_set": _("The closing time of the round was set.")})
