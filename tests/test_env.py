"""Variables: read in one place, and a wrong one is answered with a sentence."""

from pathlib import Path

import pytest

from admissions_portal import env


@pytest.fixture(autouse=True)
def _nothing_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "_spare", {})
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_X"):
        monkeypatch.delenv(name, raising=False)


def test_a_missing_database_is_answered_with_the_two_ways_out() -> None:
    with pytest.raises(env.EnvironmentHint) as hint:
        env.database_url()
    assert str(hint.value) == (
        "Start the portal with ./portal, or set DATABASE_URL to a PostgreSQL database: "
        "postgresql://user:password@host:5432/name"
    )


def test_another_engine_is_refused_without_repeating_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://portal:tell-nobody@host/portal")
    with pytest.raises(env.EnvironmentHint) as hint:
        env.database_url()
    assert str(hint.value) == "DATABASE_URL must start with postgresql:// or postgres://."


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", True), ("yes", True), ("On", True), ("0", False), ("false", False), ("", False)],
)
def test_a_flag_says_yes_or_no(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("PORTAL_X", written)
    assert env.flag("PORTAL_X") is meant


def test_a_flag_that_says_maybe_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_X", "maybe")
    with pytest.raises(env.EnvironmentHint, match="write 1 for yes or 0 for no"):
        env.flag("PORTAL_X")


def test_a_number_in_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_X", "twenty")
    with pytest.raises(env.EnvironmentHint, match="PORTAL_X is 'twenty'; write a whole number"):
        env.number("PORTAL_X", 3)


def test_words_drop_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_X", " a.hk, b.hk ,,")
    assert env.words("PORTAL_X") == ["a.hk", "b.hk"]


def test_what_the_launcher_wrote_fills_only_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "portal.env").write_text("DATABASE_URL=postgresql://app@/p\nPORTAL_X=from file\n")
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.setenv("PORTAL_X", "from outside")
    env.join_launcher()
    assert env.database_url() == "postgresql://app@/p"
    assert env.text("PORTAL_X") == "from outside"


def test_only_the_owner_s_commands_sign_in_as_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "portal.env").write_text(
        "DATABASE_URL=postgresql://app@/p\nDATABASE_OWNER_URL=postgresql://owner@/p\n"
    )
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    env.join_launcher(as_owner=True)
    assert env.database_url() == "postgresql://owner@/p"
