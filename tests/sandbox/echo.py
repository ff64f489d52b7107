"""A small bot of every trick, written with aiogram as bots are: the tests and the page talk to it."""

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiogram.utils.formatting import Text

from tests.sandbox.conftest import png

CARD = (
    "👤 <b>Chị Lan</b> · <code>KH000123</code>\n"
    "🔥 Nóng · quan tâm <i>gói Pro</i>\n"
    "📞 0912 345 678\n"
    '<blockquote>"Gửi chị báo giá trước thứ Sáu nhé"</blockquote>\n'
    'Xem thêm ở <a href="https://example.com/goi-pro">trang gói Pro</a>'
)


def keyboard(done: bool = False) -> InlineKeyboardMarkup:
    """The buttons of the card."""

    def button(text: str, data: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(text=text, callback_data=data)

    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button("☑ Đã gọi" if done else "☐ Gọi lại", "done"), button("⏰ Dời", "snooze")],
            [button("🛒 Chốt đơn", "sale"), button("📝 Ghi chú", "note"), button("⋯ Thêm", "more")],
        ]
    )


async def start(message: Message) -> None:
    await message.answer(
        "Chào anh/chị! Bấm nút dưới đây để chia sẻ số điện thoại.",
        reply_markup=ReplyKeyboardMarkup(
            keyboard=[[KeyboardButton(text="📱 Chia sẻ số điện thoại", request_contact=True)]],
            resize_keyboard=True,
            one_time_keyboard=True,
        ),
    )


async def card(message: Message) -> None:
    await message.answer(CARD, reply_markup=keyboard())


async def chart(message: Message) -> None:
    await message.answer_photo(BufferedInputFile(png(320, 180), "tuan.png"), caption="Doanh số tuần này")


async def sheet(message: Message) -> None:
    await message.answer_document(BufferedInputFile(b"Ma;Ten\nKH000123;Lan\n", "khach-hang.csv"), caption="12 khách")


async def contact(message: Message) -> None:
    assert message.contact
    own = message.from_user and message.contact.user_id == message.from_user.id
    whose = "của anh/chị" if own else "của người khác"
    await message.answer(f"Đã lưu số {message.contact.phone_number} {whose}.", reply_markup=ReplyKeyboardRemove())


async def tick(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.answer("Đã ghi là đã gọi ✓")
    await query.message.edit_text(f"{CARD}\n\n✅ Đã gọi", reply_markup=keyboard(done=True))


async def alert(query: CallbackQuery) -> None:
    await query.answer("Chưa có đơn nào để chốt. Anh/chị nhập số tiền trước nhé.", show_alert=True)


async def note(query: CallbackQuery) -> None:
    await query.answer()


async def document(message: Message, bot: Bot) -> None:
    assert message.document
    content = await bot.download(message.document)
    assert content
    await message.reply(f"Đã nhận {message.document.file_name}, {len(content.read())} byte.")


async def echo(message: Message) -> None:
    await message.answer(**Text(message.text or "🙂").as_kwargs())


async def hear(bot: Bot) -> None:
    """Set the menu."""
    await bot.set_my_commands(
        [
            BotCommand(command="homnay", description="Việc hôm nay"),
            BotCommand(command="khach", description="Thêm khách mới"),
            BotCommand(command="tim", description="Tìm khách theo tên, số điện thoại hoặc mã"),
        ]
    )


def dispatcher() -> Dispatcher:
    """All of it, ready to poll or to be fed."""
    router = Router()
    router.message.register(start, CommandStart())
    router.message.register(card, Command("khach"))
    router.message.register(chart, Command("tuan"))
    router.message.register(sheet, Command("xuat"))
    router.message.register(contact, F.contact)
    router.message.register(document, F.document)
    router.message.register(echo)
    router.callback_query.register(tick, F.data == "done")
    router.callback_query.register(alert, F.data == "sale")
    router.callback_query.register(note, F.data == "note")
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    dispatcher.startup.register(hear)
    return dispatcher
