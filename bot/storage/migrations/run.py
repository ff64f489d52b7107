"""Runs alembic's migrations: in one transaction, all of them or none, and one instance at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.util import greenlet_spawn

from bot.storage.engine import migration_engine

SCRIPTS = Path(__file__).parent
# Any number will do as long as every version of the program uses the same one.
_ADVISORY_LOCK = 7_405_311


async def upgrade(url: str, scripts: Path = SCRIPTS) -> None:
    """Migrate the database at `url` to the newest revision in `scripts`."""
    engine = migration_engine(url)

    def migrate() -> None:
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
                config = Config()
                config.set_main_option("script_location", str(scripts).replace("%", "%%"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                _check_references(connection)
        finally:
            engine.dispose()

    await greenlet_spawn(migrate)


def _check_references(connection: Connection) -> None:
    """Foreign keys are off on SQLite while its tables are rebuilt, so look whether all of them still lead somewhere."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"the migration would leave {len(broken)} rows that refer to nothing; nothing was changed"
            )
