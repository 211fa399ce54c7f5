"""The bytes of documents. Answers carried over refer to the same bytes, so the last row takes them along."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.db import transaction

from applications.evidence.models import Document


def delete_bytes(storage: Storage, path: str) -> None:
    """Once this is committed, delete the file at `path`, unless another document still refers to it."""

    def delete() -> None:
        if not Document.objects.filter(file=path).exists():
            storage.delete(path)

    transaction.on_commit(delete)
