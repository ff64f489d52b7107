"""What came in and is answered for before it is worked off."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.mailroom import Arrival
from bot.storage.channel_tables import arrivals
from bot.storage.columns import columns_of
from bot.storage.contacts import INTERACTED
from bot.storage.engine import Engines
from bot.storage.transaction import Sql

_KEEP = (
    upsert(arrivals)
    .on_conflict_do_nothing(index_elements=["channel", "key"])
    .returning(arrivals.c.channel, arrivals.c.key)
)
_NOW = bindparam("now", type_=arrivals.c.wake_at.type)
_earlier = arrivals.alias("earlier")
_waits_for_another = exists().where(
    _earlier.c.channel == arrivals.c.channel,
    _earlier.c.person == arrivals.c.person,
    _earlier.c.id < arrivals.c.id,
    _earlier.c.wake_at.is_not(None),
)
_due = (arrivals.c.channel == bindparam("the_channel"), arrivals.c.wake_at <= _NOW)
_ANY_DUE = select(arrivals.c.id).where(*_due).limit(1)
_ripe = (
    select(arrivals.c.id)
    .where(*_due, ~_waits_for_another)
    .order_by(arrivals.c.wake_at, arrivals.c.id)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(arrivals)
    .where(arrivals.c.id.in_(_ripe.with_for_update(skip_locked=True)))
    .values(
        wake_at=bindparam("lease_until", type_=arrivals.c.wake_at.type),
        attempts=arrivals.c.attempts + 1,
    )
    .returning(*columns_of(arrivals, Arrival), arrivals.c.interacted_at)
)


@dataclass(frozen=True, slots=True)
class _Caller:
    """One at the door: what is to be kept, and who waits to hear that it is."""

    channel: str
    key: str
    person: str
    body: str
    now: datetime
    interacted_at: datetime | None
    is_new: asyncio.Future[bool]

    def row(self) -> dict[str, object]:
        """As a row."""
        return {
            "channel": self.channel,
            "key": self.key,
            "person": self.person,
            "body": self.body,
            "arrived_at": self.now,
            "interacted_at": self.interacted_at,
            "wake_at": self.now,
            "attempts": 0,
        }


class SqlArrivals:
    """`Arrivals` in a table: every call is a transaction of its own, but those who keep something at the same time share one, and that
    goes before all others: who delivers is answered soon, however busy we are."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._callers: list[_Caller] = []
        self._keeping: asyncio.Task[None] | None = None

    async def keep(
        self, channel: str, key: str, person: str, body: str, now: datetime, *, interacted_at: datetime | None = None
    ) -> bool:
        """Keep an arrival under a key that is unique in its channel; False where it came before. `interacted_at` (UTC) where it is an
        act of the person's that opens their window: that is noted when it is claimed."""
        is_new: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._callers.append(_Caller(channel, key, person, body, now, interacted_at, is_new))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_together())
        return await is_new

    async def _keep_together(self) -> None:
        while self._callers:
            callers: list[_Caller] = []
            try:
                async with self._engines.hurried() as sql:
                    callers, self._callers = self._callers, callers
                    new = await _kept(sql, callers)
                    await sql.commit()
            except Exception as error:  # noqa: BLE001 - whoever waits hears of it
                if not callers:
                    callers, self._callers = self._callers, callers
                for caller in callers:
                    if not caller.is_new.done():
                        caller.is_new.set_exception(error)
                continue
            for caller in callers:
                if not caller.is_new.done():
                    caller.is_new.set_result((caller.channel, caller.key) in new)
                    new.discard(
                        (caller.channel, caller.key)
                    )  # who brings the same again at the same time brings nothing

    async def claim(
        self, channel: str, now: datetime, limit: int, lease_until: datetime, done: Collection[int] = ()
    ) -> Sequence[Arrival]:
        """What is to be worked off, who waits longest first, ours until the lease ends: of each person the oldest alone. Those in
        `done` are worked off, noted before the next are looked for."""
        due = {"the_channel": channel, "now": now}
        if not done:
            async with self._engines.reading() as sql:
                if await sql.row(_ANY_DUE, due) is None:
                    return ()
        async with self._engines.writing() as sql:
            if done:
                await _forget(sql, done)
            rows = await sql.rows(_CLAIM, {**due, "most": limit, "lease_until": lease_until}) if limit else []
            acts = [
                {"the_channel": row.channel, "person": row.person, "at": row.interacted_at}
                for row in sorted(rows, key=lambda row: row.person)
            ]
            if acts := [act for act in acts if act["at"]]:
                for noted in INTERACTED:
                    await sql.run(lambda connection, noted=noted: connection.execute(noted, acts))  # type: ignore[misc]
            if rows or done:
                await sql.commit()
        return sorted((Arrival(*row[:-1]) for row in rows), key=lambda arrival: arrival.id)

    async def done(self, arrival_ids: Collection[int]) -> None:
        """They are worked off: their texts are forgotten, their keys remembered."""
        async with self._engines.writing() as sql:
            await _forget(sql, arrival_ids)
            await sql.commit()

    async def again(self, arrival_id: int, at: datetime) -> None:
        """It could not be worked off; try again at this moment."""
        async with self._engines.writing() as sql:
            await sql.change(update(arrivals).where(arrivals.c.id == arrival_id).values(wake_at=at))
            await sql.commit()

    async def prune(self, before: datetime) -> None:
        """Forget those worked off that came before this moment."""
        old = and_(arrivals.c.wake_at.is_(None), arrivals.c.arrived_at < before)
        async with self._engines.writing() as sql:
            await sql.change(delete(arrivals).where(old))
            await sql.commit()


async def _kept(sql: Sql, callers: Sequence[_Caller]) -> set[tuple[str, str]]:
    """The channels and keys that are new."""
    return {(row.channel, row.key) for row in await sql.rows(_KEEP, [caller.row() for caller in callers])}


async def _forget(sql: Sql, arrival_ids: Collection[int]) -> None:
    await sql.change(update(arrivals).where(arrivals.c.id.in_(arrival_ids)).values(wake_at=None, body=""))
