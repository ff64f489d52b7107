"""The Zalo Bot Platform's edge, outwards: replies as plain texts with numbered choices, pictures by their address."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from bot.channels.files import PLACES, FilesAcross, not_carried
from bot.channels.numbered import how_to_choose, listed
from bot.channels.zalo.text import TEXT_LIMIT, length, parts, plain_text
from bot.channels.zalo_bot_api import CALL_FAILED, Platform, undeliverable
from bot.channels.zalo_bot_events import CHANNEL
from bot.domain.delivery import Audience, Delivery, NotCarried, Trouble, Undeliverable
from bot.domain.timeline import StoredFile
from bot.i18n import Translator, mark
from bot.messages import Reply, plain

log = logging.getLogger(__name__)

TYPE_YOUR_PHONE = mark("Please type your phone number here.")
MAP = "https://maps.google.com/?q="
# What may be tried again without the person seeing anything twice: the call that failed had no effect.
HAD_NO_EFFECT = (Trouble.NEVER_SENT, Trouble.SLOW_DOWN, Trouble.LATER, Trouble.UNAUTHORIZED)


@dataclass(frozen=True, slots=True)
class Step:
    """One message: a call of the platform. `instead`: what goes out where it refuses this."""

    method: str
    arguments: dict[str, str]
    instead: tuple["Step", ...] = ()


class ZaloBot:
    """Sends what the assistant says. `send` raises nothing but Undeliverable. `picture_url` is where a delivery's picture can be seen
    by anybody who knows the address, "" where there is no such place; `t` words what the platform cannot do, where
    a reply names no language of its own."""

    name = CHANNEL

    def __init__(
        self, token: str, url: str, files: FilesAcross, picture_url: Callable[[Delivery], str], t: Translator
    ) -> None:
        self.platform = Platform(token, url)
        self._files = files
        self._picture_url = picture_url
        self._t = t
        # What is left of deliveries that broke off between two messages: nobody gets the first one again.
        self._left: dict[int, tuple[Step, ...]] = {}

    async def send(self, delivery: Delivery) -> str:
        """Send a delivery; the id of its last message. Raises Undeliverable (RELIABILITY rule 5)."""
        steps = self._left.pop(delivery.id, None) or await self._steps(delivery)
        ref = ""
        while steps:
            step, *following = steps
            try:
                ref = await self._send(step, delivery.attempts)
            except Undeliverable as failure:
                if failure.trouble is Trouble.REFUSED and step.instead:
                    steps = (*step.instead, *following)
                    continue
                if failure.trouble in HAD_NO_EFFECT and ref:
                    self._left[delivery.id] = steps
                raise
            steps = tuple(following)
        return ref

    async def say(self, chat_id: str, text: Markup) -> None:
        """Say something that need not survive: only for when nothing can be stored."""
        try:
            await self.platform.call("sendMessage", {"chat_id": chat_id, "text": plain_text(text)})
        except CALL_FAILED as error:
            log.info("a passing remark could not be sent: %s", type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        await self.platform.close()

    async def _send(self, step: Step, attempts: int) -> str:
        try:
            result: Any = await self.platform.call(step.method, step.arguments)
        except CALL_FAILED as error:
            raise undeliverable(error, attempts) from error
        return str(result.get("message_id", "")) if isinstance(result, dict) else ""

    # A reply as messages ----------------------------------------------------------------------------------------------

    async def _steps(self, delivery: Delivery) -> tuple[Step, ...]:
        reply = Reply.from_record(delivery.payload)
        reply = await self._files.carried(reply, self.name, delivery.audience, delivery.attempts)
        chat = delivery.chat_id
        copies = [choice.copy for row in reply.choices for choice in row if choice.copy]
        after = [step for copy in copies for step in _texts(chat, copy)]
        steps = (*self._shown(delivery, reply), *after)
        if not steps:
            raise Undeliverable(Trouble.REFUSED, "nothing in it that this channel can show")
        return steps

    def _shown(self, delivery: Delivery, reply: Reply) -> list[Step]:
        """The picture or voice, and the words with it."""
        chat = delivery.chat_id
        stored = reply.stored_file
        if stored and stored.kind in PLACES:
            return _texts(chat, _paragraphs(self._words(reply), MAP + stored.file_id))
        if stored and stored.kind == "voice":
            voice = Step("sendVoice", {"chat_id": chat, "voice_url": stored.file_id})
            return [voice, *_texts(chat, self._words(reply))]
        photo = self._photo(delivery, reply)
        if not photo and (stored or reply.picture or reply.document or reply.chart):
            reply = self._without(delivery, reply)
        words = self._words(reply)
        if not photo:
            return _texts(chat, words)
        seen, fits = {"chat_id": chat, "photo": photo}, length(words) <= TEXT_LIMIT
        instead = self._instead(delivery, reply if fits else replace(reply, text=Markup(), choices=(), asks_contact=""))
        if not fits:
            return [Step("sendPhoto", seen, instead), *_texts(chat, words)]
        return [Step("sendPhoto", seen | ({"caption": words} if words else {}), instead)]

    def _instead(self, delivery: Delivery, reply: Reply) -> tuple[Step, ...]:
        if _goes_whole(delivery):
            return ()
        return tuple(_texts(delivery.chat_id, self._words(self._without(delivery, reply))))

    def _photo(self, delivery: Delivery, reply: Reply) -> str:
        """Where the picture of a reply can be seen; "" where it has none, or there is no such place."""
        stored = reply.stored_file
        if stored:
            return stored.file_id if stored.kind == "photo" else ""
        return self._picture_url(delivery) if reply.picture or reply.chart else ""

    def _without(self, delivery: Delivery, reply: Reply) -> Reply:
        """The reply with a line on what cannot be shown here. Raises Undeliverable where it goes whole or not at all."""
        if _goes_whole(delivery):
            raise not_carried(NotCarried.KIND)
        made_here = (
            StoredFile("", "", "document", reply.document.name) if reply.document else StoredFile("", "", "photo")
        )
        left_out = reply.stored_file or made_here
        words = self._files.without(reply, left_out, NotCarried.KIND)
        return replace(words, picture=None, document=None, chart=None)

    def _words(self, reply: Reply) -> str:
        """All that is to be read, choices numbered."""
        t = self._t.speaking(reply.locale)
        asked = t(TYPE_YOUR_PHONE) if reply.asks_contact else ""
        return _paragraphs(plain_text(reply.text), plain(asked), listed(reply, plain(t(how_to_choose(reply)))))


def _goes_whole(delivery: Delivery) -> bool:
    """Whether it is a file on its way to a customer: whoever sent it is told instead that it could not be shown."""
    return delivery.audience is Audience.CUSTOMER and "stored_file" in delivery.payload


def _paragraphs(*paragraphs: str) -> str:
    return "\n\n".join(filter(None, paragraphs))


def _texts(chat: str, text: str) -> list[Step]:
    return [Step("sendMessage", {"chat_id": chat, "text": part}) for part in parts(text)]
