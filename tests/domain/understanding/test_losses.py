"""A lost deal is told from everything else, with its reason where one is said."""

import pytest

from bot.domain.customers import LostReason
from bot.domain.understanding.losses import find_loss
from bot.domain.understanding.message import read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mat khach a thang vi gia cao", LostReason.PRICE),
        ("mất khách chị Vy vì giá cao", LostReason.PRICE),
        ("chị Vy không mua nữa, chê đắt", LostReason.PRICE),
        ("chi thu khong mua nua, mua ben khac roi", LostReason.COMPETITOR),
        ("anh Tú chọn bên khác", LostReason.COMPETITOR),
        ("cô Ba không mua nữa, chưa cần", LostReason.NO_NEED),
        ("chị Hoa từ chối", ""),
        ("lost the deal, too expensive", LostReason.PRICE),
    ],
)
def test_a_loss_and_its_reason(text: str, reason: str) -> None:
    assert find_loss(read(text)) == reason


@pytest.mark.parametrize(
    "text",
    [
        "chị Lan hỏi giá",
        "gửi báo giá cho anh Minh",
        "khách ở bên kia đường",
        "anh Tú đang cân nhắc bên đối thủ",
        "mất điện",
        "",
    ],
)
def test_what_is_no_loss(text: str) -> None:
    assert find_loss(read(text)) is None
