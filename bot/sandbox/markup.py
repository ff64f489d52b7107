"""The markup that a bot may write: HTML in, plain text and entities out, errors in Telegram's words."""

import re
from dataclasses import dataclass, replace

from bot.sandbox.entities import Entity, Formatted, trimmed, utf16_length, with_tappable
from bot.sandbox.refusals import Refusal, bad_request

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED_CHARACTERS = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
SPACES = b" \t\r\n\v\f\0"


def formatted(source: str, parse_mode: str = "") -> Formatted:
    """The text that a bot asks to send: parsed, cleaned, trimmed, with links and commands found by themselves.

    Raises Refusal in Telegram's words when the markup is wrong.
    """
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    if size > 1 << 15:
        raise bad_request("text is too long")
    source = re.sub(r"[\x00-\x08\x0b-\x0c\x0e-\x1f]", " ", source)
    match parse_mode.lower():
        case "" | "none":
            parsed = Formatted(source)
        case "html":
            parsed = parse_html(source)
        case _:
            raise bad_request("unsupported parse_mode")
    return with_tappable(trimmed(parsed))


def parse_html(source: str) -> Formatted:
    """Telegram's HTML. Raises Refusal with the byte offset of what is wrong."""
    return _HtmlParser(source).parse()


def _wrong(what: str) -> Refusal:
    return bad_request(f"can't parse entities: {what}")


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    written: int


class _HtmlParser:
    """One pass over the UTF-8 bytes, because errors are reported by byte offset. A NUL marks the end."""

    def __init__(self, source: str) -> None:
        self._bytes = source.replace("\r", "").encode() + b"\0"
        self._at = 0
        self._written: list[str] = []
        self._units = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> Formatted:
        while self._at < len(self._bytes) - 1:
            match self._bytes[self._at : self._at + 1]:
                case b"&":
                    self._write(self._character() or self._next_byte())
                case b"<" if self._bytes[self._at + 1 : self._at + 2] == b"/":
                    self._end_tag()
                case b"<":
                    self._start_tag()
                case _:
                    self._write(self._take(rb"[^&<\0]+").decode())
        if self._open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        # A language belongs to a block: code within a line has none.
        entities = [replace(e, language="") if e.type == "code" else e for e in self._entities]
        entities.sort(key=lambda entity: (entity.offset, -entity.length))
        return Formatted("".join(self._written), tuple(entities))

    def _write(self, text: str) -> None:
        self._written.append(text)
        self._units += utf16_length(text)

    def _next_byte(self) -> str:
        self._at += 1
        return chr(self._bytes[self._at - 1])

    def _take(self, pattern: bytes) -> bytes:
        found = re.compile(pattern).match(self._bytes, self._at)
        taken = found[0] if found else b""
        self._at += len(taken)
        return taken

    def _peek(self) -> bytes:
        return self._bytes[self._at : self._at + 1]

    def _skip_spaces(self) -> None:
        self._take(rb"[ \t\r\n\v\f]*")

    def _character(self) -> str:
        """The character that an `&…;` here stands for, moving past it; empty when it is no such thing."""
        found = re.compile(rb"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*));?").match(self._bytes, self._at)
        if found is None:
            return ""
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            character = NAMED_CHARACTERS.get(name, "")
        else:
            digits = hexadecimal if hexadecimal is not None else decimal
            code = int(digits or b"0", 16 if hexadecimal is not None else 10)
            too_long = len(found[0].rstrip(b";")) >= 10
            if 0xD800 <= code <= 0xDFFF:
                raise bad_request(
                    "text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                    "surrogate code units"
                )
            character = "" if code == 0 or code >= 0x10FFFF or too_long else chr(code)
        if character:
            self._at = found.end()
        return character

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._take(rb"[^ \t\r\n\v\f\0>]*").decode().lower()
        if self._peek() == b"\0":
            raise _wrong(f"Unclosed start tag at byte offset {begin}")
        if name not in ENTITY_OF_TAG:
            raise _wrong(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = ""
        while self._peek() != b">":
            self._skip_spaces()
            if self._peek() == b">":
                break
            argument = self._attribute(name, begin) or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_OpenTag(name, argument, self._units, len(self._written)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read `name=value`; what of it matters to the tag, empty for an attribute without meaning."""
        name = self._take(rb"[^ \t\r\n\v\f\0=>]*").decode()
        if tag == "blockquote" and name == "expandable" and self._peek() != b"=":
            return name
        if not name:
            if self._peek() == b"\0":
                raise _wrong(f"Unclosed start tag at byte offset {begin}")
            raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        if self._peek() != b"=":
            raise _wrong(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {begin}'
            )
        self._at += 1
        self._skip_spaces()
        value = self._attribute_value(tag, begin)
        if self._peek() == b"\0":
            raise _wrong(f"Unclosed start tag at byte offset {begin}")
        return _meaning(tag, name, value)

    def _attribute_value(self, tag: str, begin: int) -> str:
        quote = self._peek()
        if quote == b"\0":
            raise _wrong(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if quote not in (b"'", b'"'):
            token_begin = self._at
            token = self._take(rb"[A-Za-z0-9.-]*").decode().lower()
            if self._peek() not in (b">", *(bytes([space]) for space in SPACES)):
                raise _wrong(f"Unexpected end of name token at byte offset {token_begin}")
            return token
        self._at += 1
        value = ""
        plain = rb"[^&\0" + quote + rb"]+"
        while self._peek() not in (quote, b"\0"):
            value += self._take(plain).decode() or self._character() or self._next_byte()
        if self._peek() == quote:
            self._at += 1
        return value

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _wrong(f"Unexpected end tag at byte offset {begin}")
        self._at += 2
        name = self._take(rb"[^ \t\r\n\v\f\0>]*").decode().lower()
        self._skip_spaces()
        if self._peek() != b">":
            raise _wrong(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            raise _wrong(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"')
        if self._units > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        kind = ENTITY_OF_TAG[tag.name]
        length = self._units - tag.offset
        if kind == "text_link":
            url = tag.argument or "".join(self._written[tag.written :])
            if (checked := _checked_link(url)) is not None:
                self._entities.append(Entity(kind, tag.offset, length, url=checked))
        elif kind == "blockquote" and tag.argument:
            self._entities.append(Entity("expandable_blockquote", tag.offset, length))
        elif kind == "code" or kind == "pre":
            self._close_code(kind, tag, length)
        elif kind == "custom_emoji":
            if not tag.argument.isdigit():
                raise _wrong("Invalid custom emoji identifier specified")
            # A bot without paid emoji gets the ordinary character instead.
        else:
            self._entities.append(Entity(kind, tag.offset, length))

    def _close_code(self, kind: str, tag: _OpenTag, length: int) -> None:
        """`<pre><code class="language-x">` is one block in a language."""
        inner = self._entities[-1] if self._entities else None
        if kind == "pre" and inner and inner.type == "code" and (inner.offset, inner.length) == (tag.offset, length):
            self._entities[-1] = Entity("pre", tag.offset, length, language=inner.language)
        else:
            self._entities.append(Entity(kind, tag.offset, length, language=tag.argument))


def _meaning(tag: str, attribute: str, value: str) -> str:
    match tag, attribute:
        case "a", "href":
            return value
        case "tg-emoji", "emoji-id":
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return attribute
    return ""


def _checked_link(url: str) -> str | None:
    """The address as Telegram keeps it; None for what it drops without a word, leaving plain text."""
    url = url.strip()
    if re.fullmatch(r"(tg|ton|tonsite|mailto|tel):\S+", url):
        return url
    if re.match(r"[a-z][a-z0-9+]*:", url) and not re.match(r"https?://", url):
        return None
    host = re.match(r"(?:https?://)?(?:[^/@]*@)?([^/:?#\s]+)", url)
    if host is None or "." not in host[1] or re.search(r"\s", url):
        return None
    address = url if url.startswith("http") else f"http://{url}"
    return address if re.match(r"https?://[^/?#]+[/?#]", address) else f"{address}/"


def checked_button_link(url: str) -> str | None:
    """The address of a button, or None when Telegram refuses it: `localhost` and other names without a dot."""
    return _checked_link(url)
