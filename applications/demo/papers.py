"""Documents for fictional people: a page that says it is an example."""

from functools import cache
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.evidence.files import ReadFile, read_upload

_PAGE = (
    "BT /F1 20 Tf 72 760 Td ({title}) Tj 0 -40 Td /F1 12 Tf (Example document of the demonstration.) Tj "
    "0 -18 Td (The person and everything about them are fictional.) Tj ET"
)


def example_pdf(title: str) -> SimpleUploadedFile:
    """One page with its title, as an applicant would upload it; the same title gives the same bytes."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    page.Contents = document.make_stream(_PAGE.format(title=title).encode("ascii"))
    buffer = BytesIO()
    document.save(buffer, deterministic_id=True)
    return SimpleUploadedFile(f"{title}.pdf", buffer.getvalue(), "application/pdf")


@cache
def example_file(title: str) -> ReadFile:
    """The same as it would be kept, parsed once for everybody who sends it."""
    return read_upload(example_pdf(title))
