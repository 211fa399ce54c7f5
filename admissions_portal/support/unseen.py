"""Characters that nobody sees: pasted from a web page or a PDF, they make two names of one."""

from __future__ import annotations

import re
from typing import Final

# Soft hyphen, spaces without width, fillers and blanks that look like nothing at all, marks of a file's order
# of bytes, tags. Marks of direction are not among them: those disguise a text and are refused.
_NEVER: Final = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f"
)
# Arabic, the scripts of India and its neighbours, Burmese, Khmer, Mongolian; pictures made of several.
_JOINING: Final = (
    "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2600-\u27bf\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\U0001f000-\U0001faff"
)
# A joiner says something only behind a letter of a script that joins.
_UNSEEN: Final = re.compile(f"[{_NEVER}]|(?<![{_JOINING}])[\u200c\u200d]")


def seen(text: str) -> str:
    """`text` without what nobody sees in it."""
    return text if text.isascii() else _UNSEEN.sub("", text)
