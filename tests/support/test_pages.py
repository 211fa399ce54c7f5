"""Error pages, appearance, notices and what every page knows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from admissions_portal.support import contact, context_processors, views
from admissions_portal.support.contact import OfficeContact, offices, register_offices


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/", "/contact/"])
def test_notices_are_open_to_everyone(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_robots_are_kept_from_pages_that_are_of_no_use_to_them(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Disallow: /account/",
        "Disallow: /applications/start/",
        "Disallow: /office/",
        "Disallow: /health/",
        "Disallow: /mailbox/",
    ]


@pytest.mark.parametrize(
    ("chosen", "target", "cookie", "goes_to"),
    [
        pytest.param("dark", "/privacy/", "dark", "/privacy/", id="dark"),
        pytest.param("auto", "/", "auto", "/", id="as the device"),
        pytest.param("pink", "/", None, "/", id="no such theme"),
        pytest.param("light", "https://elsewhere.example/", "light", "/", id="never to another site"),
    ],
)
def test_appearance_is_kept_in_a_cookie(
    client: Client, chosen: str, target: str, cookie: str | None, goes_to: str
) -> None:
    response = client.post("/theme/", {"theme": chosen, "next": target})
    assert response.headers["Location"] == goes_to
    kept = response.cookies.get("theme")
    assert (kept.value if kept else None) == cookie


def test_a_forged_theme_is_no_theme(rf: RequestFactory) -> None:
    rf.cookies["theme"] = '"><script>'
    assert context_processors.theme_of(rf.get("/")) == "auto"


@pytest.mark.django_db
def test_a_page_asks_the_clock_once_and_only_when_needed(rf: RequestFactory) -> None:
    with CaptureQueriesContext(connection) as queries:
        context = context_processors.portal(rf.get("/"))
        assert len(queries) == 0
        assert context["now"]() == context["now"]()
        assert len(queries) == 1


@pytest.mark.django_db
def test_a_wrong_address_answers_404_with_a_way_on(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "There is no page at this address" in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_its_reason(rf: RequestFactory) -> None:
    response = views.permission_denied(
        rf.get("/"), PermissionDenied("Round 2 is open to local applicants only.")
    )
    assert response.status_code == 403
    assert "Round 2 is open to local applicants only." in response.content.decode()


def test_the_last_error_page_needs_no_database(rf: RequestFactory) -> None:
    response = views.server_error(rf.get("/"))  # without the django_db mark any query would raise
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in page
    assert 'lang="zh-Hant-HK"' in page


def test_an_error_page_survives_a_database_that_does_not_answer(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(request: HttpRequest, *args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(views, "render", render)
    response = views.page_not_found(rf.get("/"))
    assert response.status_code == 404
    assert "Error 404" in response.content.decode()


@pytest.mark.django_db
def test_a_form_left_open_too_long_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    without_cookie = client.post("/theme/", {"theme": "dark"})
    assert without_cookie.status_code == 403
    assert "Your browser keeps no cookies" in without_cookie.content.decode()
    client.cookies["csrftoken"] = "a" * 32
    stale = client.post("/theme/", {"theme": "dark", "csrfmiddlewaretoken": "b" * 32})
    assert "The form was open too long" in stale.content.decode()


@pytest.fixture
def no_offices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "_providers", [])


@pytest.mark.django_db
@pytest.mark.usefixtures("no_offices")
def test_offices_are_those_registered() -> None:
    office = OfficeContact("Example Office", "Example University", phones=("(+852) 0000 0000",))
    register_offices(lambda: [office])
    assert offices() == [office]


@pytest.mark.django_db
@pytest.mark.usefixtures("no_offices")
def test_no_offices_are_shown_while_the_database_is_away() -> None:
    def away() -> list[OfficeContact]:
        raise OperationalError("server closed the connection")

    register_offices(away)
    assert offices() == []
