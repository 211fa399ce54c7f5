"""What is known about an account."""

from __future__ import annotations

import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# .edu, .edu.hk, .ac.uk and their like: addresses that often end with the studies
_INSTITUTIONAL = re.compile(r"(^|\.)(edu|ac)(\.[a-z]{2})?$")


def has_second_step(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether an authenticator app or a passkey stands behind the password; recovery codes alone do not."""
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


def needs_second_step(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the office stays shut to `user` until they add one: staff, where STAFF_MUST_USE_MFA."""
    return settings.STAFF_MUST_USE_MFA and getattr(user, "is_staff", False) and not has_second_step(user)


def may_lose_address(user: AbstractBaseUser) -> bool:
    """Whether all confirmed addresses look like a university's, which graduates lose (PRODUCT B16)."""
    domains = [
        email.rpartition("@")[2].lower()
        for email in EmailAddress.objects.filter(user_id=user.pk, verified=True)
        .order_by("id")
        .values_list("email", flat=True)
    ]
    return bool(domains) and all(_INSTITUTIONAL.search(domain) for domain in domains)
