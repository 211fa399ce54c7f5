"""How much a first visit loads, as a browser counts it: the bytes that crossed the network, compressed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from eligibility.loading import load_policies
from programmes.loading import load_catalogue
from programmes.models import Offering, Programme
from tests.factories.drafts import ready_draft
from tests.factories.programmes import hkt
from tests.programmes.test_pages import a_programme

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 150_000  # bytes of a first visit
PATIENCE = 60  # seconds until the server answers
# compressing takes time: what no page of an applicant asks for is left out
UNNEEDED = (
    "admin",
    "flags",
    "modeltranslation",
    "bootstrap-*",
    "bootstrap.rtl*",
    "bootstrap.*js*",
    "htm*-4*",
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The portal's address under gunicorn, with its files compressed once, as ./portal serves it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.browser.served",
        "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "SERVED_STATIC": str(tmp_path),
        "PORTAL_BIND": f"127.0.0.1:{port}",
        "PORTAL_WEB_WORKERS": "1",
    }
    left_out = [part for pattern in UNNEEDED for part in ("-i", pattern)]
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0", *left_out]
    subprocess.run(collect, env=env, check=True)
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "admissions_portal/deploy/gunicorn.py"]
    process = subprocess.Popen([*gunicorn, "--log-level", "error", "admissions_portal.wsgi"], env=env)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/robots.txt", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(address, timeout=PATIENCE).close()
        except URLError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("The server did not begin to answer.")


def loaded(browser: Browser, address: str, user: object = None) -> dict[str, int]:
    """Address and bytes over the network of everything a first visit asks for, headers included."""
    with browser.new_context() as context:
        if user is not None:
            client = Client()
            client.force_login(user)  # type: ignore[arg-type]
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        asked: dict[str, str] = {}
        sizes: dict[str, int] = {}

        def finished(event: dict[str, Any]) -> None:
            sizes[asked[event["requestId"]]] = int(event["encodedDataLength"])

        network.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]}))
        network.on("Network.loadingFinished", finished)
        network.send("Network.enable")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return sizes


def test_a_first_visit_to_a_full_page_of_the_catalogue_or_a_section_is_light(
    browser: Browser, served: str
) -> None:
    load_catalogue()
    start_clock_at(hkt(2026, 3, 24, 9))
    while Programme.objects.count() < 30:
        a_programme()
    load_policies(by=Actor.system(), at=hkt(2025, 9, 1))
    draft = ready_draft(Offering.objects.filter(intake__programme__slug="hku-mmedsc").earliest("pk"))
    section = reverse("applications:section", args=[draft.pk, "personal"])
    for path, user in (("/", None), ("/programmes/hku-mmedsc/", None), (section, draft.applicant.user)):
        sizes = loaded(browser, served + path, user)
        kinds = {
            Path(address.partition("?")[0]).suffix for address in sizes if not address.startswith("data:")
        }
        assert {".css", ".js", ".svg"} <= kinds  # everything was seen
        assert sum(sizes.values()) <= MOST, (path, sizes)
        assert max(sizes.values()) < 80_000, sizes  # no single file slips through uncompressed
