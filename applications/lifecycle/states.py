"""The states of an application and the names of their groups. No list of states stands anywhere else."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a case stands, in the words shown to the applicant."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Received")
    IN_REVIEW = "IN_REVIEW", _("In review")
    OFFERED = "OFFERED", _("Offer made")
    REFUSED = "REFUSED", _("Not offered a place")
    ACCEPTED = "ACCEPTED", _("Offer accepted")
    DECLINED = "DECLINED", _("Offer declined")
    LAPSED = "LAPSED", _("Offer lapsed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


# the applicant is still writing
OPEN_TO_APPLICANT = frozenset({State.DRAFT})
# the office has it: nobody outside sees a draft
KNOWN_TO_OFFICE = frozenset(State) - OPEN_TO_APPLICANT
# waiting for somebody in the office
UNDER_CONSIDERATION = frozenset({State.SUBMITTED, State.IN_REVIEW})
# a place is taken: from here on the whole number of an identity document may be asked for (C7)
PLACE_TAKEN = frozenset({State.ACCEPTED})
# nothing more is expected of anybody
CONCLUDED = frozenset({State.REFUSED, State.DECLINED, State.LAPSED, State.WITHDRAWN})
# a second application for the same offering waits until this one has ended
RUNNING = frozenset(State) - CONCLUDED
# what its applicant may withdraw; a draft, which nobody else knows of, is deleted instead
OPEN_TO_WITHDRAWAL = RUNNING & KNOWN_TO_OFFICE
