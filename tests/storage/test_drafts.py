"""Drafts wait for their sender, but not for ever."""

import pytest

from bot.domain.errors import DomainError
from bot.domain.mailroom import Address
from bot.storage.store import SqlStore
from tests.storage.team import HOUR, NOW

LAN = Address("telegram", "7")


async def test_only_drafts_kept_before_a_moment_are_dropped(store: SqlStore) -> None:
    async with store.begin() as uow:
        old = await uow.drafts.keep(LAN, {"text": "cũ"}, NOW)
        new = await uow.drafts.keep(LAN, {"text": "mới"}, NOW + HOUR)
        assert await uow.drafts.drop_kept_before(NOW) == 0
        assert await uow.drafts.drop_kept_before(NOW + HOUR) == 1
        await uow.commit()
    async with store.read() as uow:
        with pytest.raises(DomainError, match="old_button"):
            await uow.drafts.get(LAN, old)
        assert await uow.drafts.get(LAN, new) == {"text": "mới"}
