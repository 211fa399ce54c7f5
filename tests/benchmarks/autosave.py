"""`python -m tests.benchmarks.autosave`: a text kept while it is typed, beside a view that does nothing.

Both run through all the middleware, signed in, with the same posted form; CPU of this process, the database's
own apart. The form is the longest one without repeated items.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks import measuring

AT_MOST = 12


def addresses() -> ModuleType:
    """The portal's own, and that of a view that does nothing."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt

    @csrf_exempt
    def trivial(request: HttpRequest) -> HttpResponse:
        return HttpResponse("{}", content_type="application/json")

    made = ModuleType("addresses")
    made.urlpatterns = [path("trivial/", trivial), path("", include("admissions_portal.urls"))]  # type: ignore[attr-defined]
    return made


def sides_of(draft: Any, *, at: datetime) -> dict[str, Callable[[], int]]:
    """Each side answers one request and says with which status."""
    from django.conf import settings
    from django.test import Client, RequestFactory
    from django.test.client import ClientHandler
    from django.urls import reverse

    from applications.submission.opened import open_page
    from applications.submission.sections import Filling, FormSection, section_named

    client = Client()
    client.force_login(draft.applicant.user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    filling = Filling(draft, at=at)
    section = section_named(draft, "personal", at=at)
    assert isinstance(section, FormSection)
    answers = section.fill(filling).typed()
    opened = open_page(section, filling).seal()
    numbers = iter(range(1, 10**8))
    handler, factory = ClientHandler(), RequestFactory()

    def post(address: str) -> int:
        body = urlencode({**answers, "opened": opened, "number": next(numbers)}, doseq=True)
        request = factory.post(
            address, body, content_type="application/x-www-form-urlencoded", headers={"cookie": cookie}
        )
        return int(handler(request.META).status_code)

    autosave = reverse("applications:autosave", args=[draft.pk, "personal"])
    return {"trivial view": lambda: post("/trivial/"), "autosave": lambda: post(autosave)}


def measure(draft: Any, *, at: datetime, rounds: int = 31, times: int = 40) -> None:
    from django.test.utils import override_settings

    with override_settings(ROOT_URLCONF=addresses()):
        seconds = measuring.cpu_seconds(sides_of(draft, at=at), rounds=rounds, times=times)
    measuring.say_sides("autosave", seconds, per="request")
    ratio = seconds["autosave"] / seconds["trivial view"]
    measuring.say(
        benchmark="autosave",
        against="trivial view",
        ratio=round(ratio, 2),
        goal=f"at most {AT_MOST} times the CPU",
        reached=ratio <= AT_MOST,
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.test")
    import django
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    django.setup()
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        from tests.factories.drafts import AT, ready_draft, taught_offering

        measure(ready_draft(taught_offering()), at=AT)
    finally:
        teardown_databases(kept, verbosity=0)


if __name__ == "__main__":
    main()
