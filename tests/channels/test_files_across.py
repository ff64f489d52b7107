"""A file that somebody sent on one channel, shown on another: fetched and sent on over real HTTP between both stand-ins, and what is
said where it cannot come along."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web
from markupsafe import Markup

from bot.channels.files import LARGEST, MOST_TRIES, FilesAcross, WebFiles
from bot.channels.telegram import Telegram, connect
from bot.channels.telegram_files import files_of
from bot.domain.delivery import Audience, Delivery, NotCarried, Trouble
from bot.domain.timeline import StoredFile
from bot.messages import Reply
from bot.sandbox.chats import Chats
from bot.sandbox.zalo.messages import ZaloPerson
from bot.web.server import Server
from tests.channels.conftest import LAN, TOKEN, delivery
from tests.channels.test_zalo_send_files import picture
from tests.channels.zalo_house import House, failing, to

PDF = b"%PDF-1.4 bao gia"


@pytest.fixture
async def web_files() -> AsyncIterator[WebFiles]:
    files = WebFiles(insecure=True)
    yield files
    await files.close()


@pytest.fixture
async def across(api_url: str, web_files: WebFiles) -> AsyncIterator[FilesAcross]:
    """Files of all channels."""
    bot = connect(TOKEN, api_url)
    downloads = {"telegram": files_of(bot), "zalo": web_files.download, "zalo_bot": web_files.download}
    yield FilesAcross(downloads, lambda stored, why: Markup("(không kèm: {})").format(why))
    await bot.session.close()


@pytest.fixture
async def telegram(api_url: str, across: FilesAcross) -> AsyncIterator[Telegram]:
    channel = Telegram(connect(TOKEN, api_url), across)
    yield channel
    await channel.close()


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """A server with files of every kind of trouble."""

    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()  # without its length
        await response.prepare(request)
        try:
            for _ in range(LARGEST // (1 << 20) + 2):
                await response.write(bytes(1 << 20))
        except ConnectionError:
            pass  # nobody listens any more, which is the point
        return response

    async def declared_large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(LARGEST + 1)})
        await response.prepare(request)
        return response

    async def moved(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query.get("to", "/moved")})

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    async def good(_: web.Request) -> web.Response:
        return web.Response(body=PDF)

    routes = [web.get("/large", large), web.get("/declared", declared_large), web.get("/moved", moved)]
    server = Server(
        "127.0.0.1",
        0,
        [
            *routes,
            web.get("/status/{status}", answer),
            web.get("/báo-giá.pdf", good),
            web.get("/gia.pdf", good),
        ],
    )
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


def on_telegram(stored: StoredFile, text: str = "Đây ạ", audience: Audience = Audience.MEMBER) -> Delivery:
    return replace(delivery(Reply(Markup(text), stored_file=stored)), audience=audience)


def from_web(address: str, kind: str = "document", name: str = "") -> StoredFile:
    return StoredFile("zalo", address, kind, name)


async def test_a_picture_of_a_customer_on_zalo_is_a_picture_for_their_rep_on_telegram(
    telegram: Telegram, chats: Chats, house: House, hoa: ZaloPerson
) -> None:
    sent = house.zalo.people.send_image(hoa.user_id, picture("JPEG"))
    assert sent.content
    await telegram.send(on_telegram(from_web(sent.content.url, "photo")))
    shown = chats.messages(LAN)[-1]
    assert (shown.kind, shown.text) == ("photo", "Đây ạ")
    assert shown.file
    assert shown.file.content == sent.content.body


async def test_a_voice_message_or_file_of_zalo_is_a_document_with_its_name(
    telegram: Telegram, chats: Chats, house: House, hoa: ZaloPerson
) -> None:
    voice = house.zalo.people.send_audio(hoa.user_id, b"m4a")
    report = house.zalo.people.send_file(hoa.user_id, "báo giá.pdf", PDF)
    assert voice.content
    assert report.content
    await telegram.send(on_telegram(from_web(voice.content.url, "voice")))
    await telegram.send(on_telegram(from_web(report.content.url, "document", "báo giá.pdf")))
    names = [(one.kind, one.file.name, one.file.content) for one in chats.messages(LAN)[-2:] if one.file]
    assert names == [("document", "ghi-am.m4a", b"m4a"), ("document", "báo giá.pdf", PDF)]


async def test_a_picture_and_a_file_of_a_rep_on_telegram_reach_a_customer_on_zalo(
    across: FilesAcross, chats: Chats, house: House, hoa: ZaloPerson
) -> None:
    house.downloads["telegram"] = across.fetch
    photo, report = chats.send_photo(LAN, picture("PNG")), chats.send_document(LAN, "báo giá.pdf", PDF)
    assert photo.file
    assert report.file
    for file_id, kind in ((photo.file.id, "photo"), (report.file.id, "document")):
        stored = StoredFile("telegram", file_id, kind, "báo giá.pdf" if kind == "document" else "")
        await house.account.send(to(hoa, Reply(Markup("Đây ạ"), stored_file=stored)))
    messages = house.zalo.people.messages(hoa.user_id)
    assert [message.kind for message in messages] == ["image", "file", "text"]
    assert [message.content.body for message in messages if message.content] == [photo.file.content, PDF]


async def test_what_zalo_takes_from_nobody_goes_whole_or_not_at_all_to_a_customer(
    across: FilesAcross, chats: Chats, house: House, hoa: ZaloPerson
) -> None:
    house.downloads["telegram"] = across.fetch
    voice = chats.send_voice(LAN, b"ogg")
    assert voice.file
    reply = Reply(Markup("Nghe nhé"), stored_file=StoredFile("telegram", voice.file.id, "voice"))
    failure = await failing(house.account.send(to(hoa, reply)))
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, NotCarried.KIND)
    assert not house.zalo.people.messages(hoa.user_id)


async def test_telegram_hands_out_no_more_than_20_mb_and_nothing_it_does_not_know(
    across: FilesAcross, chats: Chats
) -> None:
    large = chats.send_document(LAN, "phim.mp4", bytes(LARGEST + 1))
    assert large.file
    for file_id, why in ((large.file.id, NotCarried.TOO_BIG), ("photo-never", NotCarried.GONE)):
        failure = await failing(across.fetch(StoredFile("telegram", file_id, "document")))
        assert (failure.trouble, failure.detail) == (Trouble.REFUSED, why)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/large", NotCarried.TOO_BIG),
        ("/declared", NotCarried.TOO_BIG),
        ("/status/404", NotCarried.GONE),
        ("/status/403", NotCarried.GONE),
        ("/moved", NotCarried.GONE),
        ("/moved?to=ftp://example.com/a", NotCarried.GONE),
        ("/moved?to=file:///etc/passwd", NotCarried.GONE),
    ],
)
async def test_a_member_hears_what_did_not_come_along_and_has_the_words(
    telegram: Telegram, chats: Chats, elsewhere: str, path: str, why: NotCarried
) -> None:
    await telegram.send(on_telegram(from_web(elsewhere + path)))
    assert chats.messages(LAN)[-1].text == f"Đây ạ\n\n(không kèm: {why})"
    failure = await failing(telegram.send(on_telegram(from_web(elsewhere + path), audience=Audience.CUSTOMER)))
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, why)


async def test_an_address_that_leads_on_is_followed_and_names_the_file(across: FilesAcross, elsewhere: str) -> None:
    found = await across.fetch(from_web(f"{elsewhere}/moved?to=/gia.pdf"))
    assert found.content == PDF
    assert (await across.fetch(from_web(f"{elsewhere}/b%C3%A1o-gi%C3%A1.pdf"))).name == "báo-giá.pdf"


async def test_a_place_that_cannot_be_reached_just_now_is_tried_again_and_then_the_words_go_alone(
    telegram: Telegram, chats: Chats, elsewhere: str
) -> None:
    for address in (f"{elsewhere}/status/503", "http://127.0.0.1:1/a.jpg"):
        first = on_telegram(from_web(address))
        assert (await failing(telegram.send(first))).trouble is Trouble.NEVER_SENT
        await telegram.send(replace(first, attempts=MOST_TRIES))
        assert chats.messages(LAN)[-1].text == f"Đây ạ\n\n(không kèm: {NotCarried.GONE})"


async def test_in_earnest_only_https_is_fetched(elsewhere: str) -> None:
    files = WebFiles()
    failure = await failing(files.download(from_web(f"{elsewhere}/b%C3%A1o-gi%C3%A1.pdf")))
    await files.close()
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, NotCarried.GONE)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.0.0.1."),
        *("2130706433", "127.1", "0x7f000001", "017700000001", "１２７.0.0.1"),
    ],
)
async def test_in_earnest_nothing_on_our_own_networks_is_asked(host: str) -> None:
    """By a number however written, or by a name that leads there."""
    asked = []

    def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(host)
        writer.close()

    service = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with service:
        files = WebFiles()
        failure = await failing(files.download(from_web(f"https://{host}:{service.sockets[0].getsockname()[1]}/a")))
        await files.close()
    assert failure.trouble in (Trouble.REFUSED, Trouble.NEVER_SENT)
    assert asked == []


@pytest.mark.parametrize(
    "address", ["https://169.254.169.254/latest", "https://10.0.0.8/", "https://[fd00::1]/", "https:///"]
)
async def test_in_earnest_an_address_that_leads_nowhere_public_is_given_up_at_once(address: str) -> None:
    files = WebFiles()
    failure = await failing(files.download(from_web(address)))
    await files.close()
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, NotCarried.GONE)


async def test_no_failure_tells_the_token_or_the_address(across: FilesAcross, elsewhere: str) -> None:
    for stored in (from_web(f"{elsewhere}/status/500"), StoredFile("telegram", "photo-never", "photo")):
        failure = await failing(across.fetch(stored))
        assert TOKEN not in str(failure)
        assert elsewhere not in str(failure)
        assert failure.__cause__ is None


async def test_a_place_on_the_map_needs_no_fetching(telegram: Telegram, chats: Chats) -> None:
    await telegram.send(on_telegram(StoredFile("zalo", "10.7626,106.6601", "location"), text=""))
    assert chats.messages(LAN)[-1].kind == "location"
