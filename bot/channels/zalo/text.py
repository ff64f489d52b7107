"""Light markup as Zalo shows it, which knows none: plain text that reads well, and long texts in parts."""

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

from bot.messages import clean

TEXT_LIMIT = 2000
QUOTED = "> "
_SPOKEN_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.I)
_BREAKS = ("\n\n", "\n", " ")


def plain_text(markup: str) -> str:
    """Light markup as plain text in NFC: links as "words: address" unless the words are the address, lines of a quotation marked,
    everything else as its words."""
    reader = _Reader()
    reader.feed(str(markup))
    reader.close()
    return clean(reader.text).strip()


def parts(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in parts of at most `limit` characters, cut at the end of a paragraph, else of a line, else of a word; within a word only
    where it alone is too long. None where nothing of it is visible."""
    return list(_parts(unicodedata.normalize("NFC", text), limit))


def length(text: str) -> int:
    """How long Zalo takes a text to be. ZALO: assumed [M] that it counts characters of NFC; a character outside the basic plane counts
    twice here, which is right for the other way of counting, and safe for this one."""
    return len(text) + sum(character > "\uffff" for character in text)


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, with an ellipsis where it was cut."""
    return text if length(text) <= limit else text[: _fitting(text, limit - 1)].rstrip() + "…"


def _parts(text: str, limit: int) -> Iterator[str]:
    rest = text.strip()
    while length(rest) > limit:
        cut = _cut(rest, _fitting(rest, limit))
        yield rest[:cut].rstrip()
        rest = rest[cut:].strip()
    if rest:
        yield rest


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` fit."""
    end = min(limit, len(text))
    while length(text[:end]) > limit:
        end -= 1
    return end


def _cut(text: str, end: int) -> int:
    """Where a part of at most `end` characters ends. A paragraph's end far up would leave a part nearly empty."""
    for found in (text.rfind(mark, 0, end + len(mark)) for mark in _BREAKS):
        if found > end // 4:
            return found
    return max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1), 0) or end


class _Reader(HTMLParser):
    """Reads light markup; `text` is what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._links: list[tuple[str, int]] = []  # where the open links lead, and where their words begin
        self._quotes: list[int] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.text)))
        elif tag == "blockquote":
            self._on_a_line_of_its_own()
            self._quotes.append(len(self.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag == "blockquote" and self._quotes:
            start = self._quotes.pop()
            quoted = self.text[start:].strip("\n").split("\n")
            self.text = self.text[:start] + "\n".join(QUOTED + line for line in quoted) + "\n"

    def _end_link(self, address: str, start: int) -> None:
        words = self.text[start:]
        if _SPOKEN_LINK.match(address) and _bare(address) != _bare(words):
            is_page = address.lower().startswith("http")
            self.text += f": {address if is_page else _SPOKEN_LINK.sub('', address)}"

    def _on_a_line_of_its_own(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"


def _bare(address: str) -> str:
    return _SPOKEN_LINK.sub("", address.strip()).rstrip("/").replace(" ", "")
