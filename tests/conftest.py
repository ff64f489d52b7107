"""What every test can ask for."""

from tests.databases import database_url, own_database_url, postgres_server, sqlite_template, store

__all__ = ["database_url", "own_database_url", "postgres_server", "sqlite_template", "store"]
