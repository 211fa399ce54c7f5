"""What is kept and what is refused, decided by parsing alone. Every file here is made on the spot."""

import contextlib
import io
import random
import subprocess
import sys

import pikepdf
import pytest
from PIL import Image

from applications.evidence import files
from applications.evidence.files import LARGEST, SENTENCES, FileRefused, display_name, read_upload
from applications.evidence.models import FileKind
from tests.factories.evidence import archive, pdf, picture, png_claiming, upload

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert('hello')")


def on_opening(action):
    return lambda made: made.Root.__setitem__("/OpenAction", action)


def on_first_page(**entries):
    return lambda made: made.pages[0].obj.update(Dictionary(**entries))


def with_attachment(made):
    made.attachments["secret.exe"] = b"MZ"


def cut(content: bytes, away: int) -> bytes:
    return content[:-away]


def with_page_destroyed() -> bytes:
    whole = pdf(3, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = whole.index(b"/Type /Page\n") if b"/Type /Page\n" in whole else whole.index(b"/Type /Page ")
    return whole[: at - 40] + b"x" * 120 + whole[at + 80 :]


def zip_after_pdf() -> bytes:
    return pdf() + archive("evil.html")


def of_many_objects() -> bytes:
    heap = b"".join(b"%d 0 obj<</A[1 2]/B<</C 1>>>>endobj\n" % n for n in range(10, 30_000))
    return b"%PDF-1.7\n" + heap + pdf()[9:]


def of_many_dots() -> bytes:
    out = io.BytesIO()
    Image.new("L", (10_000, 6_000)).save(out, "JPEG")
    return out.getvalue()


HOSTILE = {
    "nothing at all": (b"", "empty"),
    "blanks only": (b"\0" * 4096, "empty"),
    "more than 20 MB": (lambda: b"%PDF-1.7\n" + b"0" * LARGEST, "too_large"),
    "a Word file called transcript.pdf": (archive("[Content_Types].xml", "word/document.xml"), "office"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
    "an RTF text": (b"{\\rtf1\\ansi hello}", "office"),
    "an archive": (archive("a.pdf", "b.pdf"), "archive"),
    "a photo of an iPhone": (b"\0\0\0\x18ftypheic" + b"\0" * 600, "heic"),
    "a GIF": (picture("GIF"), "picture"),
    "a TIFF": (picture("TIFF"), "picture"),
    "a WebP": (picture("WEBP"), "picture"),
    "a page of HTML": (b"<!doctype html><script>alert(1)</script>", "other"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "other"),
    "a program": (b"MZ\x90\0" + b"\0" * 600, "other"),
    "a text": (b"My transcript: all A", "other"),
    "a PDF in name and header only": (b"%PDF-1.7\nhello\n%%EOF\n", "pdf_broken"),
    "a PDF cut off on the way": (cut(pdf(3), 200), "pdf_cut_off"),
    "a PDF whose page is damaged": (with_page_destroyed(), "pdf_broken"),
    "a PDF without a page": (pdf(0), "pdf_without_pages"),
    "a PDF of 1,001 pages": (lambda: pdf(1001), "too_many_pages"),
    "a PDF with a password": (pdf(encryption=pikepdf.Encryption(user="secret", owner="o")), "pdf_locked"),
    "a PDF that runs a program when opened": (pdf(change=on_opening(script())), "pdf_script"),
    "a program hidden in a compressed object": (
        pdf(
            change=lambda made: on_opening(made.make_indirect(script()))(made),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "pdf_script",
    ),
    "a program run by turning the page": (pdf(change=on_first_page(AA=Dictionary(O=script()))), "pdf_script"),
    "a program behind a link": (
        pdf(change=on_first_page(Annots=Array([Dictionary(Subtype=Name.Link, A=script())]))),
        "pdf_script",
    ),
    "a program among the names": (
        pdf(change=lambda made: made.Root.update(Dictionary(Names=Dictionary(JavaScript=Dictionary())))),
        "pdf_script",
    ),
    "a PDF that starts another program": (
        pdf(change=on_opening(Dictionary(S=Name.Launch, F="calc.exe"))),
        "pdf_script",
    ),
    "a PDF with a file inside": (pdf(change=with_attachment), "pdf_attachment"),
    "a fillable form of one maker": (
        pdf(change=lambda made: made.Root.update(Dictionary(AcroForm=Dictionary(XFA="x")))),
        "pdf_form",
    ),
    "a PDF with a film": (
        pdf(
            change=on_first_page(
                Annots=Array([Dictionary(Subtype=Name.RichMedia, RichMediaContent=Dictionary())])
            )
        ),
        "pdf_media",
    ),
    "a PDF that is an archive as well": (zip_after_pdf(), "two_in_one"),
    "a PDF nested 200,000 deep": (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\n%%EOF\n",
        "pdf_broken",
    ),
    "a JPEG cut off on the way": (cut(picture(size=(400, 300)), 2000), "picture_broken"),
    "a JPEG in name and header only": (b"\xff\xd8\xff\xe0" + b"\0" * 600, "picture_broken"),
    "a JPEG of 60 million dots": (of_many_dots, "too_many_pixels"),
    "a PNG cut off on the way": (cut(picture("PNG"), 500), "picture_broken"),
    "a PNG with a byte changed": (
        picture("PNG")[:200] + b"\x00\x01" + picture("PNG")[202:],
        "picture_broken",
    ),
    "a PNG that unpacks to 900 million dots": (lambda: png_claiming(30_000, 30_000), "too_many_pixels"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_with_a_sentence_that_names_it(content, code):
    content = content() if callable(content) else content
    with pytest.raises(FileRefused) as refused:
        read_upload(upload(content, "成績單.pdf"))
    assert refused.value.code == code
    assert str(refused.value).startswith("“成績單.pdf” ")


def test_every_sentence_has_a_file_that_is_refused_with_it():
    assert {code for _content, code in HOSTILE.values()} | {"too_complicated"} == set(SENTENCES)


HONEST = {
    "a PDF": (pdf(3), "x.pdf", FileKind.PDF, 3),
    "a PDF that may be read but not printed": (
        pdf(2, encryption=pikepdf.Encryption(user="", owner="office")),
        "x.pdf",
        FileKind.PDF,
        2,
    ),
    "a PDF with blanks before its header": (b"\r\n\n" + pdf(), "x.pdf", FileKind.PDF, 1),
    "a PDF that opens at a place": (
        pdf(change=on_opening(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit])))),
        "x.pdf",
        FileKind.PDF,
        1,
    ),
    "a PDF with a link": (
        pdf(
            change=on_first_page(
                Annots=Array([Dictionary(A=Dictionary(S=Name.URI, URI="https://example.org"))])
            )
        ),
        "x.pdf",
        FileKind.PDF,
        1,
    ),
    "a JPEG": (picture(), "x.jpg", FileKind.JPEG, 1),
    "a JPEG in four colours": (picture(mode="CMYK"), "x.jpg", FileKind.JPEG, 1),
    "a progressive JPEG": (picture(progressive=True), "x.jpg", FileKind.JPEG, 1),
    "a PNG": (picture("PNG"), "x.png", FileKind.PNG, 1),
    "a PNG with transparency": (picture("PNG", mode="RGBA"), "x.png", FileKind.PNG, 1),
    "a JPEG that calls itself a PDF": (picture(), "certificate.pdf", FileKind.JPEG, 1),
}


@pytest.mark.parametrize(("content", "name", "kind", "pages"), HONEST.values(), ids=HONEST.keys())
def test_it_is_kept_as_what_it_is(content, name, kind, pages):
    file = read_upload(upload(content, name))
    assert (file.kind, file.pages, file.name, file.size) == (kind, pages, name, len(file.content))


def test_a_pdf_is_kept_byte_for_byte_so_that_a_signed_one_stays_signed():
    content = pdf(2)
    assert read_upload(upload(content)).content == content


def test_a_photo_loses_where_and_by_what_it_was_taken_and_keeps_which_way_is_up():
    taken = Image.Exif()
    taken[0x0112], taken[0x010F] = 6, "Phone of Chan Tai Man"
    taken.get_ifd(0x8825)[2] = (22.0, 16.0, 12.0)
    content = picture(exif=taken)
    kept = read_upload(upload(content, "photo.jpg")).content
    assert b"Phone of Chan" in content
    assert b"Phone of Chan" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {0x0112: 6}
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_hangs_behind_a_picture_is_cut_off(kind):
    plain = read_upload(upload(picture(kind, size=(7, 7)), "a")).content
    behind = b"<script>alert(1)</script>" + archive("evil.html")
    with_tail = read_upload(upload(plain + behind, "a")).content
    assert with_tail == plain


def test_texts_in_a_png_are_dropped():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "Chan Tai Man")
    kept = read_upload(upload(picture("PNG", pnginfo=texts), "a.png")).content
    assert b"Chan Tai Man" not in kept


def test_the_same_bytes_give_the_same_fingerprint():
    content = picture()
    assert read_upload(upload(content, "a.jpg")).sha256 == read_upload(upload(content, "b.jpg")).sha256


def parse_here(code: str) -> subprocess.CompletedProcess[bytes]:
    """Run a piece of code in a process with the parser's own limits."""
    start = f"import sys; sys.path.insert(0, {str(files.PARSER.parent)!r}); import parser; parser._limit()"
    program = f"{start}; {code}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)


def test_the_parser_has_300_mb_and_no_more():
    assert parse_here("bytearray(200 * 2**20)").returncode == 0
    assert b"MemoryError" in parse_here("bytearray(300 * 2**20)").stderr


def test_the_parser_writes_no_file(tmp_path):
    done = parse_here(f"file = open({str(tmp_path / 'x')!r}, 'w'); file.write('x'); file.flush()")
    assert (b"File too large" in done.stderr, (tmp_path / "x").read_text()) == (True, "")


@pytest.fixture
def smaller(tmp_path, monkeypatch):
    """The parser with a line of it changed."""

    def change(old, new):
        copy = tmp_path / "parser.py"
        copy.write_text(files.PARSER.read_text().replace(old, new))
        assert copy.read_text() != files.PARSER.read_text()
        monkeypatch.setattr(files, "PARSER", copy)

    return change


def refusal_of(content):
    with pytest.raises(FileRefused) as refused:
        read_upload(upload(content))
    return refused.value.code


def test_a_file_that_needs_more_memory_is_refused(smaller):
    content = of_many_objects()
    assert read_upload(upload(content)).pages == 1
    smaller("MEMORY = 300", "MEMORY = 64")
    assert refusal_of(content) == "too_complicated"


def test_a_file_that_needs_more_time_is_refused(smaller):
    smaller(
        "answer, kept = parse(sys.stdin.buffer.read())",
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n        while True: pass",
    )
    assert refusal_of(pdf()) == "too_complicated"


def test_the_parser_counts_its_own_five_seconds():
    done = parse_here("print(__import__('resource').getrlimit(__import__('resource').RLIMIT_CPU))")
    assert done.stdout.strip() == b"(5, 5)"


def test_a_parser_that_only_waits_is_ended_too(smaller, monkeypatch):
    smaller("    _limit()\n    kept", "    import time; time.sleep(60)\n    kept")
    monkeypatch.setattr(files, "SECONDS", 0.1)
    assert refusal_of(pdf()) == "too_complicated"


@pytest.mark.parametrize("seed", range(3))
def test_noise_of_any_kind_is_kept_or_refused_and_never_an_error(seed):
    dice = random.Random(seed)
    for start in (b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""):
        whole = bytearray(dice.choice([pdf(2), picture(), picture("PNG")]))
        for _n in range(dice.randrange(1, 40)):
            whole[dice.randrange(len(whole))] = dice.randrange(256)
        content = start + bytes(whole[dice.randrange(4) :])
        with contextlib.suppress(FileRefused):
            read_upload(upload(content))


NAMES = {
    "an ordinary name": ("transcript.pdf", "transcript.pdf"),
    "Chinese": ("成績單（最終）.pdf", "成績單（最終）.pdf"),
    "a path of a Windows computer": ("C:\\Users\\chan\\degree.pdf", "degree.pdf"),
    "a path that climbs": ("../../../etc/passwd", "passwd"),
    "a name that reads backwards": ("certificate\u202efdp.exe", "certificatefdp.exe"),
    "control characters and line ends": ("a\r\nSet-Cookie: x\0.pdf", "a Set-Cookie x.pdf"),
    "quotation marks": ('a"b.pdf', "ab.pdf"),
    "characters nobody sees": ("a\u200b\u2060b.pdf", "ab.pdf"),
    "nothing but dots": ("...", "document"),
    "nothing": ("", "document"),
    "a letter with its accent apart": ("cafe\u0301.pdf", "café.pdf"),
    "half a character": ("a\ud800b.pdf", "ab.pdf"),
}


@pytest.mark.parametrize(("sent", "shown"), NAMES.values(), ids=NAMES.keys())
def test_a_name_is_shown_as(sent, shown):
    assert display_name(sent) == shown


def test_a_name_of_any_length_fits_and_keeps_its_ending():
    shown = display_name("x" * 5000 + ".pdf")
    assert (len(shown), shown[-6:]) == (150, "x….pdf")
