"""The real program by webhook."""

import aiohttp

from bot.web.server import SECRET_HEADER
from tests.e2e.conftest import Launch
from tests.e2e.program import answers, webhook_settings

HANH = 2000
ONE = range(HANH, HANH + 1)


async def test_a_morning_by_webhook_with_a_forger_and_a_restart(launch: Launch) -> None:
    program = launch(ONE, **webhook_settings())
    url = program.more["PUBLIC_URL"]
    chats = program.api.chats
    program.start()
    await program.until_listening()
    chats.say(HANH, "Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại")
    await chats.until(lambda: any("chị Lan" in text for text in answers(chats, HANH)))
    forged = {"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "Khách mới anh Giả 0999 999 999"}}
    async with aiohttp.ClientSession() as session:
        for secret in ("", "wrong"):
            async with session.post(f"{url}/telegram", json=forged, headers={SECRET_HEADER: secret}) as response:
                assert response.status == 401
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 200
    assert await program.end() == 0

    chats.say(HANH, "c Lan chốt gói Pro 12tr5")  # Telegram keeps it and tries again
    program.start()
    await chats.until(lambda: any("12.500.000" in text for text in answers(chats, HANH)))
    assert await program.end() == 0
    assert program.customers_by_phone() == {"0912345678": 1}


async def test_webhook_without_a_secret_does_not_start(launch: Launch) -> None:
    program = launch(ONE, UPDATES="webhook", PUBLIC_URL="https://bot.example.vn")
    program.start()
    await program.died()
    assert program.process
    assert program.process.returncode == 1
    assert "WEBHOOK_SECRET" in program.log
    assert "Traceback" not in program.log
