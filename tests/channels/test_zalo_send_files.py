"""Pictures and files on the Official Account."""

import io
import os

import pytest
from markupsafe import Markup
from PIL import Image

from bot.channels.zalo.pictures import LARGEST, fitting
from bot.domain.delivery import Audience, NotCarried, Trouble
from bot.domain.timeline import StoredFile
from bot.messages import Bar, Chart, Choice, File, Panel, Reply
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import CS
from tests.channels.zalo_house import House, failing, to

UPLOAD_IMAGE, UPLOAD_FILE = "/v2.0/oa/upload/image", "/v2.0/oa/upload/file"


def picture(kind: str, width: int = 40, height: int = 30) -> bytes:
    """A picture full of noise, which no format makes small."""
    written = io.BytesIO()
    mode = "L" if kind == "GIF" else "RGB"
    Image.frombytes(mode, (width, height), os.urandom(width * height * len(mode))).save(written, kind)
    return written.getvalue()


async def test_a_picture_goes_with_its_words_and_before_words_with_choices(house: House, hoa: ZaloPerson) -> None:
    ref = await house.account.send(to(hoa, Reply(Markup("Mẫu <b>mới</b>"), picture=File("a.png", picture("PNG")))))
    (message,) = house.zalo.people.messages(hoa.user_id)
    assert (message.kind, message.text, message.id) == ("image", "Mẫu mới", ref)
    assert message.content
    assert (message.content.name, message.content.mime) == ("picture.png", "image/png")
    reply = Reply(Markup("Chọn?"), ((Choice("Lấy", "take"),),), picture=File("a.jpg", picture("JPEG")))
    ref = await house.account.send(to(hoa, reply))
    _, shown, words = house.zalo.people.messages(hoa.user_id)
    assert (shown.kind, shown.text) == ("image", "")
    assert (words.text, words.titles, words.id) == ("Chọn?\n\n1. Lấy", ["1. Lấy"], ref)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
async def test_a_picture_that_is_too_large_or_of_another_kind_is_made_to_fit(
    house: House, hoa: ZaloPerson, kind: str
) -> None:
    content = picture(kind, 1500, 1200)
    await house.account.send(to(hoa, Reply(Markup("Ảnh"), picture=File("a", content))))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.content
    assert message.content.mime == "image/jpeg"
    assert len(message.content.body) <= LARGEST < len(content)
    with Image.open(io.BytesIO(message.content.body)) as shown:
        assert shown.width / shown.height == pytest.approx(1500 / 1200, rel=0.01)


def test_what_is_clear_in_a_picture_is_white_and_it_stands_upright() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(written, "WEBP", lossless=True)
    with Image.open(io.BytesIO(fitting(written.getvalue()))) as shown:
        assert shown.convert("RGB").getpixel((10, 10)) == (255, 255, 255)
    turned, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200)).save(turned, "WEBP", exif=exif)
    with Image.open(io.BytesIO(fitting(turned.getvalue()))) as shown:
        assert shown.size == (200, 300)


@pytest.mark.parametrize("content", [b"", b"no picture", picture("WEBP")[:200], b"\x89PNG\r\n\x1a\n" + b"0" * LARGEST])
async def test_what_is_no_picture_is_refused(house: House, hoa: ZaloPerson, content: bytes) -> None:
    failure = await failing(house.account.send(to(hoa, Reply(Markup("Ảnh"), picture=File("a.png", content)))))
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, NotCarried.KIND)


async def test_a_chart_is_drawn_when_it_is_sent(house: House, hoa: ZaloPerson) -> None:
    chart = Chart("Tuần", "16–22/11", (Panel("Doanh số", (Bar("T2", 5, "5 tr"),), ""),))
    await house.account.send(to(hoa, Reply(Markup("Tuần này"), chart=chart)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.content
    assert (message.kind, message.text, message.content.mime) == ("image", "Tuần này", "image/png")


async def test_a_file_goes_before_its_words(house: House, hoa: ZaloPerson) -> None:
    await house.account.send(to(hoa, Reply(Markup("Báo giá"), document=File('Báo giá "2".PDF', b"%PDF-1.4"))))
    file, words = house.zalo.people.messages(hoa.user_id)
    assert file.content
    assert (file.kind, file.content.name, file.content.body, words.text) == (
        "file",
        'Báo giá "2".PDF',
        b"%PDF-1.4",
        "Báo giá",
    )


@pytest.mark.parametrize(
    ("file", "why"),
    [(File("khach.xlsx", b"PK"), NotCarried.KIND), (File("lon.pdf", b"0" * 5_000_001), NotCarried.TOO_BIG)],
)
async def test_a_file_that_zalo_does_not_take_is_refused_to_a_customer_and_said_to_a_member(
    house: House, hoa: ZaloPerson, file: File, why: NotCarried
) -> None:
    reply = Reply(Markup("Đây ạ"), document=file)
    failure = await failing(house.account.send(to(hoa, reply)))
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, why)
    assert not house.zalo.calls
    await house.account.send(to(hoa, reply, audience=Audience.MEMBER))
    (message,) = house.zalo.people.messages(hoa.user_id)
    assert message.text == f"Đây ạ\n\n({file.name}: {why})"


async def test_files_of_other_channels_are_fetched_and_uploaded(house: House, hoa: ZaloPerson) -> None:
    async def download(stored: StoredFile) -> File:
        return File(stored.name, {"1": picture("PNG"), "2": b"%PDF", "3": b"ogg"}[stored.file_id])

    house.downloads["telegram"] = download
    for number, kind, name in (("1", "photo", "a.png"), ("2", "document", "b.pdf")):
        await house.account.send(to(hoa, Reply(Markup("Đây"), stored_file=StoredFile("telegram", number, kind, name))))
    kinds = [message.kind for message in house.zalo.people.messages(hoa.user_id)]
    assert kinds == ["image", "file", "text"]
    voice = Reply(Markup("Nghe"), stored_file=StoredFile("telegram", "3", "voice", "c.ogg"))
    assert (await failing(house.account.send(to(hoa, voice)))).detail == NotCarried.KIND


async def test_files_that_lie_with_zalo_are_shown_from_there(house: House, hoa: ZaloPerson) -> None:
    async def download(stored: StoredFile) -> File:
        return File("hop-dong.docx", b"PK")

    house.downloads["zalo"] = download
    photo = StoredFile("zalo", "https://example.com/i.jpg", "photo")
    await house.account.send(to(hoa, Reply(Markup("Ảnh"), stored_file=photo)))
    shown = house.zalo.people.last(hoa.user_id)
    assert shown
    assert (shown.kind, shown.url, shown.text) == ("image", "https://example.com/i.jpg", "Ảnh")
    document = StoredFile("zalo", "https://example.com/f", "document")
    await house.account.send(to(hoa, Reply(stored_file=document)))
    shown = house.zalo.people.last(hoa.user_id)
    assert shown
    assert shown.kind == "file"
    video = Reply(Markup("Xem"), stored_file=StoredFile("zalo", "https://example.com/v", "video", "v.mp4"))
    await house.account.send(to(hoa, video, audience=Audience.MEMBER))
    shown = house.zalo.people.last(hoa.user_id)
    assert shown
    assert shown.text == f"Xem\n\n(v.mp4: {NotCarried.KIND})"


async def test_a_place_is_the_address_of_a_map(house: House, hoa: ZaloPerson) -> None:
    place = StoredFile("telegram", "10.7626,106.6601", "location")
    await house.account.send(to(hoa, Reply(Markup("Nhà chị"), stored_file=place)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.text == "Nhà chị\n📍 https://maps.google.com/?q=10.7626,106.6601"


async def test_an_upload_that_has_expired_is_made_once_more(house: House, hoa: ZaloPerson) -> None:
    reply = Reply(Markup("Ảnh"), picture=File("a.png", picture("PNG")))
    house.zalo.faults.next(CS, -100)
    await house.account.send(to(hoa, reply))
    assert [call.path for call in house.zalo.calls] == [UPLOAD_IMAGE, CS, UPLOAD_IMAGE, CS]
    house.zalo.faults.next(CS, -100, times=2)
    assert (await failing(house.account.send(to(hoa, reply)))).trouble is Trouble.REFUSED


@pytest.mark.parametrize("kind", ["reset", 502])
async def test_an_upload_that_breaks_off_has_sent_nothing(house: House, hoa: ZaloPerson, kind: str | int) -> None:
    house.zalo.faults.next(UPLOAD_FILE, kind)  # type: ignore[arg-type]
    reply = Reply(Markup("Đây"), document=File("a.pdf", b"%PDF"))
    assert (await failing(house.account.send(to(hoa, reply)))).trouble is Trouble.NEVER_SENT
    assert not house.zalo.people.messages(hoa.user_id)
