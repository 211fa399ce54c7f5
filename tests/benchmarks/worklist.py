"""`python -m tests.benchmarks.worklist`: the office's list of cases beside the one Django makes by itself.

The other side is a plain ModelAdmin over the same table: the same columns in `list_display`, the same filters
in `list_filter`, the same fields in `search_fields`, as many rows to a page. It counts nothing beside its
filters; ours counts every choice. Both run through all the middleware, signed in as the same officer; the
clock on the wall counts, for half of the work is the database's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tests.benchmarks.many_cases import RARE, fill
from tests.benchmarks.measuring import FULL, say, wall_seconds

MOST_QUERIES = 8
OF_DEFAULT = 0.6
SEARCH_AT_LEAST = 20


def stock_admin() -> Any:
    """What a team has on its first day."""
    from django.contrib.admin import AdminSite, ModelAdmin
    from django.db.models import Avg

    from applications.lifecycle.models import Application
    from applications.worklists.pages import PAGE_SIZE

    class StockAdmin(ModelAdmin):
        list_display = (
            "name", "number", "programme", "mode", "specialisation", "state", "state_since", "rules", "score",
            "submitted_at", "round",
        )  # fmt: skip
        list_filter = ("state", "offering__intake__programme", "offering__mode", "round", "specialisation")
        search_fields = (
            "number", "applicant__family_name", "applicant__given_names", "applicant__chinese_name",
            "applicant__preferred_name", "applicant__user__email",
        )  # fmt: skip
        ordering = ("state_since",)
        list_per_page = PAGE_SIZE

        def name(self, case: Any) -> str:
            return case.applicant.full_name

        def programme(self, case: Any) -> str:
            return case.offering.intake.programme.name

        def mode(self, case: Any) -> str:
            return case.offering.get_mode_display()

        def rules(self, case: Any) -> str:
            return case.assessments.latest("at").verdict

        def score(self, case: Any) -> Any:
            return case.reviews.aggregate(mean=Avg("score"))["mean"]

    site = AdminSite(name="stock")
    site.register(Application, StockAdmin)
    return site


def addresses(site: Any) -> ModuleType:
    """The portal's own, and that of the other side."""
    from django.urls import include, path

    made = ModuleType("addresses")
    made.urlpatterns = [  # type: ignore[attr-defined]
        path("stock/", site.urls),
        path("", include("admissions_portal.urls")),
    ]
    return made


@contextmanager
def both_sides() -> Iterator[Any]:
    from django.test.utils import override_settings

    site = stock_admin()
    with override_settings(ROOT_URLCONF=addresses(site)):
        yield site


def officer_of_all(offerings: Any) -> Any:
    """Somebody who may open every case here and in the other side's admin."""
    from admissions_portal.accounts.roles import Role
    from tests.factories.accounts import StaffFactory
    from tests.factories.programmes import AppointmentFactory

    officer = StaffFactory(is_superuser=True)
    for programme in {offering.programme for offering in offerings}:
        for role in (Role.PROGRAMME_OFFICE, Role.COORDINATOR):
            AppointmentFactory(user=officer, programme=programme, role=role)
    return officer


def reader_of(officer: Any) -> Callable[[str], bytes]:
    """Reads a page as the officer's browser does."""
    from django.conf import settings
    from django.test import Client, RequestFactory
    from django.test.client import ClientHandler

    client = Client()
    client.force_login(officer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    handler, factory = ClientHandler(), RequestFactory(SERVER_NAME="127.0.0.1")

    def read(address: str) -> bytes:
        answer = handler(factory.get(address, headers={"cookie": cookie}).META)
        assert answer.status_code == 200, (address, answer.status_code)
        return bytes(answer.content)

    return read


def pages(query: str = "") -> dict[str, str]:
    from django.urls import reverse

    ours = reverse("admin:applications_application_changelist")
    return {"default admin": f"/stock/applications/application/?{query}", "ours": f"{ours}?{query}"}


def queries_of(read: Callable[[], object]) -> int:
    """How many questions a page asks of the database, those about who is signed in among them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


def searches(site: Any, officer: Any, word: str) -> dict[str, Callable[[], tuple[int, list[Any]]]]:
    """What each side asks the database to find a word: how many there are, and the keys of the first page."""
    from django.db.models import Count, Window
    from django.test import RequestFactory

    from admissions_portal.clock import day_of
    from applications.lifecycle.models import Application
    from applications.lifecycle.queries import applications_listed_for
    from applications.worklists.filters import Narrowing
    from applications.worklists.pages import PAGE_SIZE
    from tests.factories.drafts import AT

    admin, request = site.get_model_admin(Application), RequestFactory().get("/", {"q": word})
    request.user = officer

    def stock() -> tuple[int, list[Any]]:
        found, _distinct = admin.get_search_results(request, admin.get_queryset(request), word)
        return found.count(), list(found.values_list("pk", flat=True)[:PAGE_SIZE])

    def ours() -> tuple[int, list[Any]]:
        found = Narrowing(q=word).apply(applications_listed_for(officer, on=day_of(AT)), at=AT, blind=())
        rows = list(found.values_list("pk", Window(Count("*")))[:PAGE_SIZE])
        return (rows[0][1] if rows else 0), [pk for pk, _count in rows]

    return {"search_fields": stock, "ours": ours}


def measure(count: int, *, rounds: int = 11) -> None:
    """One line for each side and each goal."""
    officer = officer_of_all(fill(count))
    vacuum()
    read = reader_of(officer)
    with both_sides() as site:
        for title, query in {
            "the first page": "",
            "a state": "state=IN_REVIEW",
            "page 1,000": f"page={count // 50 // 2}",
            "by name": "order=name",
            "a search": f"q={RARE[0].lower()}",
            "a pile": "pile=documents",
        }.items():
            ours = pages(query)["ours"]
            sides: dict[str, Callable[[], object]] = {"ours": lambda ours=ours: read(ours)}  # type: ignore[misc]
            if title == "the first page":
                stock = pages()["default admin"]
                sides["default admin"] = lambda stock=stock: read(stock)  # type: ignore[misc]
            taken = wall_seconds(sides, rounds=rounds)
            for side, seconds in taken.items():
                say(
                    benchmark="work list",
                    page=title,
                    side=side,
                    cases=count,
                    milliseconds=round(seconds * 1e3, 1),
                    queries=queries_of(sides[side]),
                )
            if "default admin" in taken:
                ratio = taken["ours"] / taken["default admin"]
                say(
                    benchmark="work list", against="default admin", ratio=round(ratio, 2),
                    goal=f"at most {OF_DEFAULT} of the default admin", reached=ratio <= OF_DEFAULT,
                )  # fmt: skip
            asked = queries_of(sides["ours"])
            say(
                benchmark="work list", page=title, queries=asked, goal=f"at most {MOST_QUERIES} queries",
                reached=asked <= MOST_QUERIES,
            )  # fmt: skip
        found = searches(site, officer, RARE[0].lower())
        taken = wall_seconds(found, rounds=rounds)
        for side, seconds in taken.items():
            say(benchmark="rare search", side=side, cases=count, milliseconds=round(seconds * 1e3, 2))
        ratio = taken["search_fields"] / taken["ours"]
        say(
            benchmark="rare search", against="search_fields", ratio=round(ratio, 1),
            goal=f"at least {SEARCH_AT_LEAST} times as fast", reached=ratio >= SEARCH_AT_LEAST,
        )  # fmt: skip


def vacuum() -> None:
    from django.db import connection

    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.test")
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()  # no test environment: it watches every template, which nobody does in production
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        from admissions_portal.clock.actions import start_clock_at
        from tests.factories.drafts import AT

        start_clock_at(AT)
        measure(100_000 if FULL else 5_000)
    finally:
        teardown_databases(kept, verbosity=0)


if __name__ == "__main__":
    main()
