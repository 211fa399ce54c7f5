"""What an applicant declares and which privacy notice they have read, as texts with versions.

A text is never edited once somebody has declared it: a change is a new version on top. The words that were on
the page, in its language, stand in the submission for ever (PRODUCT B8), whatever is in force or translated
later. Each notice speaks for the one institution applied to: they are separate data users (I9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the version in force from a day (HKT), in every language the catalogues hold."""

    version: str
    from_on: date
    sentences: tuple[str | Promise, ...]

    def content(self) -> dict[str, Any]:
        """Version and words as JSON, in the language now active: the one they are read in."""
        return {
            "version": self.version,
            "language": get_language() or "en",
            "sentences": [str(sentence) for sentence in self.sentences],
        }


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the applicant ticked: the versions shown to them. Both must be the ones in force."""

    declaration_version: str
    privacy_version: str


DECLARATIONS: tuple[Text, ...] = (
    Text(
        "1",
        date(2025, 1, 1),
        (
            _("What I have given is true and complete."),
            _("I understand that an offer made on false information may be withdrawn."),
        ),
    ),
)
PRIVACY_NOTICES: tuple[Text, ...] = (
    Text(
        "1",
        date(2025, 1, 1),
        (
            _(
                "We collect what you write and upload to decide on your application, and to reach "
                "you about it."
            ),
            _("Questions that must be answered are needed for that; the ones marked optional are not."),
            _(
                "Only the staff of the university you apply to who deal with your application see it. "
                "A university does not learn from us that you applied to another."
            ),
            _(
                "You may ask for a copy of your data and for corrections. The office named on the "
                "programme’s page answers."
            ),
        ),
    ),
)


def text_in_force(texts: tuple[Text, ...], *, on: date) -> Text:
    """The newest version that holds on the day; the first before any does."""
    return max(
        (text for text in texts if text.from_on <= on), key=lambda text: text.from_on, default=texts[0]
    )


def in_force(*, on: date) -> Declaration:
    """What an applicant must declare on the day (HKT)."""
    return Declaration(
        text_in_force(DECLARATIONS, on=on).version, text_in_force(PRIVACY_NOTICES, on=on).version
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """The texts on the page at the moment they were declared, in words."""

    declaration: dict[str, Any]
    privacy_notice: dict[str, Any]

    @classmethod
    def on(cls, day: date) -> Declared:
        """What is in force on the day (HKT), as the page in the active language shows it."""
        return cls(
            text_in_force(DECLARATIONS, on=day).content(), text_in_force(PRIVACY_NOTICES, on=day).content()
        )

    def content(self) -> dict[str, Any]:
        """As it stands in a submission."""
        return {"declaration": self.declaration, "privacy_notice": self.privacy_notice}
