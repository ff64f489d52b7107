"""The bodies of consultation messages."""

from collections.abc import Sequence
from typing import Any

from bot.channels.numbered import Option
from bot.channels.zalo.text import shortened
from bot.messages import Choice

Body = dict[str, Any]

MOST_BUTTONS = 5
LONGEST_TITLE = 30  # ZALO: assumed [M], 100 are said to be taken, and shown by no phone
LONGEST_HEADING = 60


def text(words: str) -> Body:
    """Plain words."""
    return {"text": words}


def with_buttons(words: str, buttons: Sequence[Body]) -> Body:
    """Words with buttons under them. ZALO: assumed [M-H], buttons beside a text, without a template_type."""
    return {"text": words, "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


def image(words: str, **where: str) -> Body:
    """A picture, by its `attachment_id` or its `url`, perhaps with words."""
    body = _template("media", {"media_type": "image", **where})
    return {"text": words, **body} if words else body


def file(token: str) -> Body:
    """A file; it takes no words."""
    return {"attachment": {"type": "file", "payload": {"token": token}}}


def contact_form(org: str, label: str, image_url: str) -> Body:
    """Asks for the person's name and phone."""
    heading = {"title": shortened(org, LONGEST_HEADING), "subtitle": shortened(label, LONGEST_HEADING)}
    return _template("request_user_info", {**heading, "image_url": image_url})


def quoting(body: Body, message_ref: str) -> Body:
    """The same as an answer to a message of the person's."""
    return {**body, "quote_message_id": message_ref}


def choosing(delivery_id: int, option: Option) -> Body:
    """A button that says, unseen, which choice of which of our messages it is."""
    title = shortened(option.titled(), LONGEST_TITLE)
    return {"title": title, "type": "oa.query.hide", "payload": f"ck:{delivery_id}:{option.key}"}


def opening(choice: Choice) -> Body:
    """A button that opens a page."""
    return {"title": shortened(choice.label, LONGEST_TITLE), "type": "oa.open.url", "payload": {"url": choice.url}}


def _template(kind: str, element: Body) -> Body:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, "elements": [element]}}}
