"""What reviewers did, as sentences for history. Neither score nor opinion stands there."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {"review.given": _("Score given"), "review.changed": _("Score changed")}
