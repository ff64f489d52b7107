"""A contact that has taken place is told from a plan, whatever the spelling."""

import pytest

from bot.domain.timeline import InteractionKind
from bot.domain.understanding.message import read
from bot.domain.understanding.touches import find_touch

CALL, MESSAGE, MEETING = InteractionKind.CALL, InteractionKind.MESSAGE, InteractionKind.MEETING


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("đã gọi chị Lan, chị ấy cân nhắc thêm", CALL),
        ("da goi c Lan, chua chot", CALL),
        ("vừa gọi anh Minh, ok báo giá", CALL),
        ("gọi chị Hoa rồi, chị bận", CALL),
        ("gọi anh Tú không nghe máy", CALL),
        ("a Phúc ko nghe máy", CALL),
        ("đã liên hệ cty An Phát", CALL),
        ("nhắn zalo cho chị Lan rồi", MESSAGE),
        ("đã nhắn chị Vy, chưa thấy trả lời", MESSAGE),
        ("đã gửi báo giá cho anh Minh", MESSAGE),
        ("da gui bao gia cho a Minh roi", MESSAGE),
        ("vừa gặp anh Dũng ở quán, anh thích mẫu B", MEETING),
        ("đã qua nhà cô Ngọc khảo sát", MEETING),
        ("gặp chị Hạnh rồi, hẹn thứ 6 ký", MEETING),
        ("called Ms Lan, she is thinking", CALL),
        ("sent the quote to Mr Minh", MESSAGE),
    ],
)
def test_what_has_taken_place_is_a_contact(text: str, kind: InteractionKind) -> None:
    assert find_touch(read(text)) is kind


@pytest.mark.parametrize(
    "text",
    [
        "mai gọi lại chị Lan",
        "T6 gọi lại",
        "chưa gọi chị Lan",
        "nhớ nhắn zalo cho anh Minh",
        "hẹn gặp anh Dũng 9h mai rồi",
        "chị Lan hỏi mỗi gói bao nhiêu",
        "mời gặp bên showroom",
        "chị Hoa đã nhận hàng",
        "khách đã nhận máy, khen tốt",
        "cần gửi báo giá cho anh Tú",
        "quan tâm gói Pro, nóng",
        "gọi lại sau khi gửi báo giá xong",
        "moi goi 500k",
        "call Ms Lan tomorrow",
        "",
    ],
)
def test_a_plan_or_a_lack_is_none(text: str) -> None:
    assert find_touch(read(text)) is None
