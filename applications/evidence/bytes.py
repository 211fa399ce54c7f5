"""The bytes behind rows: gone with the last row that refers to them, for answers carried over share them."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import Storage
from django.db import models, transaction

from applications.evidence.models import Document


def delete_bytes(storage: Storage, path: str) -> None:
    """Once this is committed, delete the file at `path`, unless another document still refers to it."""

    def delete() -> None:
        if not Document.objects.filter(file=path).exists():
            storage.delete(path)

    transaction.on_commit(delete)


def remove_orphans_of(model: type[models.Model], folder: str, *, older_than: datetime) -> int:
    """Delete the files below `folder` that a crash left without a row of `model`, and return how many.

    `older_than` is real time, as files keep it: a young file may belong to a row that is not yet committed.
    """
    storage = model._meta.get_field("file").storage  # type: ignore[union-attr]
    removed = 0
    for shelf in storage.listdir(folder)[0] if storage.exists(folder) else []:
        paths = {f"{folder}/{shelf}/{name}" for name in storage.listdir(f"{folder}/{shelf}")[1]}
        kept = set(model._default_manager.filter(file__in=paths).values_list("file", flat=True))
        for path in paths - kept:
            if storage.get_modified_time(path) < older_than:
                storage.delete(path)
                removed += 1
    return removed
