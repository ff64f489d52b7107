"""Alembic's entry: `run.py` hands over a connection on which a transaction has begun."""

from alembic import context

import bot.storage.guest_tables  # noqa: F401  the rest of the metadata
from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
