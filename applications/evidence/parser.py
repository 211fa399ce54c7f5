"""Says what the bytes on standard input are. Run by path as a process of its own, so that a hostile file can
harm nothing and take no more than its share: it knows neither Django nor the rest of the portal.

Answers on standard output with one line of JSON, {"kind", "pages"} or {"refused", …}, and after it the bytes
to keep: a PDF as it came, so that a signed certificate stays signed; a picture without what does not belong
to it (where it was taken, by which phone, whatever was appended), its pixels untouched.
"""

import contextlib
import io
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where memory is bounded
    import pikepdf

# The product's own limits, far above what an honest file needs: a 20 MB scan of 60 pages takes 0.2 s, 60 MB.
SECONDS = 5
MEMORY = 300 * 1024 * 1024
PIXELS = 50_000_000
PIXELS_PROGRESSIVE = 30_000_000
PAGES = 1000

# What a file is that we do not take, by its first bytes, so that the answer can say what to do with it.
FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "office"),
    (b"{\\rtf", 0, "office"),
    (b"ftypheic", 4, "heic"),
    (b"ftypheix", 4, "heic"),
    (b"ftypmif1", 4, "heic"),
    (b"ftypavif", 4, "picture"),
    (b"GIF8", 0, "picture"),
    (b"RIFF", 0, "picture"),
    (b"II*\0", 0, "picture"),
    (b"MM\0*", 0, "picture"),
    (b"BM", 0, "picture"),
    (b"Rar!", 0, "archive"),
    (b"7z\xbc\xaf", 0, "archive"),
    (b"\x1f\x8b", 0, "archive"),
)


class Refused(Exception):
    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **details}


def parse(data: bytes) -> tuple[dict[str, object], bytes]:
    """What `data` is, and the bytes to keep. Raises Refused with the code of a sentence in `files.py`."""
    if not data.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    # some programs write blanks before the header, and readers do not mind
    if data[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-"):
        return {"kind": "application/pdf", "pages": _pages_of_pdf(data)}, data
    # what came is let go before the pixels are unpacked: both would not fit
    if data.startswith(b"\xff\xd8\xff"):
        data = _bare_jpeg(data)
        _check_picture(data, "JPEG")
        return {"kind": "image/jpeg", "pages": 1}, data
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        data = _bare_png(data)
        _check_picture(data, "PNG")
        return {"kind": "image/png", "pages": 1}, data
    raise Refused(_foreign(data))


def _foreign(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        office = b"word/" in data or b"[Content_Types].xml" in data or b"opendocument" in data
        return "office" if office else "archive"
    for start, at, code in FOREIGN:
        if data.startswith(start, at):
            return code
    return "other"


# PDF ----------------------------------------------------------------------------


def _pages_of_pdf(data: bytes) -> int:
    import pikepdf

    if b"%%EOF" not in data[-2048:]:
        raise Refused("pdf_cut_off")
    if _is_archive_too(data):
        raise Refused("two_in_one")
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            said = int(pdf.Root.Pages.get("/Count", 0))  # counting the pages mends it
            pages = len(pdf.pages)
            if pages == 0:
                raise Refused("pdf_without_pages")
            # qpdf mends what it can, as readers do; a page lost in mending nobody would miss
            if pages < said or any("ages tree" in warning for warning in pdf.get_warnings()):
                raise Refused("pdf_broken")
            if pages > PAGES:
                raise Refused("too_many_pages", pages=pages, most=PAGES)
            for page in pdf.pages:
                if "/MediaBox" not in page:
                    raise Refused("pdf_broken")
            _refuse_active(pdf)
    except pikepdf.PasswordError:
        raise Refused("pdf_locked") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError):
        raise Refused("pdf_broken") from None
    return pages


def _is_archive_too(data: bytes) -> bool:
    """A second file laid over the first: an archive is read from its end, a PDF from its beginning."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


ACTIVE_ACTIONS = {
    "/JavaScript": "pdf_script",
    "/Launch": "pdf_script",
    "/ImportData": "pdf_script",
    "/GoToE": "pdf_attachment",
    "/Rendition": "pdf_media",
    "/RichMediaExecute": "pdf_media",
}
ACTIVE_KEYS = {
    "/JS": "pdf_script",
    "/JavaScript": "pdf_script",
    "/XFA": "pdf_form",
    "/EmbeddedFiles": "pdf_attachment",
    "/EF": "pdf_attachment",
    "/RichMediaContent": "pdf_media",
}


def _refuse_active(pdf: "pikepdf.Pdf") -> None:
    """Refuse a PDF that does or hides something when it is opened. Every object is looked at, used or not."""
    import pikepdf

    if "/Collection" in pdf.Root:
        raise Refused("pdf_attachment")
    for indirect in pdf.objects:
        waiting = [indirect]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Array):
                inner = list(thing)
            elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                action = thing.get("/S")
                if isinstance(action, pikepdf.Name) and str(action) in ACTIVE_ACTIONS:
                    raise Refused(ACTIVE_ACTIONS[str(action)])
                keys = set(thing.keys())
                if found := keys & ACTIVE_KEYS.keys():
                    raise Refused(ACTIVE_KEYS[found.pop()])
                inner = [thing[key] for key in keys]
            else:
                continue
            # a number holds nothing; a reference has its own turn
            waiting += [part for part in inner if isinstance(part, pikepdf.Object) and not part.is_indirect]


# Pictures -------------------------------------------------------------------------


def _check_picture(data: bytes, kind: str) -> None:
    """Every byte of it is a picture of a size that people can open."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit answers with a sentence instead of a warning
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            width, height = picture.size
            # a progressive JPEG is unpacked whole, at six bytes a dot, before any of it can be seen
            most = PIXELS_PROGRESSIVE if picture.info.get("progressive") else PIXELS
            if width * height > most:
                raise Refused("too_many_pixels", width=width, height=height, most=most // 1_000_000)
            # reads every byte of any other JPEG at an eighth of its size
            picture.draft("L", (max(width // 8, 1), max(height // 8, 1)))
            picture.load()
    except (Refused, MemoryError):
        raise
    except Exception:  # Pillow raises a dozen kinds for one thing
        raise Refused("picture_broken") from None


def _bare_jpeg(data: bytes) -> bytes:
    """The JPEG without EXIF, comments, thumbnails and whatever follows its end; the way up is kept.

    Kept are JFIF (APP0), the colour profile (APP2 ICC_PROFILE) and Adobe's colour transform (APP14).
    """
    kept, at, turned = [b"\xff\xd8"], 2, 1
    while True:
        if data[at : at + 1] != b"\xff":
            raise Refused("picture_broken")
        while data[at + 1 : at + 2] == b"\xff":  # fill bytes
            at += 1
        marker = data[at + 1 : at + 2]
        if marker == b"\xd9":
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if not marker or length < 2 or end > len(data):
            raise Refused("picture_broken")
        segment, payload = data[at:end], data[at + 4 : end]
        code = marker[0]
        if code == 0xE1 and payload.startswith(b"Exif\0\0"):
            turned = _orientation(payload[6:])
        is_extra = 0xE0 <= code <= 0xEF or code == 0xFE
        is_colour = code in (0xE0, 0xEE) or (code == 0xE2 and payload.startswith(b"ICC_PROFILE\0"))
        if not is_extra or is_colour:
            kept.append(segment)
        at = end
        if (
            code == 0xDA
        ):  # the pixels follow, up to the next marker that is neither a stuffed byte nor a restart
            while True:
                end = data.find(b"\xff", end)
                if end < 0 or end + 1 >= len(data):
                    raise Refused("picture_broken")
                if data[end + 1] != 0 and not 0xD0 <= data[end + 1] <= 0xD7:
                    break
                end += 2
            kept.append(data[at:end])
            at = end
    if turned != 1:
        kept.insert(1, _exif_with_orientation(turned))
    return b"".join([*kept, b"\xff\xd9"])


def _orientation(tiff: bytes) -> int:
    """Which way up the phone was held, 1 to 8; 1 where nothing sensible is said."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return 1
    start = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[start : start + 2], order)  # type: ignore[arg-type]
    for at in range(start + 2, start + 2 + 12 * min(count, 200), 12):
        if int.from_bytes(tiff[at : at + 2], order) == 0x0112:  # type: ignore[arg-type]
            value = int.from_bytes(tiff[at + 8 : at + 10], order)  # type: ignore[arg-type]
            return value if 1 <= value <= 8 else 1
    return 1


def _exif_with_orientation(value: int) -> bytes:
    tiff = (
        b"MM\0*\0\0\0\x08" + b"\0\x01" + b"\x01\x12\0\x03\0\0\0\x01" + bytes([0, value, 0, 0]) + b"\0\0\0\0"
    )
    payload = b"Exif\0\0" + tiff
    return b"\xff\xe1" + (len(payload) + 2).to_bytes(2, "big") + payload


PNG_KEPT = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}


def _bare_png(data: bytes) -> bytes:
    """The PNG without texts, EXIF, animation and whatever follows its end."""
    return data[:8] + b"".join(chunk for name, chunk in _chunks(data) if name in PNG_KEPT)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while True:
        length = int.from_bytes(data[at : at + 4], "big")
        chunk = data[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise Refused("picture_broken")
        name = chunk[4:8]
        yield name, chunk
        if name == b"IEND":
            return
        at += len(chunk)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS does not limit memory
            resource.setrlimit(what, (most, most))


def main() -> None:
    _limit()
    kept = b""
    try:
        answer, kept = parse(sys.stdin.buffer.read())
    except Refused as refused:
        answer = refused.answer
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complicated"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
