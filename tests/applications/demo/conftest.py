"""The demonstration, loaded once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from admissions_portal.support.actors import Actor
from applications.demo.actions import load_demo
from eligibility.loading import load_policies
from programmes.loading import load_catalogue
from programmes.questions.loading import load_questions
from tests.factories.programmes import hkt


@pytest.fixture(scope="package")
def _loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demonstration, loaded once for all these tests and gone after them."""
    folder = tmp_path_factory.mktemp("demo")
    files = override_settings(MEDIA_ROOT=folder, SENDFILE_ROOT=folder)
    with django_db_blocker.unblock(), files, transaction.atomic():
        load_catalogue()
        load_questions(by=Actor.system(), at=hkt(2025, 9, 1))
        load_policies(by=Actor.system(), at=hkt(2025, 9, 1))
        assert load_demo() is True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: None, db: None) -> None:
    """Each test changes a copy."""
