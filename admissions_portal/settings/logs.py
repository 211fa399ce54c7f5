"""Logs as lines of JSON on standard error: ids and codes, no person's data."""

import re
from typing import Any

import structlog

# What our own calls may add with `extra=`; anything else (Django adds the whole request) stays out.
FIELDS = {"paper", "mail", "job", "kind", "reason", "final", "status_code"}
# PostgreSQL repeats the values that broke a constraint and the statement around a mistake: an address, a
# name. A typed text may have lines of its own, so all is cut up to where Python tells of the next exception.
_VALUES = re.compile(
    r"^(DETAIL: |LINE \d+: ).*?(?=\n\n(?:The above exception was|During handling of)|\Z)",
    re.DOTALL | re.MULTILINE,
)


def without_values(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cut the values of a row out of a database error."""
    for field in ("event", "exception"):
        if isinstance(event.get(field), str):
            event[field] = _VALUES.sub(r"\1(left out)", event[field])
    return event


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(allow=FIELDS),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_values,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would write the same twice
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # what they say about each font and file is of no use here
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        # a tick every two seconds is no news
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
