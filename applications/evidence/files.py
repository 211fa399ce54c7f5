"""A file somebody sends becomes one we keep, or is refused with a sentence that says how to mend it, or is
held where neither can be done safely.

What it is, is decided by parsing it (`parser.py`), never by its name or by what the browser says it is.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.refusals import Refusal
from applications.evidence.models import FileKind
from applications.evidence.parser import SECONDS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# 20 MB in the larger of its two meanings, so that nobody is refused over the difference.
LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 150

PARSER = Path(__file__).with_name("parser.py")

SENTENCES: dict[str, str | Promise] = {
    "empty": gettext_lazy("“%(name)s” is empty. Look at the file on your device, and send it again."),
    "too_large": gettext_lazy(
        "“%(name)s” has %(size)s MB; a file may have up to 20 MB. "
        "Scan in grey at 200 dots per inch, or send the pages "
        "as several files."
    ),
    "office": gettext_lazy("“%(name)s” is a Word, Excel or similar file. Save it as a PDF, and send that."),
    "picture": gettext_lazy(
        "“%(name)s” is a kind of picture we cannot keep. Save it as JPEG, PNG or PDF, and send that."
    ),
    "archive": gettext_lazy(
        "“%(name)s” is an archive of files. Unpack it, and send each document as a file of its own."
    ),
    "other": gettext_lazy(
        "“%(name)s” is no PDF, JPEG, PNG or HEIC file, whatever its name ends with. "
        "Save it as a PDF, and send that."
    ),
    "two_in_one": gettext_lazy(
        "“%(name)s” is two files in one. Open it, print it to a new PDF, and send that."
    ),
    "pdf_locked": gettext_lazy(
        "“%(name)s” can be opened with a password only. Save it without the password, and send that."
    ),
    "pdf_cut_off": gettext_lazy(
        "“%(name)s” breaks off before its end. "
        "Download or scan it once more, look at its last page, and send it again."
    ),
    "pdf_broken": gettext_lazy(
        "“%(name)s” is a damaged PDF. If you can open it, print it to a new PDF and send that; otherwise "
        "make it once more."
    ),
    "pdf_without_pages": gettext_lazy(
        "“%(name)s” is a PDF without a page. Make it once more, and send that."
    ),
    "too_many_pages": gettext_lazy(
        "“%(name)s” has %(pages)s pages; a file may have up to %(most)s. Send the pages that prove the point."
    ),
    "pdf_script": gettext_lazy(
        "“%(name)s” holds a program, or a command that would open something else. "
        "Print it to a new PDF, and send that."
    ),
    "pdf_form": gettext_lazy(
        "“%(name)s” is a fillable form that shows its pages in few programs only. "
        "Print it to a new PDF, and send that."
    ),
    "pdf_attachment": gettext_lazy(
        "“%(name)s” carries other files inside, which nobody would see. "
        "Print it to a new PDF, and send what is inside "
        "as files of their own."
    ),
    "pdf_media": gettext_lazy("“%(name)s” holds video or sound. Print it to a new PDF, and send that."),
    "picture_broken": gettext_lazy(
        "“%(name)s” is a damaged picture. "
        "If you can open it, save it under a new name; otherwise take or scan it once more."
    ),
    "too_many_pixels": gettext_lazy(
        "“%(name)s” has %(width)s by %(height)s dots, more than %(most)s million in all. "
        "Take it at the ordinary size, or "
        "save it as a PDF."
    ),
    "pdf_unpacks": gettext_lazy(
        "“%(name)s” unpacks to far more than its pages need. Print it to a new PDF, and send that."
    ),
}


class FileRefused(Refusal):
    """The file cannot be kept; the sentence names it and says what to do. `code` is the sentence's key."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(str(SENTENCES[code]) % details)
        self.code = code


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it will be kept. `size` in bytes, `sha256` over exactly these bytes.

    `sent_sha256` is over the bytes as they came, by which a file sent twice is known. `was` is the kind that
    came where another is kept. A file of kind UNKNOWN could be neither read nor refused within the limits: it
    is kept as it came, and held.
    """

    name: str
    kind: FileKind
    pages: int
    content: bytes
    sha256: str
    sent_sha256: str
    was: str = ""

    @property
    def size(self) -> int:
        return len(self.content)


def read_upload(upload: UploadedFile) -> ReadFile:
    """Parse what was sent, in a process of its own with 5 s and 300 MB. Raises FileRefused."""
    name = display_name(upload.name or "")
    if not upload.size:
        raise FileRefused("empty", name=name)
    if upload.size > LARGEST:
        raise FileRefused("too_large", name=name, size=f"{upload.size / 1_000_000:.1f}")
    upload.seek(0)
    return read_bytes(upload.read(), name=name)


def read_bytes(sent: bytes, *, name: str) -> ReadFile:
    """The same for bytes that are at hand, such as those of a held file looked at once more."""
    answer, content = _parse(sent)
    if code := answer.pop("refused", None):
        raise FileRefused(code, name=name, **answer)
    kept = sent if answer.get("held") else content
    return ReadFile(
        name=name,
        kind=FileKind(answer.get("kind", FileKind.UNKNOWN)),
        pages=answer.get("pages", 1),
        content=kept,
        sha256=hashlib.sha256(kept).hexdigest(),
        sent_sha256=hashlib.sha256(sent).hexdigest(),
        was=answer.get("was", ""),
    )


def _parse(data: bytes) -> tuple[dict, bytes]:
    """The parser's answer and the bytes to keep. Where it does not come back the file is held."""
    held: tuple[dict, bytes] = ({"held": True}, b"")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PARSER)],
            input=data,
            capture_output=True,
            # the kernel counts its seconds of work; this is for one that only waits
            timeout=SECONDS,
            # many arenas would use up the memory it may reserve before anything is read
            env={"MALLOC_ARENA_MAX": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return held
    if done.returncode != 0:  # out of time or memory, or crashed: the kernel ended it
        return held
    answer, _line, content = done.stdout.partition(b"\n")
    return json.loads(answer), content


def display_name(name: str) -> str:
    """The name as it may be shown and offered for saving: one line, nothing unseen, 150 characters."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    seen = "".join(" " if character.isspace() else character for character in last if _is_seen(character))
    plain = " ".join(seen.split()).strip(". ")
    if not plain:
        return _("document")
    if len(plain) > LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        plain = f"{plain[: LONGEST_NAME - len(ending) - 1]}…{ending}"
    return plain


def _is_seen(character: str) -> bool:
    """No control or direction mark, no half surrogate, nothing that breaks paths and headers."""
    return character.isspace() or (unicodedata.category(character)[0] != "C" and character not in '/:*?"<>|')
