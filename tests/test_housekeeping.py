"""What nobody needs any more is forgotten, and no sooner."""

from datetime import timedelta

from bot.app import DRAFTS_WAIT_FOR, REMEMBER_FOR, build_app
from bot.clock import WoundClock
from bot.domain.errors import DomainError
from bot.domain.mailroom import Address
from bot.settings import read_settings
from bot.storage.store import SqlStore

LAN = Address("telegram", "7")
MINUTE = timedelta(minutes=1)


async def test_the_house_keeps_updates_for_two_weeks_and_drafts_for_a_month(store: SqlStore, database_url: str) -> None:
    clock = WoundClock()
    began = clock.now()
    settings = read_settings(
        _env_file=None, bot_token="4200:AAExample-of_a-token-0123456789", database_url=database_url
    )
    app = build_app(settings, clock)

    async def are_kept() -> tuple[bool, bool]:
        await app.keep_house()
        async with store.begin() as uow:
            update = not await uow.inbox.take("telegram", "1", began)
            try:
                return update, await uow.drafts.get(LAN, draft) == {"text": "a"}
            except DomainError:
                return update, False

    async with store.begin() as uow:
        await uow.inbox.take("telegram", "1", began)
        draft = await uow.drafts.keep(LAN, {"text": "a"}, began)
        await uow.commit()
    clock.wind_to(began + REMEMBER_FOR - MINUTE)
    assert await are_kept() == (True, True)
    clock.wind_to(began + DRAFTS_WAIT_FOR - MINUTE)
    assert await are_kept() == (False, True)
    clock.wind_to(began + DRAFTS_WAIT_FOR + MINUTE)
    assert await are_kept() == (False, False)
    await app.telegram.close()
    await app.store.close()
