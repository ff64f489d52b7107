"""A rep's morning with the real program, by polling: from the first message to the checklist, over a restart."""

from tests.e2e.conftest import Launch
from tests.e2e.program import answers

HANH, STRANGER = 2000, 3000
ONE = range(HANH, HANH + 1)


async def test_a_morning_by_polling_with_a_restart_in_the_middle(launch: Launch) -> None:
    program = launch(ONE)
    chats = program.api.chats
    chats.add_person(STRANGER, "Người lạ")
    chats.say(HANH, "Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại")
    program.start()
    card = await chats.until(lambda: chats.last(HANH))
    assert "chị Lan" in card.text
    assert "0912 345 678" in card.text
    assert any("Hoàn tác" in label for label in card.labels)
    chats.say(HANH, "c Lan chốt gói Pro 12tr5")
    await chats.until(lambda: any("12.500.000" in text for text in answers(chats, HANH)))
    chats.say(STRANGER, "chị Lan")
    await chats.until(lambda: chats.last(STRANGER))
    assert not any("Lan" in text or "0912" in text for text in answers(chats, STRANGER))
    assert await program.end() == 0

    chats.say(HANH, "/tim lan")
    program.start()
    await chats.until(lambda: "KH000001" in answers(chats, HANH)[-1])
    press = chats.tap(HANH, card.id, next(label for label in card.labels if "Mở khách" in label))
    await chats.until(lambda: press.answer)
    assert await program.end() == 0
    assert program.customers_by_phone() == {"0912345678": 1}
    assert not [call for call in program.api.refused if call.method != "getUpdates"]
