"""Files made on the spot, honest and hostile, and documents as `add_document` leaves them."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import factory
import pikepdf
import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.evidence.models import (
    Document,
    DocumentStatus,
    FileKind,
    PrintedDifference,
    PrintedIdentity,
    SlotCode,
    WhatDiffers,
)
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory
from tests.factories.programmes import hkt

UPLOADED = hkt(2026, 3, 20, 10, 0)


def upload(content: bytes, name: str = "transcript.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], Any] | None = None, **save: Any) -> bytes:
    """A PDF of blank pages; `change` may do anything to it before it is saved."""
    document = pikepdf.new()
    for _n in range(pages):
        document.add_blank_page()
    if change is not None:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 60), mode: str = "RGB", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **save)
    return out.getvalue()


def heic(size: tuple[int, int] = (80, 60), **save: Any) -> bytes:
    """A photo as an iPhone keeps it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.effect_noise(size, 60).convert("RGB")).save(out, **save)
    return out.getvalue()


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('hello')")


def on_opening(action: Any) -> Callable[[pikepdf.Pdf], Any]:
    return lambda made: made.Root.__setitem__("/OpenAction", action)


def on_first_page(**entries: Any) -> Callable[[pikepdf.Pdf], Any]:
    return lambda made: made.pages[0].obj.update(pikepdf.Dictionary(**entries))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to as many pixels as it claims."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width)
    pixels = b"".join(packer.compress(row) for _n in range(min(height, 4000))) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "text")
    return out.getvalue()


class DocumentFactory(factory.django.DjangoModelFactory):
    """A transcript of one page as received; its bytes are a real PDF, no two alike."""

    class Meta:
        model = Document

    class Params:
        content = factory.LazyAttributeSequence(
            lambda o, n: pdf(change=lambda made: made.docinfo.update({"/Title": str(n)}))
        )

    application = factory.SubFactory(CaseFactory)
    slot = SlotCode.DEGREE
    name = "transcript.pdf"
    kind = FileKind.PDF
    uploaded_at = UPLOADED
    status = DocumentStatus.RECEIVED
    file = factory.LazyAttribute(lambda o: ContentFile(o.content, "x"))
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())
    sent_sha256 = factory.SelfAttribute("sha256")


class PrintedIdentityFactory(factory.django.DjangoModelFactory):
    """A name as a document prints it, read by an officer."""

    class Meta:
        model = PrintedIdentity

    document = factory.SubFactory(DocumentFactory)
    application = factory.SelfAttribute("document.application")
    name = "LEE Mei"
    recorded_by = factory.SubFactory(StaffFactory)
    recorded_at = UPLOADED


class PrintedDifferenceFactory(factory.django.DjangoModelFactory):
    """A printed name that is not the applicant's, not settled."""

    class Meta:
        model = PrintedDifference

    printed = factory.SubFactory(PrintedIdentityFactory)
    application = factory.SelfAttribute("printed.application")
    what = WhatDiffers.NAME
    found_at = UPLOADED
