"""What comes out of the press: tagged, with its own fonts, and with nothing fetched from anywhere."""

import http.server
import threading

import pypdf
import pytest

from admissions_portal.papers import press
from admissions_portal.papers.preflight import preflight
from tests.factories.papers import offer_context

OFFER = "letters/offer.html"
IMPRINT = {"number": "OFF-2026-00731", "version": 1, "code": "7K3MQ9XZ2TNB"}


def printed(context, template=OFFER):
    context = {**context, **IMPRINT, "verify_url": press.verify_url(IMPRINT["code"])}
    sheet = press.Sheet(template, context)
    return press.Press([sheet]).print(sheet)


def reader(pdf, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    return pypdf.PdfReader(path)


@pytest.fixture(scope="module")
def letter():
    return printed(offer_context())


def test_the_letter_says_what_was_offered(letter, tmp_path):
    text = " ".join(" ".join(page.extract_text().split()) for page in reader(letter.pdf, tmp_path).pages)
    for words in (
        "Specimen. Fictional person. Not an offer.",
        "LKS Faculty of Medicine",
        "LIN Yuhan 林雨涵",
        "Dear LIN Yuhan,",
        "HK$198,000, self-funded Provisional: subject to the University Council’s approval",
        "Please reply by 29 May 2026, 23:59 HKT.",
        "1. Official final transcript",
        "OFF-2026-00731, version 1. Check this letter at",
        "Page 2 of 2",
        "7K3MQ9XZ2TNB",
    ):
        assert words in text


def test_the_letter_is_tagged_titled_and_says_its_language(letter, tmp_path):
    pdf = reader(letter.pdf, tmp_path)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.metadata.title == "Offer of admission, LIN Yuhan, OFF-2026-00731 (specimen)"
    assert "pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()


def test_crest_and_code_have_alternative_texts(letter, tmp_path):
    texts = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if node.get("/S") == "/Figure":
                texts.append(node.get("/Alt"))
            if "/K" in node:
                walk(node["/K"])

    walk(reader(letter.pdf, tmp_path).trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert texts == ["Crest (placeholder)", "QR code: the page that verifies this letter"]


def test_only_our_own_fonts_are_embedded_and_only_what_is_used(letter, tmp_path):
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader(letter.pdf, tmp_path).pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert fonts == {"Letter-Serif", "Letter-Serif-Bold", "Letter-Serif-TC", "Letter-Sans", "Letter-Sans-TC"}
    assert len(letter.pdf) < 60_000


def test_a_simplified_name_comes_out_whole(tmp_path):
    letter = printed(offer_context(addressee__han="陈刘张"))
    assert "LIN Yuhan 陈刘张" in reader(letter.pdf, tmp_path).pages[0].extract_text()


def test_the_words_of_the_paper_s_own_language_are_in_its_fonts():
    """The day is `4 May` in English; the characters of `5月4日` come with the language alone."""
    context = {**offer_context(), **IMPRINT, "verify_url": press.verify_url(IMPRINT["code"])}
    with pytest.MonkeyPatch.context() as patch:
        wanted = []
        patch.setattr(press, "_fonts_for", lambda characters: wanted.append(characters) or ({}, ""))
        press.Press([press.Sheet(OFFER, context, "zh-hant")])
    assert set(map(ord, press.compose(OFFER, context, language="zh-hant"))) <= wanted[0]


def test_fonts_and_style_are_shared_by_a_batch():
    sheets = [
        press.Sheet(
            OFFER, offer_context(addressee__name=name) | IMPRINT | {"verify_url": "https://example.hk/"}
        )
        for name in ("AU", "OU")
    ]
    batch = press.Press(sheets)
    assert [batch.print(sheet).pages for sheet in sheets] == [2, 2]


@pytest.fixture
def listener():
    """A server that writes down whoever asks."""
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def leaves(value, path=()):
    if isinstance(value, str):
        yield "__".join(path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, str(number)))


TEXT_FIELDS = [*leaves(offer_context(permit="Apply soon."))]


def test_no_text_field_fetches_or_embeds_anything(listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("a local secret")
    attacks = [
        f'"><img src="{address}/img"><link rel=stylesheet href="{address}/css">',
        f"<style>@import url({address}/import);</style><a href='{address}/a'>x</a>",
        f'<link rel="attachment" href="file://{secret}"><object data="file://{secret}">',
        f"' style='background: url({address}/bg)' x='",
        f"<svg><image href='file://{secret}' /></svg><iframe src={address}/frame>",
    ]
    for attack in attacks:
        letter = printed(offer_context(**dict.fromkeys(TEXT_FIELDS, attack)))
        pdf = reader(letter.pdf, tmp_path)
        shown = "".join("".join(page.extract_text() for page in pdf.pages).split())
        assert "".join(attack.split()) in shown, "what was typed is printed as text"
        assert pdf.attachments == {}
        assert b"a local secret" not in letter.pdf
        assert [annotation for page in pdf.pages for annotation in page.get("/Annots", [])] == []
    assert asked == []


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<img src="{http}/x.png">', id="http"),
        pytest.param('<img src="file:///etc/hostname">', id="file"),
        pytest.param('<link rel="attachment" href="file:///etc/hostname">', id="attached file"),
        pytest.param('<img src="data:image/png;base64,AAAA">', id="data"),
        pytest.param("<p style=\"background: url('letter-font:0')\">x</p>", id="our own fonts' names"),
    ],
)
def test_a_template_that_asks_for_anything_makes_no_letter(markup, listener, settings, tmp_path):
    """Escaping is the first wall; this is the second."""
    address, asked = listener
    head = '<!doctype html><html lang="en"><head><title>x</title></head>'
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/bad.html").write_text(f"{head}<body>{markup.format(http=address)}</body></html>")
    (tmp_path / "letters/letter.css").write_text("")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    press._engine.cache_clear()
    press._stylesheet.cache_clear()
    try:
        with pytest.raises(press.RenderingFailed):
            printed({}, "letters/bad.html")
    finally:
        press._engine.cache_clear()
        press._stylesheet.cache_clear()
    assert asked == []


def test_a_colour_that_is_an_address_makes_no_letter(listener):
    address, asked = listener
    with pytest.raises(press.RenderingFailed):
        printed(offer_context(head__colour=f"red; background: url({address}/colour)"))
    assert asked == []


def test_a_letter_with_a_hole_is_not_printed():
    with pytest.raises(press.RenderingFailed, match="no value for reply_by"):
        printed(offer_context(reply_by=None))


def test_the_longest_letter_that_preflight_lets_pass_is_printed():
    context = offer_context(conditions=offer_context()["conditions"] * 60)
    assert preflight(OFFER, context) == []
    assert printed(context).pages == 5
