"""What every test can ask for, the event loop that they run on, and which are tried on which database."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from zlib import crc32

import pytest

from tests.databases import database_url, known_engines, own_database_url, postgres_server, sqlite_template, store

__all__ = ["database_url", "known_engines", "own_database_url", "postgres_server", "sqlite_template", "store"]

_OF_SQLITE = "_connection_worker_thread"


class PatientLoop(asyncio.SelectorEventLoop):
    """Ends after the threads of SQLite: of a statement that was cancelled, or a file that could not be opened, they report here."""

    def __init__(self) -> None:
        super().__init__()
        self._before = set(threading.enumerate())

    def close(self) -> None:
        """Wait for those that began on this loop, then close."""
        for thread in set(threading.enumerate()) - self._before:
            if _OF_SQLITE in thread.name:
                thread.join(10)
        super().close()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The one loop for all tests."""
    return {"patient": PatientLoop}


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many of the conversations are tried on PostgreSQL, too."""
    parser.addoption(
        "--postgresql", choices=("all", "half"), default="all", help="conversations tried on PostgreSQL, too"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Storage is tried on both databases always. Of the conversations that stand on it `make test` tries all on SQLite and every
    other one on PostgreSQL, always the same, to be done within minutes; `make test-all` leaves none out."""
    if config.getoption("postgresql") == "half":
        left_out = [item for item in items if _is_every_other(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_every_other(item: pytest.Item) -> bool:
    test, _, variant = item.nodeid.partition("[")
    return test.startswith("tests/handlers/") and "postgresql" in variant and crc32(test.encode()) % 2 == 1
