"""The compose stack: what it sets is read by somebody, and every variable there is, is explained."""

import ast
import re
import runpy
from itertools import pairwise
from typing import Any

import pytest
import yaml

from admissions_portal.env import PROJECT_DIR

OURS = ("prepare", "web", "worker", "beat")
# Read by Django, by the launcher's sh or by other programs' images, not through env.py.
READ_BY_OTHERS = {"DJANGO_SETTINGS_MODULE"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT_DIR / "docker-compose.yml").read_text()))


def variables_read() -> set[str]:
    """The names that our code reads from the environment, found in its syntax."""
    names = {"DATABASE_URL", "REDIS_URL"}
    for path in (PROJECT_DIR / "admissions_portal").glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called.startswith(("env.", "os.environ.get")) and isinstance(node.args[0].value, str):
                    names.add(node.args[0].value)
    return {name for name in names if name.startswith(("PORTAL_", "DATABASE_", "REDIS_"))}


def variables_explained() -> set[str]:
    text = (PROJECT_DIR / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, flags=re.M))


def test_the_whole_stack_is_there(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == [
        "beat",
        "mail",
        "nginx",
        "postgres",
        "prepare",
        "valkey",
        "web",
        "worker",
    ]
    assert compose["services"]["postgres"]["image"].startswith("postgres:18")


@pytest.mark.parametrize("service", OURS)
def test_every_variable_that_compose_sets_is_read(compose: dict[str, Any], service: str) -> None:
    given = set(compose["services"][service]["environment"])
    assert given - variables_read() - READ_BY_OTHERS == set()


@pytest.mark.parametrize("service", OURS)
def test_ours_run_production_settings_in_one_image(compose: dict[str, Any], service: str) -> None:
    found = compose["services"][service]
    assert found["image"] == "admissions-portal"
    assert found["environment"]["DJANGO_SETTINGS_MODULE"] == "admissions_portal.settings.production"


def test_only_the_preparing_step_may_change_tables(compose: dict[str, Any]) -> None:
    holders = [name for name in OURS if "DB_OWNER_PASSWORD" in str(compose["services"][name]["environment"])]
    assert holders == ["prepare"]


def test_every_variable_that_compose_asks_for_is_explained() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT_DIR / "docker-compose.yml").read_text()))
    assert asked - variables_explained() == set()


def test_every_variable_that_is_read_is_explained_and_the_other_way_round(compose: dict[str, Any]) -> None:
    by_compose = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT_DIR / "docker-compose.yml").read_text()))
    by_tests = {"PORTAL_CHROMIUM", "PORTAL_TEST_FULL"}
    assert variables_read() - variables_explained() == set()
    assert variables_explained() - variables_read() - by_compose - by_tests == set()


def test_each_line_of_the_example_is_explained_above_it() -> None:
    lines = (PROJECT_DIR / ".env.example").read_text().splitlines()
    variable = re.compile(r"^(# )?[A-Z_]+=")
    unexplained = [
        line
        for above, line in pairwise(lines)
        if variable.match(line)
        and not (above.startswith("# ") and not above.startswith("# ---"))
        and not variable.match(above)
    ]
    assert unexplained == []


def test_compose_publishes_nothing_but_nginx_and_the_local_mailbox(compose: dict[str, Any]) -> None:
    published = {name: each["ports"] for name, each in compose["services"].items() if "ports" in each}
    assert sorted(published) == ["mail", "nginx"]
    assert published["mail"] == ["127.0.0.1:8025:8025"]


def test_private_files_leave_through_nginx_only_when_the_portal_says_so() -> None:
    text = (PROJECT_DIR / "admissions_portal" / "deploy" / "nginx.conf").read_text()
    place = re.search(r"location /private/ \{(.*?)\}", text, flags=re.S)
    assert place is not None
    assert "internal;" in place[1]
    for guard in ("client_header_timeout", "client_body_timeout", "proxy_request_buffering on"):
        assert guard in text


def test_a_private_file_keeps_the_policies_of_the_portal_s_answer() -> None:
    """nginx drops all but a few headers when it sends the file itself."""
    text = (PROJECT_DIR / "admissions_portal" / "deploy" / "nginx.conf").read_text()
    place = re.search(r"location /private/ \{(.*?)\}", text, flags=re.S)
    assert place is not None
    kept = dict(re.findall(r"add_header (\S+) \$upstream_http_(\w+) always;", place[1]))
    assert {name.lower().replace("-", "_"): value for name, value in kept.items()} == {
        value: value
        for value in (
            "content_security_policy",
            "x_content_type_options",
            "x_frame_options",
            "referrer_policy",
            "strict_transport_security",
        )
    }


@pytest.mark.parametrize(
    ("variable", "value", "log"),
    [
        pytest.param("PORTAL_ACCESS_LOG", "1", "-", id="a line for each request"),
        pytest.param("PORTAL_ACCESS_LOG", "0", None, id="none"),
        pytest.param("PORTAL_ACCESS_LOG", "", None, id="not set"),
    ],
)
def test_requests_are_logged_where_asked_and_never_what_was_searched(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, log: str | None
) -> None:
    monkeypatch.setenv(variable, value)
    settings = runpy.run_path(str(PROJECT_DIR / "admissions_portal" / "deploy" / "gunicorn.py"))
    assert settings["accesslog"] == log
    # gunicorn's names for the request's line, its query, and the page before
    assert not re.findall(r"%\((r|q|f)\)s", settings["access_log_format"])
