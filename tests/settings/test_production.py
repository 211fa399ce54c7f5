"""Production refuses what would leave people unprotected, and says what to write instead."""

import importlib
import sys
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from admissions_portal import env

GOOD = {
    "PORTAL_SECRET_KEY": "Q7w-e9RtYuIoPaSdFgHjKlZxCvBnM1234567890qwertyuiopasdfgh",
    "PORTAL_FIELD_KEYS": "5m0gZ8cJ1oS0c3n0Pq2xw1R6xk9vQf7yTt4uBz3aLhE=",
    "PORTAL_HOSTS": "admissions.example.hk",
    "PORTAL_ORIGIN": "https://admissions.example.hk",
    "DATABASE_URL": "postgresql://portal:word@db:5432/portal",
    "REDIS_URL": "redis://broker:6379/0",
}


def production(monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> ModuleType:
    """The production settings as read afresh with these variables."""
    monkeypatch.setattr(env, "_spare", {})
    for name, value in {**GOOD, **changed}.items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    for module in ("base", "production"):
        monkeypatch.delitem(sys.modules, f"admissions_portal.settings.{module}", raising=False)
    return importlib.import_module("admissions_portal.settings.production")


def test_good_settings_start_with_every_protection_on(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(monkeypatch)
    assert settings.DEBUG is False
    assert settings.IS_DEMO is False
    assert settings.ALLOWED_HOSTS == ["admissions.example.hk"]
    assert settings.SESSION_COOKIE_SECURE is settings.CSRF_COOKIE_SECURE is True
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.SECURE_SSL_REDIRECT is True
    assert settings.SECURE_HSTS_SECONDS == 31_536_000
    assert settings.CSRF_TRUSTED_ORIGINS == ["https://admissions.example.hk"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("PORTAL_SECRET_KEY", None, id="no secret"),
        pytest.param("PORTAL_SECRET_KEY", "change-me-" + GOOD["PORTAL_SECRET_KEY"], id="default secret"),
        pytest.param("PORTAL_SECRET_KEY", "tests-only-" + "x" * 50, id="the tests' secret"),
        pytest.param("PORTAL_SECRET_KEY", "short1234567", id="short secret"),
        pytest.param("PORTAL_SECRET_KEY", "ab" * 40, id="secret of two letters"),
        pytest.param("PORTAL_FIELD_KEYS", None, id="no field key"),
        pytest.param("PORTAL_FIELD_KEYS", "not-a-key", id="malformed field key"),
        pytest.param(
            "PORTAL_FIELD_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=", id="the tests' field key"
        ),
        pytest.param("PORTAL_HOSTS", None, id="no host"),
        pytest.param("PORTAL_HOSTS", "*", id="any host"),
        pytest.param("PORTAL_HOSTS", "admissions.example.hk,*.example.hk", id="wildcard beside a host"),
        pytest.param("PORTAL_HOSTS", ".example.hk", id="any host of a domain"),
        pytest.param("PORTAL_ORIGIN", None, id="no origin"),
        pytest.param("PORTAL_ORIGIN", "http://admissions.example.hk", id="cookies over http"),
        pytest.param("PORTAL_ORIGIN", "https://another.example.hk", id="an origin that is no host"),
        pytest.param("PORTAL_ORIGIN", "https://admissions.example.hk/portal", id="a path behind the origin"),
        pytest.param("DATABASE_URL", None, id="no database"),
        pytest.param("DATABASE_URL", "sqlite:///portal.db", id="another engine"),
        pytest.param("REDIS_URL", None, id="no broker"),
    ],
)
def test_unsafe_settings_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None
) -> None:
    with pytest.raises(env.EnvironmentHint) as hint:
        production(monkeypatch, **{variable: value})
    assert variable in str(hint.value)
    if variable in ("PORTAL_SECRET_KEY", "PORTAL_FIELD_KEYS"):
        assert str(value) not in str(hint.value)


def test_the_launcher_s_file_is_not_read_in_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("var")
    (folder / "portal.env").write_text("DATABASE_URL=postgresql://demo@/demo\n")
    monkeypatch.setenv("PORTAL_VAR", str(folder))
    with pytest.raises(env.EnvironmentHint, match="DATABASE_URL"):
        production(monkeypatch, DATABASE_URL=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/privacy/", {"host": "elsewhere.example"}, 400, id="a wrong host"),
        pytest.param("/privacy/", {}, 301, id="sent on to https"),
        pytest.param("/nowhere/", {"x-forwarded-proto": "https"}, 404, id="a page that is not there"),
        pytest.param("/privacy", {"x-forwarded-proto": "https"}, 301, id="sent on to the slash"),
        pytest.param("/account/", {"x-forwarded-proto": "https"}, 302, id="sent on to sign in"),
    ],
)
def test_every_answer_carries_the_policies(
    client: Client, settings: Any, path: str, headers: dict[str, str], status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    response = client.get(path, headers=headers)
    assert response.status_code == status
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "microphone=()" in response.headers["Permissions-Policy"]
