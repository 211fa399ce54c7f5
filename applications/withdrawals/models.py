from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.models import Timestamped, both_or_neither
from applications.lifecycle.models import Application
from applications.lifecycle.states import State


class WithdrawalReason(models.TextChoices):
    """Why somebody withdraws, in the words the applicant chooses from."""

    ANOTHER_PLACE = "ANOTHER_PLACE", _("I have taken a place elsewhere")
    PLANS = "PLANS", _("My plans have changed")
    MONEY = "MONEY", _("The fee or the cost of living")
    VISA = "VISA", _("A visa or entry permit")
    PERSONAL = "PERSONAL", _("Personal or family reasons")
    MISTAKE = "MISTAKE", _("I applied by mistake, or twice")
    OTHER = "OTHER", _("Another reason")
    NOT_SAID = "NOT_SAID", _("I would rather not say")


class Withdrawal(Timestamped):
    """What the applicant said when withdrawing; `from_state` is where the case stood.

    What was said is never changed; the office notes once that it has seen it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=20, choices=WithdrawalReason)
    words = models.CharField(_("in the applicant’s words"), max_length=500, blank=True)
    from_state = models.CharField(max_length=20, choices=State)
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # an officer has seen it and done what a free place asks for
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-withdrawn_at", "id"]
        constraints = [both_or_neither("noted_by", "noted_at", name="withdrawal_noted_by_and_at")]

    def __str__(self) -> str:
        return str(self.get_reason_display())
