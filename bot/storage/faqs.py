"""The company's question list, and drafts of answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.faq import Faq, Unanswered
from bot.domain.repositories.faqs import ReplyDraft
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.guest_tables import askers, faqs, reply_drafts, unanswered
from bot.storage.tables import customers
from bot.storage.transaction import Sql

_FAQ = select(*columns_of(faqs, Faq))
_UNANSWERED = select(*columns_of(unanswered, Unanswered))
_DRAFT = select(*columns_of(reply_drafts, ReplyDraft))


class SqlFaqs:
    """`Faqs` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def all(self) -> Sequence[Faq]:
        """The whole list, oldest first."""
        return [Faq(*row) for row in await self._sql.rows(_FAQ.order_by(faqs.c.id))]

    async def get(self, faq_id: int) -> Faq:
        """One entry. Raises NotFound."""
        row = await self._sql.row(_FAQ.where(faqs.c.id == faq_id))
        if row is None:
            raise NotFound
        return Faq(*row)

    async def add(self, locale: str, question: str, answer: str) -> Faq:
        """A new entry."""
        values = {"locale": locale, "question": question, "answer": answer}
        return Faq(await self._sql.scalar(insert(faqs).values(**values).returning(faqs.c.id)), **values)

    async def change(self, faq: Faq, **changes: str) -> Faq:
        """Change fields of an entry."""
        await self._sql.change(update(faqs).where(faqs.c.id == faq.id).values(**changes))
        return replace(faq, **changes)  # type: ignore[arg-type]

    async def drop(self, faq: Faq) -> None:
        """Take an entry out of the list."""
        await self._sql.change(delete(unanswered).where(unanswered.c.faq_id == faq.id))
        await self._sql.change(delete(faqs).where(faqs.c.id == faq.id))

    async def unanswered(self) -> Sequence[Unanswered]:
        """What has no answer yet, the most frequent first."""
        waiting = _UNANSWERED.where(unanswered.c.faq_id.is_(None))
        rows = await self._sql.rows(waiting.order_by(unanswered.c.count.desc(), unanswered.c.id))
        return [Unanswered(*row) for row in rows]

    async def missed(self, unanswered_id: int) -> Unanswered:
        """One of them. Raises NotFound."""
        row = await self._sql.row(_UNANSWERED.where(unanswered.c.id == unanswered_id, unanswered.c.faq_id.is_(None)))
        if row is None:
            raise NotFound
        return Unanswered(*row)

    async def note_unanswered(self, key: str, question: str, customer_id: int, now: datetime) -> None:
        """This customer asked it, and no answer was sure: counted under its key."""
        new = upsert(unanswered).values(key=key, question=question, asked_at=now, count=1)
        again = {"count": unanswered.c.count + 1, "asked_at": now, "faq_id": None}
        counted = new.on_conflict_do_update(index_elements=["key"], set_=again).returning(unanswered.c.id)
        missed_id = await self._sql.scalar(counted)
        await self._sql.change(insert(askers).values(unanswered_id=missed_id, customer_id=customer_id))

    async def answer(self, missed: Unanswered, faq: Faq) -> None:
        """It has an answer now."""
        await self._sql.change(update(unanswered).where(unanswered.c.id == missed.id).values(faq_id=faq.id))

    async def forget(self, missed: Unanswered) -> None:
        """It needs no answer."""
        await self._sql.change(delete(unanswered).where(unanswered.c.id == missed.id))

    async def askers(self, faq_id: int) -> Sequence[Customer]:
        """Who asked what this entry answers and has not been sent it."""
        asked = select(askers.c.customer_id).join(unanswered).where(unanswered.c.faq_id == faq_id)
        found = select(*CUSTOMER_COLUMNS).where(customers.c.id.in_(asked), customers.c.erased_at.is_(None))
        return [Customer(*row) for row in await self._sql.rows(found.order_by(customers.c.id))]

    async def told(self, faq_id: int) -> None:
        """All of them have been sent it."""
        await self._sql.change(delete(unanswered).where(unanswered.c.faq_id == faq_id))


def _waiting(now: datetime) -> Select[tuple[int]]:
    """The draft that somebody has waited for longest, of those that nobody has in hand."""
    free = or_(reply_drafts.c.claimed_until.is_(None), reply_drafts.c.claimed_until <= now)
    return select(reply_drafts.c.id).where(reply_drafts.c.text.is_(None), free).order_by(reply_drafts.c.id).limit(1)


class SqlReplyDrafts:
    """`ReplyDrafts` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ask(self, member_id: int, customer_id: int, entry_id: int, now: datetime) -> ReplyDraft:
        """A member wants one; asked for again while it is under way, it is the same."""
        same = (reply_drafts.c.entry_id == entry_id, reply_drafts.c.member_id == member_id)
        row = await self._sql.row(_DRAFT.where(*same, reply_drafts.c.text.is_(None)))
        if row is not None:
            return ReplyDraft(*row)
        values = {"member_id": member_id, "customer_id": customer_id, "entry_id": entry_id}
        new = insert(reply_drafts).values(**values, asked_at=now).returning(reply_drafts.c.id)
        return ReplyDraft(await self._sql.scalar(new), member_id, customer_id, entry_id)

    async def waiting(self, now: datetime) -> bool:
        """Whether somebody waits for one that nobody has in hand."""
        return await self._sql.scalar(_waiting(now)) is not None

    async def claim(self, now: datetime, until: datetime) -> ReplyDraft | None:
        """The next that somebody waits for, ours until that moment."""
        first = _waiting(now).with_for_update(skip_locked=True).scalar_subquery()
        claimed = update(reply_drafts).where(reply_drafts.c.id == first).values(claimed_until=until)
        row = await self._sql.row(claimed.returning(*columns_of(reply_drafts, ReplyDraft)))
        return None if row is None else ReplyDraft(*row)

    async def get(self, draft_id: int, member_id: int) -> ReplyDraft:
        """One of this member's. Raises NotFound."""
        theirs = (reply_drafts.c.id == draft_id, reply_drafts.c.member_id == member_id)
        row = await self._sql.row(_DRAFT.where(*theirs, reply_drafts.c.text.is_not(None)))
        if row is None:
            raise NotFound
        return ReplyDraft(*row)

    async def written(self, draft: ReplyDraft, text: str) -> bool:
        """It is there; False where nobody waits for it any more."""
        waiting = update(reply_drafts).where(reply_drafts.c.id == draft.id, reply_drafts.c.text.is_(None))
        return await self._sql.change(waiting.values(text=text)) > 0

    async def drop(self, draft: ReplyDraft) -> None:
        """It is sent, or could not be had."""
        await self._sql.change(delete(reply_drafts).where(reply_drafts.c.id == draft.id))

    async def drop_asked_before(self, moment: datetime) -> None:
        """Old ones go."""
        await self._sql.change(delete(reply_drafts).where(reply_drafts.c.asked_at < moment))
