"""The press: templates and frozen contexts go in, PDF comes out. The only user of WeasyPrint.

WeasyPrint is imported inside the functions: where its system libraries (Pango) are missing, everything but
the making of papers works. A document fetches nothing at all; the style sheet gets its fonts from memory, by
names that are no addresses. The fonts come with the installation, so a machine without any prints the same
letter.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import segno
import uharfbuzz
from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from admissions_portal.support.memory import rubbish_left_lying

TEMPLATES = Path("templates")
# What stands where a template's placeholder has no value, between private characters that no text may hold.
_MARK = "\ue000%s\ue001"
UNFILLED = re.compile("\ue000([^\ue001]*)\ue001")
SPACES = frozenset({0x20, 0xA0})
QR_TITLE = "QR code: the page that verifies this letter"
_RULE = '@font-face { font-family: "%s"; font-weight: %s; src: url("%s"); }'


class RendererMissing(Exception):
    """WeasyPrint's system libraries are not installed: papers wait until they are."""


class RenderingFailed(Exception):
    """This paper cannot be made as it is."""


class Sheet(NamedTuple):
    """What goes into the press; the language decides which characters the fonts must have."""

    template: str
    context: Mapping[str, Any]
    language: str = "en"


class Printed(NamedTuple):
    pdf: bytes
    pages: int
    template_version: str


class Face(NamedTuple):
    """A font file, and the name and weight under which the style sheet knows it."""

    family: str
    weight: int
    package: str
    file: str
    is_variable: bool = False


# Latin first: in a Chinese face the apostrophe is full-width. The Traditional face lacks a third of the
# Simplified characters, so a name from the Mainland needs both.
FACES = (
    Face("Letter Serif", 400, "fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf", is_variable=True),
    Face("Letter Serif", 700, "fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf", is_variable=True),
    Face("Letter Sans", 400, "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", is_variable=True),
    Face("Letter Serif TC", 400, "pylopdf_fonts_zh_tw", "NotoSerifTC-Regular.otf"),
    Face("Letter Sans TC", 400, "pylopdf_fonts_zh_tw", "NotoSansTC-Regular.otf"),
    Face("Letter Serif SC", 400, "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"),
    Face("Letter Sans SC", 400, "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
)


@functools.cache
def _file_of(face: Face) -> Path:
    spec = importlib.util.find_spec(face.package)
    assert spec is not None, f"{face.package} is one of our dependencies"
    assert spec.origin is not None
    return Path(spec.origin).parent / face.file


@functools.cache
def _source(path: Path) -> uharfbuzz.Face:
    # read from the file as needed: prepared for subsetting it would cost a second and 30 MB, and gain nothing
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


@functools.cache
def _glyphs(path: Path) -> frozenset[int]:
    return frozenset(_source(path).unicodes)


@functools.cache
def printable() -> frozenset[int]:
    """The code points that both the serif and the sans fonts can print."""
    return frozenset.intersection(
        *(
            frozenset[int]().union(*(_glyphs(_file_of(face)) for face in FACES if style in face.family))
            for style in ("Serif", "Sans")
        )
    )


def _subset(face: Face, characters: frozenset[int]) -> bytes:
    """The face with the glyphs of `characters` alone."""
    source = _source(_file_of(face))
    order = uharfbuzz.SubsetInput()
    order.unicode_set.update(characters)
    if face.is_variable:
        order.pin_axis_location(source, "wght", face.weight)
        order.pin_axis_location(source, "wdth", 100)
    return uharfbuzz.subset(source, order).blob.data


def verify_url(code: str) -> str:
    """Where anybody may ask whether the paper with this code is genuine."""
    return settings.PORTAL_ORIGIN + reverse("papers:verify_code", args=[code])


def _folders() -> list[Path]:
    options: dict[str, Any] = settings.TEMPLATES[0]
    return [Path(folder) for folder in options["DIRS"]]


@functools.cache
def _engine() -> Engine:
    """Templates of papers: escaped, and loud about a placeholder without a value."""
    return Engine(
        dirs=[str(folder) for folder in _folders()],
        libraries={
            "portal": "admissions_portal.support.templatetags.portal",
            # a letter has one language; a copy is in its reader's
            "i18n": "django.templatetags.i18n",
        },
        string_if_invalid=_MARK,
    )


def _filled(value: Any) -> Any:
    """The context without what is empty: an empty value printed is a placeholder without a value."""
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items() if item is not None and item != ""}
    return [_filled(item) for item in value] if isinstance(value, list | tuple) else value


def compose(template: str, context: Mapping[str, Any], *, language: str = "en") -> str:
    """The paper as HTML. A placeholder without a value leaves a mark that `UNFILLED` finds."""
    # a preview has no number yet; a paper's own imprint stands over these
    context = {"number": "–", "version": 1, "code": "–", "verify_url": verify_url("0"), **context}
    # safe: segno writes the mark-up itself, paths and numbers; nothing of the context stands in it
    qr = segno.make(context["verify_url"], error="m", micro=False).svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, title=QR_TITLE
    )
    own = {
        "language": language,
        "qr": mark_safe(qr),  # nosec B308 B703
        "verify_page": settings.PORTAL_ORIGIN + reverse("papers:verify"),
    }
    with translation.override(language):
        return _engine().get_template(template).render(Context({**_filled(context), **own}))


@functools.cache
def _stylesheet() -> str:
    return _engine().get_template("letters/letter.css").render(Context())


def template_version(template: str) -> str:
    """The hash of the template, its base and the style sheet.

    What a paper looked like can be traced to its sources.
    """
    folder = _folders()[0]
    sources = [folder / template, folder / "letters/base.html", folder / "letters/letter.css"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def is_available() -> bool:
    """Can papers be made here?

    Asked anew each time: once the system libraries are there, no restart is needed.
    """
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


class Press:
    """Prints one batch: fonts cut down to the batch's characters once, style sheet parsed once.

    Raises RendererMissing where WeasyPrint's system libraries are absent.
    """

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        if not is_available():
            raise RendererMissing
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        # markup included: its characters are Latin and cost nothing
        text = "".join(compose(sheet.template, sheet.context, language=sheet.language) for sheet in sheets)
        fonts, rules = _fonts_for(frozenset(map(ord, text)) | frozenset(range(0x20, 0x7F)))
        self._config = FontConfiguration()
        self._css = CSS(
            string=rules + _stylesheet(), font_config=self._config, url_fetcher=_memory_fetcher(fonts)
        )

    def print(self, sheet: Sheet) -> Printed:
        """One paper as tagged PDF (PDF/UA-1). Raises RenderingFailed where it cannot be made."""
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError

        page = compose(sheet.template, sheet.context, language=sheet.language)
        if unfilled := UNFILLED.findall(page):
            raise RenderingFailed(f"no value for {', '.join(dict.fromkeys(unfilled))}")
        try:
            with rubbish_left_lying():
                document = HTML(string=page, url_fetcher=_no_fetcher()).render(
                    stylesheets=[self._css], font_config=self._config, pdf_variant="pdf/ua-1"
                )
                pdf = document.write_pdf(pdf_variant="pdf/ua-1")
        except (FatalURLFetchingError, RecursionError) as failure:
            raise RenderingFailed(f"{type(failure).__name__}: {failure}") from failure
        return Printed(pdf, len(document.pages), template_version(sheet.template))


def _fonts_for(characters: frozenset[int]) -> tuple[dict[str, bytes], str]:
    """The subsets, by the name the style sheet fetches them under, and the rules that name them."""
    fonts: dict[str, bytes] = {}
    rules: list[str] = []
    wanted: dict[str, frozenset[int]] = {}
    for style in ("Serif", "Sans"):
        # each character in the first face that has it: most letters need no Simplified face at all
        left = characters
        for face in FACES:
            if style in face.family and face.family not in wanted:
                wanted[face.family] = left & _glyphs(_file_of(face))
                left -= wanted[face.family]
                if wanted[face.family]:
                    # between Han and Latin a space may be set in either face
                    wanted[face.family] |= SPACES & _glyphs(_file_of(face))
    for number, face in enumerate(FACES):
        if wanted[face.family]:
            name = f"letter-font:{number}"
            fonts[name] = _subset(face, wanted[face.family])
            rules.append(_RULE % (face.family, face.weight, name))
    return fonts, "\n".join(rules) + "\n"


def _no_fetcher() -> Any:
    """Fetches nothing.

    A document that asks for anything is not made (`file:` once embedded a local secret).
    """
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=frozenset(), allow_redirects=False, fail_on_errors=True)


def _memory_fetcher(fonts: Mapping[str, bytes]) -> Any:
    """Hands out our fonts by their names, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class FontsOnly(URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            if url not in fonts:
                raise ValueError(f"Not one of our fonts: {url}")
            return URLFetcherResponse(url, fonts[url])

    return FontsOnly(allowed_protocols=frozenset(), allow_redirects=False)
