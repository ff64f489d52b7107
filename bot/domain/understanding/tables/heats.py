"""What tells how warm a customer is, and what suggests it."""

import re

from bot.domain.customers import Heat, Stage
from bot.domain.understanding.patterns import opening, words

WORDS = words(r"(?P<hot>nóng+|hot|noóng)|(?P<warm>âm ấm|ấm+|warm)|(?P<cold>lạnh+|cold|nguội)")
OF_A_THING_BEFORE = words(
    r"""
        (?:nước|tủ|máy|kho|phòng|điều hòa|đồ|làm|đông|bình|giữ|mùa|trời|áo|chăn|đèn|cây|khí|sưởi|súp|bánh|cơm|uống|ăn
        |tắm
        |chạy|thức ăn|bộ|cái|chiếc|ly|phích|nồi|quạt|chườm|tay|chống|cách|kem|bàn|thời tiết|da|loa|gối|túi|thang|dây
        |gió) $
    """
)
OF_A_THING_AFTER = opening(r"""
    [ ]?(?:lạnh|nóng|siêu tốc|đun|chén|trà|áp|cúng|tính|ruột|nực|lùng|tanh tách|gáy|mặt|hổi|chảy|nhiệt|water|pot|drinks?
    |storage|brew|coffee|chocolate|dog|spring|sale|deal|trend|girl|boy|một nửa|nhôm|pha)
""")
CUE_BEFORE = words(
    r"""
        (?:khách(?: hàng)?|kh|k/h|lead|fb|facebook|zalo|tiktok|web|website|google|shopee|hotline|mức|mức độ|độ
        |trạng thái|tình trạng|nhiệt độ|level|status|đang|còn|khá|rất|cực
        |cực kỳ|siêu|thành|sang|lên|xuống|về|từ|hơi|có vẻ|đánh giá|xếp|loại|vẫn|là|to|is|very|quite|still|going|now
        |getting|turned|from|bớt|đã|trở nên|cũng|hạng|nhóm|diện|độ nóng)(?: (?:quan tâm|này|khách|hàng))? ?:? ?$
    """
)
INTENSIFIED_AFTER = opening(r"""
    [ ]?(?:lắm|rồi|r|hơn|dần|luôn|nha|nhé|nhen|hẳn|quá|lên|lại|nhất|đấy|đó|cực|vừa|tanh|ngắt|lead|customer|one|now
    |prospect|client|sang|lên|xuống|chuyển|thôi|tới|vl|:\)|nhe)
""")
ALONE = re.compile(r"[\s:=()\[\]\"'*•\-–🔥❄️¤]*")
INTERESTED = words(
    r"""
        (?:(?:mức độ|trạng thái|tình trạng|mức)(?: quan tâm)? ?:? ?(?:đang |rất |khá )?quan tâm)|(?:(?:khách|kh|đang|có
        |rất|khá|cũng|còn|vẫn) quan tâm(?= ?(?:$|[,.;!\n|)]|nhưng|mà|lắm|rồi)))
    """
)
SUGGESTED = [
    (
        Heat.HOT,
        Stage.NEGOTIATING,
        words(r"""
        (?:đặt cọc|muốn cọc|chuẩn bị cọc|sắp chốt|gần chốt|muốn chốt|xin số tài khoản|xin stk|hỏi (?:cách )?thanh toán
        |xin hợp đồng|gửi hợp đồng|thương lượng|trả giá|mặc cả|xin giảm|deposit|negotiat\w+)
    """),
    ),
    (
        Heat.HOT,
        Stage.DEMO,
        words(r"""
        (?:xin demo|muốn demo|muốn xem demo|đòi demo|dùng thử|xin thử|muốn thử|xem thử|wants? a demo|asked for a demo
        |trial)
    """),
    ),
    (
        Heat.HOT,
        Stage.QUOTED,
        words(r"""
        (?:hỏi (?:xin )?báo giá|xin (?:cái |bảng )?báo giá|cần báo giá|muốn báo giá|gửi báo giá|xin giá|hỏi giá
        |ask(?:ed|s
        |ing)? for (?:a )?(?:quote|quotation|price)|wants? a quote)
    """),
    ),
    (
        Heat.WARM,
        Stage.CONSULTING,
        words(r"""
        (?:để (?:\S+ )?xem (?:đã|lại|sao)|(?:đang )?cân nhắc|suy nghĩ thêm|nghĩ thêm|(?:gửi|xin) thêm thông tin
        |gửi thông tin|tham khảo|so sánh|hỏi thêm|tìm hiểu|bàn (?:lại )?với|hỏi ý|chờ (?:vợ|chồng|sếp) duyệt|considering
        |thinking|more info(?:rmation)?)
    """),
    ),
]
