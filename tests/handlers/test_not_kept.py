"""A sticker, a poll: nothing that a customer's timeline can hold, and answered all the same."""

from tests.chat import Company


async def test_a_sticker_gets_a_kind_word_and_the_question_goes_on_waiting(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/khach")
    await rep.says("")
    rep.sees("Loại tin này em chưa lưu được")
    await rep.says("chị Lan")
    rep.sees("Số điện thoại của chị Lan")


async def test_a_strangers_sticker_is_answered_as_any_strangers_message(company: Company) -> None:
    stranger = company.meets("Người lạ")
    await stranger.says("")
    sticker = stranger.reads()
    await stranger.says("xin chào")
    assert stranger.reads() == sticker != ""
