"""Hostile and broken files: each is refused with the sentence that helps, or held, within the limits.

Every file is made on the spot. What is held is kept as it came, for nobody can say what it is.
"""

import io
import struct
import time
import zlib

import pikepdf
import pytest
from PIL import Image

from applications.evidence.files import LARGEST, SENTENCES, FileRefused, read_upload
from applications.evidence.models import FileKind
from applications.evidence.parser import SECONDS
from tests.factories.evidence import (
    archive,
    heic,
    on_first_page,
    on_opening,
    pdf,
    picture,
    png_claiming,
    script,
    upload,
)

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
HELD = "held"


def raw(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF written by hand, for what no library would write. Objects are numbered from 1."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, each in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out.write(b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table))
    return out.getvalue()


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def of_pages(many: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, many + 3))
    return raw(CATALOGUE, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, many), *[PAGE] * many)


def zeros(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes * 1024 * 1024), 1)


def unpacking_to_a_gigabyte() -> bytes:
    return raw(CATALOGUE, PAGES, PAGE, *[stream(b"/Filter/FlateDecode", zeros(64))] * 16)


def packed_twice() -> bytes:
    packed = zlib.compress(zeros(64))
    return raw(CATALOGUE, PAGES, PAGE, stream(b"/Filter[/FlateDecode/FlateDecode]", packed))


def with_references(packed: bytes, *, inside: int = 2) -> bytes:
    """A PDF whose pages lie in an object stream, told by a reference stream."""
    start = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    body = b"4 0 obj\n" + stream(b"/Type/ObjStm/N 2/First 8/Filter/FlateDecode", packed) + b"\nendobj\n"
    table = len(start) + len(body)
    rows = [(0, 0, 0), (1, 9, 0), (2, 4, 0), (2, 4, 1), (1, len(start), 0), (1, table, 0)]
    if inside == 4:  # the stream lies in itself
        rows[4] = (2, 4, 0)
    index = b"".join(struct.pack(">BIB", *row) for row in rows)
    reference = stream(b"/Type/XRef/Size 6/W[1 4 1]/Root 1 0 R", index)
    return start + body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (reference, table)


def object_stream_in_itself() -> bytes:
    return with_references(zlib.compress(b"2 0 3 38" + PAGES + b"   " + PAGE), inside=4)


def object_stream_of_200_megabytes() -> bytes:
    return with_references(zlib.compress(b"2 0 3 38" + PAGES + b"   " + PAGE + bytes(200 * 2**20), 1))


def with_page_destroyed() -> bytes:
    whole = pdf(3, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = whole.index(b"/Type /Page\n") if b"/Type /Page\n" in whole else whole.index(b"/Type /Page ")
    return whole[: at - 40] + b"x" * 120 + whole[at + 80 :]


def with_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["secret.exe"] = b"MZ"


def broken_off_after_an_earlier_end() -> bytes:
    """A PDF added to after it was signed, as downloads of such break off."""
    return pdf() + b"9 0 obj\n<</Type/Annot/Contents(" + b"x" * 3000


def names(**entries: object) -> bytes:
    return pdf(change=lambda made: made.Root.update(Dictionary(Names=Dictionary(**entries))))


def annotated(**entries: object) -> bytes:
    return pdf(change=on_first_page(Annots=Array([Dictionary(**entries)])))


def jpeg_claiming(width: int, height: int) -> bytes:
    whole = bytearray(picture())
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def progressive_jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("L", (7000, 5000)).save(out, "JPEG", progressive=True)
    return out.getvalue()


def jpeg_of_endless_scans() -> bytes:
    """A progressive JPEG whose last scan comes again and again: a small file that is drawn for minutes."""
    out = io.BytesIO()
    Image.new("RGB", (4000, 4000)).save(out, "JPEG", progressive=True)
    whole = out.getvalue()
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + scan * (10_000_000 // len(scan)) + whole[-2:]


def png_with(name: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk after its header."""
    whole = picture("PNG")
    chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return whole[:33] + chunk + whole[33:]


def heic_claiming(width: int, height: int) -> bytes:
    whole = bytearray(heic())
    at = whole.index(b"ispe") + 8
    whole[at : at + 8] = struct.pack(">II", width, height)
    return bytes(whole)


HOSTILE = {
    # nothing, or too much
    "nothing at all": (b"", "empty"),
    "blanks only": (b"\0" * 4096, "empty"),
    "20 MB and one byte": (lambda: b"%PDF-1.7\n" + b"0" * (LARGEST - 8), "too_large"),
    # something else, whatever it is called
    "a Word file called transcript.pdf": (archive("[Content_Types].xml", "word/document.xml"), "office"),
    "an OpenDocument file": (archive("mimetype", "META-INF/opendocument"), "office"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
    "an RTF text": (b"{\\rtf1\\ansi hello}", "office"),
    "an archive": (archive("a.pdf", "b.pdf"), "archive"),
    "an archive with a PDF close to its beginning": (archive("a") + pdf(), "archive"),
    "a RAR archive": (b"Rar!\x1a\x07\x01\0" + b"\0" * 600, "archive"),
    "an SVG packed with gzip": (b"\x1f\x8b\x08\0" + b"\0" * 600, "archive"),
    "a GIF": (picture("GIF"), "picture"),
    "a GIF that is a script as well": (b"GIF89a=1;alert(1)//" + b"\0" * 600, "picture"),
    "a TIFF": (picture("TIFF"), "picture"),
    "a WebP": (picture("WEBP"), "picture"),
    "a BMP": (picture("BMP"), "picture"),
    "an AVIF": (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf" + b"\0" * 600, "picture"),
    "a page of HTML": (b"<!doctype html><script>alert(1)</script>", "other"),
    "a page of HTML with a PDF behind it": (b"<html><script>alert(1)</script>" + pdf(), "other"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "other"),
    "PostScript": (b"%!PS-Adobe-3.0\n(r) file", "other"),
    "a program": (b"MZ\x90\0" + b"\0" * 600, "other"),
    "a film of a phone": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 600, "other"),
    "a text": (b"My transcript: all A", "other"),
    # broken PDFs
    "a PDF in name and header only": (b"%PDF-1.7\nhello\n%%EOF\n", "pdf_broken"),
    "a PDF cut off on the way": (pdf(3)[:-200], "pdf_cut_off"),
    "a PDF cut off behind an earlier end": (broken_off_after_an_earlier_end(), "pdf_cut_off"),
    "a PDF whose page is damaged": (with_page_destroyed(), "pdf_broken"),
    "a PDF without a page": (pdf(0), "pdf_without_pages"),
    "a PDF without a root": (raw(PAGE, trailer=b""), "pdf_broken"),
    "a PDF of 1,001 pages": (lambda: of_pages(1001), "too_many_pages"),
    "a PDF of 100,000 pages": (lambda: of_pages(100_000), "too_many_pages"),
    "a PDF with a password": (pdf(encryption=pikepdf.Encryption(user="secret", owner="o")), "pdf_locked"),
    "a PDF locked in a way of its own": (
        raw(
            CATALOGUE, PAGES, PAGE, b"<</Filter/Own/V 9>>", trailer=b"/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]"
        ),
        "pdf_locked",
    ),
    # PDFs that lead a reader in circles, or that burst
    "a PDF nested 200,000 deep": (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\n%%EOF\n",
        "pdf_broken",
    ),
    "pages that lie in themselves": (
        raw(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "pdf_broken",
    ),
    "a stream as long as itself": (
        raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1/Length 2 0 R>>stream\nendstream"),
        "pdf_broken",
    ),
    "an object stream that lies in itself": (object_stream_in_itself, "pdf_broken"),
    "an object stream of 200 MB": (object_stream_of_200_megabytes, "pdf_broken"),
    "a PDF that unpacks to a gigabyte": (unpacking_to_a_gigabyte, "pdf_unpacks"),
    "a PDF packed twice": (packed_twice, "pdf_unpacks"),
    "a PDF with a picture of ten thousand million dots": (
        raw(
            CATALOGUE,
            PAGES,
            PAGE,
            stream(b"/Subtype/Image/Width 100000/Height 100000/Filter/JBIG2Decode", b"\0"),
        ),
        "pdf_unpacks",
    ),
    # PDFs that do something
    "a PDF that runs a program when opened": (pdf(change=on_opening(script())), "pdf_script"),
    "a program hidden in a compressed object": (
        pdf(
            change=lambda made: on_opening(made.make_indirect(script()))(made),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "pdf_script",
    ),
    "a program whose name is written in code": (
        raw(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript>>>>", PAGES, PAGE),
        "pdf_script",
    ),
    "a program that nothing calls": (raw(CATALOGUE, PAGES, PAGE, b"<</S/JavaScript/JS(1)>>"), "pdf_script"),
    "a program behind an owner's password": (
        pdf(change=on_opening(script()), encryption=pikepdf.Encryption(user="", owner="o")),
        "pdf_script",
    ),
    "a program run by turning the page": (pdf(change=on_first_page(AA=Dictionary(O=script()))), "pdf_script"),
    "a program behind a link": (annotated(Subtype=Name.Link, A=script()), "pdf_script"),
    "a program among the names": (names(JavaScript=Dictionary()), "pdf_script"),
    "a PDF that starts another program": (
        pdf(change=on_opening(Dictionary(S=Name.Launch, F="calc.exe"))),
        "pdf_script",
    ),
    "a PDF that opens a file of a stranger's": (
        pdf(change=on_opening(Dictionary(S=Name.GoToR, F="\\\\example.org\\a"))),
        "pdf_script",
    ),
    "a PDF that reads in data": (pdf(change=on_opening(Dictionary(S=Name.ImportData))), "pdf_script"),
    "a PDF with a file inside": (pdf(change=with_attachment), "pdf_attachment"),
    "a PDF with a file pinned to a page": (
        annotated(Subtype=Name.FileAttachment, FS=Dictionary(EF=Dictionary())),
        "pdf_attachment",
    ),
    "a portfolio of files": (
        pdf(change=lambda made: made.Root.update(Dictionary(Collection=Dictionary()))),
        "pdf_attachment",
    ),
    "a fillable form of one maker": (
        pdf(change=lambda made: made.Root.update(Dictionary(AcroForm=Dictionary(XFA="x")))),
        "pdf_form",
    ),
    "a PDF with a film": (annotated(Subtype=Name.RichMedia, RichMediaContent=Dictionary()), "pdf_media"),
    # two files in one
    "a PDF that is an archive as well": (pdf() + archive("evil.html"), "two_in_one"),
    "a PDF with HTML behind it": (pdf() + b"<html><script>alert(1)</script>", "two_in_one"),
    "a PDF with HTML in its first lines": (
        pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
        "two_in_one",
    ),
    # pictures
    "a JPEG cut off on the way": (picture(size=(400, 300))[:-2000], "picture_broken"),
    "a JPEG in name and header only": (b"\xff\xd8\xff\xe0" + b"\0" * 600, "picture_broken"),
    "a JPEG that claims 4,000 million dots": (jpeg_claiming(65_500, 65_500), "too_many_pixels"),
    "a progressive JPEG of 35 million dots": (progressive_jpeg, "too_many_pixels"),
    "a JPEG of endless scans": (jpeg_of_endless_scans, HELD),
    "a PNG cut off on the way": (picture("PNG")[:-500], "picture_broken"),
    "a PNG with a byte changed": (picture("PNG")[:200] + b"\0\1" + picture("PNG")[202:], "picture_broken"),
    "a PNG that unpacks to 900 million dots": (lambda: png_claiming(30_000, 30_000), "too_many_pixels"),
    "a PNG with a text that unpacks to 64 MB": (
        lambda: png_with(b"zTXt", b"Comment\0\0" + zeros(64)),
        "picture_broken",
    ),
    "a HEIC in name and header only": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 600, "picture_broken"),
    "a HEIC cut off on the way": (heic()[:-900], "picture_broken"),
    "a HEIC that claims 900 million dots": (heic_claiming(30_000, 30_000), "picture_broken"),
}


@pytest.mark.parametrize(("content", "kind"), HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_with_its_sentence_or_held_within_the_limits(content, kind):
    content = content() if callable(content) else content
    began = time.monotonic()
    if kind == HELD:
        file = read_upload(upload(content, "成績單.pdf"))
        assert (file.kind, file.content == content) == (FileKind.UNKNOWN, True)
    else:
        with pytest.raises(FileRefused) as refused:
            read_upload(upload(content, "成績單.pdf"))
        assert (refused.value.code, str(refused.value).startswith("“成績單.pdf” ")) == (kind, True)
    assert time.monotonic() - began < SECONDS + 3  # the machine may be busy


def test_every_sentence_has_a_file_that_is_refused_with_it():
    assert {kind for _content, kind in HOSTILE.values()} - {HELD} == set(SENTENCES)
