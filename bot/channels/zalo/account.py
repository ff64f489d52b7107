"""The Official Account's edge, outwards: replies as consultation messages."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from markupsafe import Markup

from bot.channels.files import PLACES, FilesAcross, not_carried
from bot.channels.numbered import Option, how_to_choose, listed, options
from bot.channels.zalo import bodies
from bot.channels.zalo.api import Sent, ZaloApi
from bot.channels.zalo.bodies import MOST_BUTTONS, Body
from bot.channels.zalo.failures import ATTACHMENT_EXPIRED, BAD_PARAMETER, Refusal
from bot.channels.zalo.pictures import PNG, fitting
from bot.channels.zalo.text import parts, plain_text
from bot.charts import draw
from bot.domain.delivery import Audience, Delivery, NotCarried, Trouble, Undeliverable
from bot.domain.reaching import Route
from bot.domain.repositories import StorageUnavailable
from bot.domain.timeline import StoredFile
from bot.domain.windows import PAID_MESSAGE_VND
from bot.i18n import Translator, mark
from bot.messages import Choice, File, Reply, plain

log = logging.getLogger(__name__)

CHANNEL = "zalo"
PAGE = "https://zalo.me/"
MAP = "https://maps.google.com/?q="
# The picture on the form that asks for a phone number, below PUBLIC_URL.
FORM_PICTURE = "/zalo/form.png"
LEAVE_YOUR_NUMBER = mark("Please leave your name and phone number so that we can help you.")
TYPE_YOUR_PHONE = mark("Please type your phone number here.")
# ZALO: assumed [M], CSV is taken by some accounts only.
FILES_TAKEN = frozenset((".pdf", ".doc", ".docx"))
LARGEST_FILE = 5_000_000
# What would be tried again as a whole, although a part of it has arrived.
TRIED_AGAIN = frozenset((Trouble.NEVER_SENT, Trouble.SLOW_DOWN, Trouble.LATER, Trouble.UNAUTHORIZED))
# What would go to a customer as a whole another way.
GOES_ANOTHER_WAY = frozenset((Trouble.WINDOW_CLOSED, Trouble.NOT_IN_ORDER))

# Hears what a delivery has cost, in đồng.
Charged = Callable[[Delivery, Route, int], Awaitable[None]]
# Tells whether a delivery may go just now, though it cost something. Raises StorageUnavailable.
MayGo = Callable[[Delivery], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Step:
    """One message, in the `ways` in which it may be put: each is tried where Zalo does not take the one before. `again` uploads its
    attachment anew; `is_main`: this is the message that somebody answers."""

    ways: tuple[Body, ...]
    again: Callable[[], Awaitable[Body]] | None = None
    is_main: bool = True


class ZaloAccount:
    """Sends what the assistant says. `send` raises nothing but Undeliverable. `t` words what Zalo cannot show, in the company's
    language where a reply names none; `org` and `public_url` stand on the form that asks for a phone number. `may_go` is asked when a
    message is to go, None where all may."""

    name = CHANNEL

    def __init__(
        self,
        api: ZaloApi,
        files: FilesAcross,
        charged: Charged,
        t: Translator,
        *,
        org: str,
        public_url: str,
        may_go: MayGo | None = None,
    ) -> None:
        self._api = api
        self._files = files
        self._charged = charged
        self._t = t
        self._org = org
        self._public_url = public_url
        self._may_go = may_go
        self._takes_buttons = True  # until Zalo says that it does not
        self.oa_id = ""  # until `learn_name` has asked for it

    async def learn_name(self) -> None:
        """Ask Zalo which account we are. Raises Undeliverable."""
        account = await self._api.account()
        self.oa_id = str(account.get("oaid") or account.get("oa_id") or "")

    def link_to(self, payload: str) -> str:  # noqa: ARG002 - no address of Zalo's brings a word along
        """The address of the account's page, from which people begin to write; "" until we know which account we are."""
        return f"{PAGE}{self.oa_id}" if self.oa_id else ""

    async def send(self, delivery: Delivery) -> str:
        """Send a delivery; the id of the message that carries its choices. Raises Undeliverable (RELIABILITY rule 5)."""
        ref, sent = "", list[Sent]()
        twice = TRIED_AGAIN | GOES_ANOTHER_WAY if delivery.audience is Audience.CUSTOMER else TRIED_AGAIN
        try:
            await self._check(delivery)
            for step in await self._steps(delivery):
                sent.append(await self._send(delivery.chat_id, step))
                ref = sent[-1].message_id if step.is_main else ref
        except Undeliverable as failure:
            if sent and failure.trouble in twice:
                raise Undeliverable(Trouble.AMBIGUOUS, f"only {len(sent)} parts arrived: {failure}") from failure
            raise
        finally:
            await self._charge(delivery, sum(one.is_paid for one in sent))
        return ref

    async def say(self, user_id: str, text: Markup) -> None:
        """Say something that need not survive: only for when nothing can be stored."""
        try:
            await self._api.consult(user_id, bodies.text(plain_text(text)))
        except Undeliverable as failure:
            log.info("a passing remark could not be sent: %s", failure.trouble)

    async def name_of(self, user_id: str) -> str:
        """What a person calls themselves; "" where that cannot be learned just now."""
        try:
            return str((await self._api.user(user_id)).get("display_name") or "")
        except Undeliverable as failure:
            log.info("a name could not be learned: %s", failure.trouble)
            return ""

    # Sending ----------------------------------------------------------------------------------------------------------

    async def _send(self, user_id: str, step: Step) -> Sent:
        *others, last = step.ways
        for way in others:
            try:
                return await self._api.consult(user_id, way)
            except Refusal as failure:
                if failure.code not in BAD_PARAMETER:
                    raise
        try:
            sent = await self._api.consult(user_id, last)
        except Refusal as failure:
            if failure.code != ATTACHMENT_EXPIRED or step.again is None:
                raise
            return await self._api.consult(user_id, await step.again())
        if others and _has_buttons(others[-1]) and not _has_buttons(last):
            log.warning("Zalo takes no buttons: choices are numbered from now on")
            self._takes_buttons = False
        return sent

    async def _check(self, delivery: Delivery) -> None:
        """What was decided upon may have waited for days."""
        try:
            may_go = self._may_go is None or await self._may_go(delivery)
        except StorageUnavailable as error:
            raise Undeliverable(Trouble.NEVER_SENT, "nothing can be read") from error
        if not may_go:
            raise Undeliverable(Trouble.WINDOW_CLOSED, "it would cost by now")

    async def _charge(self, delivery: Delivery, messages: int) -> None:
        if not messages:
            return
        try:
            await self._charged(delivery, Route.ZALO_PAID, messages * PAID_MESSAGE_VND)
        except StorageUnavailable:
            log.warning("delivery %s: what it cost cannot be stored", delivery.id)

    # A reply as messages ----------------------------------------------------------------------------------------------

    async def _steps(self, delivery: Delivery) -> list[Step]:
        """All messages of a delivery; what they attach has been uploaded."""
        reply = Reply.from_record(delivery.payload)
        reply = await self._files.carried(reply, self.name, delivery.audience, delivery.attempts)
        reply = self._with_place(await _drawn(reply))
        reply, document = await self._document(reply, delivery.audience)
        buttons = self._buttons(delivery.id, reply)
        words = parts(self._words(reply, buttons))
        attached = await self._picture(reply, words[0] if len(words) == 1 and not buttons else "")
        if attached and len(words) == 1 and not buttons:
            words = []
        texts = [Step((bodies.text(part),)) for part in words[:-1]]
        if words:
            texts.append(Step(self._ways(words[-1], buttons)))
        steps = [*filter(None, [attached, document]), *_quoting(texts, reply.quotes), *self._form(reply)]
        copies = [part for row in reply.choices for choice in row if choice.copy for part in parts(choice.copy)]
        steps += [Step((bodies.text(part),), is_main=False) for part in copies]
        if not steps:
            raise Undeliverable(Trouble.REFUSED, "nothing in it that Zalo can show")
        return steps

    def _words(self, reply: Reply, buttons: Sequence[Body]) -> str:
        """The text with its choices below, numbered."""
        has_all = len(options(reply)) <= sum(button["type"] == "oa.query.hide" for button in buttons)
        t = self._t.speaking(reply.locale)
        ask = "" if has_all else t(how_to_choose(reply)).unescape()
        phone = "" if not reply.asks_contact or self._public_url else t(TYPE_YOUR_PHONE).unescape()
        return "\n\n".join(filter(None, [plain_text(reply.text), listed(reply, ask), phone]))

    def _buttons(self, delivery_id: int, reply: Reply) -> list[Body]:
        if not self._takes_buttons:
            return []
        buttons = [bodies.choosing(delivery_id, option) for option in _first_of(options(reply))]
        links = [bodies.opening(choice) for row in reply.choices for choice in row if _opens_page(choice)]
        return [*buttons, *links][:MOST_BUTTONS]

    def _ways(self, words: str, buttons: Sequence[Body]) -> tuple[Body, ...]:
        plain = bodies.text(words)
        return (bodies.with_buttons(words, buttons), plain) if buttons else (plain,)

    def _form(self, reply: Reply) -> list[Step]:
        if not reply.asks_contact or not self._public_url:
            return []
        asked = plain(self._t.speaking(reply.locale)(LEAVE_YOUR_NUMBER))
        return [Step((bodies.contact_form(self._org, asked, self._public_url + FORM_PICTURE),))]

    # Files ------------------------------------------------------------------------------------------------------------

    async def _picture(self, reply: Reply, words: str) -> Step | None:
        """The picture, with the words where they go along."""
        stored = reply.stored_file
        if stored and stored.kind == "photo":
            return Step((bodies.image(words, url=stored.file_id),))
        if reply.picture is None:
            return None
        content = await asyncio.to_thread(fitting, reply.picture.content)
        name = "picture.png" if content.startswith(PNG) else "picture.jpg"

        async def uploaded() -> Body:
            return bodies.image(words, attachment_id=await self._api.upload("image", name, content))

        return Step((await uploaded(),), uploaded)

    async def _document(self, reply: Reply, audience: Audience) -> tuple[Reply, Step | None]:
        """The reply without its document, and that as a message; where Zalo does not take it, a member gets the words all the same."""
        stored, document = reply.stored_file, reply.document
        if stored and stored.kind == "photo":
            return reply, None
        if stored and stored.kind == "document":
            document = await self._files.fetch(stored)
        if document is None and stored is None:
            return reply, None
        why = _why_not(document) if document else NotCarried.KIND
        if document is None or why is not None:
            return self._without(reply, document, why or NotCarried.KIND, audience), None

        async def uploaded() -> Body:
            return bodies.file(await self._api.upload("file", document.name, document.content))

        return replace(reply, document=None, stored_file=None), Step((await uploaded(),), uploaded)

    def _without(self, reply: Reply, document: File | None, why: NotCarried, audience: Audience) -> Reply:
        if audience is not Audience.MEMBER:
            raise not_carried(why)
        shown = reply.stored_file or StoredFile("", "", "document", document.name if document else "")
        return replace(self._files.without(reply, shown, why), document=None)

    def _with_place(self, reply: Reply) -> Reply:
        """The reply with a place as the address of a map."""
        if reply.stored_file is None or reply.stored_file.kind not in PLACES:
            return reply
        words = filter(None, [reply.text, Markup("📍 {}").format(MAP + reply.stored_file.file_id)])
        return replace(reply, text=Markup("\n").join(words), stored_file=None)


def _first_of(offered: Sequence[Option]) -> Sequence[Option]:
    """What gets a button. Half a scale would look like all of it: scores that are too many are typed."""
    if len(offered) > MOST_BUTTONS and all(option.is_score for option in offered):
        return ()
    return offered[:MOST_BUTTONS]


def _opens_page(choice: Choice) -> bool:
    return choice.url.startswith(("https://", "http://"))


def _has_buttons(body: Body) -> bool:
    return "buttons" in body.get("attachment", {}).get("payload", {})


def _quoting(texts: list[Step], message_ref: str) -> list[Step]:
    """The first of them answers a message, where there is one and Zalo still knows it."""
    if not message_ref or not texts:
        return texts
    first, *others = texts
    return [replace(first, ways=(bodies.quoting(first.ways[0], message_ref), *first.ways)), *others]


def _why_not(document: File) -> NotCarried | None:
    """Why Zalo does not take a file; None where it does."""
    if PurePosixPath(document.name.lower()).suffix not in FILES_TAKEN:
        return NotCarried.KIND
    return NotCarried.TOO_BIG if len(document.content) > LARGEST_FILE else None


async def _drawn(reply: Reply) -> Reply:
    """The reply with its chart as a picture, drawn beside the event loop; what cannot be drawn is still said."""
    if reply.chart is None:
        return reply
    try:
        content = await asyncio.to_thread(draw, reply.chart)
    except Exception:
        log.exception("a chart could not be drawn")
        return reply
    return replace(reply, picture=File("chart.png", content))
