"""What came in and is answered for before it is worked off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.mailroom import Arrival
from bot.storage.channel_tables import arrivals
from bot.storage.columns import columns_of
from bot.storage.engine import Engines

_KEEP = upsert(arrivals).on_conflict_do_nothing(index_elements=["channel", "key"]).returning(arrivals.c.id)
_earlier = arrivals.alias("earlier")
_waits_for_another = exists().where(
    _earlier.c.channel == arrivals.c.channel,
    _earlier.c.person == arrivals.c.person,
    _earlier.c.id < arrivals.c.id,
    _earlier.c.wake_at.is_not(None),
)
_ripe = (
    select(arrivals.c.id)
    .where(
        arrivals.c.channel == bindparam("the_channel"),
        arrivals.c.wake_at <= bindparam("now", type_=arrivals.c.wake_at.type),
        ~_waits_for_another,
    )
    .order_by(arrivals.c.wake_at)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(arrivals)
    .where(arrivals.c.id.in_(_ripe.with_for_update(skip_locked=True)))
    .values(
        wake_at=bindparam("lease_until", type_=arrivals.c.wake_at.type),
        attempts=arrivals.c.attempts + 1,
    )
    .returning(*columns_of(arrivals, Arrival))
)


class SqlArrivals:
    """`Arrivals` in a table: every call is a transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def keep(self, channel: str, key: str, person: str, body: str, now: datetime) -> bool:
        """Keep an arrival under a key that is unique in its channel; False where it came before."""
        row = {"channel": channel, "key": key, "person": person, "body": body, "arrived_at": now}
        async with self._engines.writing() as sql:
            is_new = await sql.row(_KEEP, {**row, "wake_at": now, "attempts": 0}) is not None
            if is_new:
                await sql.commit()
        return is_new

    async def claim(self, channel: str, now: datetime, limit: int, lease_until: datetime) -> Sequence[Arrival]:
        """What is to be worked off, oldest first, ours until the lease ends: of each person the oldest alone."""
        async with self._engines.writing() as sql:
            rows = await sql.rows(
                _CLAIM, {"the_channel": channel, "now": now, "most": limit, "lease_until": lease_until}
            )
            if rows:
                await sql.commit()
        return sorted((Arrival(*row) for row in rows), key=lambda arrival: arrival.id)

    async def done(self, arrival_id: int) -> None:
        """It is worked off: its text is forgotten, its key remembered."""
        await self._change(arrival_id, wake_at=None, body="")

    async def again(self, arrival_id: int, at: datetime) -> None:
        """It could not be worked off; try again at this moment."""
        await self._change(arrival_id, wake_at=at)

    async def _change(self, arrival_id: int, **values: object) -> None:
        async with self._engines.writing() as sql:
            await sql.change(update(arrivals).where(arrivals.c.id == arrival_id).values(**values))
            await sql.commit()

    async def prune(self, before: datetime) -> None:
        """Forget those worked off that came before this moment."""
        old = and_(arrivals.c.wake_at.is_(None), arrivals.c.arrived_at < before)
        async with self._engines.writing() as sql:
            await sql.change(delete(arrivals).where(old))
            await sql.commit()
