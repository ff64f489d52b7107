"""Drafts of answers for reps, by a model behind an OpenAI-compatible address; without that address nothing of this happens.

It is asked between two transactions, never inside one. Who somebody is stays here: names, numbers and addresses go as stand-ins. What
comes back is shown to the rep and to nobody else.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock
from bot.domain.addressing import given_name
from bot.domain.errors import NotFound
from bot.domain.faq import ranked
from bot.domain.masking import Mask
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable, Store, UnitOfWork
from bot.domain.repositories.faqs import ReplyDraft
from bot.domain.timeline import Interaction, InteractionKind
from bot.i18n import Translator
from bot.messages import clean
from bot.turn import send_to_member
from bot.views import compose as views

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
ANSWERS_WITHIN = 20.0  # seconds, each of the tries
TRIES = 2
BREATH = 1.0  # seconds between two tries
LARGEST = 64 * 1024  # bytes of an answer
LONGEST_DRAFT = 1500
LEASE = timedelta(minutes=2)
# What is told of the talk so far, and of the company's question list.
ENTRIES = 6
LOOKED_THROUGH = 30
ANSWERS = 3
NEAR = 0.3
_TALK = (InteractionKind.WROTE, InteractionKind.MESSAGE)
_INSTRUCTION = (
    "You draft a chat answer for a sales rep in Vietnam to review. Answer the customer's last message in their language, in at most "
    "five short sentences, warm and polite (in Vietnamese: the rep is “em”, the customer anh/chị). Use only facts given here; where "
    "one is missing, say that you will check. Keep stand-ins such as [NAME_1] exactly as they are. Reply with the answer's text alone."
)


class NoDraft(Exception):
    """The model gave none; its text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Model:
    """Where drafts come from: the address up to and without /chat/completions, its key ("" for none), the model's name."""

    base_url: str
    key: str
    name: str
    answers_within: float = ANSWERS_WITHIN
    breath: float = BREATH

    async def write(self, session: ClientSession, messages: Sequence[dict[str, str]]) -> str:
        """Its answer; tried once more where another try may help. Raises NoDraft."""
        for _ in range(TRIES - 1):
            try:
                return _text_in(await self._ask(session, messages))
            except (TimeoutError, ClientError, ConnectionError) as error:
                log.info("the model did not answer (%s), trying again", type(error).__name__)
                await asyncio.sleep(self.breath)
        try:
            return _text_in(await self._ask(session, messages))
        except (TimeoutError, ClientError, ConnectionError) as error:
            raise NoDraft(f"no answer: {type(error).__name__}") from error

    async def _ask(self, session: ClientSession, messages: Sequence[dict[str, str]]) -> bytes:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        asked = {"model": self.name, "messages": list(messages), "max_tokens": 400}
        async with session.post(
            f"{self.base_url}/chat/completions",
            json=asked,
            headers=headers,
            timeout=ClientTimeout(total=self.answers_within),
            allow_redirects=False,
        ) as response:
            if response.status == 429 or response.status >= 500:
                raise ClientError(f"status {response.status}")
            if response.status != 200:
                raise NoDraft(f"refused with status {response.status}")
            body = b""
            async for chunk in response.content.iter_chunked(8192):
                body += chunk
                if len(body) > LARGEST:
                    raise NoDraft("far too long")
            return body


def _text_in(body: bytes) -> str:
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoDraft("no answer in what came back") from error
    if not isinstance(text, str) or not (text := clean(text).strip()) or len(text) > LONGEST_DRAFT:
        raise NoDraft("no usable text in what came back")
    return text


class Drafting:
    """Writes what reps ask for, one draft after the other, until cancelled. `wake`: something was queued."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        model: Model,
        translators: Callable[[Member], Translator],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._model = model
        self._translators = translators
        self._wake = wake

    async def run(self) -> None:
        """Look for what is asked for, and write it."""
        async with ClientSession() as session:
            while True:
                try:
                    found = await self.write_next(session)
                except StorageUnavailable:
                    log.warning("drafts cannot be read, trying again")
                    found = False
                if not found:
                    await asyncio.sleep(LOOK_EVERY)

    async def write_next(self, session: ClientSession) -> bool:
        """Write the draft that was asked for first; False where none was."""
        async with self._store.read() as uow:
            if not await uow.reply_drafts.waiting(self._clock.now()):
                return False
        now = self._clock.now()
        async with self._store.begin() as uow:
            draft = await uow.reply_drafts.claim(now, now + LEASE)
            if draft is None:
                return False
            talk = await _talk_of(uow, draft)
            if talk is None:
                await uow.reply_drafts.drop(draft)
            await uow.commit()
        if talk:
            await self._deliver(draft, await self._written(session, talk))
        return True

    async def _written(self, session: ClientSession, talk: "Talk") -> str | None:
        mask = Mask(talk.names)
        try:
            text = mask.restore(await self._model.write(session, talk.told(mask))).strip()
        except NoDraft as failure:
            log.warning("no draft: %s", failure)
            return None
        return text or None

    async def _deliver(self, draft: ReplyDraft, text: str | None) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            member = await uow.members.get(draft.member_id)
            try:
                customer = await uow.customers.get(member, draft.customer_id)
            except NotFound:  # handed over meanwhile, or erased
                return
            t = self._translators(member)
            if text is None:
                await uow.reply_drafts.drop(draft)
                reply = views.no_draft(t, customer, draft)
            elif await uow.reply_drafts.written(draft, text):
                reply = views.draft(t, customer, draft, text)
            else:
                return
            await send_to_member(uow, member.id, f"draft:{draft.id}", "draft", reply, now)
            await uow.commit()
        self._wake()


@dataclass(frozen=True, slots=True)
class Talk:
    """What a draft is written from. `names`: of people who may be named in it; `known`: questions and answers of the company."""

    greeting: str
    said: Sequence[Interaction]
    known: Sequence[tuple[str, str]]
    names: Sequence[str]

    def told(self, mask: Mask) -> list[dict[str, str]]:
        """The same for the model, without anybody in it."""
        facts = "".join(f"\nQ: {question}\nA: {answer}" for question, answer in self.known)
        about = mask.hide(f"The customer is {self.greeting}.{facts}")
        told = [{"role": "system", "content": f"{_INSTRUCTION}\n{about}"}]
        for entry in self.said:
            role = "user" if entry.kind is InteractionKind.WROTE else "assistant"
            told.append({"role": role, "content": mask.hide(entry.text)})
        return told


async def _talk_of(uow: UnitOfWork, draft: ReplyDraft) -> Talk | None:
    """What was said up to the entry that is to be answered; None where the member may not see it any more."""
    member = await uow.members.get(draft.member_id)
    if not member.active:
        return None
    try:
        customer = await uow.customers.get(member, draft.customer_id)
        asked = await uow.timeline.get(member, draft.entry_id)
    except NotFound:
        return None
    entries, _ = await uow.timeline.page(member, customer.id, LOOKED_THROUGH)
    said = [entry for entry in entries if entry.kind in _TALK and entry.text and entry.id < asked.id][:ENTRIES]
    near = [match.faq for match in ranked(await uow.faqs.all(), asked.text) if match.score >= NEAR][:ANSWERS]
    team = await uow.members.everyone()
    names = (customer.name, customer.company or "", customer.referrer or "", *(one.name for one in team))
    return Talk(
        f"{customer.honorific or ''} {given_name(customer.name)}".strip(),
        [*reversed(said), asked],
        [(faq.question, faq.answer) for faq in near],
        names,
    )
