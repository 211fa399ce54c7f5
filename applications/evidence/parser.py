"""Says what the bytes on standard input are. Run by path as a process of its own, so that a hostile file can
harm nothing and take no more than its share: it knows neither Django nor the rest of the portal.

Answers on standard output with one line of JSON, {"kind", "pages", "was"}, {"refused", …} or {"held": true},
and after it the bytes to keep: a PDF as it came, so that a signed certificate stays signed; a picture drawn
anew from its dots alone, the right way up, without where and by which phone it was taken and whatever was
hidden in it. `was` is the kind that was sent where another is kept: a HEIC photo becomes a JPEG.
"""

import contextlib
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where memory is bounded
    import pikepdf
    from PIL import Image

# The product's own limits, far above what an honest file needs: a 20 MB scan of 60 pages takes 0.2 s, 60 MB.
SECONDS = 5
MEMORY = 300 * 1024 * 1024
PAGES = 1000
# The most dots whose drawing fits into the memory: a JPEG is read at a fraction of its size, a page scanned
# at 600 dots per inch is a PNG of 35 million, and most phones take a HEIC of 12 or 24 million.
PIXELS = {"JPEG": 120_000_000, "PNG": 36_000_000, "HEIF": 25_000_000}
# a progressive JPEG is unpacked whole, at six bytes a dot, before any of it can be seen
PIXELS_PROGRESSIVE = 30_000_000
# the dots of a picture as it is kept: A4 at 500 dots per inch; a larger one is kept at half its size
KEPT_PIXELS = 25_000_000
# what all the pages of a PDF may unpack to, and the dots of one picture in it: two A3 pages at 1,200 per inch
UNPACKED = 512 * 1024 * 1024
PIXELS_IN_PDF = 600_000_000

BLANKS = b"\0 \t\r\n"
# What a file is that we do not take, by its first bytes, so that the answer can say what to do with it.
FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"GIF8", "picture"),
    (b"RIFF", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"BM", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Refused(Exception):
    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **details}


def parse(data: bytes) -> tuple[dict[str, object], bytes]:
    """What `data` is, and the bytes to keep. Raises Refused with the code of a sentence in `files.py`."""
    if not data.strip(BLANKS):
        raise Refused("empty")
    # some programs write blanks before the header, and readers do not mind
    if data[:1024].lstrip(b"\xef\xbb\xbf" + BLANKS).startswith(b"%PDF-"):
        return {"kind": "application/pdf", "pages": _pages_of_pdf(data)}, data
    if data.startswith(b"\xff\xd8\xff"):
        return {"kind": "image/jpeg", "pages": 1}, _drawn_anew(data, "JPEG")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return {"kind": "image/png", "pages": 1}, _drawn_anew(data, "PNG")
    if _is_heic(data):
        return {"kind": "image/jpeg", "pages": 1, "was": "image/heic"}, _drawn_anew(data, "HEIF")
    raise Refused(_foreign(data))


def _is_heic(data: bytes) -> bool:
    brands = _brands(data)
    return bool(brands & HEIC_BRANDS) and not brands & {b"avif", b"avis"}


def _brands(data: bytes) -> set[bytes]:
    """The kinds of media file that it says it is: its first box holds them, four letters each."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 512)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def _foreign(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        office = b"word/" in data or b"[Content_Types].xml" in data or b"opendocument" in data
        return "office" if office else "archive"
    if b"avif" in _brands(data):
        return "picture"
    for start, code in FOREIGN:
        if data.startswith(start):
            return code
    return "other"


# PDF ----------------------------------------------------------------------------


def _pages_of_pdf(data: bytes) -> int:
    _check_one_file(data)
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            said = int(pdf.Root.Pages.get("/Count", 0))  # counting the pages mends it
            if said > PAGES:
                raise Refused("too_many_pages", pages=said, most=PAGES)
            pages = len(pdf.pages)
            if pages == 0:
                raise Refused("pdf_without_pages")
            # qpdf mends what it can, as readers do; a page lost in mending nobody would miss
            if pages < said or any("ages tree" in warning for warning in pdf.get_warnings()):
                raise Refused("pdf_broken")
            if pages > PAGES:
                raise Refused("too_many_pages", pages=pages, most=PAGES)
            _refuse_active(pdf)
    except pikepdf.PasswordError:
        raise Refused("pdf_locked") from None
    except pikepdf.PdfError as error:
        raise Refused("pdf_locked" if "encryption" in str(error) else "pdf_broken") from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError):
        raise Refused("pdf_broken") from None
    return pages


def _check_one_file(data: bytes) -> None:
    """The whole of a PDF, and nothing laid over it or hung behind it that another program would open."""
    end = data.rfind(b"%%EOF")
    behind = data[end + 5 :].strip(BLANKS) if end >= 0 else b""
    # a download that broke off may hold the end of an earlier state, with more of the PDF behind it
    if _is_archive_too(data) or re.search(rb"<(html|script|svg|!doctype)", data[:1024], re.IGNORECASE):
        raise Refused("two_in_one")
    # so many that reading them as pages would take all the memory
    if (pages := sum(1 for _page in re.finditer(rb"/Type\s*/Page\b", data))) > 10 * PAGES:
        raise Refused("too_many_pages", pages=pages, most=PAGES)
    if end < 0 or re.match(rb"\d+ \d+ obj\b", behind):
        raise Refused("pdf_cut_off")
    if behind:
        raise Refused("two_in_one")


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
    "/SubmitForm": "pdf_script",
    "/GoToR": "pdf_script",  # opens another file, which may lie on a stranger's server
    "/GoToE": "pdf_attachment",
    "/Rendition": "pdf_media",
    "/Movie": "pdf_media",
    "/Sound": "pdf_media",
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
    """Refuse a PDF that does or hides something when it is opened, or that unpacks to more than any reader
    bears. Every object is looked at, used or not."""
    import pikepdf

    if "/Collection" in pdf.Root:
        raise Refused("pdf_attachment")
    left = UNPACKED
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
                if isinstance(thing, pikepdf.Stream):
                    left -= _unpacked(thing, left)
                inner = [thing[key] for key in keys]
            else:
                continue
            # a number holds nothing; a reference has its own turn
            waiting += [part for part in inner if isinstance(part, pikepdf.Object) and not part.is_indirect]


def _unpacked(stream: "pikepdf.Stream", most: int) -> int:
    """How many bytes the stream unpacks to, never unpacking more than `most` of them."""
    import pikepdf

    if stream.get("/Width", 0) * stream.get("/Height", 0) > PIXELS_IN_PDF:
        raise Refused("pdf_unpacks")
    filters = stream.get("/Filter")
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters or ()]
    # packed twice hides how large it is, and no honest program does it
    if names.count("/FlateDecode") > 1:
        raise Refused("pdf_unpacks")
    if names[:1] != ["/FlateDecode"]:
        return 0
    unpacker, packed, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    with contextlib.suppress(zlib.error):  # a damaged picture in a page is seen by whoever reads the page
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, 1024 * 1024))
            packed = unpacker.unconsumed_tail
            if size > most:
                raise Refused("pdf_unpacks")
    return size


# Pictures -------------------------------------------------------------------------


def _drawn_anew(data: bytes, kind: str) -> bytes:
    """The picture as a new file that holds its dots and nothing else: JPEG, or PNG where it was one."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit answers with a sentence instead of a warning
    if kind == "HEIF":
        import pi_heif

        pi_heif.options.DECODE_THREADS = 1  # each thread reserves memory of its own
        pi_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            width, height = picture.size
            progressive = bool(picture.info.get("progressive"))
            most = PIXELS_PROGRESSIVE if progressive else PIXELS[kind]
            if width * height > most:
                raise Refused("too_many_pixels", width=width, height=height, most=most // 1_000_000)
            shrink = _shrink(width * height, KEPT_PIXELS // 2 if progressive else KEPT_PIXELS)
            picture.draft(None, (width // shrink, height // shrink))  # a JPEG is read no larger than that
            picture.load()
            drawn: Image.Image = picture
            if kind != "PNG" and drawn.mode not in ("L", "RGB"):
                drawn = drawn.convert("RGB")
            elif drawn.mode == "P":
                drawn = drawn.convert("RGBA" if "transparency" in drawn.info else "RGB")
            if kind != "JPEG" and shrink > 1:
                drawn = drawn.reduce(shrink)
            return _bytes_of(ImageOps.exif_transpose(drawn), "PNG" if kind == "PNG" else "JPEG")
    except (Refused, MemoryError):
        raise
    except Exception:  # Pillow raises a dozen kinds for one thing
        raise Refused("picture_broken") from None


def _shrink(pixels: int, most: int) -> int:
    """By how much each side is divided so that no more than `most` dots are left: 1, 2, 4 or 8."""
    return next((by for by in (1, 2, 4) if pixels <= most * by * by), 8)


def _bytes_of(picture: "Image.Image", kind: str) -> bytes:
    picture.info = {}  # what Pillow would write beside the dots: profile, comments, resolution
    picture.getexif().clear()
    out = io.BytesIO()
    if kind == "JPEG":
        picture.save(out, "JPEG", quality=90)
    else:
        picture.save(out, "PNG", compress_level=4)
    return out.getvalue()


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
        answer = {"held": True}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
