"""Text and what is special about parts of it, counted as Telegram counts: in UTF-16 code units."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

MAX_TEXT = 4096  # UTF-16 code units
TAG_OF_ENTITY = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}

# What a client makes tappable by itself, in order of precedence.
TAPPABLE = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,:;!?)\]}']", re.I)),
    ("url", re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|vn|me|net|org)\b(?:/[\w./?=&%-]*[\w/=])?", re.I)),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w)")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d .-]{7,16}\d\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that looks or acts differently. Offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        """The first code unit after it."""
        return self.offset + self.length

    def to_json(self) -> dict[str, Any]:
        """As the Bot API writes it."""
        body: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url:
            body["url"] = self.url
        if self.language:
            body["language"] = self.language
        return body


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain text and what is special about parts of it."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def trimmed(source: Formatted) -> Formatted:
    """Without white space at either end: Telegram cuts it off, and entities shrink with it."""
    text = source.text.strip()
    if text == source.text:
        return source
    cut = utf16_length(source.text) - utf16_length(source.text.lstrip())
    end = utf16_length(text)
    kept = []
    for entity in source.entities:
        first, last = max(entity.offset - cut, 0), min(entity.end - cut, end)
        if first < last:
            kept.append(Entity(entity.type, first, last - first, entity.url, entity.language))
    return Formatted(text, tuple(kept))


def with_tappable(source: Formatted) -> Formatted:
    """With links, commands, mentions and phone numbers marked, except where the text is already code or a link."""
    units = _unit_offsets(source.text)
    taken = [(e.offset, e.end) for e in source.entities if e.type in ("code", "pre", "text_link")]
    found: list[Entity] = []
    for kind, pattern in TAPPABLE:
        for match in pattern.finditer(source.text):
            first, last = (match.start(), match.end()) if units is None else (units[match.start()], units[match.end()])
            if all(last <= begin or first >= end for begin, end in taken):
                taken.append((first, last))
                found.append(Entity(kind, first, last - first))
    if not found:
        return source
    entities = sorted([*source.entities, *found], key=lambda entity: (entity.offset, -entity.length))
    return Formatted(source.text, tuple(entities))


def _unit_offsets(text: str) -> list[int] | None:
    """The UTF-16 offset of each character, or None when they are the same as Python's."""
    if all(character <= "\uffff" for character in text):
        return None
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + 1 + (character > "\uffff"))
    return offsets


def to_html(source: Formatted) -> str:
    """The text as HTML again, escaped, with the tags of what a bot can write; for people who read tests."""
    units = source.text.encode("utf-16-le", "surrogatepass")

    def piece(first: int, last: int) -> str:
        return escape(units[2 * first : 2 * last].decode("utf-16-le", "surrogatepass"), quote=False)

    written, at, closing = "", 0, list[tuple[int, str]]()
    for entity in source.entities:
        if (tag := TAG_OF_ENTITY.get(entity.type)) is None:
            continue
        while closing and closing[-1][0] <= entity.offset:
            end, text = closing.pop()
            written += piece(at, end) + text
            at = end
        written += piece(at, entity.offset)
        at = entity.offset
        written += f'<a href="{escape(entity.url)}">' if tag == "a" else f"<{tag}>"
        closing.append((entity.end, f"</{tag}>"))
    while closing:
        end, text = closing.pop()
        written += piece(at, end) + text
        at = end
    return written + piece(at, len(units) // 2)


def cut(text: str) -> list[str]:
    """Cut as the app does: at 4,096 code units, rather at a line's end or a space when there is one near."""
    parts = []
    while utf16_length(text) > MAX_TEXT:
        end = MAX_TEXT
        while utf16_length(text[:end]) > MAX_TEXT:
            end -= 1
        near = max(text.rfind("\n", end - 300, end), text.rfind(" ", end - 300, end))
        end = near if near > 0 else end
        parts.append(text[:end])
        text = text[end:].strip()
    return [*parts, text] if text else parts
