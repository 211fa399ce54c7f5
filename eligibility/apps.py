from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# A policy's events are about the policy, an entry's about the entry; versions are told by their number.
SENTENCES = {
    "policy.drafted": _("A draft of %(policy)s was begun."),
    "policy.draft_saved": _("The draft of %(policy)s was changed."),
    "policy.draft_discarded": _("The draft of %(policy)s was discarded."),
    "policy.previewed": _(
        "The effects of the draft of %(policy)s were looked at. Cases that change: %(changed)s."
    ),
    "policy.approved": _("A second person approved the draft of %(policy)s."),
    "policy.published": _("Version %(number)s of %(policy)s was published."),
    "acceptance.drafted": _("Register entry %(reference)s was drafted."),
    "acceptance.saved": _("The draft of register entry %(reference)s was changed."),
    "acceptance.discarded": _("The draft of register entry %(reference)s was discarded."),
    "acceptance.previewed": _(
        "The effects of register entry %(reference)s were looked at. Cases that change: %(changed)s."
    ),
    "acceptance.put_in_force": _("Register entry %(reference)s was put in force."),
    "acceptance.withdrawn": _("Register entry %(reference)s was withdrawn."),
}


class EligibilityConfig(AppConfig):
    name = "eligibility"
    verbose_name = _("Eligibility rules")

    def ready(self) -> None:
        from admissions_portal.history.wording import register_sentences

        register_sentences(SENTENCES)
