"""Who the applicant is, and what allows them to be in Hong Kong. Names are kept as written (DOMAIN C4)."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.papers.preflight import can_be_printed
from admissions_portal.support.forms import PortalDateField
from applications.applicants.models import Applicant
from applications.submission.sections.base import FormSection
from applications.submission.sections.rows import SectionForm

# Years a birth date lies back at the least: nearer ones are slips of the pen, not applicants.
YOUNGEST = 10


class PersonalForm(SectionForm):
    needed = ("date_of_birth", "nationality", "phone", "address_1", "country")
    # either of the two will do
    needed_later = ("family_name", "given_names")
    widths: ClassVar = {"postcode": 4, "phone": 8, "chinese_name": 8}
    autocomplete: ClassVar = {
        "family_name": "family-name",
        "given_names": "given-name",
        "preferred_name": "nickname",
        "phone": "tel",
        "address_1": "address-line1",
        "address_2": "address-line2",
        "address_3": "address-line3",
        "postcode": "postal-code",
        "country": "country",
    }

    class Meta:
        model = Applicant
        fields = (
            "family_name",
            "given_names",
            "chinese_name",
            "preferred_name",
            "date_of_birth",
            "nationality",
            "phone",
            "address_1",
            "address_2",
            "address_3",
            "postcode",
            "country",
        )
        labels = {
            "family_name": gettext_lazy("Family name"),
            "given_names": gettext_lazy("Given names"),
            "chinese_name": gettext_lazy("Chinese name"),
            "preferred_name": gettext_lazy("Preferred name"),
            "date_of_birth": gettext_lazy("Date of birth"),
            "nationality": gettext_lazy("Nationality"),
            "phone": gettext_lazy("Telephone"),
            "address_1": gettext_lazy("Flat, floor, block, building"),
            "address_2": gettext_lazy("Street and number"),
            "address_3": gettext_lazy("District or city"),
            "postcode": gettext_lazy("Postcode"),
            "country": gettext_lazy("Country or region"),
        }
        help_texts = {
            "family_name": gettext_lazy(
                "As in your identity card or passport. One name alone is enough: leave the other empty."
            ),
            "given_names": gettext_lazy("As in your identity card or passport, in the same order."),
            "preferred_name": gettext_lazy("What we call you in messages. Letters use your full name."),
            "date_of_birth": gettext_lazy("Day, month and year, for example 14 8 1999."),
            "phone": gettext_lazy(
                "With the country code, for example +86 138 0013 8000. Hong Kong numbers need none."
            ),
            "postcode": gettext_lazy("Hong Kong has none: leave it empty."),
        }
        field_classes = {"date_of_birth": PortalDateField}

    def prepare(self) -> None:
        phone = self.fields["phone"]
        phone.error_messages["invalid"] = _(
            "This is not a telephone number we can call. Write it with its country code, for example "
            "+852 2123 4567."
        )

    def check(self) -> None:
        given = self.cleaned_data
        if not (
            given.get("family_name")
            or given.get("given_names")
            or {"family_name", "given_names"} & self.errors.keys()
        ):
            self.add_error(
                "family_name", _("Write your name. If you have only one, it may stand in either field.")
            )
        for name in ("family_name", "given_names"):
            # letters carry the name: better asked for here than refused when an offer is made
            if strange := [c for c in given.get(name) or "" if c.isprintable() and not can_be_printed(c)]:
                self.add_error(
                    name,
                    _(
                        "“%(character)s” cannot be printed in a letter. Write the name in Latin letters, as "
                        "in your passport."
                    )
                    % {"character": strange[0]},
                )
        born = given.get("date_of_birth")
        if born and born.year > self.filling.today.year - YOUNGEST:
            self.add_error(
                "date_of_birth", _("%(year)s cannot be the year of birth. Check it.") % {"year": born.year}
            )


class Personal(FormSection):
    key = "personal"
    title = gettext_lazy("Your details")
    intro = gettext_lazy(
        "We ask only what the admission needs. These details serve all your applications here; "
        "change them once."
    )
    in_profile = True
    form_class = PersonalForm


class ResidenceForm(SectionForm):
    needed = ("residence_status", "origin")

    class Meta:
        model = Applicant
        fields = ("residence_status", "origin")
        labels = {
            "residence_status": gettext_lazy("What allows you to be in Hong Kong"),
            "origin": gettext_lazy("Where you live permanently"),
        }
        help_texts = {
            "residence_status": gettext_lazy(
                "If you would come on a student visa or entry permit, choose that, even if you hold none yet."
            ),
            "origin": gettext_lazy("It decides which entry paper is issued, if you need one."),
        }
        widgets = {"residence_status": forms.RadioSelect, "origin": forms.RadioSelect}

    def prepare(self) -> None:
        for name in ("residence_status", "origin"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]  # type: ignore[attr-defined]


class Residence(FormSection):
    key = "residence"
    title = gettext_lazy("Local or non-local")
    intro = gettext_lazy(
        "Some rounds take local applicants only, and each university says itself who is local. "
        "What you declare counts on the day you submit; it is checked before an offer is made."
    )
    in_profile = True
    form_class = ResidenceForm
