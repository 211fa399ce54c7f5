"""What of a submitted application a change can be proposed to, and the form's own inputs for it.

The sections of the form say what there is to ask; here they are drawn over the frozen answers, as corrected
since, instead of over the live profile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from applications.applicants.models import Applicant
from applications.applicants.queries import fields_of
from applications.assessments.corrections import corrected, corrections_in, items_of
from applications.evidence.models import SlotCode
from applications.lifecycle.models import Application
from applications.submission.sections import Filling, FormSection, Section, sections_of
from applications.submission.sections.answers import in_words
from applications.submission.sections.choice import Choice, ChoiceForm
from applications.submission.sections.documents import Documents
from applications.submission.sections.person import PersonalForm
from applications.submission.sections.rows import RowForm, RowGroup, SectionForm
from programmes.models import Institution

# Choosing which degree is relied on, or which row a line is, is no answer of its own.
_NO_ANSWER = {"row"}
# Where a proof of a change belongs.
_SLOTS = {
    "residence": SlotCode.RESIDENCE,
    "qualifications": SlotCode.DEGREE,
    "english": SlotCode.ENGLISH_TEST,
    "experience": SlotCode.POSTGRADUATE_STUDY,
}


class PersonChangeForm(PersonalForm):
    """Who somebody is. How they are reached changes at once elsewhere, the identity document not here."""

    needed = ("date_of_birth", "nationality")
    autocomplete = {}  # what is changed is not what the browser knows

    class Meta(PersonalForm.Meta):
        fields = (
            "family_name",
            "given_names",
            "chinese_name",
            "preferred_name",
            "other_names",
            "date_of_birth",
            "nationality",
        )

    def prepare(self) -> None:
        """Nothing of the identity document is asked here."""


@dataclass(frozen=True)
class Place:
    """One thing a change can be proposed to: a section's own answers, one of its items, an item to add, or,
    without inputs, whatever the section holds, in words."""

    section: str
    title: str
    group: str = ""
    row: int | None = None
    has_inputs: bool = True

    @property
    def query(self) -> str:
        """As it stands in an address."""
        parts = [f"section={self.section}"]
        if self.group:
            parts += [f"group={self.group}", f"row={'' if self.row is None else self.row}"]
        return "&".join(parts)

    @property
    def is_added(self) -> bool:
        return bool(self.group) and self.row is None

    @property
    def slot(self) -> SlotCode:
        return _SLOTS.get(self.section, SlotCode.OTHER)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer that would change, in words; "" for none."""

    label: str
    old: str
    new: str


class Frozen:
    """A case's answers as they count now: frozen at submission, with what was corrected since."""

    def __init__(self, application: Application, filling: Filling) -> None:
        self.application, self.filling = application, filling
        assert application.profile is not None, "a submitted case has its profile"
        self.corrections = corrections_in(application)
        self.data = application.profile.data
        self.profile = corrected(self.data, self.corrections)
        person = {name: self.profile[name] for name in _columns(Applicant) if name in self.profile}
        self.applicant = _row(Applicant, person, pk=application.applicant_id)
        self.applicant.user = application.applicant.user

    def section(self, key: str) -> Section | None:
        sections = sections_of(self.application, at=self.filling.at)
        return next((each for each in sections if each.key == key), None)

    def group(self, place: Place) -> RowGroup | None:
        section = self.section(place.section)
        if not isinstance(section, FormSection) or not section.in_profile:
            return None
        return next((each for each in section.groups_for(self.filling) if each.relation == place.group), None)

    def item(self, place: Place) -> dict[str, Any] | None:
        """The item's answers; None where there is none at that place."""
        items = items_of(self.data, self.corrections, place.group)
        return items[place.row] if place.row is not None and place.row < len(items) else None

    def form(self, place: Place, posted: Any = None) -> SectionForm | None:
        """The form's own inputs over the answers as they count; None where it has none for this place."""
        section = self.section(place.section)
        if isinstance(section, Choice) and not place.group:
            return ChoiceForm(posted, instance=_copy(self.application), filling=self.filling)
        if not isinstance(section, FormSection) or not section.in_profile:
            return None
        if not place.group:
            form_class = PersonChangeForm if section.key == "personal" else section.form_class
            return (
                form_class(posted, instance=_copy(self.applicant), filling=self.filling)
                if form_class
                else None
            )
        group = self.group(place)
        if group is None or (place.row is not None and self.item(place) is None):
            return None
        model = group.form_class._meta.model
        instance = _row(model, self.item(place) or {}, applicant=self.applicant)
        if self.kind and place.is_added:
            instance = section._of_kind(instance, self.kind)
        return group.form_class(posted, prefix="item", instance=instance, filling=self.filling)

    # of a new item, where its inputs depend on what it is
    kind = ""

    def old(self, place: Place) -> dict[str, Any] | None:
        """The answers at the place as they count now; None for an item to add."""
        if place.group:
            return self.item(place)
        if place.section == Choice.key:
            return fields_of(self.application)
        return {name: self.profile[name] for name in _columns(Applicant) if name in self.profile}


def places_of(frozen: Frozen) -> list[tuple[str, list[Place]]]:
    """Every section by its title with the things in it that can change, in the order of the form."""
    found = []
    for section in sections_of(frozen.application, at=frozen.filling.at):
        places: list[Place] = []
        if isinstance(section, FormSection) and section.in_profile:
            if section.form_class is not None:
                places.append(Place(section.key, _own(section)))
            for group in section.groups_for(frozen.filling):
                items = items_of(frozen.data, frozen.corrections, group.relation)
                places += [
                    Place(section.key, item_title(group, item, number), group.relation, number)
                    for number, item in enumerate(items)
                    if item is not None
                ]
                places.append(Place(section.key, str(group.add), group.relation))
        elif not isinstance(section, Documents):  # a document is sent, and changes no answer
            places.append(Place(section.key, _own(section), has_inputs=isinstance(section, Choice)))
        if places:
            found.append((str(section.title), places))
    return found


def _own(section: Section) -> str:
    return _("The answers under “%(title)s”") % {"title": section.title}


def item_title(group: RowGroup, item: dict[str, Any], number: int) -> str:
    """An item by its number and what it is called."""
    row = _row(group.form_class._meta.model, item)
    return f"{str(group.item) % {'number': number + 1}}: {row}"


def answers_in(form: SectionForm) -> dict[str, Any]:
    """What a form that is right says, as plain JSON, by column."""
    columns = [name for name in form.columns if name not in _NO_ANSWER]
    said = {name: value for name, value in fields_of(form.instance).items() if name in columns}
    if isinstance(form, RowForm) and form.instance._state.adding:
        said = fields_of(form.instance)
    plain: dict[str, Any] = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
    return plain


def lines_of(model: type[models.Model], labels: dict[str, str], old: Any, new: Any) -> list[Line]:
    """Old and new answers side by side, in words; those of one that is added or taken away, whole."""
    before, after = (
        _row(model, values) if values else None for values in (old, {**(old or {}), **new} if new else None)
    )
    names = [name for name in labels if name in (new or old or {})]  # as the form asks them
    lines = [
        Line(
            labels[name],
            _said(before, name) if before is not None else "",
            _said(after, name) if after is not None else "",
        )
        for name in names
    ]
    return [line for line in lines if line.old != line.new]


def _said(row: models.Model, name: str) -> str:
    """In words; a university by its name, which the row holds as its code."""
    said = in_words(row, name)
    known = Institution.objects.filter(code=said).first() if said and name == "university" else None
    return known.name if known else said


def labels_of(form_class: type[SectionForm]) -> dict[str, str]:
    """What the form calls each of its answers."""
    fields = form_class.base_fields
    return {
        name: str(field.label) for name, field in fields.items() if name not in _NO_ANSWER and field.label
    }


def model_of(form_class: type[SectionForm]) -> type[models.Model]:
    model: type[models.Model] = form_class._meta.model
    return model


def _columns(model: type[models.Model]) -> Sequence[str]:
    return [field.name for field in model._meta.concrete_fields]


def _row(model: Any, values: dict[str, Any], **more: Any) -> Any:
    """A row that is nowhere kept, with the values of a profile in its columns."""
    columns = {field.name: field for field in model._meta.concrete_fields}
    given = {
        columns[name].attname: columns[name].to_python(value)
        for name, value in values.items()
        if name in columns
    }
    return model(**given, **more)


def _copy(row: models.Model) -> models.Model:
    made = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    made.pk = row.pk
    return made
