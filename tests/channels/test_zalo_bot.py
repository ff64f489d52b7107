"""Our edge of the Zalo Bot Platform, outwards, against the stand-in over real HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from markupsafe import Markup

from bot.channels.files import FilesAcross
from bot.channels.zalo_bot import ZaloBot
from bot.clock import SystemClock
from bot.domain.delivery import (
    SECRET,
    Audience,
    Delivery,
    DeliveryState,
    NewDelivery,
    NotCarried,
    Trouble,
    Undeliverable,
)
from bot.domain.timeline import StoredFile
from bot.i18n import Translator
from bot.messages import Bar, Chart, Choice, File, Panel, Reply
from bot.sandbox.watching import Change
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.storage.store import SqlStore
from bot.web.pictures import Pictures
from bot.web.server import Server
from tests.sandbox.conftest import png

TOKEN = "12345689:abc-xyz"
LAN = "6ede9afa66b88fe6d6a9"
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
PICTURE = "https://khach.example/p/1/0123.png"
CHART = Chart("Tuần 47", "Cả đội", (Panel("Đơn", (Bar("An", 3, "3"),), "chưa có"),))


def words_about(stored: StoredFile, why: NotCarried) -> Markup:
    return Markup("({} {}: không gửi được)").format(stored.kind, stored.name)


async def from_telegram(stored: StoredFile) -> File:
    return File(stored.name or "anh.jpg", png())


FILES = FilesAcross({"telegram": from_telegram}, words_about)


@pytest.fixture
def platform() -> ZaloBotServer:
    platform = ZaloBotServer(SystemClock().now, TOKEN)
    platform.chats.add_person("Lan", LAN)
    platform.chats.say(LAN, "alo")
    return platform


@pytest.fixture
async def url(platform: ZaloBotServer) -> AsyncIterator[str]:
    server = Server("127.0.0.1", 0, ())
    platform.install(server.app)
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


@pytest.fixture
async def bot(url: str) -> AsyncIterator[ZaloBot]:
    """The channel on a server with a public address."""
    bot = ZaloBot(TOKEN, url, FILES, lambda _: PICTURE, Translator("vi", "Asia/Ho_Chi_Minh"))
    yield bot
    await bot.close()


@pytest.fixture
async def unseen(url: str) -> AsyncIterator[ZaloBot]:
    """The channel on a server that nobody outside can reach."""
    bot = ZaloBot(TOKEN, url, FILES, lambda _: "", Translator("vi", "Asia/Ho_Chi_Minh"))
    yield bot
    await bot.close()


def delivery(reply: Reply | str, audience: Audience = Audience.MEMBER, *, to: str = LAN, attempts: int = 1) -> Delivery:
    """A reply on its way; text is taken as markup."""
    payload = (Reply(Markup(reply)) if isinstance(reply, str) else reply).to_record()
    return Delivery(1, "zalo_bot", to, audience, "answer", payload, DeliveryState.SENDING, NOON, attempts)


def screen(platform: ZaloBotServer) -> list[tuple[str, str, str]]:
    return [(message.kind, message.text, message.url) for message in platform.chats.screen(LAN)]


def texts(platform: ZaloBotServer) -> list[str]:
    return [message.text for message in platform.chats.screen(LAN)]


# What a person sees -----------------------------------------------------------------------------------------------------


async def test_who_reads_english_is_told_in_english_how_to_choose(bot: ZaloBot, platform: ZaloBotServer) -> None:
    rows = ((Choice("Done", "due.done:1"),),)
    await bot.send(delivery(Reply(Markup("Call?"), rows, asks_contact="Share", locale="en")))

    assert texts(platform) == ["Call?\n\nPlease type your phone number here.\n\nReply with a number:\n1. Done"]


async def test_markup_becomes_plain_text(bot: ZaloBot, platform: ZaloBotServer) -> None:
    ref = await bot.send(delivery("<b>Chị Lan</b> &amp; anh <i>Minh</i> &lt;3"))

    assert texts(platform) == ["Chị Lan & anh Minh <3"]
    assert platform.chats.screen(LAN)[0].id == ref
    assert platform.chats.screen(LAN)[0].parse_mode == "", "what looks like markup in a person's text must stay text"


async def test_choices_are_numbered_links_shown_and_what_is_to_be_copied_comes_alone(
    bot: ZaloBot, platform: ZaloBotServer
) -> None:
    rows = (
        (Choice("Xong", "done:1"), Choice("Dời", "later:1")),
        (
            Choice("Bảng giá", url="https://khach.example/gia"),
            Choice("Chép lời nhắn", copy="Chào chị, em gửi báo giá ạ."),
        ),
    )
    await bot.send(delivery(Reply(Markup("Gọi chị Lan"), rows)))

    card, copied = texts(platform)
    assert card.startswith("Gọi chị Lan\n\n")
    assert "1. Xong\n2. Dời" in card
    assert "Bảng giá: https://khach.example/gia" in card
    assert copied == "Chào chị, em gửi báo giá ạ."


async def test_who_is_asked_for_a_phone_is_told_to_type_it(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await bot.send(delivery(Reply(Markup("Cho em xin số ạ"), asks_contact="📱 Gửi số")))
    assert texts(platform) == ["Cho em xin số ạ\n\nAnh/chị nhắn số điện thoại vào đây giúp em nhé."]


async def test_long_texts_come_in_parts_that_hold_every_word(bot: ZaloBot, platform: ZaloBotServer) -> None:
    lines = [f"{number}. Khách số {number} đã gọi và hẹn lại vào tuần sau 😊" for number in range(120)]
    ref = await bot.send(delivery("\n".join(lines)))

    parts = texts(platform)
    assert len(parts) > 2
    assert all(len(part) <= 2000 for part in parts)
    assert "\n".join(parts).split("\n") == lines
    assert platform.chats.screen(LAN)[-1].id == ref
    assert platform.refused == []


async def test_decomposed_marks_are_composed_before_they_are_counted(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await bot.send(delivery("e\u0323\u0302" * 1990))
    assert texts(platform) == ["ệ" * 1990]


async def test_a_chart_comes_as_a_picture_by_its_address_with_the_words_below(
    bot: ZaloBot, platform: ZaloBotServer
) -> None:
    await bot.send(delivery(Reply(Markup("Tuần 47"), ((Choice("Chi tiết", "week:1"),),), chart=CHART)))

    (shown,) = screen(platform)
    assert shown[0] == "photo"
    assert shown[2] == PICTURE
    assert shown[1].startswith("Tuần 47")
    assert "1. Chi tiết" in shown[1]


async def test_words_too_long_for_a_caption_follow_their_picture(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await bot.send(delivery(Reply(Markup("từ " * 900), picture=File("qr.png", png()))))
    assert [kind for kind, _, _ in screen(platform)] == ["photo", "text", "text"]
    assert "".join(texts(platform)).count("từ") == 900


async def test_without_a_public_address_a_picture_is_said_to_be_missing(
    unseen: ZaloBot, platform: ZaloBotServer
) -> None:
    await unseen.send(delivery(Reply(Markup("Tuần 47"), ((Choice("Chi tiết", "week:1"),),), chart=CHART)))
    (text,) = texts(platform)
    assert text.startswith("Tuần 47\n\n(photo : không gửi được)")
    assert "1. Chi tiết" in text


async def test_a_picture_that_zalo_refuses_is_said_to_be_missing(bot: ZaloBot, platform: ZaloBotServer) -> None:
    platform.faults.next("sendPhoto", 400)
    await bot.send(delivery(Reply(Markup("Tuần 47"), chart=CHART)))

    platform.faults.next("sendPhoto", 400)
    await bot.send(delivery(Reply(Markup("từ " * 900), chart=CHART)))

    short, missing, *long = texts(platform)
    assert short == "Tuần 47\n\n(photo : không gửi được)"
    assert missing == "(photo : không gửi được)"
    assert "".join(long).count("từ") == 900


async def test_a_document_is_named_and_said_to_be_missing(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await bot.send(delivery(Reply(Markup("Đây ạ"), document=File("khach.xlsx", b"PK"))))
    await bot.send(
        delivery(Reply(Markup("Và đây"), stored_file=StoredFile("telegram", "f1", "document", "bao-gia.pdf")))
    )
    assert texts(platform) == [
        "Đây ạ\n\n(document khach.xlsx: không gửi được)",
        "Và đây\n\n(document bao-gia.pdf: không gửi được)",
    ]


async def test_a_customers_file_comes_whole_or_not_at_all(unseen: ZaloBot, platform: ZaloBotServer) -> None:
    for stored in (StoredFile("telegram", "f1", "document", "bao-gia.pdf"), StoredFile("telegram", "f2", "photo")):
        with pytest.raises(Undeliverable) as failure:
            await unseen.send(delivery(Reply(Markup("Của chị"), stored_file=stored), Audience.CUSTOMER))
        assert (failure.value.trouble, failure.value.detail) == (Trouble.REFUSED, NotCarried.KIND)
    assert texts(platform) == []


async def test_zalos_own_pictures_and_voices_go_back_by_their_address(bot: ZaloBot, platform: ZaloBotServer) -> None:
    photo, voice = "https://photo.example/a.jpg", "https://voice.example/a.aac"
    await bot.send(delivery(Reply(Markup("Ảnh"), stored_file=StoredFile("zalo_bot", photo, "photo"))))
    await bot.send(delivery(Reply(Markup("Ghi âm"), stored_file=StoredFile("zalo_bot", voice, "voice"))))
    assert screen(platform) == [("photo", "Ảnh", photo), ("voice", "", voice), ("text", "Ghi âm", "")]


async def test_telegrams_photos_go_by_our_own_address(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await bot.send(delivery(Reply(Markup("Ảnh"), stored_file=StoredFile("telegram", "f1", "photo")), Audience.CUSTOMER))
    assert screen(platform) == [("photo", "Ảnh", PICTURE)]


async def test_a_place_is_a_link_to_the_map(bot: ZaloBot, platform: ZaloBotServer) -> None:
    place = StoredFile("telegram", "10.7769,106.7009", "location")
    await bot.send(delivery(Reply(Markup("Cửa hàng"), stored_file=place)))
    assert texts(platform) == ["Cửa hàng\n\nhttps://maps.google.com/?q=10.7769,106.7009"]


# What failures mean (RELIABILITY rule 5) --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (400, Trouble.REFUSED),
        (401, Trouble.UNAUTHORIZED),
        (403, Trouble.FORBIDDEN),
        (429, Trouble.SLOW_DOWN),
        (500, Trouble.AMBIGUOUS),
        (502, Trouble.AMBIGUOUS),
        ("reset", Trouble.AMBIGUOUS),
    ],
)
async def test_each_failure_means_what_the_rules_say(
    bot: ZaloBot, platform: ZaloBotServer, fault: Any, trouble: Trouble
) -> None:
    platform.faults.next("sendMessage", fault)
    with pytest.raises(Undeliverable) as failure:
        await bot.send(delivery("chào"))
    assert failure.value.trouble is trouble
    assert texts(platform) == []


async def test_no_answer_in_time_is_ambiguous(bot: ZaloBot, platform: ZaloBotServer) -> None:
    bot.platform.patience = 0.2
    platform.faults.next("sendMessage", "timeout", after_work=True)
    with pytest.raises(Undeliverable) as failure:
        await bot.send(delivery("chào"))
    assert failure.value.trouble is Trouble.AMBIGUOUS
    assert texts(platform) == ["chào"], "which is why nobody may send it to a customer again"


async def test_a_server_that_is_not_there_never_got_it() -> None:
    bot = ZaloBot(TOKEN, "http://127.0.0.1:9", FILES, lambda _: "", Translator("vi", "Asia/Ho_Chi_Minh"))
    with pytest.raises(Undeliverable) as failure:
        await bot.send(delivery("chào"))
    await bot.close()
    assert failure.value.trouble is Trouble.NEVER_SENT
    assert TOKEN not in str(failure.value)


async def test_who_never_wrote_cannot_be_written_to(bot: ZaloBot, platform: ZaloBotServer) -> None:
    minh = platform.chats.add_person("Minh").id
    with pytest.raises(Undeliverable) as failure:
        await bot.send(delivery("chào", to=minh))
    assert failure.value.trouble is Trouble.REFUSED


async def test_a_quota_that_stays_exceeded_makes_all_wait_at_first_and_then_the_message_alone(
    bot: ZaloBot, platform: ZaloBotServer
) -> None:
    platform.faults.next("sendMessage", 429, times=20)
    pauses = []
    for attempt in range(1, 13):
        with pytest.raises(Undeliverable) as failure:
            await bot.send(delivery("chào", attempts=attempt))
        pauses.append((failure.value.trouble, failure.value.retry_after))

    assert [trouble for trouble, _ in pauses] == [Trouble.SLOW_DOWN] * 3 + [Trouble.LATER] * 9
    waits = [wait for _, wait in pauses]
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] == 3600


async def test_what_broke_off_between_two_messages_goes_on_where_it_was(bot: ZaloBot, platform: ZaloBotServer) -> None:
    reply = Reply(Markup("Gọi chị Lan"), ((Choice("Chép", copy="Lời nhắn một"), Choice("Chép", copy="Lời nhắn hai")),))
    broken = delivery(reply, Audience.CUSTOMER)
    faults: list[Any] = [429, 401]

    def stumble(change: Change) -> None:
        if change.kind == "message" and faults:
            platform.faults.next("sendMessage", faults.pop())

    platform.chats.listeners.append(stumble)
    for attempts in (1, 2):
        with pytest.raises(Undeliverable):
            await bot.send(replace(broken, attempts=attempts))
    await bot.send(replace(broken, attempts=3))
    assert texts(platform) == ["Gọi chị Lan", "Lời nhắn một", "Lời nhắn hai"]


# Pictures by their address ----------------------------------------------------------------------------------------------


@pytest.fixture
async def pictures(store: SqlStore) -> AsyncIterator[tuple[Pictures, str]]:
    """The pictures of a server; where it listens."""
    shown = Pictures("zalo_bot", store.ledger, TOKEN, "https://khach.example", FILES.fetch)
    server = Server("127.0.0.1", 0, shown.routes())
    await server.start()
    yield shown, f"http://127.0.0.1:{server.port}"
    await server.close()


async def queued(store: SqlStore, reply: Reply, channel: str = "zalo_bot", kind: str = "answer") -> Delivery:
    async with store.begin() as uow:
        new = NewDelivery("answer:1", channel, LAN, Audience.MEMBER, kind, reply.to_record(), NOON)
        (kept,) = await uow.outbox.answer([new], NOON)
        await uow.commit()
    return kept


async def got(url: str) -> tuple[int, str, bytes]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, response.content_type, await response.read()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(Markup("QR"), picture=File("qr.png", png())),
        Reply(Markup("Tuần 47"), chart=CHART),
        Reply(Markup("Ảnh"), stored_file=StoredFile("telegram", "f1", "photo")),
    ],
    ids=["picture", "chart", "stored"],
)
async def test_the_picture_of_a_message_is_shown_at_its_address(
    store: SqlStore, pictures: tuple[Pictures, str], reply: Reply
) -> None:
    shown, url = pictures
    address = shown.address(await queued(store, reply))

    assert re.fullmatch(r"https://khach\.example/p/\d+/[0-9a-f]{32}\.png", address)
    status, kind, content = await got(address.replace("https://khach.example", url))
    assert (status, kind, content[:4]) == (200, "image/png", b"\x89PNG")


async def test_whoever_guesses_an_address_finds_nothing(store: SqlStore, pictures: tuple[Pictures, str]) -> None:
    shown, url = pictures
    kept = await queued(store, Reply(Markup("QR"), picture=File("qr.png", png())))
    mac = shown.address(kept).rpartition("/")[2].removesuffix(".png")
    others = shown.address(replace(kept, id=kept.id + 1)).replace("https://khach.example", url)
    wrong = [
        f"{url}/p/{kept.id}/{'0' * 32}.png",
        f"{url}/p/{kept.id + 1}/{mac}.png",
        f"{url}/p/{kept.id}/{mac[:8]}.png",
        others,
    ]

    for address in wrong:
        assert (await got(address))[0] == 404, address


async def test_a_message_without_a_picture_or_of_another_channel_has_none(
    store: SqlStore, pictures: tuple[Pictures, str]
) -> None:
    shown, url = pictures
    for reply, channel in ((Reply(Markup("chữ")), "zalo_bot"), (Reply(picture=File("qr.png", png())), "telegram")):
        kept = await queued(store, reply, channel)
        assert (await got(shown.address(kept).replace("https://khach.example", url)))[0] == 404
        async with store.begin() as uow:
            await uow.outbox.cancel("answer:")
            await uow.commit()
        await store.ledger.sent([(kept.id, "r")], NOON)
        await store.ledger.prune(SystemClock().now())


def test_there_is_an_address_only_where_zalo_may_reach_it_and_never_for_a_secret(store: SqlStore) -> None:
    def address(public_url: str, kind: str = "answer") -> str:
        pictures = Pictures("zalo_bot", store.ledger, TOKEN, public_url, FILES.fetch)
        return pictures.address(replace(delivery("chào"), kind=kind))

    assert address("https://khach.example").startswith("https://khach.example/p/1/")
    assert address("http://127.0.0.1:8080").startswith("http://127.0.0.1:8080/p/1/"), "a stand-in's"
    assert address("http://khach.example") == ""
    assert address("") == ""
    assert address("https://khach.example", SECRET) == ""


async def test_calls_at_once_use_one_session_and_leave_none_open(bot: ZaloBot, platform: ZaloBotServer) -> None:
    await asyncio.gather(*(bot.send(replace(delivery(f"số {number}"), id=number)) for number in range(8)))
    assert sorted(texts(platform)) == sorted(f"số {number}" for number in range(8))
