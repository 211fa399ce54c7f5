"""The copy itself: one archive with everything the inventory names, written row by row and file by file.

Nothing is gathered in memory: a person with a gigabyte of scans costs no more than one without.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, FileField, ForeignKey, JSONField, Model, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import get_valid_filename

from admissions_portal.accounts.models import User
from admissions_portal.history.models import Event
from admissions_portal.history.wording import sentence_of
from admissions_portal.jobs.runners import Progress
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import ActorKind
from applications.home.queries import messages_to
from applications.privacy.held import HELD, LEFT_OUT, Held, path_to_person

FORMAT = "admissions-portal-record/1"
ROWS_AT_ONCE = 200
ABOUT = "about"
# what readers and officers found
INSIDE_EVENTS = ("review", "finding", "decision")
HISTORY, MESSAGES, LETTERS = "history", "messages", "letters"


@dataclass(slots=True)
class _Copy:
    """One archive being written for one person."""

    user: User
    at: datetime
    archive: zipfile.ZipFile
    progress: Progress
    done: int = 0
    # of each table the primary keys, as history, messages and letters name what they are about
    ids: dict[str, list[str]] = field(default_factory=dict)

    def step(self) -> None:
        self.done += 1
        self.progress(self.done)


def write_record(to: IO[bytes], user: User, *, at: datetime, progress: Progress) -> None:
    """Write the archive to a file. Raises FileNotFoundError where a file that is held has been lost."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        copy = _Copy(user, at, archive, progress)
        progress(0, len(HELD) + 3)
        _write_tables(copy)
        _write_files(copy)
        _write_letters(copy)
        _write_messages(copy)
        archive.writestr("schema.json", json.dumps(schema(), ensure_ascii=False, indent=2))
        with translation.override(user.language):
            archive.writestr("README.txt", _readme(user, at))


def rows_of(held: Held, user: User) -> QuerySet[Any]:
    """The person's own rows of one table, in the order they were made."""
    if held.address:
        # one that was only typed in may be somebody else's
        proven = EmailAddress.objects.filter(user_id=user.pk, verified=True).values_list("email", flat=True)
        whose: dict[str, Any] = {f"{held.address}__in": [each.lower() for each in (user.email, *proven)]}
    else:
        path = path_to_person(held.model)
        assert path is not None, f"{held.label} leads to nobody"
        whose = {path: user.pk}
    related = [
        each.name
        for each in held.model._meta.concrete_fields
        if isinstance(each, ForeignKey) and _is_of_catalogue(each)
    ]
    return held.model._default_manager.filter(**whose).select_related(*related).order_by("pk")


def row_data(row: Model, held: Held, user: User) -> dict[str, Any]:
    """One row as plain JSON. Other people are never named: staff are `staff`."""
    data = {}
    for each in row._meta.concrete_fields:
        if each.name in held.left_out or isinstance(each, BinaryField):
            continue
        data[each.name] = _value(row, each, user)
    typed = getattr(row, "typed", None)
    if "typed" not in data and typed is not None:
        data["typed"] = typed
    return data


def schema() -> dict[str, Any]:
    """Every key of `record.json` with every field: its meaning, its type, and its codes in words."""
    with translation.override("en"):
        tables = {
            held.key: {
                "meaning": str(held.meaning),
                "fields": {
                    each.name: _described(each)
                    for each in held.model._meta.concrete_fields
                    if each.name not in held.left_out and not isinstance(each, BinaryField)
                },
                "left_out": {name: str(why) for name, why in held.left_out.items()},
            }
            for held in HELD
        }
    return {
        "format": FORMAT,
        "times": "ISO 8601, UTC",
        "tables": tables,
        HISTORY: {"meaning": "What happened, oldest first.", "fields": ["at", "what", "by", "about"]},
        MESSAGES: {
            "meaning": "Mails to you, oldest first.",
            "fields": ["at", "from", "to", "language", "subject", "body", "about"],
        },
        LETTERS: {"meaning": "Papers made for you.", "fields": ["number", "version", "file", "sha256"]},
    }


def _write_tables(copy: _Copy) -> None:
    with _entry(copy, "record.json") as out:
        about = {"format": FORMAT, "made_at": copy.at, "schema": "schema.json"}
        out.write(f'{{\n"{ABOUT}": {_json(about)}'.encode())
        for held in HELD:
            out.write(f',\n"{held.key}": ['.encode())
            ids = copy.ids[held.model._meta.model_name or ""] = []
            _write_rows(out, _table(copy, held, ids))
            copy.step()
        for key, rows in ((HISTORY, _history(copy)), (MESSAGES, _messages(copy)), (LETTERS, _letters(copy))):
            out.write(f',\n"{key}": ['.encode())
            _write_rows(out, rows)
        out.write(b"\n}\n")


def _write_rows(out: IO[bytes], rows: Iterator[dict[str, Any]]) -> None:
    for number, row in enumerate(rows):
        out.write(f"{',' if number else ''}\n  {_json(row)}".encode())
    out.write(b"]")


def _table(copy: _Copy, held: Held, ids: list[str]) -> Iterator[dict[str, Any]]:
    for row in rows_of(held, copy.user).iterator(chunk_size=ROWS_AT_ONCE):
        ids.append(str(row.pk))
        yield row_data(row, held, copy.user)


def _write_files(copy: _Copy) -> None:
    """Every file as it is kept. One that nobody could examine is named in the record and stays behind."""
    for held in HELD:
        fields = [each for each in held.model._meta.concrete_fields if isinstance(each, FileField)]
        for each in fields:
            for row in rows_of(held, copy.user).iterator(chunk_size=ROWS_AT_ONCE):
                if path := _path_in_copy(row, each):
                    # already compressed, nearly all of them
                    with (
                        getattr(row, each.name).open("rb") as kept,
                        _entry(copy, path, zipfile.ZIP_STORED) as out,
                    ):
                        shutil.copyfileobj(kept, out)
                    copy.progress(copy.done)
    copy.step()


def _write_letters(copy: _Copy) -> None:
    for pk in list(_papers(copy).values_list("pk", flat=True)):
        paper = Paper.objects.get(pk=pk)
        if paper.pdf is not None:
            copy.archive.writestr(_letter_path(paper), bytes(paper.pdf), zipfile.ZIP_STORED)
    copy.step()


def _write_messages(copy: _Copy) -> None:
    """Each mail as text, for reading without tools."""
    for number, row in enumerate(_messages(copy), start=1):
        name = get_valid_filename(f"{number:04d}-{row['at']:%Y-%m-%d}") + ".txt"
        copy.archive.writestr(f"messages/{name}", f"{row['subject']}\n\n{row['body']}")
    copy.step()


def _history(copy: _Copy) -> Iterator[dict[str, Any]]:
    """What happened to the person's rows; what stays inside the office stays out."""
    with translation.override(copy.user.language):
        for kind, ids in copy.ids.items():
            events = Event.objects.filter(about_kind=kind, about_id__in=ids).order_by("at", "id")
            for event in events.iterator(chunk_size=ROWS_AT_ONCE):
                if event.kind.partition(".")[0] not in INSIDE_EVENTS:
                    yield {
                        "at": event.at,
                        "what": sentence_of(event),
                        "by": _actor(event, copy.user),
                        "about": {kind: event.about_id},
                    }


def _messages(copy: _Copy) -> Iterator[dict[str, Any]]:
    mails = messages_to(copy.user, at=copy.at).defer(None).order_by("queued_at", "id")
    for mail in mails.iterator(chunk_size=ROWS_AT_ONCE):
        yield _mail(mail)


def _mail(mail: Message) -> dict[str, Any]:
    return {
        "at": mail.queued_at,
        "from": mail.sender,
        "to": mail.to_address,
        "language": mail.language,
        "subject": mail.subject,
        "body": mail.body,
        "about": {mail.about_kind: mail.about_id} if mail.about_kind else None,
    }


def _letters(copy: _Copy) -> Iterator[dict[str, Any]]:
    for paper in _papers(copy).defer("pdf", "context"):
        yield {
            "kind": paper.kind,
            "number": paper.number,
            "version": paper.version,
            "requested_at": paper.requested_at,
            "file": _letter_path(paper) if paper.is_rendered else None,
            "sha256": paper.sha256,
        }


def _papers(copy: _Copy) -> QuerySet[Paper]:
    """Papers about any row of the person."""
    found = Paper.objects.none()
    for kind, ids in copy.ids.items():
        if ids:
            found |= Paper.objects.filter(about_kind=kind, about_id__in=ids)
    return found.order_by("requested_at", "id")


def _value(row: Model, each: Field, user: User) -> Any:
    value = each.value_from_object(row)
    if isinstance(each, FileField):
        return _path_in_copy(row, each)
    if isinstance(each, ForeignKey) and value is not None:
        if each.related_model is User:
            return "you" if value == user.pk else "staff"
        return (
            {"id": str(value), "is": str(getattr(row, each.name))} if _is_of_catalogue(each) else str(value)
        )
    # a country is its code, a telephone its number
    return value if isinstance(each, JSONField) else each.get_prep_value(value)


def _is_of_catalogue(each: ForeignKey) -> bool:
    target = each.related_model
    return not isinstance(target, str) and target._meta.app_label in ("programmes", "eligibility")


def _path_in_copy(row: Any, each: FileField) -> str | None:
    """Where a row's file stands in the archive; None where it has none, or nobody may be shown it."""
    kept = getattr(row, each.name)
    if not kept or getattr(row, "is_held", False):
        return None
    name = get_valid_filename(getattr(row, "download_name", "") or kept.name.rpartition("/")[2])
    return f"files/{row._meta.model_name}/{str(row.pk)[:8]}-{name}"


def _letter_path(paper: Paper) -> str:
    return f"letters/{get_valid_filename(paper.filename)}"


def _actor(event: Event, user: User) -> str:
    if event.actor_kind == ActorKind.USER:
        return "you" if event.actor_id == str(user.pk) else "staff"
    return "portal" if event.actor_kind == ActorKind.SYSTEM else "link"


def _described(each: Field) -> dict[str, Any]:
    choices = {str(code): str(label) for code, label in (each.flatchoices or ())}
    described = {"meaning": str(each.verbose_name), "type": each.get_internal_type()}
    return {**described, "codes": choices} if choices else described


def _entry(copy: _Copy, path: str, compression: int = zipfile.ZIP_DEFLATED) -> Any:
    info = zipfile.ZipInfo(path)
    info.compress_type = compression
    return copy.archive.open(info, "w", force_zip64=True)


def _json(data: Any) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)


def _readme(user: User, at: datetime) -> str:
    reasons = dict.fromkeys(
        str(why) for why in (*LEFT_OUT.values(), *(why for held in HELD for why in held.left_out.values()))
    )
    return render_to_string(
        "applications/privacy/readme.txt", {"user": user, "at": at, "tables": HELD, "reasons": reasons}
    )
