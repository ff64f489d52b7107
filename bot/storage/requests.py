"""Requests of customers about their own data."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.consent import DataRequest
from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.rights import NewDataRequest
from bot.storage.access import IS_THERE, visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.guest_tables import data_requests
from bot.storage.tables import customers
from bot.storage.transaction import Sql

_REQUEST = columns_of(data_requests, DataRequest)
_BOTH = select(*_REQUEST, *CUSTOMER_COLUMNS).join_from(
    data_requests, customers, customers.c.id == data_requests.c.customer_id
)
_IS_OPEN = data_requests.c.done_at.is_(None)


class SqlDataRequests:
    """`DataRequests` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, new: NewDataRequest) -> tuple[DataRequest, bool]:
        """Write a request down, and whether it is new: one that is open already stands."""
        same = (data_requests.c.customer_id == new.customer_id, data_requests.c.kind == new.kind, _IS_OPEN)
        row = await self._sql.row(select(*_REQUEST).where(*same).order_by(data_requests.c.id))
        if row is not None:
            return DataRequest(*row), False
        values = asdict(new)
        request_id = await self._sql.scalar(insert(data_requests).returning(data_requests.c.id), values)
        return DataRequest(id=request_id, **values), True

    async def get(self, actor: Member, request_id: int) -> tuple[DataRequest, Customer]:
        """A request and whose it is. Raises NotFound where the actor may not see that customer."""
        row = await self._sql.row(_BOTH.where(data_requests.c.id == request_id, visible_to(actor)))
        if row is None:
            raise NotFound
        return _pair(row)

    async def waiting(self, actor: Member) -> Sequence[tuple[DataRequest, Customer]]:
        """Those that are not done, of customers whom the actor may see, the most urgent first."""
        urgent_first = (
            data_requests.c.answered_at.is_not(None),
            data_requests.c.answer_by,
            data_requests.c.act_by,
            data_requests.c.id,
        )
        rows = await self._sql.rows(_BOTH.where(_IS_OPEN, visible_to(actor)).order_by(*urgent_first))
        return list(map(_pair, rows))

    async def update(self, request: DataRequest, **changes: Any) -> DataRequest:
        """The request with fields changed."""
        await self._sql.change(update(data_requests).where(data_requests.c.id == request.id).values(**changes))
        return replace(request, **changes)

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[DataRequest, Customer]]:
        """Those of which managers are to hear again by `now`, locked until the commit; another instance takes the others."""
        due = _BOTH.where(_IS_OPEN, data_requests.c.remind_at <= now, IS_THERE)
        due = due.order_by(data_requests.c.remind_at, data_requests.c.id).limit(limit)
        locked = due.with_for_update(of=data_requests, skip_locked=True) if self._sql.writes else due
        return list(map(_pair, await self._sql.rows(locked)))


def next_request() -> Any:
    """When managers are to hear of a request again, as a subquery."""
    return select(func.min(data_requests.c.remind_at)).where(_IS_OPEN).scalar_subquery()


def _pair(row: Any) -> tuple[DataRequest, Customer]:
    split = len(_REQUEST)
    return DataRequest(*row[:split]), Customer(*row[split:])
