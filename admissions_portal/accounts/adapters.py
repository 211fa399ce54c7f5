"""Our words, our mails and our way home, told to allauth."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.outbox.wording import wrap_text
from admissions_portal.support.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and the mails about them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "This account has been closed. Write to the programme office if that is a mistake."
        ),
        "cannot_remove_primary_email": _(
            "We write to this address. Choose another one for that first, then remove this one."
        ),
        "duplicate_email": _("This address is already yours."),
        "email_password_mismatch": _(
            "This e-mail address and password do not belong together. Check both; capital letters count."
        ),
        "email_taken": _("This address cannot be added. If it is yours, sign in with it instead."),
        "enter_current_password": _("This is not your present password. Capital letters count."),
        "incorrect_code": _("This is not the code we sent last. Type it again, or ask for a new one."),
        "incorrect_password": _("This is not your password. Capital letters count."),
        "max_email_addresses": _("An account has at most %d addresses. Remove one first."),
        "same_as_current": _("This is what it already is; type a new one."),
        "too_many_login_attempts": _(
            "Too many attempts in a short time. Wait a few minutes and try again, or set a new password."
        ),
        "unverified_primary_email": _("Confirm the address first; then we can write to it."),
        "rate_limited": _("That was asked too often. Wait a minute and try again."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to the office, others to their applications, unless `next` says otherwise."""
        if request.user.is_staff:
            return reverse("admin:index")
        return reverse("applications:home")

    get_signup_redirect_url = get_login_redirect_url

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:settings")

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Mails come in the language the person signed up in, until they choose another."""
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """One sentence that says what would be right, in place of each validator's own."""
        try:
            return super().clean_password(password, user)
        except ValidationError as refusal:
            codes = {error.code for error in refusal.error_list}
            if "password_too_short" in codes:
                sentence = _("Use at least 10 characters; three or four words together are easy to remember.")
            elif "password_too_similar" in codes:
                sentence = _("Leave your name and e-mail address out of the password.")
            else:
                sentence = _(
                    "This would be guessed quickly. Put three or four words together that do not belong."
                )
            raise ValidationError(sentence, code="guessable") from refusal

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """The portal's own mails know the time they speak of and are folded as all its mails are."""
        context = {
            **context,
            "at": clock.now(),
            "origin": settings.PORTAL_ORIGIN,
            "is_demo": settings.IS_DEMO,
        }
        mail = super().render_mail(template_prefix, email, context, headers)
        mail.body = wrap_text(str(mail.body))
        return mail


class SecondStepAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes. What they share with us is kept encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Switch the second step off before adding an address, and on again after."),
        "incorrect_code": _(
            "This code does not fit. Codes last half a minute: wait for the next and type it."
        ),
        "unverified_email": _("Confirm your e-mail address first; then add a second step."),
        "cannot_generate_recovery_codes": _(
            "Add an authenticator app or a passkey first; the codes stand in for it."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        """On white whatever the page's colours are: a camera needs the contrast."""
        picture = BytesIO()
        segno.make(url).save(picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
