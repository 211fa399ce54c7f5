"""Telephone numbers: kept as E.164, shown grouped, from any country (DOMAIN C4)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field import formfields, modelfields
from phonenumber_field.phonenumber import PhoneNumber

HONG_KONG = 852
# Which first figure belongs to which service is told differently everywhere, so only these are counted.
HONG_KONG_DIGITS = 8


def validate_telephone(number: PhoneNumber) -> None:
    """Raise ValidationError where `number` cannot be called. A Hong Kong number has eight figures; of others
    the length must be possible in their country. No list of numbers given out is asked: it is always old."""
    if number.country_code == HONG_KONG:
        if len(str(number.national_number)) != HONG_KONG_DIGITS:
            raise ValidationError(
                _("A Hong Kong number has eight figures. Check it, or begin with the other country’s code."),
                code="hong_kong",
            )
    elif not number.country_code or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _(
                "This is not a telephone number we can call. Write it with its country code, for example "
                "+852 2123 4567."
            ),
            code="invalid",
        )


def read_telephone(text: str) -> PhoneNumber:
    """What was typed, as a number; without a country code it is one of Hong Kong. Raises ValidationError."""
    typed = re.sub(r"[\u200b\ufeff\u00ad\u202a-\u202e\u2066-\u2069]", "", unicodedata.normalize("NFKC", text))
    figures = re.sub(r"\D", "", typed)
    if "+" not in typed and figures.startswith(str(HONG_KONG)) and len(figures) == HONG_KONG_DIGITS + 3:
        typed = f"+{figures}"
    try:
        number = PhoneNumber.from_string(typed, region="HK")
    except phonenumbers.NumberParseException:
        number = PhoneNumber()
    if number.extension:
        raise ValidationError(_("Leave the extension out: write a number that reaches you directly."))
    validate_telephone(number)
    # the library keeps a number that it does not know as it was typed; ours is always E.164
    return PhoneNumber.from_string(number.as_e164)


def grouped(number: str) -> str:
    """A kept number as people read it: `+852 2123 4567`; "" for none."""
    return PhoneNumber.from_string(number).as_international if number else ""


class TelephoneInput(formfields.PhoneNumberField):
    """The form's field: reads what people type, refuses in a sentence."""

    default_validators: Any = []

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, PhoneNumber):
            return value or ""
        return read_telephone(str(value))


class TelephoneField(modelfields.PhoneNumberField):
    """The column."""

    default_validators = [validate_telephone]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": TelephoneInput, **kwargs})
