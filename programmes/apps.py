from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes and rounds")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from admissions_portal.history.wording import register_sentences
        from admissions_portal.support.contact import register_offices
        from programmes.queries import office_contacts
        from programmes.questions.wording import SENTENCES
        from programmes.views import keep_what_was_pressed

        user_logged_in.connect(keep_what_was_pressed)
        register_offices(office_contacts)
        register_sentences({"round.close_set": _("The closing time of the round was set."), **SENTENCES})
