"""The catalogue and the appointments in the admin, each administrator's own programmes only.

Rights come from appointments, never from Django's model permissions. What the catalogue's files state is not
deleted here, for the next load would bring it back; a programme is hidden instead, an appointment ended.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DateField, DateTimeField, ForeignKey, Model, QuerySet, TextField, URLField
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import PURPOSES, Right, Role
from admissions_portal.support.actors import Actor
from programmes import models
from programmes.actions import CloseMovedEarlier, check_close_moves_later, set_close
from programmes.models import Programme
from programmes.permissions import rights_today
from programmes.queries import programmes_of
from programmes.questions.admin import QuestionSetAdmin


def _version_of(thing: Model) -> str:
    state = json.dumps(model_to_dict(thing), cls=DjangoJSONEncoder, sort_keys=True, default=str)
    return sha256(state.encode()).hexdigest()[:16]


# What the database refuses, by the name of its constraint, in the words of whoever keeps the catalogue.
REFUSALS = {
    "confirmed_start_has_a_date": _("A confirmed start needs its date."),
    "fee_has_status_and_source": _(
        "A fee is above zero and needs its status and its source; no fee has no status."
    ),
    "provisional_fee_says_why": _("A provisional fee needs the note that says what it waits for."),
    "closed_to_non_local_says_why": _("Say in the note why non-local applicants may not take it."),
    "round_opens_before_it_closes": _("A round opens before it closes. Check the two dates."),
    "appointment_ends_after_start": _("An appointment ends after it begins. Check the two days."),
    "prefix_is_capitals": _("The prefix of the numbers is two to six capital letters."),
    "research_has_a_discipline": _("A research programme needs its discipline."),
    "credits_least_not_above_most": _("The least number of credits cannot be above the most."),
    "statement_of_programme_or_level": _("A statement belongs to a programme or to a level, not to both."),
}


class VersionedForm(forms.ModelForm):
    """Refuses to overwrite what somebody else saved while this form was open."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"].initial = _version_of(self.instance)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk:
            stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
            if given.get("version") not in ("", None, _version_of(stored)):
                raise ValidationError(
                    gettext(
                        "Somebody else changed this while you had it open. Open it again, then change it."
                    )
                )
        return given

    def _update_errors(self, errors: ValidationError) -> None:
        for error in getattr(errors, "error_dict", {}).get(NON_FIELD_ERRORS, []):
            said = str(error.message)
            error.message = next((text for name, text in REFUSALS.items() if name in said), error.message)
        super()._update_errors(errors)  # type: ignore[misc]  # Django's own step, which its types leave out


class CatalogueAdmin(admin.ModelAdmin):
    """One table, scoped: `programme_path` leads from a row to its programme, "" is the row itself."""

    form = VersionedForm
    programme_path: ClassVar[str | None] = "programme"
    actions = None
    # The browser's own pickers: one labelled field each, no script, times in HKT as the settings' zone is.
    formfield_overrides = {
        URLField: {"assume_scheme": "https"},
        TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
        DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
    }

    def held(self, request: HttpRequest) -> list[int]:
        """The programmes whose catalogue this person edits today; asked once a request."""
        known: list[int] | None = getattr(request, "_catalogue_programmes", None)
        if known is None:
            today = clock.day_of(clock.now())
            known = list(
                programmes_of(request.user, Right.EDIT_CATALOGUE, today).values_list("pk", flat=True)
            )
            request._catalogue_programmes = known  # type: ignore[attr-defined]
        return known

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list as the address narrows it. A sign that no text of the database holds is left out by
        leading to the whole list, as Django does with whatever else it cannot look for."""
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        if self.programme_path is None:
            return rows.none()
        lookup = f"{self.programme_path}__in" if self.programme_path else "pk__in"
        return rows.filter(**{lookup: self.held(request)})

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        target = admin.site._registry.get(db_field.remote_field.model)
        if isinstance(target, CatalogueAdmin):
            kwargs.setdefault("queryset", target.choices(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A plain choice, without the coloured buttons that open other rows in windows."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(formfield.widget, RelatedFieldWidgetWrapper):
            formfield.widget = formfield.widget.widget
        return formfield

    def choices(self, request: HttpRequest) -> QuerySet[Any]:
        """What another row's form may point at."""
        return self.get_queryset(request)

    def _may(self, request: HttpRequest, thing: Model | None) -> bool:
        if request.user.is_superuser and request.user.is_active:
            return True
        if self.programme_path is None:
            return False
        if thing is None:
            return Right.EDIT_CATALOGUE in rights_today(request)
        return self.get_queryset(request).filter(pk=thing.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InstitutionsOwn(CatalogueAdmin):
    """What belongs to an institution as a whole: only the installation's administrator edits it."""

    programme_path = None

    def choices(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.model._default_manager.order_by("pk")
        if request.user.is_superuser:
            return rows
        mine = Programme.objects.filter(pk__in=self.held(request)).values("institution")
        return rows.filter(**{"pk__in" if self.model is models.Institution else "institution__in": mine})


@admin.register(models.Institution)
class InstitutionAdmin(InstitutionsOwn, TranslationAdmin):
    list_display = ("short_name", "name", "source")


@admin.register(models.School, models.Office)
class SchoolOrOfficeAdmin(InstitutionsOwn):
    list_display = ("name", "institution", "source")
    list_select_related = ("institution",)


@admin.register(models.Agreement)
class AgreementAdmin(InstitutionsOwn, TranslationAdmin):
    list_display = ("title", "signed_on", "source")


@admin.register(Programme)
class ProgrammeAdmin(CatalogueAdmin):
    programme_path = ""
    list_display = ("name", "institution", "level", "is_published", "source")
    list_select_related = ("institution",)
    search_fields = ("name", "discipline")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new programme needs an appointment to it first: the installation's administrator makes both."""
        return bool(request.user.is_active and request.user.is_superuser)


@admin.register(models.Track, models.CreditComponent, models.DocumentTitle)
class PartOfProgrammeAdmin(CatalogueAdmin):
    list_display = ("__str__", "programme", "source")
    list_select_related = ("programme",)


@admin.register(models.Specialisation)
class SpecialisationAdmin(CatalogueAdmin):
    programme_path = "track__programme"
    list_display = ("name", "track", "number", "source")
    list_select_related = ("track",)


@admin.register(models.Statement)
class StatementAdmin(CatalogueAdmin, TranslationAdmin):
    list_display = ("topic", "text", "programme", "level", "source")
    list_select_related = ("programme",)
    list_filter = ("topic",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if not request.user.is_superuser and "programme" in form.base_fields:
            # a statement without a programme speaks for the whole institution
            form.base_fields["programme"].required = True
        return form


@admin.register(models.Intake)
class IntakeAdmin(CatalogueAdmin):
    list_display = ("programme", "code", "term", "expected_start_on", "is_start_confirmed", "source")
    list_select_related = ("programme",)


@admin.register(models.Offering)
class OfferingAdmin(CatalogueAdmin, TranslationAdmin):
    programme_path = "intake__programme"
    list_display = ("intake", "mode", "fee_amount", "fee_status", "quota", "source")
    list_select_related = ("intake__programme",)


class RoundForm(VersionedForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean()
        closes_at, reading = given.get("closes_at"), given.get("close_reading")
        opens_at = given.get("opens_at")
        if "closes_at" in self.errors or reading is None:
            return given
        if self.instance.pk:
            try:
                check_close_moves_later(models.Round.objects.get(pk=self.instance.pk), closes_at, reading)
            except CloseMovedEarlier as refusal:
                self.add_error("closes_at", str(refusal))
        self.instance.set_close(closes_at, reading)  # before the constraints are checked
        given["closes_at"] = self.instance.closes_at  # the minute, whatever seconds were typed
        if closes_at and opens_at and opens_at >= self.instance.closed_from:
            self.add_error("opens_at", gettext("The opening must lie before the close."))
        return given


@admin.register(models.Round)
class RoundAdmin(CatalogueAdmin):
    form = RoundForm
    programme_path = "offering__intake__programme"
    list_display = ("label", "offering", "audience", "opens_at", "closes_at", "is_example", "source")
    list_select_related = ("offering__intake__programme",)
    readonly_fields = ("is_example",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The close goes through its own act, so that history has it; other fields are saved as they are."""
        if change:
            set_close(
                obj, obj.closes_at, reading=obj.close_reading, by=Actor.of(request.user), at=clock.now()
            )
        super().save_model(request, obj, form, change)


class AppointmentForm(VersionedForm):
    """Names the person by address, so that nobody leafs through another institution's staff."""

    person = forms.EmailField(label=_("e-mail address of the person"))

    class Meta:
        model = models.Appointment
        fields = ("programme", "role", "from_on", "until_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            each = ((Role(value).label, PURPOSES[Role(value)]) for value in Role.values)
            roles = format_html_join("", "<dt>{}</dt><dd>{}</dd>", each)
            self.fields["role"].help_text = format_html('<dl class="pg-meanings">{}</dl>', roles)
        if self.instance.pk and "person" in self.fields:
            self.fields["person"].initial = self.instance.user.email
            self.fields["person"].disabled = True
        elif "from_on" in self.fields:
            self.fields["from_on"].initial = clock.day_of(clock.now())

    def clean_person(self) -> str:
        address = self.cleaned_data["person"]
        user = User.objects.filter(email__iexact=address, is_active=True, is_staff=True).first()
        if user is None and not self.instance.pk:
            raise ValidationError(
                gettext("Nobody in an office signs in as %(address)s. Ask the installation’s administrator.")
                % {"address": address}
            )
        if user is not None:
            self.instance.user = user
        return str(address)


@admin.register(models.Appointment)
class AppointmentAdmin(CatalogueAdmin):
    form = AppointmentForm
    fields = ("person", "programme", "role", "from_on", "until_on", "version")
    list_display = ("user", "role", "programme", "from_on", "until_on")
    list_select_related = ("user", "programme")
    search_fields = ("user__email", "user__name")


# gathered here, because Django looks nowhere else
__all__ = ["QuestionSetAdmin"]
