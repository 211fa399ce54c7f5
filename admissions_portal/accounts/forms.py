"""allauth's forms in our words: no placeholders, a new password typed once, hints that say what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.forms import PortalForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_EMAIL = (_("E-mail address"), "")
_PASSWORD = (_("Password"), "")
_NEW_PASSWORD = (
    _("New password"),
    _("At least 10 characters. Three or four words that do not belong together are easy to remember."),
)
_CODE = (_("Code"), _("Letters as in the mail; capitals and the dash do not matter."))
_STEP_CODE = (_("Code"), _("Six digits from your authenticator app, or one of your recovery codes."))


class AccountForm(PortalForm):
    """`words` gives each field its label and hint."""

    words: ClassVar[Mapping[str, tuple[StrOrPromise, StrOrPromise]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # whoever forgot it asks for a code by mail, so typing a new password twice protects nobody
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
            if name == "code":
                field.widget.attrs.update({"autocapitalize": "characters", "spellcheck": "false"})


class LoginForm(AccountForm, account.LoginForm):
    words = {
        "login": _EMAIL,
        "password": _PASSWORD,
        "remember": (_("Keep me signed in on this device"), _("Not on a computer that others use.")),
    }


class SignupForm(AccountForm, account.SignupForm):
    words = {
        "email": (_EMAIL[0], _("Choose one that you will still read next year; the office writes to it.")),
        "password1": (_PASSWORD[0], _NEW_PASSWORD[1]),
    }


class AddEmailForm(AccountForm, account.AddEmailForm):
    words = {"email": (_("Another e-mail address"), _("We send a code to it."))}


class ChangePasswordForm(AccountForm, account.ChangePasswordForm):
    words = {"oldpassword": (_("Present password"), ""), "password1": _NEW_PASSWORD}


class SetPasswordForm(AccountForm, account.SetPasswordForm):
    words = {"password1": _NEW_PASSWORD}


class ResetPasswordForm(AccountForm, account.ResetPasswordForm):
    words = {"email": _EMAIL}


class ResetPasswordKeyForm(AccountForm, account.ResetPasswordKeyForm):
    words = {"password1": _NEW_PASSWORD}


class ReauthenticateForm(AccountForm, account.ReauthenticateForm):
    words = {"password": _PASSWORD}


class ConfirmEmailCodeForm(AccountForm, account.ConfirmEmailVerificationCodeForm):
    words = {"code": _CODE}
    widths = {"code": 8}


class ConfirmPasswordResetCodeForm(AccountForm, account.ConfirmPasswordResetCodeForm):
    words = {"code": _CODE}
    widths = {"code": 8}


class AuthenticateForm(AccountForm, mfa.AuthenticateForm):
    words = {"code": _STEP_CODE}
    widths = {"code": 8}


class ReauthenticateByCodeForm(AccountForm, mfa.ReauthenticateForm):
    words = {"code": _STEP_CODE}
    widths = {"code": 8}


class ActivateTOTPForm(AccountForm, totp.ActivateTOTPForm):
    words = {"code": (_("Code from the app"), _("Six digits; a new code comes every half minute."))}
    widths = {"code": 8}


class DeactivateTOTPForm(AccountForm, totp.DeactivateTOTPForm):
    """Asks nothing; its button is the answer."""


class GenerateRecoveryCodesForm(AccountForm, recovery_codes.GenerateRecoveryCodesForm):
    """Asks nothing; its button is the answer."""


class AddWebAuthnForm(AccountForm, webauthn.AddWebAuthnForm):
    words = {
        "name": (_("Name of the passkey"), _("For yourself, for example: my telephone.")),
        "passwordless": (
            _("Also sign in with it alone, without the password"),
            _("The device then asks for your finger, your face or its own code."),
        ),
    }


class _PasskeyForm(AccountForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        silence = _("No passkey answered. Try it again, or use the password.")
        self.fields["credential"].error_messages = {"required": silence, "invalid": silence}


class LoginWebAuthnForm(_PasskeyForm, webauthn.LoginWebAuthnForm):
    """A passkey alone."""


class ReauthenticateWebAuthnForm(_PasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more."""


class EditWebAuthnForm(AccountForm, webauthn.EditWebAuthnForm):
    words = {"name": (_("Name of the passkey"), _("For yourself, for example: my telephone."))}


class LanguageForm(PortalForm):
    """The language of mails; the pages follow it as well."""

    language = forms.ChoiceField(label=_("Language of pages and mails"), choices=settings.LANGUAGES)
