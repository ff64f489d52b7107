"""What every test can ask for."""

from tests.databases import database_url, known_engines, own_database_url, postgres_server, sqlite_template, store

__all__ = ["database_url", "known_engines", "own_database_url", "postgres_server", "sqlite_template", "store"]
