"""What is kept, decided by parsing alone, and the parser's limits. Every file here is made on the spot."""

import contextlib
import io
import random
import subprocess
import sys
import time

import pikepdf
import pytest
from PIL import Image, ImageOps

from applications.evidence import files
from applications.evidence.files import FileRefused, display_name, read_upload
from applications.evidence.models import FileKind
from tests.factories.evidence import archive, heic, on_first_page, on_opening, pdf, picture, upload

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array


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
    "a PNG with a palette": (picture("PNG", mode="P"), "x.png", FileKind.PNG, 1),
    "a PNG in black and white": (picture("PNG", mode="1"), "x.png", FileKind.PNG, 1),
    "a JPEG of two pictures, as phones take them": (
        picture("MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))]),
        "x.jpg",
        FileKind.JPEG,
        1,
    ),
    "a HEIC photo, kept as JPEG": (heic(), "IMG_0001.HEIC", FileKind.JPEG, 1),
    "a JPEG that calls itself a PDF": (picture(), "certificate.pdf", FileKind.JPEG, 1),
}


@pytest.mark.parametrize(("content", "name", "kind", "pages"), HONEST.values(), ids=HONEST.keys())
def test_it_is_kept_as_what_it_is(content, name, kind, pages):
    file = read_upload(upload(content, name))
    assert (file.kind, file.pages, file.name, file.size) == (kind, pages, name, len(file.content))


def test_a_pdf_is_kept_byte_for_byte_so_that_a_signed_one_stays_signed():
    content = pdf(2)
    assert read_upload(upload(content)).content == content


def test_a_photo_loses_where_and_by_what_it_was_taken_and_stands_the_right_way_up():
    taken = Image.Exif()
    taken[0x0112], taken[0x010F] = 6, "Phone of Chan Tai Man"
    taken.get_ifd(0x8825)[2] = (22.0, 16.0, 12.0)
    content = picture(exif=taken, comment=b"Flat 4B")
    kept = read_upload(upload(content, "photo.jpg")).content
    shown, sent = Image.open(io.BytesIO(kept)), Image.open(io.BytesIO(content))
    assert (b"Phone of Chan" in content, b"Phone of Chan" in kept, b"Flat 4B" in kept) == (True, False, False)
    assert (dict(shown.getexif()), sent.size, shown.size) == ({}, (80, 60), (60, 80))
    upright = ImageOps.exif_transpose(sent).convert("L").resize((6, 8))
    differences = [
        abs(a - b)
        for a, b in zip(upright.tobytes(), shown.convert("L").resize((6, 8)).tobytes(), strict=True)
    ]
    assert max(differences) < 6


def test_a_heic_photo_becomes_a_jpeg_without_what_it_knew():
    taken = Image.Exif()
    taken[0x010F] = "Phone of Chan Tai Man"
    content = heic(exif=taken)
    file = read_upload(upload(content, "IMG_0001.HEIC"))
    shown = Image.open(io.BytesIO(file.content))
    assert (file.was, shown.format, shown.size, dict(shown.getexif())) == ("image/heic", "JPEG", (80, 60), {})
    assert b"Phone of Chan" in content
    assert b"Phone of Chan" not in file.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_of_30_million_dots_is_kept_at_half_its_size(kind):
    content = io.BytesIO()
    Image.new("L", (6000, 5000)).save(content, kind)
    kept = Image.open(io.BytesIO(read_upload(upload(content.getvalue(), "a")).content))
    assert kept.size == (3000, 2500)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIC"])
def test_what_hangs_behind_a_picture_is_gone(kind):
    plain = heic() if kind == "HEIC" else picture(kind, size=(7, 7))
    behind = b"<script>alert(1)</script>" + archive("evil.html")
    assert read_upload(upload(plain + behind, "a")).content == read_upload(upload(plain, "a")).content


def test_what_hides_inside_a_picture_is_gone():
    content = picture(comment=b"%PDF-1.7 <script>alert(1)</script>", icc_profile=b"hidden" * 9)
    kept = read_upload(upload(content, "a.jpg")).content
    assert (b"%PDF" in content, b"%PDF" in kept, b"hidden" in kept) == (True, False, False)


def test_texts_in_a_png_are_dropped():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "Chan Tai Man")
    kept = read_upload(upload(picture("PNG", pnginfo=texts), "a.png")).content
    assert b"Chan Tai Man" not in kept


def test_a_file_sent_twice_is_known_by_the_bytes_that_came():
    content = picture()
    first, second = read_upload(upload(content, "a.jpg")), read_upload(upload(content, "b.jpg"))
    assert first.sent_sha256 == second.sent_sha256 != first.sha256


def of_many_objects() -> bytes:
    heap = b"".join(b"%d 0 obj<</A[1 2]/B<</C 1>>>>endobj\n" % n for n in range(10, 15_000))
    return b"%PDF-1.7\n" + heap + pdf()[9:]


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


def held(content):
    file = read_upload(upload(content))
    return (file.kind, file.content == content)


def test_a_file_that_needs_more_memory_is_held_as_it_came(smaller):
    content = of_many_objects()
    assert read_upload(upload(content)).pages == 1
    smaller("MEMORY = 300", "MEMORY = 56")
    assert held(content) == (FileKind.UNKNOWN, True)


def test_a_file_that_needs_more_work_is_held_as_it_came(smaller):
    smaller(
        "answer, kept = parse(sys.stdin.buffer.read())",
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n        while True: pass",
    )
    assert held(pdf()) == (FileKind.UNKNOWN, True)


def test_a_file_that_crashes_the_parser_is_held_as_it_came(smaller):
    smaller("answer, kept = parse(sys.stdin.buffer.read())", "__import__('os').abort()")
    assert held(pdf()) == (FileKind.UNKNOWN, True)


def test_the_parser_counts_its_own_five_seconds():
    done = parse_here("print(__import__('resource').getrlimit(__import__('resource').RLIMIT_CPU))")
    assert done.stdout.strip() == b"(5, 5)"


def test_a_parser_that_only_waits_is_ended_too(smaller, monkeypatch):
    smaller("    _limit()\n    kept", "    import time; time.sleep(60)\n    kept")
    monkeypatch.setattr(files, "SECONDS", 1)
    began = time.monotonic()
    assert held(pdf()) == (FileKind.UNKNOWN, True)
    assert time.monotonic() - began < 3


def test_five_seconds_and_300_mb_are_the_limits():
    assert (files.SECONDS, files.LARGEST) == (5, 20 * 1024 * 1024)


@pytest.mark.parametrize("seed", range(2))
def test_noise_of_any_kind_is_kept_or_refused_and_never_an_error(seed):
    dice = random.Random(seed)
    for start in (b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""):
        whole = bytearray(dice.choice([pdf(2), picture(), picture("PNG"), heic()]))
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
