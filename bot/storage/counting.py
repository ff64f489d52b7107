"""What counting queries are written with, the same for both databases."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, case, cast, column, func, values
from sqlalchemy.types import TypeEngine

ColumnKinds = Mapping[str, TypeEngine[Any]]


def whole(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum of whole numbers, as a whole number: PostgreSQL would make a decimal of it, and nothing of no rows."""
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many rows it is true."""
    return func.count(case((condition, 1)))


def table_of(name: str, columns: ColumnKinds, rows: Iterable[tuple[Any, ...]]) -> CTE:
    """A small table that lives in the query alone."""
    return values(*(column(key, kind) for key, kind in columns.items()), name=name).data(list(rows)).cte(name)
