"""Production: refuses to start with a secret, a host or an address that would leave people unprotected.

Every refusal is an EnvironmentHint, which names the variable and says what to write instead.
"""

import base64
import binascii
from urllib.parse import urlsplit

from admissions_portal import env
from admissions_portal.env import EnvironmentHint

from .base import *  # noqa: F403  every setting is shared unless named here
from .base import ALLOWED_HOSTS, FIELD_KEYS, SECRET_KEY

SHORTEST_SECRET = 50
KNOWN_SECRETS = ("change-me", "dev-only", "tests-only", "django-insecure", "secret", "example")
KNOWN_FIELD_KEYS = ("dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",)


def _check_secret(secret: str) -> None:
    if secret.lower().startswith(KNOWN_SECRETS) or len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        raise EnvironmentHint(
            f"PORTAL_SECRET_KEY is a default or too short. Write {SHORTEST_SECRET} or more characters: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )


def _check_field_keys(keys: list[str]) -> None:
    def is_key(key: str) -> bool:
        try:
            return len(base64.urlsafe_b64decode(key)) == 32 and key not in KNOWN_FIELD_KEYS
        except (binascii.Error, ValueError):
            return False

    if not keys or not all(map(is_key, keys)):
        raise EnvironmentHint(
            "PORTAL_FIELD_KEYS must be one or more random keys of 32 bytes, separated by commas: python3 -c "
            "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )


def _check_hosts(hosts: list[str]) -> None:
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        raise EnvironmentHint(
            "PORTAL_HOSTS must name each host the portal answers to, without wildcards: admissions.example.hk"
        )


def _check_origin(origin: str, hosts: list[str]) -> None:
    address = urlsplit(origin)
    if address.scheme != "https":
        raise EnvironmentHint(
            "PORTAL_ORIGIN must start with https://, otherwise sign-in cookies would travel readable: "
            "https://admissions.example.hk"
        )
    if address.hostname not in hosts or origin != f"https://{address.netloc}":
        raise EnvironmentHint("PORTAL_ORIGIN must be https:// and one of PORTAL_HOSTS, nothing behind it.")


_check_secret(SECRET_KEY)
_check_field_keys(FIELD_KEYS)
env.words("PORTAL_HOSTS")  # named by whoever runs it, never the loopback default
_check_hosts(ALLOWED_HOSTS)
_check_origin(env.text("PORTAL_ORIGIN"), ALLOWED_HOSTS)

# TLS ends at nginx, which sets this header itself and drops a visitor's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("PORTAL_HSTS_SUBDOMAINS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
