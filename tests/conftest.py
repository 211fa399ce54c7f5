"""What every test may rely on."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection
from django.test import TransactionTestCase

from admissions_portal.launch.messages import compile_catalogues


def pytest_configure(config: pytest.Config) -> None:
    """Without a database, one sentence instead of an error per test."""
    if hasattr(config, "workerinput"):  # a process of xdist: the first one has asked
        return
    try:
        psycopg2.connect(**connection.get_connection_params()).close()
    except psycopg2.OperationalError as error:
        pytest.exit(
            f"No database answers: {error}\nStart the portal with ./portal, or let the tests have services "
            "of their own: ./portal test",
            returncode=4,
        )
    compile_catalogues()  # pytest alone, without the launcher, has Chinese pages as well


# Filled by migrations' end, the same for every test: kept, so that nothing has to fill them again.
KEPT_TABLES = {"django_content_type", "auth_permission"}


def empty_tables() -> None:
    """Empty every table that holds rows.

    Django's flush truncates all of them and refills the kept ones, which takes a second a test.
    """
    tables = sorted(
        set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        - KEPT_TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
        )
        if filled := [f'"{table}"' for (table,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


@pytest.fixture(autouse=True, scope="session")
def quick_emptying() -> Iterator[None]:
    """Tests that commit (`transactional_db`, `live_server`) are cleaned up after in milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
        yield
