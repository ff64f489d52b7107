"""What stands before and after a product."""

import re

from bot.domain.understanding.patterns import spelled, words

WANTED = words(
    r"""
        (?:(?:sp|sản phẩm|mặt hàng)(?= ?:)|xin (?:báo )?giá|quan tâm(?: (?:đến|tới|về))?|hỏi (?:mua|giá|về|thuê)
        |hỏi(?! (?:nghị|thảo|chợ|sách|viên))|nhu cầu
        |cần(?: (?:mua|tìm|lắp|làm|thuê|may|in))?
        |tìm (?:mua|thuê)|đang tìm(?! (?:mua|thuê))|muốn (?:mua|lấy|đặt|lắp|thuê|làm|xem)|thích
        |interested in|wants?(?: to buy)?|needs?|looking for|asking about)(?: (?:cái|con|chiếc|thêm))?(?=[ :])
    """
)
WANTED_SURELY = words(r"""
    (?:(?:quan tâm|hỏi|nhu cầu)(?: (?:mua|giá|về|thuê|đến|tới))+|quan tâm|nhu cầu|(?:cần|tìm) (?:mua|thuê)
    |interested in|asking about
    |looking for)(?=[ :])
""")
UNIT_ALONE = re.compile(
    spelled(
        r"(?:cái|chiếc|bộ|hộp|thùng|bao|chai|lọ|tuýp|gói|con|cây|tấm|cuộn|thẻ|suất|vé|hũ|túi|lon|kg|ký|tạ|tấn|m2|user|combo|lốc|bịch)"
    )
)
PRICED = re.compile(spelled(r"(?: +(?:tầm|khoảng|giá|tầm giá|cỡ|dưới|trên|từ))+ *$"))
BOUGHT = words(
    r"""
        (?:mua|lấy|chốt(?: (?:đơn|được|dc))?|đặt(?: (?:mua|hàng))?|bán(?: (?:được|dc|đc|cho))?|đơn|bought|ordered|sold)
        (?: (?:cái|con|chiếc|thêm))?(?= )
    """
)
QUANTITY = words(r"""
    (?P<count>\d{1,4}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) (?P<unit>cái|chiếc|bộ|hộp|thùng|bao|chai|lọ|tuýp|gói|con
    |cây|tấm|cuộn|thẻ|suất|vé|căn|hũ|túi|lon|kg|ký|tạ|tấn|mét|m2|user|combo|set|lốc|can|bình|đôi|quyển|cuốn|bịch|lít)?
""")
STOP = words(
    r"""
        (?:trên|của|ký|hợp đồng|cho|nhưng|mà|rồi|r|và hẹn|hẹn|gọi|nguồn|từ|qua|ck|chuyển|giao|tổng|hết|giá|với giá
        |nhé|nha
        |nhen|sđt|số|trước|khi|vì|để|đã|nên|bên|of|for|from|call|to|at|trị giá|trả|cọc|lắp đặt|kỳ|khách|bị
        |tặng|ship|đang|tiền|thanh toán|chốt|lần|xong|tuần|tháng)
    """
)
CONTAINER = re.compile(spelled(r"(?:hộp|thùng|chai|lọ|tuýp|lon|hũ|túi|tấm|cuộn|bịch|lốc|kg|ký|cái|chiếc) +"))
ARTICLE = re.compile(spelled(r"(?:cái|chiếc|the|an?|some|đơn|được|dc|đc|thêm|lại) +"))
COUNTED_BEFORE = re.compile(spelled(r"(?:bộ|cái|chiếc|\d) *$"))
OBJECT = re.compile(r"[^\W_][\w ./+&'-]*")
PRONOUN = words(r"""
    ^(?:\d+|freeship|quote|quotation|demo|call|discount|price|refund|xuất|hóa đơn|hđ|tư vấn|báo giá|hỗ trợ|giúp|gấp
    |ngay|liền|gặp|gọi|gửi|gởi|giao|biết|nghe|suy nghĩ
    |nghĩ|bàn (?:lại|với|thêm)|kiểm tra|đổi|trả|thanh toán|đi|anh|chị|em|ai|gì|khách|giá|hàng|thêm|lại|được|khi|xem
    |đơn|về|mua|là|có|không|ko|luôn|nhiều|ship
    |bao nhiêu|cho|m[ấ]y|a|c)(?: .*)?$
""")
SOLD_TO = words(r"(?:bán(?: được)?|chốt(?: (?:đơn|được))?|đơn|sold|sold to)(?: (?:cho|với|của|to))? $")
AFTER_AMOUNT = re.compile(r" +(?:tiền |tien |đơn |don )?(?P<what>[^\W\d_][^,.;\n¤]*)")

# What stands before an amount and is no product: `khoảng 5tr`.
ABOUT = re.compile(
    "|".join(("khoảng", "khoang", "tầm", "tam", "chừng", "chung", "gần", "gan", "hơn", "hon", "tổng", "tong", "about"))
)
