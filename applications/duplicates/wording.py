"""What officers decided about records, in history: that it was, never why nor about whom."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "same_person.joined": _("Joined with another record of the same person"),
    "same_person.told_apart": _("Told apart from another record: two different people"),
    "same_person.undone": _("What was decided about another record undone"),
}
