"""The forms and the query words that a page offers, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit


@dataclass
class Form:
    """Where a form goes, how, and what each of its fields holds."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return sorted({name for name, _value in self.values})


class Offered(HTMLParser):
    """Reads a page at `address`: its `forms`, and by path the query words that its links use."""

    def __init__(self, address: str, body: str) -> None:
        super().__init__()
        self.address, self.forms, self.words = address, [], {}  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "?" in given.get("href", ""):
            link = urlsplit(urljoin(self.address, given["href"]))
            self.words.setdefault(link.path, {}).update(parse_qsl(link.query))
        name = given.get("name")
        if self._form is None:
            return
        if tag == "option" and self._select and ("selected" in given or given.get("value")):
            self._form.values.append((self._select, given.get("value", "")))
            self._select = None
        if not name:
            return
        if tag == "select":
            self._select = name
            self._form.values.append((name, ""))
        elif tag == "textarea":
            self._form.values.append((name, ""))
        elif tag in ("input", "button"):
            self._form.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
