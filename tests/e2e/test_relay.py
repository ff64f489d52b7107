"""A stranger and a member talk through the real program: first words, and the answer to them by replying."""

from tests.e2e.conftest import Launch
from tests.e2e.program import answers

HANH, THU = 2000, 3000
ONE = range(HANH, HANH + 1)


async def test_a_strangers_first_words_and_the_answer_to_them(launch: Launch) -> None:
    program = launch(ONE)
    chats = program.api.chats
    chats.add_person(THU, "Thu Nguyễn")
    chats.say(HANH, "/start")
    program.start()
    await chats.until(lambda: chats.last(HANH))
    chats.say(THU, "Cho mình hỏi giá tủ bếp")
    await chats.until(lambda: any("xin tên và số điện thoại" in text for text in answers(chats, THU)))
    await chats.until(lambda: any("giá tủ bếp" in text for text in answers(chats, HANH)))
    shown = next(message for message in chats.messages(HANH) if "giá tủ bếp" in message.text)
    chats.say(HANH, "Dạ tủ chữ L từ 30 triệu ạ", shown.id)
    await chats.until(lambda: any("từ 30 triệu" in text for text in answers(chats, THU)))
    await chats.until(lambda: any("Đã gửi" in text for text in answers(chats, HANH)))
    assert await program.end() == 0
    assert not [call for call in program.api.refused if call.method != "getUpdates"]
