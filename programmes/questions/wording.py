"""Sentences of history about questions."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "questions.drafted": _("A draft of the questions was begun."),
    "questions.draft_saved": _("The draft of the questions was saved."),
    "questions.draft_discarded": _("The draft of the questions was discarded."),
    "questions.published": _("A version of the questions was published."),
}
