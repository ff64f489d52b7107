"""Light markup as Telegram takes it: how long it is there, and long texts in parts that are each whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PIECE = re.compile(r"</?([a-z-]+)[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]+);|.", re.S)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag (`tag` is its name), or one visible character in its written form."""

    written: str
    tag: str = ""

    @property
    def shown(self) -> str:
        return "" if self.tag else unescape(self.written)

    @property
    def closes(self) -> bool:
        return self.written.startswith("</")


def units(text: str) -> int:
    """The length of plain text in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text: str) -> str:
    """What a button or a notice shows, which knows no markup."""
    return Markup(text).striptags() if isinstance(text, Markup) else text


def shown_units(markup: str) -> int:
    """The length of light markup once it is read."""
    return sum(units(piece.shown) for piece in _pieces(markup))


def in_parts(markup: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`markup` in parts of at most `limit` UTF-16 units as shown, cut at the end of a paragraph, else of a line, else of a word;
    a tag that is open at a cut is closed there and opened again."""
    if len(markup) <= limit // 2:  # even if every character counted twice
        return [markup] if markup.strip() else []
    pieces = list(_pieces(markup))
    parts: list[str] = []
    open_tags: list[_Piece] = []
    start = 0
    while start < len(pieces):
        end = _cut(pieces, start, limit)
        part, open_tags = _written(pieces[start:end], open_tags)
        if part:
            parts.append(part)
        start = end
    return parts


def _pieces(markup: str) -> Iterator[_Piece]:
    for found in PIECE.finditer(markup):
        yield _Piece(found[0], found[1] or "")


def _cut(pieces: list[_Piece], start: int, limit: int) -> int:
    """Where the part that begins at `start` ends: all that is left if it fits."""
    size = 0
    paragraph = line = word = 0
    for index in range(start, len(pieces)):
        shown = pieces[index].shown
        size += units(shown)
        if size > limit:
            # A paragraph's end far up would leave a part nearly empty.
            return next((cut for cut in (paragraph, line, word) if cut > start + limit // 4), index)
        if shown == "\n":
            line = index + 1
            if index > start and pieces[index - 1].shown == "\n":
                paragraph = index + 1
        elif shown.isspace():
            word = index + 1
    return len(pieces)


def _written(pieces: list[_Piece], open_tags: list[_Piece]) -> tuple[str, list[_Piece]]:
    """A part as text with the tags open before it opened again and those open at its end closed; and what is open at its end.
    Empty when nothing of it is visible."""
    still_open = list(open_tags)
    for piece in pieces:
        if piece.tag and piece.closes:
            still_open.pop()
        elif piece.tag:
            still_open.append(piece)
    if not any(piece.shown.strip() for piece in pieces):
        return "", still_open
    opening = "".join(tag.written for tag in open_tags)
    closing = "".join(f"</{tag.tag}>" for tag in reversed(still_open))
    return opening + "".join(piece.written for piece in pieces).strip() + closing, still_open
