"""What every test can ask for, and the event loop that they run on."""

import asyncio
import threading
from collections.abc import Callable, Mapping

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
