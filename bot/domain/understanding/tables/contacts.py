"""What tells the new phone number from the old one."""

import re

from bot.domain.understanding.patterns import opening, words

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"(?:https?://|www\.)\S+")
CODE = re.compile(r"(?<![^\W_])kh ?0\d{1,8}(?![^\W_])|(?<![^\W_])kh\d{1,9}(?![^\W_])")
NEW_BEFORE = words(r"""
    (?:số mới|sđt mới|mới|đổi (?:số )?(?:sang|thành|qua)|sang số|thành số|số đang dùng|new number|new|now|to)(?: (?:là|is
    |số))? ?:? ?$
""")
OLD_BEFORE = words(r"""
    (?:số cũ|sđt cũ|cũ|trước|trước đây|trước dùng số|trước dùng|trước là|hồi trước|từ số|thay số|bỏ số|old number|old
    |from)(?: (?:là|is|số))? ?:? ?$
""")
NEW_AFTER = opening(r" ?\(?(?:số mới|mới|new)")
OLD_AFTER = opening(r" ?\(?(?:số cũ|cũ|bỏ|đã bỏ|không dùng|ko dùng|hết dùng|khóa|thuê bao|old)")
MEANT_AS_PHONE = words(
    r"""
        (?:số(?: điện thoại| đt| phone| zalo| cũ| mới)?|sđt|sdt|đt|dt|điện thoại|phone|tel|mobile|zalo|hotline|call
        |gọi)(?: (?:là|is))? ?[:.]? ?(?P<digits>\+?\d(?:[ .\-]?\d){4,13})(?!\d|[.,/]\d| ?(?:k|tr|triệu|nghìn|ngàn|đ|vnd|h
        |giờ|%|user|cái|m2))
    """
)
LOOKS_LIKE_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+?84|0)[35789](?:[ .\-]?\d){4,10}(?![\d/]|[.,]\d)")
