"""Migrations of the schema. Alembic is loaded only when there is something to migrate."""

from sqlalchemy import Text, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import column

from bot.storage.engine import Engines

# The newest revision in `versions/`; a test holds the two together.
HEAD = "0005"

_VERSION = select(column("version_num", Text)).select_from(table("alembic_version"))


async def is_at_head(engines: Engines) -> bool:
    """Whether the schema is what this version needs: one query. A database without a schema is not. Raises StorageUnavailable."""
    try:
        async with engines.reading() as sql:
            return bool(await sql.scalar(_VERSION) == HEAD)
    except DBAPIError:
        return False
