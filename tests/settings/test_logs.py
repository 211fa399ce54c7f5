"""A log line is JSON that an operator can search, without any person's data."""

import json
import logging
import logging.config
from io import StringIO

import pytest

from admissions_portal.settings.logs import LOGGING


@pytest.fixture
def lines():
    """What a logger called "sample" writes with our formatter, read back."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    formatter = LOGGING["formatters"]["json"]
    handler.setFormatter(
        formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
    )
    logger = logging.getLogger("sample")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.propagate = True


def test_a_line_holds_the_named_fields_and_no_other(lines):
    logger, read = lines
    logger.warning(
        "letter failed", extra={"paper": "3f2a", "request": "<WSGIRequest>", "email": "a@example.org"}
    )
    [line] = read()
    assert {key: value for key, value in line.items() if key != "timestamp"} == {
        "event": "letter failed",
        "level": "warning",
        "logger": "sample",
        "paper": "3f2a",
    }


def test_a_database_error_is_logged_without_the_values_of_the_row(lines):
    logger, read = lines
    try:
        raise RuntimeError(
            'duplicate key "one_user_per_email"\nDETAIL:  Key (email)=(lin@example.org) exists.'
        )
    except RuntimeError:
        logger.exception("not saved")
    [line] = read()
    assert "one_user_per_email" in line["exception"]
    assert "DETAIL: (left out)" in line["exception"]
    assert "lin@example.org" not in json.dumps(line)


def test_what_somebody_typed_on_several_lines_is_left_out_whole(lines):
    logger, read = lines
    try:
        try:
            raise ValueError(
                'breaks "check"\n'
                "LINE 1: ...WHERE name = 'Yuhan'\n"
                "DETAIL:  Failing row contains (7, First\n\nSecond).\n"
            )
        except ValueError as cause:
            raise RuntimeError("not saved") from cause
    except RuntimeError:
        logger.exception("not saved")
    [line] = read()
    assert 'breaks "check"' in line["exception"]
    assert "RuntimeError: not saved" in line["exception"]
    for typed in ("Yuhan", "First", "Second"):
        assert typed not in json.dumps(line)
