"""What reviewers did, as sentences for history. Neither score nor opinion stands there, nor whether it was
one: whoever has yet to score the case reads history as well."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "review.given": _("Review given"),
    "review.changed": _("Review changed"),
    "rubric.drafted": _("Draft of a rubric begun"),
    "rubric.draft_saved": _("Draft of a rubric saved"),
    "rubric.used": _("Rubric in use, version %(number)s"),
    "rubric.draft_discarded": _("Draft of a rubric discarded"),
}
