"""The connection to the Official Account while nothing is sent: it is kept, and its end is told in time."""

import asyncio
from datetime import timedelta

from bot.domain.people import Role
from tests.e2e.phones import Phone, Town, town

LONGER_THAN_A_TOKEN = timedelta(hours=26)


async def connected(here: Town) -> Phone:
    """The owner, at a time when the account is connected and nobody on Zalo is written to."""
    boss = await here.hires("Hà", role=Role.OWNER)
    account = here.app.official_account
    assert account
    async with asyncio.timeout(30):
        while not account.account.oa_id:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return boss


async def test_the_token_is_renewed_though_nobody_is_written_to(database_url: str) -> None:
    async with town(database_url) as here:
        boss = await connected(here)
        tokens = here.outside.account.tokens
        before = tokens.refreshed
        here.clock.wind(LONGER_THAN_A_TOKEN)
        async with asyncio.timeout(30):
            while tokens.refreshed == before:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await boss.says("/zalo")
        await boss.sees("Official Account: đang chạy, kết nối tốt đến T4 25/11/2026")


async def test_the_owner_hears_that_the_consent_is_gone_before_a_message_waits_for_it(database_url: str) -> None:
    async with town(database_url) as here:
        boss = await connected(here)
        here.outside.account.tokens.revoke()
        here.clock.wind(LONGER_THAN_A_TOKEN)
        await boss.sees("Zalo không còn nhận quyền gửi tin của mình")
        await boss.says("/zalo")
        await boss.sees("⚠️ Official Account: Zalo không cho kết nối từ T3 24/11/2026")
