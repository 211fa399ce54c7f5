"""What a search engine reads of the public pages."""

import re
from html import unescape

import pytest
from django.test import Client

from programmes.loading import load_catalogue
from tests.factories.drafts import publish_policies

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/programmes/hku-mmedsc/",
    "/programmes/hkust-phd-chemistry/",
    "/compare/",
    "/eligibility/",
    "/eligibility/hku-mmedsc/",
    "/eligibility/requirements/",
    "/privacy/",
    "/accessibility/",
    "/contact/",
    "/verify/",
    "/account/login/",
    "/account/signup/",
]


def one(pattern: str, html: str) -> str:
    [found] = re.findall(pattern, html, re.DOTALL)
    return unescape(found)


def test_every_public_page_says_in_its_own_words_what_it_is(client: Client, settings: object) -> None:
    settings.PORTAL_ORIGIN = "https://admissions.example.hk"  # type: ignore[attr-defined]
    load_catalogue()
    publish_policies()
    titles, descriptions = set(), set()
    for path in PUBLIC:
        html = client.get(path).content.decode()
        titles.add(one(r"<title>\s*(.+?)\s*</title>", html))
        said = one(r'<meta name="description" content="([^"]+)">', html)
        assert 40 <= len(said) <= 160, (path, len(said), said)
        descriptions.add(said)
        assert len(re.findall(r"<h1\b", html)) == 1, path
        where = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
        assert where == ([] if path == "/compare/" else [f"https://admissions.example.hk{path}"])
    assert [len(titles), len(descriptions)] == [len(PUBLIC), len(PUBLIC)]


def test_a_search_and_a_later_page_name_the_address_to_keep(client: Client, settings: object) -> None:
    settings.PORTAL_ORIGIN = "https://admissions.example.hk"  # type: ignore[attr-defined]
    html = client.get("/?q=chemistry&page=1").content.decode()
    assert 'rel="canonical" href="https://admissions.example.hk/"' in html
    assert '<meta name="robots" content="noindex">' in client.get("/compare/?p=a&p=b").content.decode()


def test_an_error_page_has_no_address_to_keep(client: Client) -> None:
    assert "canonical" not in client.get("/nowhere/").content.decode()
