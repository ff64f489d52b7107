"""A company at work, for conversations."""

import pytest

from bot.domain.repositories import Store
from tests.chat import Company


@pytest.fixture
def company(store: Store) -> Company:
    """A company on an empty store, on a Monday morning."""
    return Company(store)
