"""What tells a promise from what happened."""

import re

from bot.domain.understanding.patterns import spelled, words

_JOINING = spelled("""
    (?:lúc|vào|khoảng|tầm|đúng|ngày|hôm|buổi|này|nay|at|on|around|about|trước|by|before|sáng|trưa|chiều|tối|đêm|morning
    |afternoon|evening|nhé|nha|nhen|của|tới|từ|là)
""")
BETWEEN = re.compile(rf"[\s,;:()\-–~@]*(?:{_JOINING}[\s,;:()\-–~@]*)*")
MOVING = words(
    r"(?:đổi|dời|rời|chuyển|lùi|hoãn|khất|thay đổi|gia hạn|move[d]?|reschedule[d]?|postpone[d]?|push(?:ed)?|changed?)"
)
MOVED_TO = words(r"""
    (?:sang|qua|đến|tới|thành|xuống|lên|lại|vào|to|until|till)(?: (?:lúc|ngày|hôm|buổi|sáng|trưa|chiều|tối|khoảng
    |tầm))* ?$
""")
MOVED_FROM = words(r"(?:từ|from)(?: (?:lúc|ngày|hôm|buổi|sáng|trưa|chiều|tối))* ?$")
EITHER = words(r"(?: ?(?:hoặc|hay|or) ?(?:là )?(?:sáng |chiều |tối |trưa )?)|(?: ?[/?] ?)")
BIRTHDAY = words(
    r"(?:sinh nhật|sn|ngày sinh|sinh ngày|sinh năm|kỷ niệm|kỉ niệm|ngày cưới|giỗ|birthday|bday|born|anniversary)"
)
REMINDER = words(r"(?:nhắc|nhớ|đừng quên|remind|remember|hẹn|gửi quà|tặng|chúc)")
SINCE = words(r"""
    (?:từ|từ ngày|kể từ|từ hôm|hồi|hôm|since|mua|mua ngày|mua hôm|lắp|lắp ngày|ký ngày|nhận ngày|đặt ngày|giao ngày
    |hôm ngày) ?$
""")
HAPPENED = words(r"(?:mua|lắp|ký|đặt|giao|nhận|gặp|bảo hành|đã|vừa|bought|ordered|installed|met|signed)")
UNDONE_AFTER = words(r"(?:mà|nhưng|rồi hủy|xong hủy|rồi huỷ|but)")
CORRECTED = words(r"(?:à (?:thôi|không|nhầm|lộn)|ý lộn|ý nhầm|nhầm|lộn|no wait|i mean)[ ,:]*(?:(?:phải )?là )?$")
LASTED = words(r"""
    (?:hư|hỏng|bể|gãy|chết|lỗi|bị [^\W\d_]+|mới (?:dùng|xài|chạy|mua)|dùng|xài|broke|broken|failed|stopped|died
    |cracked|leaked
    |lasted)(?: [^\W\d_]+){0,3} ?$
""")
AFTERWARDS = words(r"^(?:sau|after|được)")
STANDING = words(r"(?:dặn|dặn dò|yêu cầu|quy định|chỉ(?= (?:nhận|giao|gọi|tiếp)))")  # what they always want
UNREACHED = words(r"(?:không|chưa) (?:nghe|bắt|rep|được|gặp|trả lời|thấy|có ai)")
CALLED_OFF = re.compile(spelled(r" *(?:không|khỏi|đừng|thôi)(?: (?:cần|phải|có))? "))
HABIT = words(r"""
    (?:hay|thích|chỉ rảnh|prefers?|likes?|thường|thường xuyên|m[ỗ]i|moi (?:ngày|tuần|tháng|năm)|hàng (?:tuần|tháng
    |ngày|năm)
    |định kỳ|usually|always
    |every|often)(?: [^\W\d_]+){0,3} ?$
""")
_SELF_REMINDED = spelled(r"""
    (?:nhớ |please |pls )?(?:nhắc(?: giúp| giùm| hộ)? (?:mình|tôi|tui|tớ|(?:em|e)(?= ?¤| (?:gọi|alo|call|nhắn|gửi|gặp
    |ghé|giao
    |hẹn|báo|hỏi)))|nhắc(?= (?:gọi|alo|call|nhắn|gửi|gặp|ghé|giao|hẹn))|remind me(?: to)?)
""")
_LED_IN_BY = spelled(r"(?:thì|nhớ|sẽ|phải|cần|lúc|vào|khoảng|tầm|đúng|trước|to|then)")
LEADS_IN = re.compile(rf"(?:[\s¤,.:;()\-–]|(?:{_SELF_REMINDED}|{_LED_IN_BY})(?![^\W_]))*")
LEADS_OUT = words(r"""
    (?: *(?:sáng|trưa|chiều|tối|lúc|vào|khoảng|tầm|chừng|đúng|ngày|hôm|buổi|từ|sang|qua|tới|đến|trước|trong|kịp|on|at
    |by|before|around|until|the|nha|nhé|nhe|nhen|ạ|thì|và))* *$
""")
WHOLE = re.compile(r"[\s.,!]*")
