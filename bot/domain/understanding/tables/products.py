"""What stands before and after a product."""

import re

from bot.domain.understanding.patterns import words

WANTED = words(
    r"""
        (?:quan tâm(?: (?:đến|tới|về))?|hỏi (?:mua|giá|về|thuê)|hỏi(?! (?:nghị|thảo|chợ|sách|viên))|nhu cầu
        |cần(?: (?:mua|tìm|lắp|làm|thuê|may|in))?
        |tìm (?:mua|thuê)|đang tìm|muốn (?:mua|lấy|đặt|lắp|thuê|làm|xem)|thích
        |interested in|wants?(?: to buy)?|needs?|looking for|asking about)(?: (?:cái|con|chiếc|thêm))?(?= )
    """
)
BOUGHT = words(
    r"""
        (?:mua|lấy|chốt(?: (?:đơn|được|dc))?|đặt(?: (?:mua|hàng))?|bán(?: (?:được|cho))?|đơn|bought|ordered|sold)
        (?: (?:cái|con|chiếc|thêm))?(?= )
    """
)
QUANTITY = words(r"""
    (?P<count>\d{1,4}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) (?P<unit>cái|chiếc|bộ|hộp|thùng|bao|chai|lọ|tuýp|gói|con
    |cây|tấm|cuộn|thẻ|suất|vé|căn|hũ|túi|lon|kg|ký|tạ|tấn|mét|m2|user|combo|set|lốc|can|bình|đôi|quyển|cuốn|bịch|lít)?
""")
STOP = words(
    r"""
        (?:trên|của|ký|hợp đồng|cho|nhưng|mà|rồi|r|và hẹn|hẹn|gọi|nguồn|từ|qua|ck|chuyển|giao|tổng|hết|giá|với giá|nhé|nha
        |nhen|sđt|số|trước|khi|vì|để|đã|nên|bên|of|for|from|call|to|at|trị giá|trả|cọc|lắp đặt|kỳ|khách|bị
        |tặng|ship|đang|tiền|thanh toán|chốt|lần|xong|tuần|tháng)
    """
)
CLASSIFIER = words(
    r"^(?:cái|chiếc|hộp|thùng|bao|chai|lọ|tuýp|lon|hũ|túi|cây|tấm|cuộn|the|a|an|some|đơn|được|thêm|lại) "
)
OBJECT = re.compile(r"[^\W_][\w ./+&'-]*")
PRONOUN = words(r"""
    ^(?:\d+|freeship|anh|chị|em|ai|gì|khách|giá|hàng|thêm|lại|được|khi|xem|đơn|về|mua|là|có|không|ko|luôn|nhiều|ship
    |bao nhiêu|cho|mấy|a|c)(?: .*)?$
""")
AFTER_AMOUNT = re.compile(r" +(?:tiền |tien |đơn |don )?(?P<what>[^\W\d_][^,.;\n¤]*)")
