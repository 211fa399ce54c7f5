"""What the catalogue's search accepts. Anything it does not know is ignored, never an error."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programmes.models import Mode, Programme

# Each word joins half a dozen tables once more; what follows these narrows nothing.
MOST_WORDS = 6


class CatalogueSearchForm(forms.Form):
    """Search by GET; every field may be left out."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    mode = forms.ChoiceField(label=_("Study mode"), required=False, choices=[("", _("All")), *Mode.choices])

    def __init__(self, data: QueryDict, *, institutions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        choice = self.fields["institution"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("All")), *institutions]

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def matching(self, programmes: QuerySet[Programme]) -> QuerySet[Programme]:
        """The programmes asked for. A value that is no choice narrows nothing: an old link still opens."""
        self.is_valid()
        asked = self.cleaned_data
        if institution := asked.get("institution"):
            programmes = programmes.filter(institution__code=institution)
        if mode := asked.get("mode"):
            programmes = programmes.filter(intakes__offerings__mode=mode)
        for word in asked.get("q", "").split()[:MOST_WORDS]:
            programmes = programmes.filter(
                Q(name__icontains=word)
                | Q(award__icontains=word)
                | Q(institution__name_en__icontains=word)
                | Q(institution__name_zh_hant__icontains=word)
                | Q(institution__name_zh_hans__icontains=word)
                | Q(institution__short_name__icontains=word)
                | Q(school__name__icontains=word)
                | Q(tracks__name__icontains=word)
                | Q(tracks__specialisations__name__icontains=word)
            )
        return programmes.distinct()
