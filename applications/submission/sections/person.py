"""Who the applicant is, and what allows them to be in Hong Kong. Names are kept as written (DOMAIN C4)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.papers.preflight import can_be_printed
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.forms import PortalDateField
from applications.applicants.actions import declare_residence
from applications.applicants.choices import ResidencePaper, ResidenceStatus
from applications.applicants.identity import START, IdentityKind, plain, start_of
from applications.applicants.models import CONTACT_FIELDS, Applicant
from applications.applicants.names import ChineseNameInput, NameInput
from applications.submission.sections.base import FormSection
from applications.submission.sections.rows import SectionForm

# Years a birth date lies back at the least: nearer ones are slips of the pen, not applicants.
YOUNGEST = 10
# No address there has a postcode (C4); elsewhere nobody is asked for one that may not exist.
WITHOUT_POSTCODE = ("HK", "MO")


class PersonalForm(SectionForm):
    needed: ClassVar[tuple[str, ...]] = (
        "date_of_birth",
        "nationality",
        "identity_kind",
        "phone",
        "address_1",
        "country",
    )
    # either of the two names will do; the number's beginning is asked of whoever holds a document
    needed_later: ClassVar[tuple[str, ...]] = ("family_name", "given_names", "identity_start")
    widths: ClassVar = {"postcode": 4, "phone": 8, "chinese_name": 8, "identity_start": 4}
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
        fields: ClassVar[tuple[str, ...]] = (
            "family_name",
            "given_names",
            "chinese_name",
            "preferred_name",
            "other_names",
            "date_of_birth",
            "nationality",
            "identity_kind",
            "identity_start",
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
            "other_names": gettext_lazy("Other names on your certificates"),
            "date_of_birth": gettext_lazy("Date of birth"),
            "nationality": gettext_lazy("Nationality"),
            "identity_kind": gettext_lazy("Identity document"),
            "identity_start": gettext_lazy("First four characters of its number"),
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
            "chinese_name": gettext_lazy("In the characters of your documents, simplified or traditional."),
            "other_names": gettext_lazy(
                "A former or married name, an alias, another spelling: whatever a certificate is made out to."
            ),
            "identity_kind": gettext_lazy(
                "A Hong Kong identity card if you hold one, else the document you would travel with."
            ),
            "identity_start": gettext_lazy(
                "Only these, for example A123: they tell you from people of the same name. The whole number "
                "is asked for once you have accepted an offer, not before."
            ),
            "date_of_birth": gettext_lazy("Day, month and year, for example 14 8 1999."),
            "phone": gettext_lazy(
                "With the country code, for example +86 138 0013 8000. Hong Kong numbers need none."
            ),
            "address_3": gettext_lazy("In Hong Kong also Hong Kong Island, Kowloon or the New Territories."),
            "postcode": gettext_lazy("Hong Kong and Macao have none: leave it empty."),
        }
        field_classes = {
            "family_name": NameInput,
            "given_names": NameInput,
            "chinese_name": ChineseNameInput,
            "preferred_name": NameInput,
            "other_names": NameInput,
            "date_of_birth": PortalDateField,
            "address_1": NameInput,
            "address_2": NameInput,
            "address_3": NameInput,
            "postcode": NameInput,
            "identity_start": forms.CharField,
        }
        widgets = {
            "identity_start": forms.TextInput(attrs={"maxlength": START, "autocapitalize": "characters"})
        }

    def prepare(self) -> None:
        self.fields["identity_start"].widget.attrs["autocomplete"] = "off"
        name = self.add_prefix("identity_start")
        typed = self.data.get(name, "") if self.is_bound else ""
        if len(plain(typed)) > START:  # a whole number is not kept, not even as it was typed
            self.typed[name] = plain(typed)[:START]

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
        self._check_identity()
        self.check_postcode()
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

    def check_postcode(self) -> None:
        country = self.cleaned_data.get("country")
        if self.cleaned_data.get("postcode") and country in WITHOUT_POSTCODE:
            self.add_error(
                "postcode",
                _("Addresses in %(country)s have no postcode. Leave it empty.")
                % {"country": dict(self.fields["country"].choices)[country]},  # type: ignore[attr-defined]
            )

    def _check_identity(self) -> None:
        kind, start = self.cleaned_data.get("identity_kind"), self.cleaned_data.get("identity_start")
        if kind == IdentityKind.NONE and start:
            self.add_error(
                "identity_start", _("Choose above the document that has this number, or leave it out.")
            )
        elif kind and kind != IdentityKind.NONE:
            try:
                self.cleaned_data["identity_start"] = start_of(start or "", kind)
            except ValidationError as wrong:
                self.add_error("identity_start", wrong)


class ContactForm(PersonalForm):
    """How a person is reached, which may change after everything else is frozen."""

    needed = ("phone", "address_1", "country")
    needed_later = ()
    autocomplete: ClassVar = {
        name: token for name, token in PersonalForm.autocomplete.items() if name in CONTACT_FIELDS
    }

    class Meta(PersonalForm.Meta):
        fields = CONTACT_FIELDS

    def prepare(self) -> None:
        """Nothing of the identity document is asked here."""

    def check(self) -> None:
        self.check_postcode()


class Personal(FormSection):
    key = "personal"
    title = gettext_lazy("Your details")
    intro = gettext_lazy(
        "We ask only what the admission needs. These details serve all your applications here; "
        "change them once."
    )
    in_profile = True
    form_class = PersonalForm


# These have no end, so no day on which they end.
_FOR_GOOD = (
    ResidenceStatus.PERMANENT_RESIDENT,
    ResidenceStatus.RIGHT_OF_ABODE_OR_LAND,
    ResidenceStatus.UNCONDITIONAL_STAY,
)
_DEPENDANTS = (
    ResidenceStatus.DEPENDANT_UNDER_18,
    ResidenceStatus.DEPENDANT_18_OR_OVER,
    ResidenceStatus.DEPENDANT,
)
# A status open to an officer anyway may be shown by whatever there is.
_OPEN = (ResidenceStatus.OTHER, ResidenceStatus.NOT_SURE)
GROWN_UP = 18


class ResidenceForm(SectionForm):
    needed = ("residence_status", "origin")

    class Meta:
        model = Applicant
        fields = ("residence_status", "residence_since", "residence_until", "residence_paper", "origin")
        labels = {
            "residence_status": gettext_lazy("What allows you to be in Hong Kong"),
            "residence_since": gettext_lazy("First issued, or held since"),
            "residence_until": gettext_lazy("Valid until"),
            "residence_paper": gettext_lazy("What shows it"),
            "origin": gettext_lazy("Where you live permanently"),
        }
        help_texts = {
            "residence_status": gettext_lazy(
                "If you would come on a student visa or entry permit, choose that, even if you hold none "
                "yet. “I am not sure” is a good answer too: you can submit with it, and an officer settles "
                "it with you. The Immigration Department tells you what you hold, telephone 2824 6111."
            ),
            "residence_since": gettext_lazy(
                "Of a dependant visa the day it was first issued: your age on that day decides. Leave it "
                "empty if you hold nothing yet."
            ),
            "residence_until": gettext_lazy("As printed on the visa or permit, if it ends."),
            "residence_paper": gettext_lazy(
                "You need not send it now: the office asks for it before an offer. An identity card that is "
                "not a permanent one does not show it."
            ),
            "origin": gettext_lazy("It decides which entry paper is issued, if you need one."),
        }
        widgets = {"residence_status": forms.RadioSelect, "origin": forms.RadioSelect}
        field_classes = {"residence_since": PortalDateField, "residence_until": PortalDateField}

    def prepare(self) -> None:
        for name in ("residence_status", "origin"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]  # type: ignore[attr-defined]

    def check(self) -> None:
        status = self.cleaned_data.get("residence_status")
        since, until = (self.cleaned_data.get(f"residence_{name}") for name in ("since", "until"))
        born, today = self.filling.applicant.date_of_birth, self.filling.today
        if since and since > today:
            self.add_error(
                "residence_since",
                _("%(day)s is still to come. Write what you hold today.") % {"day": hong_kong_day(since)},
            )
        elif since and born and since < born:
            self.add_error("residence_since", _("This day lies before your date of birth. Check both."))
        elif since and born and status in _DEPENDANTS:
            self._check_age(status, _age(born, since))
        if until and status in _FOR_GOOD:
            self.add_error("residence_until", _("This status does not end: leave the date out."))
        elif until and since and until < since:
            self.add_error("residence_until", _("It cannot end before it began. Check both dates."))
        elif until and until < today:
            self.add_error(
                "residence_until",
                _(
                    "This ended on %(day)s. Write what you hold today; if you have asked for an extension, "
                    "leave the date out."
                )
                % {"day": hong_kong_day(until)},
            )
        permanent = self.cleaned_data.get("residence_paper") == ResidencePaper.PERMANENT_CARD
        if permanent and status and status not in (*_FOR_GOOD, *_OPEN):
            self.add_error(
                "residence_paper",
                _(
                    "A permanent identity card shows a right of abode, and above you chose another status. "
                    "Correct one of the two."
                ),
            )

    def _check_age(self, status: str, age: int) -> None:
        right = ResidenceStatus.DEPENDANT_UNDER_18 if age < GROWN_UP else ResidenceStatus.DEPENDANT_18_OR_OVER
        if status != right:
            self.add_error(
                "residence_since",
                _("You were %(age)d on that day. Correct the date, or choose above: %(status)s.")
                % {"age": age, "status": right.label},
            )

    def keep(self) -> None:
        super().keep()
        declare_residence(cast(Applicant, self.instance), at=self.filling.at)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Residence(FormSection):
    key = "residence"
    title = gettext_lazy("Local or non-local")
    intro = gettext_lazy(
        "Some rounds take local applicants only, and each university says itself who is local. "
        "What you declare counts on the day you submit; it is checked before an offer is made."
    )
    in_profile = True
    form_class = ResidenceForm
