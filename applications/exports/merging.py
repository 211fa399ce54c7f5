"""Several files as one PDF: bookmarked, its pages numbered through. Knows files and nothing of cases.

Whatever is merged is first written anew on its own, in a file of its own: one that cannot be is left out and
stops no other, and what is kept in memory is one file at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pikepdf
from PIL import Image

A4 = (595.28, 841.89)  # points
_MARGIN = 28.35  # 1 cm
_SIZE = 7.5  # of the line at the foot, points


class CannotBeMerged(Exception):
    """The file is no PDF, JPEG or PNG that can be read to its end."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A file written anew as PDF: its bookmark, where it lies, how many pages it has."""

    title: str
    path: Path
    pages: int


def write_anew(source: BinaryIO, kind: str, *, title: str, to: Path) -> MergedFile:
    """The file as a PDF of its own at `to`; `kind` is its media type. Raises CannotBeMerged."""
    try:
        if kind == "application/pdf":
            with pikepdf.open(source, suppress_warnings=True) as pdf:
                for page in pdf.pages:
                    page.flatten_rotation()
                pages = len(pdf.pages)
                pdf.save(to)
        else:
            pages = 1
            _page_of_picture(source, to)
    except Exception as failure:  # whatever a parser of a broken file may raise
        raise CannotBeMerged(type(failure).__name__) from failure
    if not pages:
        raise CannotBeMerged("no page")
    return MergedFile(title, to, pages)


def _page_of_picture(source: BinaryIO, to: Path) -> None:
    """One page A4, upright or lying as the picture is; a JPEG goes in as it is."""
    with Image.open(source) as picture:
        as_it_is = picture.format == "JPEG" and picture.mode in ("RGB", "L")
        if not as_it_is:
            drawn = BytesIO()
            flat = Image.new("RGB", picture.size, "white")
            flat.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
            flat.save(drawn, "JPEG", quality=90)
        (width, height), is_grey = picture.size, as_it_is and picture.mode == "L"
    source.seek(0)
    data = source.read() if as_it_is else drawn.getvalue()
    page_width, page_height = A4 if height >= width else A4[::-1]
    scale = min((page_width - 2 * _MARGIN) / width, (page_height - 2 * _MARGIN) / height)
    across, up = width * scale, height * scale
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(page_width, page_height))
        image = pikepdf.Stream(
            pdf,
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray if is_grey else pikepdf.Name.DeviceRGB,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image))
        left, low = (page_width - across) / 2, (page_height - up) / 2
        drawing = f"q {across:.2f} 0 0 {up:.2f} {left:.2f} {low:.2f} cm /Picture Do Q"
        page.obj.Contents = pdf.make_stream(drawing.encode())
        pdf.save(to)


def merge(
    front: Path,
    files: Sequence[MergedFile],
    to: Path,
    *,
    foot: Callable[[int, int], str],
    heading: str,
) -> int:
    """Write `front`, whose headings are its bookmarks, and after it each file under its own bookmark below
    `heading`; `foot(page, pages)` is the line on each page, in Latin letters. Returns how many pages it has.

    Nothing but names and numbers is held in memory: the bytes go from file to file.
    """
    joined = to.with_suffix(".joined")
    paths = [str(each.path) for each in files]
    pikepdf.Job(
        ["qpdf", "--no-warn", "--warning-exit-0", str(front), "--pages", ".", *paths, "--", str(joined)]
    ).run()
    try:
        with pikepdf.open(joined, access_mode=pikepdf.AccessMode.stream) as merged:
            _bookmark(merged, files, heading)
            _no_longer_tagged(merged)
            font = merged.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                    Encoding=pikepdf.Name.WinAnsiEncoding,
                )
            )
            pages = len(merged.pages)
            for number, page in enumerate(merged.pages, 1):
                _number(merged, page, foot(number, pages), font)
            merged.save(to)
    finally:
        joined.unlink(missing_ok=True)
    return pages


def _bookmark(merged: pikepdf.Pdf, files: Sequence[MergedFile], heading: str) -> None:
    if not files:
        return
    page = first = len(merged.pages) - sum(each.pages for each in files)
    with merged.open_outline() as outline:
        parent = pikepdf.OutlineItem(heading, first)
        for each in files:
            parent.children.append(pikepdf.OutlineItem(each.title, page))
            page += each.pages
        outline.root.append(parent)
    merged.Root.PageMode = pikepdf.Name.UseOutlines


def _no_longer_tagged(merged: pikepdf.Pdf) -> None:
    """Scans carry no tags: the whole does not claim what its front alone was."""
    with merged.open_metadata() as about:
        for name in [name for name in about if "pdfua" in name]:
            del about[name]


def _number(pdf: pikepdf.Pdf, page: pikepdf.Page, words: str, font: pikepdf.Object) -> None:
    """The line at the foot, on white so that it is read on any scan; to a reader of tags it is no content."""
    _left, low, right, _high = (float(edge) for edge in page.cropbox)
    name = page.add_resource(font, pikepdf.Name.Font)
    text = pikepdf.unparse_content_stream(
        [([pikepdf.String(words.encode("cp1252", "replace"))], pikepdf.Operator("Tj"))]
    )
    width = len(words) * _SIZE * 0.5
    x, y = right - 16 - width, low + 9
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(
        pdf.make_stream(
            b"\nQ /Artifact BMC q 1 g %.2f %.2f %.2f %.2f re f 0.33 g BT %s %.1f Tf %.2f %.2f Td %s ET Q EMC"
            % (x - 3, y - 3, width + 6, _SIZE + 5, str(name).encode(), _SIZE, x, y, text)
        )
    )
