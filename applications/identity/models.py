from django.db import models
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.fields import SealedTextField
from admissions_portal.support.models import Timestamped
from applications.applicants.identity import IdentityKind, masked
from applications.lifecycle.models import Application


class IdentityNumber(Timestamped):
    """The number on the document of somebody who has accepted a place. One for each case.

    `number` is encrypted; `index` is a keyed hash of kind and number within the institution, by which the
    same number is found again there, and nowhere else.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="identity_number")
    kind = models.CharField(_("identity document"), max_length=20, choices=IdentityKind.choices)
    number = SealedTextField(_("number"))
    index = models.CharField(max_length=64, db_index=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("identity number")
        verbose_name_plural = _("identity numbers")

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """What any page may show of it."""
        return masked(self.number, self.kind)
