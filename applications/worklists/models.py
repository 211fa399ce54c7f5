from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedList(models.Model):
    """A list that a member of staff keeps under a name of their own. `query` is its address, as `Narrowing`
    writes it; what it holds is looked up anew each time. `is_first`: what the list of cases opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_lists")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1500, blank=True)
    position = models.PositiveSmallIntegerField()
    is_first = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="names_of_saved_lists_differ"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_first=True), name="one_saved_list_opens_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name
