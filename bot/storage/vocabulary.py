"""What messages are read against: customers, products, colleagues and own words, indexed once and kept until something changes."""

import secrets
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.errors import NotFound
from bot.domain.names import folded
from bot.domain.people import Member, Role
from bot.domain.understanding import Known, KnownCustomer, KnownProduct
from bot.domain.vocabulary import NewWord, OwnWord, WordKind
from bot.storage.access import IS_THERE
from bot.storage.outbox import never_again
from bot.storage.tables import customers, known_stamps, members, own_words, sales
from bot.storage.transaction import Sql

# The stamp of what all members share: products, colleagues and the company's words.
SHARED = 0
KEPT_MEMBERS = 200
KEPT_PRODUCTS = 500

_STAMP = upsert(known_stamps)
_RENEW = _STAMP.on_conflict_do_update(index_elements=["owner_id"], set_={"stamp": _STAMP.excluded.stamp})


async def changed_for(sql: Sql, owner_id: int) -> None:
    """What this member's messages are read against has changed. A random stamp: a rolled back one can never come again."""
    await sql.change(_RENEW, {"owner_id": owner_id, "stamp": secrets.token_hex(8)})


async def gone_over(sql: Sql, customer_ids: Collection[int], from_id: int, to_id: int) -> None:
    """These customers are another member's now, and what the old one called them with them; where the new one calls somebody else so,
    that stands. Nothing that may tell of them is sent again to who has lost them from sight."""
    old_words = (own_words.c.member_id == from_id, own_words.c.customer_id.in_(customer_ids))
    taken = select(own_words.c.key).where(own_words.c.member_id == to_id, own_words.c.kind == WordKind.CUSTOMER)
    await sql.change(delete(own_words).where(*old_words, own_words.c.key.in_(taken)))
    await sql.change(update(own_words).where(*old_words).values(member_id=to_id))
    for member_id in sorted((from_id, to_id)):
        await changed_for(sql, member_id)
    old_team, new_team = (
        select(members.c.team_id).where(members.c.id == one).scalar_subquery() for one in (from_id, to_id)
    )
    led_the_old = and_(
        members.c.role == Role.MANAGER, members.c.team_id == old_team, new_team.is_distinct_from(old_team)
    )
    await never_again(sql, select(members.c.id).where(or_(members.c.id == from_id, led_the_old)))


@dataclass(slots=True)
class KnownCache:
    """What was built for each member, with the stamps it was built at; the least recently used go first."""

    kept: OrderedDict[int, tuple[tuple[str, ...], Known]] = field(default_factory=OrderedDict)

    def get(self, member_id: int, stamps: tuple[str, ...]) -> Known | None:
        """What is kept for the member, if it is of these stamps."""
        stamped = self.kept.get(member_id)
        if stamped is None or stamped[0] != stamps:
            return None
        self.kept.move_to_end(member_id)
        return stamped[1]

    def keep(self, member_id: int, stamps: tuple[str, ...], known: Known) -> None:
        """Keep it for the next message."""
        self.kept[member_id] = (stamps, known)
        if len(self.kept) > KEPT_MEMBERS:
            self.kept.popitem(last=False)


class SqlVocabulary:
    """`Vocabulary` in tables."""

    def __init__(self, sql: Sql, cache: KnownCache) -> None:
        self._sql = sql
        self._cache = cache

    async def known(self, actor: Member) -> Known:
        """All that a message of the actor's is read against, from the cache where nothing has changed."""
        of_both = select(known_stamps).where(known_stamps.c.owner_id.in_((actor.id, SHARED)))
        stamps = tuple(f"{owner}:{stamp}" for owner, stamp in sorted(map(tuple, await self._sql.rows(of_both))))
        known = self._cache.get(actor.id, stamps)
        if known is None:
            known = await self._build(actor)
            self._cache.keep(actor.id, stamps, known)
        return known

    async def _build(self, actor: Member) -> Known:
        words = await self.words(actor)
        nicknames: dict[int, list[str]] = {}
        aliases: dict[str, list[str]] = {}
        for word in words:
            if word.kind is WordKind.CUSTOMER and word.customer_id is not None:
                nicknames.setdefault(word.customer_id, []).append(word.said)
            else:
                aliases.setdefault(word.meaning, []).append(word.said)
        own = select(customers.c.id, customers.c.name, customers.c.honorific, customers.c.phones)
        rows = await self._sql.rows(own.where(customers.c.owner_id == actor.id, IS_THERE))
        names = await self._sql.rows(select(members.c.name).where(members.c.active, members.c.id != actor.id))
        return Known(
            [
                KnownCustomer(row.id, row.name, row.honorific, tuple(nicknames.get(row.id, ())), tuple(row.phones))
                for row in rows
            ],
            [KnownProduct(name, tuple(aliases.pop(name, ()))) for name in await self._products()]
            + [KnownProduct(meaning, tuple(said)) for meaning, said in aliases.items()],
            [row.name for row in names],
        )

    async def _products(self) -> list[str]:
        """What was sold more than once, most often first: said once, it may be a slip of the pen."""
        sold = select(sales.c.product).where(sales.c.product.is_not(None)).group_by(sales.c.product)
        often = sold.having(func.count() > 1).order_by(func.count().desc(), sales.c.product).limit(KEPT_PRODUCTS)
        return [row.product for row in await self._sql.rows(often)]

    async def words(self, actor: Member) -> Sequence[OwnWord]:
        """The actor's own words and the company's, by what was said."""
        theirs = select(own_words).where(or_(own_words.c.member_id == actor.id, own_words.c.member_id == SHARED))
        rows = await self._sql.rows(theirs.order_by(own_words.c.key, own_words.c.id))
        return [
            OwnWord(row.id, row.kind, row.said, row.meaning, row.customer_id, row.member_id == SHARED) for row in rows
        ]

    async def learn(self, actor: Member, word: NewWord, *, shared: bool) -> OwnWord:
        """Remember a word, in place of what the same word meant before."""
        whose = SHARED if shared else actor.id
        values = {
            "member_id": whose,
            "kind": word.kind,
            "key": folded(word.said),
            "said": word.said,
            "meaning": word.meaning,
            "customer_id": word.customer_id,
        }
        adding = upsert(own_words)
        learned = adding.on_conflict_do_update(
            index_elements=["member_id", "kind", "key"],
            set_={name: adding.excluded[name] for name in ("said", "meaning", "customer_id")},
        ).returning(own_words.c.id)
        word_id: int = await self._sql.scalar(learned, values)
        await changed_for(self._sql, whose)
        return OwnWord(word_id, word.kind, word.said, word.meaning, word.customer_id, shared)

    async def forget(self, actor: Member, word_id: int) -> None:
        """Forget one of the actor's own words; a shared one only for who manages. Raises NotFound."""
        whose = (actor.id, SHARED) if actor.manages else (actor.id,)
        gone = delete(own_words).where(own_words.c.id == word_id, own_words.c.member_id.in_(whose))
        member_id = await self._sql.scalar(gone.returning(own_words.c.member_id))
        if member_id is None:
            raise NotFound("word_not_found")
        await changed_for(self._sql, member_id)
