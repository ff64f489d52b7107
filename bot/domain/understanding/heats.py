"""How warm a customer is, where the rep says so; and what their words suggest."""

import re

from bot.domain.customers import Heat, Stage
from bot.domain.understanding.message import TAKEN, Message
from bot.domain.understanding.patterns import opening, words

_WORDS = words(r"(?P<hot>nóng+|hot|noóng)|(?P<warm>âm ấm|ấm+|warm)|(?P<cold>lạnh+|cold|nguội)")
_OF_A_THING_BEFORE = words(
    r"(?:nước|tủ|máy|kho|phòng|điều hòa|đồ|làm|đông|bình|giữ|mùa|trời|áo|chăn|đèn|cây|khí|sưởi|súp|bánh|cơm|uống|ăn|tắm|chạy|thức ăn|bộ|cái|chiếc|ly|phích|nồi|quạt|chườm|tay|chống|cách|kem|bàn|thời tiết|da|loa|gối|túi|thang|dây|gió) $"
)
_OF_A_THING_AFTER = opening(r" ?(?:lạnh|nóng|siêu tốc|đun|chén|trà|áp|cúng|tính|ruột|nực|lùng|tanh tách|gáy|mặt|hổi|chảy|nhiệt|water|pot|drinks?|storage|brew|coffee|chocolate|dog|spring|sale|deal|trend|girl|boy|một nửa|nhôm|pha)")
_CUE_BEFORE = words(
    r"(?:khách(?: hàng)?|kh|k/h|lead|mức|mức độ|độ|trạng thái|tình trạng|nhiệt độ|level|status|đang|còn|khá|rất|cực|cực kỳ|siêu|thành|sang|lên|xuống|về|từ|hơi|có vẻ|đánh giá|xếp|loại|vẫn|là|to|is|very|quite|still|going|now|getting|turned|from|bớt|đã|trở nên|cũng|hạng|nhóm|diện|độ nóng)(?: (?:quan tâm|này|khách|hàng))? ?:? ?$"
)
_INTENSIFIED_AFTER = opening(r" ?(?:lắm|rồi|r|hơn|dần|luôn|nha|nhé|nhen|hẳn|quá|lên|lại|nhất|đấy|đó|cực|vừa|tanh|ngắt|lead|customer|one|now|prospect|client|sang|lên|xuống|chuyển|thôi|tới|vl|:\)|nhe)")
_ALONE = re.compile(r"[\s:=()\[\]\"'*•\-–🔥❄️¤]*")
_INTERESTED = words(
    r"(?:(?:mức độ|trạng thái|tình trạng|mức)(?: quan tâm)? ?:? ?(?:đang |rất |khá )?quan tâm)|(?:(?:khách|kh|đang|có|rất|khá|cũng|còn|vẫn) quan tâm(?= ?(?:$|[,.;!\n|)]|nhưng|mà|lắm|rồi)))"
)

_SUGGESTED = [
    (Heat.HOT, Stage.NEGOTIATING, words(r"(?:đặt cọc|muốn cọc|chuẩn bị cọc|sắp chốt|gần chốt|muốn chốt|xin số tài khoản|xin stk|hỏi (?:cách )?thanh toán|xin hợp đồng|gửi hợp đồng|thương lượng|trả giá|mặc cả|xin giảm|deposit|negotiat\w+)")),
    (Heat.HOT, Stage.DEMO, words(r"(?:xin demo|muốn demo|muốn xem demo|đòi demo|dùng thử|xin thử|muốn thử|xem thử|wants? a demo|asked for a demo|trial)")),
    (Heat.HOT, Stage.QUOTED, words(r"(?:hỏi (?:xin )?báo giá|xin (?:cái |bảng )?báo giá|cần báo giá|muốn báo giá|gửi báo giá|xin giá|hỏi giá|ask(?:ed|s|ing)? for (?:a )?(?:quote|quotation|price)|wants? a quote)")),
    (Heat.WARM, Stage.CONSULTING, words(r"(?:để (?:\S+ )?xem (?:đã|lại|sao)|(?:đang )?cân nhắc|suy nghĩ thêm|nghĩ thêm|(?:gửi|xin) thêm thông tin|gửi thông tin|tham khảo|so sánh|hỏi thêm|tìm hiểu|bàn (?:lại )?với|hỏi ý|chờ (?:vợ|chồng|sếp) duyệt|considering|thinking|more info(?:rmation)?)")),
]  # fmt: skip


def find_heat(message: Message) -> Heat | None:
    """How warm, if it is said of the customer; the last state wins (`từ ấm sang nóng`)."""
    found: list[tuple[int, Heat]] = [(match.start(), Heat.WARM) for match in _INTERESTED.finditer(message.low)]
    for match in _WORDS.finditer(message.low):
        if _is_of_customer(message, match):
            found.append((match.start(), Heat(str(match.lastgroup))))
    return max(found)[1] if found else None


def suggestions(message: Message) -> tuple[Heat | None, Stage | None]:
    """What the customer's words betray: offered to the rep, never set."""
    for heat, stage, pattern in _SUGGESTED:
        if pattern.search(message.low):
            return heat, stage
    return None, None


def _is_of_customer(message: Message, match: re.Match[str]) -> bool:
    start, end = message.clause_around(match.start())
    before, after = message.low[start : match.start()], message.low[match.end() : end]
    if _OF_A_THING_AFTER.match(after):
        return False
    if _OF_A_THING_BEFORE.search(before):
        return False
    if _CUE_BEFORE.search(before):
        return True
    ends_clause = bool(_ALONE.fullmatch(after) or _INTENSIFIED_AFTER.match(after) or after.startswith((f" {TAKEN}", TAKEN)))
    return ends_clause and (bool(_ALONE.fullmatch(before)) or len(before.split()) <= 3 or after.startswith(f" {TAKEN}") or bool(_INTENSIFIED_AFTER.match(after)))
