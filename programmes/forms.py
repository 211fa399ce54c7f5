"""What the catalogue's search accepts. Anything it does not know is ignored, never an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.listing import OfferingShown, ProgrammeShown, Standing
from programmes.models import Level, Mode
from programmes.search import LONGEST, has_words, words_of

MOST_COMPARED = 3


@dataclass(frozen=True)
class Term:
    """One thing asked for: how it is told, and where the search stands without it."""

    told: str
    without: str  # query string of the same search less this term
    count: int  # programmes found then


class CatalogueSearchForm(forms.Form):
    """Search by GET; every field may be left out, and all that are given must hold of the same study mode."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": LONGEST, "autocomplete": "off"}),
    )
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    mode = forms.ChoiceField(label=_("Study mode"), required=False, choices=[("", _("All")), *Mode.choices])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All")), *Level.choices])
    who = forms.ChoiceField(
        label=_("Who may apply"),
        required=False,
        choices=[("", _("All")), ("LOCAL", _("Local applicants")), ("NON_LOCAL", _("Non-local applicants"))],
    )
    dates = forms.ChoiceField(label=_("Dates"), required=False, choices=[("", _("All")), *Standing.choices])

    # the last three are folded away until one of them is used
    FOLDED = ("level", "who", "dates")

    def __init__(self, data: QueryDict, *, institutions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.query = data
        choice = self.fields["institution"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("All")), *institutions]
        self.is_valid()
        # a value that is no choice narrows nothing: an old link still opens
        self.asked: dict[str, str] = {n: v for n, v in self.cleaned_data.items() if v and n != "q"}
        self.typed = str(data.get("q", ""))[:LONGEST]
        self.words = words_of(self.typed)

    @property
    def is_narrowing(self) -> bool:
        return bool(self.words or self.asked)

    @property
    def is_unfolded(self) -> bool:
        return any(name in self.asked for name in self.FOLDED)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED]

    def matching(self, rows: list[ProgrammeShown], *, less: str = "") -> list[ProgrammeShown]:
        """The programmes asked for, or those found if the field `less` had been left out."""
        words = [] if less == "q" else self.words
        asked = {name: value for name, value in self.asked.items() if name != less}
        return [row for row in rows if _is_asked(row, asked) and has_words(row.programme, words)]

    def terms(self, rows: list[ProgrammeShown]) -> Iterator[Term]:
        """What was asked for, in words. `rows` are all there are."""
        if self.words:
            said = gettext("“%(words)s”") % {"words": self.typed.strip()}
            yield Term(said, self.without("q"), len(self.matching(rows, less="q")))
        for name, value in self.asked.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            said = str(dict(field.choices)[value])  # type: ignore[arg-type]  # each has a plain list
            yield Term(said, self.without(name), len(self.matching(rows, less=name)))

    def without(self, *names: str) -> str:
        """The address of this search less some of its parts, as a query string with its question mark."""
        kept = QueryDict(mutable=True)
        for name, values in self.query.lists():
            if name not in names and name in {*self.fields, "p"} and any(values):
                kept.setlist(name, values)
        return f"?{kept.urlencode()}" if kept else "?"


def _is_asked(row: ProgrammeShown, asked: dict[str, str]) -> bool:
    programme = row.programme
    if asked.get("institution", programme.institution.code) != programme.institution.code:
        return False
    if asked.get("level", programme.level) != programme.level:
        return False
    if not asked.keys() & {"mode", "who", "dates"}:
        return True
    return any(_is_asked_mode(column, asked) for column in row.columns)


def _is_asked_mode(column: OfferingShown, asked: dict[str, str]) -> bool:
    local = {"LOCAL": True, "NON_LOCAL": False}.get(asked.get("who", ""))
    return (
        asked.get("mode", column.offering.mode) == column.offering.mode
        and column.takes(local)
        and (column.standing(local) == asked["dates"] if "dates" in asked else True)
    )
