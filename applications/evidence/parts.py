"""The parts that a slot may hold (D7), and what would help where one is not there.

A part is offered, never demanded: no rule of the shipped policies names one, so only an officer asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from applications.evidence.models import Document, Part, PartLanguage, SlotCode

_WITH_TRANSLATION = (Part.ORIGINAL, Part.TRANSLATION)
# a transcript is read with the scale of its marks, and an award may be confirmed by a register
_OF_STUDY = (*_WITH_TRANSLATION, Part.GRADING_SCALE, Part.VERIFICATION_REPORT)

PARTS_OF: Mapping[SlotCode, tuple[Part, ...]] = {
    SlotCode.DEGREE: _OF_STUDY,
    SlotCode.ENGLISH_TEST: (Part.ORIGINAL, Part.VERIFICATION_REPORT),
    SlotCode.LANGUAGE_OF_STUDY: _WITH_TRANSLATION,
    SlotCode.POSTGRADUATE_STUDY: _OF_STUDY,
    SlotCode.RESIDENCE: _WITH_TRANSLATION,
    SlotCode.RESEARCH_STATEMENT: (Part.ORIGINAL,),
    SlotCode.PROGRAMME: tuple(Part),
    SlotCode.OTHER: tuple(Part),
}


def parts_there(documents: Sequence[Document]) -> set[Part]:
    """The parts of which there is a file that the office has not turned down."""
    return {Part(document.part) for document in documents if not document.is_rejected}


def advice_on_parts(documents: Sequence[Document]) -> str:
    """What would help beside the files that are there; empty where nothing would."""
    there = parts_there(documents)
    if Part.TRANSLATION in there and Part.ORIGINAL not in there:
        return _("There is a translation without its original. Add the original, too: the office reads both.")
    foreign = any(
        document.language == PartLanguage.OTHER and document.part == Part.ORIGINAL
        for document in documents
        if not document.is_rejected
    )
    if foreign and Part.TRANSLATION not in there:
        return _(
            "A file is in another language than English or Chinese. Add a translation if you have one; "
            "the office asks for it if it needs one."
        )
    return ""
