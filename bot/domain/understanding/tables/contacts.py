"""What tells the new phone number from the old one."""

import re

from bot.domain.understanding.patterns import opening, spelled, words

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"(?:https?://|www\.)\S+")
CODE = re.compile(r"(?<![^\W_])kh ?0\d{1,8}(?![^\W_])|(?<![^\W_])kh\d{1,9}(?![^\W_])")
NEW_BEFORE = words(r"""
    (?:số mới|sđt mới|mới|đổi (?:số )?(?:sang|thành|qua)|sang số|thành số|số đang dùng|new number|new|now
    |to)(?: (?:là|is
    |số))? ?:? ?$
""")
OLD_BEFORE = words(r"""
    (?:số cũ|sđt cũ|cũ|trước|trước đây|trước dùng số|trước dùng|trước là|hồi trước|từ số|thay số|bỏ số|old number|old
    |from)(?: (?:là|is|số))? ?:? ?$
""")
NEW_AFTER = opening(r" ?\(?(?:số mới|mới|new)")
OLD_AFTER = opening(r" ?\(?(?:số cũ|cũ|bỏ|đã bỏ|không dùng|ko dùng|hết dùng|khóa|thuê bao|old)")
# Numbers of something else, whatever they look like: tax codes, identity cards, accounts, orders, contracts.
OTHER_NUMBER = words(
    r"""
        (?:mst|mã số thuế|mã số|mã đơn|mã vận đơn|mã kh|mã hđ|cmnd|cmt|cmtnd|cccd|căn cước(?: công dân)?|hộ chiếu
        |passport|stk|số tk|số tài khoản
        |số hđ|số hợp đồng|số hóa đơn|số thẻ|số bhxh|bhxh|imei|seri|serial|tax code|id card|account(?: number| no)?
        |bank account|order no
        |invoice no)(?: (?!zalo)[^\W\d_]+){0,3} ?[:.#]? ?(?P<digits>\d(?:[ .\-]?\d){4,18})
    """
)
# What stands between somebody's name and their number.
NUMBER_OF = re.compile(rf"[\s:,(\-–]*(?:{spelled('(?:số|sđt|sdt|đt|dt|zalo|tel|phone|là|number)')}[\s:,(\-–]*)*")
MEANT_AS_PHONE = words(
    r"""
        (?:số(?: điện thoại| đt| phone| zalo| cũ| mới)?|sđt|sdt|đt|dt|điện thoại|phone|tel|mobile|zalo|hotline|call
        |gọi)(?: (?:là|is))? ?[:.]? ?(?P<digits>\+?\d(?:[ .\-]?\d){4,13})(?!\d|[.,/]\d| ?(?:k|tr|triệu|nghìn|ngàn|đ
        |vnd|h
        |giờ|%|user|cái|m2))
    """
)
LOOKS_LIKE_PHONE = re.compile(
    r"(?<![\w.,/+-])(?!84\d?(?:\.\d{3}){2,}(?![\d.]))"  # 843.500.000 is an amount
    r"(?:\+?84|0)[35789](?:[ .\-]?\d){4,10}(?![\d/]|[.,]\d)"
)
