"""What people and the assistant say to each other, in neutral types that every channel speaks."""

from __future__ import annotations

import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.domain.timeline import StoredFile


@dataclass(frozen=True, slots=True)
class Peer:
    """A person on a channel. `user_id` is who they are there, `chat_id` where the talk takes place."""

    channel: str
    user_id: str
    chat_id: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card. `own` is set when it is the sender's own card, which only the channel can know; `proven`: it vouches for the
    number too."""

    name: str
    phone: str
    own: bool = False
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a person did, once: `update_id` is unique within the channel.

    `choice` is the data of a tapped `Choice` and `message_ref` the message it hangs on. Texts are normalised here, so that no
    edge can forget it: NFC, without control characters (PostgreSQL refuses NUL) or lone surrogates. `group` is the name of the group
    chat that it was done in; empty in a private chat. `reply_to` is the message that this one answers.
    """

    update_id: str
    peer: Peer
    text: str = ""
    choice: str = ""
    message_ref: str = ""
    contact: SharedContact | None = None
    file: StoredFile | None = None
    forwarded_from: str = ""
    group: str = ""
    reply_to: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "forwarded_from", clean(self.forwarded_from))


def clean(text: str) -> str:
    """`text` in NFC, with line breaks and tabs kept and other control characters and lone surrogates dropped."""
    return "".join(
        c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap: exactly one of `data` (comes back as `Incoming.choice`, at most 64 bytes), `url`, or `copy` (a text
    that the tap copies). The label is plain text: what a translator escaped in it is unescaped here."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", plain(self.label))


def plain(text: str) -> str:
    """A text without markup, for places that show none: buttons, notices."""
    return text.striptags() if isinstance(text, Markup) else text


# Where a tap can be answered by a passing notice. Elsewhere the notice is a message like any other.
SHOWS_NOTICES = frozenset(("telegram",))
# Where a person can be asked for their own number with a button; elsewhere they type it.
SHARES_CONTACT = frozenset(("telegram", "zalo"))
# Where we hear which message somebody answers by quoting it, and get whatever file they send.
QUOTES = frozenset(("telegram", "zalo"))

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A picture or document made here."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bar:
    """A value of a panel. `words` is the value as people read it ("12,5 tr", "2/3"); `whole` is what the value is a part of, 0 where
    it stands alone; `marked` is the one that it is all about."""

    label: str
    value: int
    words: str
    whole: int = 0
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a chart: standing columns (a course over time) or lying rows (a comparison). `empty` is said where it has no bars."""

    title: str
    bars: tuple[Bar, ...]
    empty: str
    columns: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures, three panels at most, in plain words and numbers: it is drawn where and when it is sent."""

    title: str
    subtitle: str
    panels: tuple[Panel, ...]

    def to_record(self) -> list[Any]:
        """As plain values; `from_record` reads them back."""
        panels = [
            [p.title, [[b.label, b.value, b.words, b.whole, b.marked] for b in p.bars], p.empty, p.columns]
            for p in self.panels
        ]
        return [self.title, self.subtitle, panels]

    @classmethod
    def from_record(cls, record: Sequence[Any]) -> Chart:
        """The chart that `to_record` wrote down."""
        title, subtitle, panels = record
        return cls(
            title,
            subtitle,
            tuple(Panel(name, tuple(Bar(*bar) for bar in bars), *rest) for name, bars, *rest in panels),
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A message in the form that Zalo has approved; `data` fills its fields."""

    template_id: str
    data: Mapping[str, str]
    price_vnd: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person sees. `text` is light markup (`<b> <i> <code> <a> <blockquote>`).

    `replaces`: put it in place of the message whose choice was tapped. `toast`: a short notice on the tap itself; with no
    text it is all there is. `asks_contact`: the label of a button that shares the person's own contact. `secret`: it is not kept
    once it has arrived. `template`: it goes in this approved form, and `text` says the same in our own words. `asks_words`: words are
    waited for, so where choices are typed, theirs are letters and a number typed is an answer. `quotes`: the person's message that it
    answers, by its reference on the channel, shown above it where the channel can. `locale`: the language in which the channel puts
    words of its own beside it; empty: the company's.
    """

    text: Markup = Markup()
    choices: Rows = ()
    replaces: bool = False
    toast: str = ""
    picture: File | None = None
    document: File | None = None
    stored_file: StoredFile | None = None
    asks_contact: str = ""
    chart: Chart | None = None
    secret: bool = False
    template: Template | None = None
    asks_words: bool = False
    quotes: str = ""
    locale: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "toast", plain(self.toast))
        object.__setattr__(self, "asks_contact", plain(self.asks_contact))

    def to_record(self) -> dict[str, Any]:
        """As plain values for the outbox; `from_record` reads them back."""
        record: dict[str, Any] = {"text": str(self.text)}
        if self.choices:
            record["choices"] = [[[c.label, c.data, c.url, c.copy] for c in row] for row in self.choices]
        for name in ("replaces", "toast", "asks_contact", "asks_words", "quotes", "locale"):
            if value := getattr(self, name):
                record[name] = value
        for name in ("picture", "document"):
            if file := getattr(self, name):
                record[name] = [file.name, b64encode(file.content).decode()]
        if self.stored_file:
            record["stored_file"] = [
                self.stored_file.channel,
                self.stored_file.file_id,
                self.stored_file.kind,
                self.stored_file.name,
            ]
        if self.chart:
            record["chart"] = self.chart.to_record()
        if self.template:
            record["template"] = [self.template.template_id, dict(self.template.data), self.template.price_vnd]
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Reply:
        """The reply that `to_record` wrote down."""

        def file(name: str) -> File | None:
            return File(record[name][0], b64decode(record[name][1])) if name in record else None

        return cls(
            text=Markup(record["text"]),
            choices=tuple(tuple(Choice(*choice) for choice in row) for row in record.get("choices", ())),
            replaces=record.get("replaces", False),
            toast=record.get("toast", ""),
            picture=file("picture"),
            document=file("document"),
            stored_file=StoredFile(*record["stored_file"]) if "stored_file" in record else None,
            asks_contact=record.get("asks_contact", ""),
            chart=Chart.from_record(record["chart"]) if "chart" in record else None,
            template=Template(*record["template"]) if "template" in record else None,
            asks_words=record.get("asks_words", False),
            quotes=record.get("quotes", ""),
            locale=record.get("locale", ""),
        )
