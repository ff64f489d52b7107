"""What may hang under a message: inline buttons, a reply keyboard, the wish to remove it or to be answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.entities import utf16_length
from bot.sandbox.markup import checked_button_link
from bot.sandbox.refusals import bad_request

B = TypeVar("B")

MAX_BUTTONS = 100
MAX_CALLBACK_BYTES = 64
MAX_COPY_UNITS = 256
BUTTON_KINDS = (
    "callback_data",
    "url",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "login_url",
    "callback_game",
    "pay",
)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `kind` is the Bot API's name of its one optional field, `value` what that field holds."""

    text: str
    kind: str
    value: str

    def to_json(self) -> dict[str, Any]:
        """As the Bot API writes it."""
        return {"text": self.text, self.kind: {"text": self.value} if self.kind == "copy_text" else self.value}


@dataclass(frozen=True, slots=True)
class InlineKeyboard:
    """Rows of buttons under one message."""

    rows: tuple[tuple[Button, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """As the Bot API writes it."""
        return {"inline_keyboard": [[button.to_json() for button in row] for row in self.rows]}


@dataclass(frozen=True, slots=True)
class ReplyButton:
    """A button of a reply keyboard: says its text, or shares a contact or a location."""

    text: str
    request: str = ""


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """Buttons that stand in for the phone's keyboard until replaced or removed."""

    rows: tuple[tuple[ReplyButton, ...], ...]
    one_time: bool = False
    placeholder: str = ""

    @property
    def asks_contact(self) -> bool:
        """Whether a button of it shares the person's phone number."""
        return any(button.request == "contact" for row in self.rows for button in row)


@dataclass(frozen=True, slots=True)
class RemoveKeyboard:
    """Takes the reply keyboard away."""


@dataclass(frozen=True, slots=True)
class ForceReply:
    """Opens the answer field on this message."""

    placeholder: str = ""


Markup = InlineKeyboard | ReplyKeyboard | RemoveKeyboard | ForceReply


def read_markup(source: Any) -> Markup | None:
    """The `reply_markup` of a call, already decoded from JSON. Raises Refusal in Telegram's words."""
    if source is None:
        return None
    if not isinstance(source, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in source:
        return _inline(source["inline_keyboard"])
    if "keyboard" in source:
        return ReplyKeyboard(
            _rows(source["keyboard"], 'field "keyboard" must be an Array of Arrays', _reply_button),
            one_time=bool(source.get("one_time_keyboard")),
            placeholder=str(source.get("input_field_placeholder") or ""),
        )
    if source.get("remove_keyboard"):
        return RemoveKeyboard()
    if source.get("force_reply"):
        return ForceReply(str(source.get("input_field_placeholder") or ""))
    return None


def _rows(source: Any, complaint: str, read: Callable[[Any], B]) -> tuple[tuple[B, ...], ...]:
    if not isinstance(source, list) or not all(isinstance(row, list) for row in source):
        raise bad_request(complaint)
    rows = tuple(tuple(read(button) for button in row) for row in source if row)
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline(source: Any) -> InlineKeyboard | None:
    complaint = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    rows = _rows(source, complaint, _inline_button)
    return InlineKeyboard(rows) if rows else None


def _inline_button(source: Any) -> Button:
    prefix = "can't parse inline keyboard button:"
    if not isinstance(source, dict):
        raise bad_request(f"{prefix} InlineKeyboardButton must be an Object")
    text = source.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f'{prefix} field "text" must be a non-empty String')
    kinds = [kind for kind in BUTTON_KINDS if source.get(kind) is not None]
    if kinds in (["callback_data"], ["url"]) and source[kinds[0]] == "":
        kinds = []
    if not kinds:
        raise bad_request(f"{prefix} Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        # Telegram takes the first and says nothing; a bot that sends two has a defect.
        raise bad_request(f"{prefix} InlineKeyboardButton must have exactly one optional field")
    return _checked(text.strip(), kinds[0], source[kinds[0]])


def _checked(text: str, kind: str, value: Any) -> Button:
    if kind == "copy_text":
        value = value.get("text") if isinstance(value, dict) else None
        if not isinstance(value, str) or not 1 <= utf16_length(value) <= MAX_COPY_UNITS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if kind == "callback_data" and len(str(value).encode()) > MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if kind == "url":
        checked = checked_button_link(str(value))
        if checked is None:
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        value = checked
    return Button(text, kind, str(value))


def _reply_button(source: Any) -> ReplyButton:
    if isinstance(source, str):
        source = {"text": source}
    if not isinstance(source, dict) or not isinstance(source.get("text"), str) or not source["text"].strip():
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    requests = [kind for kind in ("contact", "location") if source.get(f"request_{kind}")]
    if len(requests) > 1:
        raise bad_request("can't parse keyboard button: KeyboardButton must have at most one optional field")
    return ReplyButton(source["text"].strip(), requests[0] if requests else "")
