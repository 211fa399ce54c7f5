"""What every test may rely on."""

import psycopg2
import pytest
from django.db import connection


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
