"""One world for all tests of a process. Each test sees it as it was made: what a test writes is undone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from admissions_portal.jobs import runners
from admissions_portal.jobs.runners import Runner
from tests.access.world import World, make_world


@pytest.fixture(scope="package")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    media = tmp_path_factory.mktemp("media")
    sample = Runner("sample", "Sample", lambda params, progress: None)
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media, SENDFILE_ROOT=media),
        transaction.atomic(),
    ):
        patch.setattr(runners, "_runners", {**runners._runners, "sample": sample})
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Thousands of refusals are not worth a line each."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
