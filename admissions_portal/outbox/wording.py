"""A message's templates become plain text of 64 columns, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import wcwidth
from django.conf import settings
from django.template import Context, Template, engines
from django.utils import translation

COLUMNS = 64
# the indent of a line, and of its value where the line is a row: "  Programme       Master of …"
_INDENT = re.compile(r"(?P<row>\s*\S+(?: \S+)*? {2,})(?=\S)|(?P<indent>\s*)")
# Chinese breaks between any two characters, but no line begins with what closes or ends with what opens
_HAN, _OPENS, _CLOSES = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff", "（「『“《", "，。、：；？）」』”》"
_PIECE = rf"[{_OPENS}]*(?:\d+年\d+月\d+日|[{_HAN}]|[^ {_HAN}{_OPENS}{_CLOSES}]+)[{_CLOSES}]*"
_UNBROKEN = re.compile(rf"{_PIECE}(?:\u00a0{_PIECE})* *|.")


def render_subject_and_body(kind: str, language: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """What `emails/<kind>.subject.txt` and `.body.txt` say.

    `origin` (the portal's address) is always there.
    """
    context = {"origin": settings.PORTAL_ORIGIN, "is_demo": settings.IS_DEMO, **context}
    with translation.override(language):
        subject, body = (_text(f"emails/{kind}.{part}.txt", context) for part in ("subject", "body"))
    return " ".join(subject.split()), wrap_text(body)


def wrap_text(text: str) -> str:
    """Fold lines longer than 64 columns (Han characters take two), under the value where the line is a row.

    An address too long for a line stays whole: a folded one cannot be opened.
    """
    folded = "\n".join(_fold(line.rstrip()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", folded).strip("\n") + "\n"


def _fold(line: str) -> str:
    if wcwidth.width(line) <= COLUMNS:
        return line
    match = _INDENT.match(line)
    head = match.group() if match else ""
    if any("://" in word and len(word) > COLUMNS - len(head) for word in line.split()):
        return line
    if re.search(f"[{_HAN}]", line):
        return _fold_chinese(line[len(head) :], head)
    return "\n".join(
        wcwidth.wrap(
            line[len(head) :],
            COLUMNS,
            initial_indent=head,
            subsequent_indent=" " * wcwidth.width(head),
            break_on_hyphens=False,
        )
    )


def _fold_chinese(text: str, head: str) -> str:
    lines = [head]
    for piece in _UNBROKEN.findall(text):
        if lines[-1].strip() and wcwidth.width((lines[-1] + piece).rstrip()) > COLUMNS:
            lines.append(" " * wcwidth.width(head))
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def _text(name: str, context: Mapping[str, Any]) -> str:
    # plain text: an apostrophe is an apostrophe, so nothing is escaped
    template: Template = engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
    return template.render(Context(dict(context), autoescape=False))
