"""What stands beside a name and tells whose it is."""

import re

from bot.domain.understanding.patterns import opening, words
from bot.domain.understanding.tables.names import SYLLABLE

VOWELLED = re.compile(SYLLABLE)
JOIN = re.compile(r"[ ]+")
HONORIFIC_JOIN = re.compile(r"[ ]*[.:]?[ ]*")
LABEL = words(
    r"""
        (?:(?:khách(?: hàng)?|kh|k/h|k\.h|lead|customer|client|họ tên|họ và tên|tên(?: khách(?: hàng)?)?|người liên hệ
        |liên hệ|name|full name|contact)
        (?: (?:mới|cũ|quen|vip|sỉ|lẻ|nóng|ấm|lạnh|tiềm năng|new|hot|warm|cold|thân thiết|ruột|tên|là|name[d]?|(?:from|từ
        |qua|via) [^\W\d_]+|từ (?:fb|web
        |zalo)|web|fb|zalo|tiktok))*) ?:? ?$
    """
)
VERB = words(
    r"""
        (?:(?:gọi|gọi lại|gọi điện|alo|call|nhắn|nhắn tin|gặp|hẹn|ghé|thăm|nhắc|gửi|gởi|giao|bán|chốt|báo giá|demo
        |tư vấn
        |liên hệ|check|check lại|hỏi thăm|chúc|mời|ký|ký hđ|tìm|thông tin|sđt|sdt|số)(?: (?:tin|đơn|hàng|quà|lại|hđ
        |hợp đồng|nhà|được|dc|đc))?(?: (?:cho|với|vs|của|bên|nhà))?
        |(?:call|meet|met|visit|send|give|bring|show|deliver|with|email|text|ring|phone|remind|to
        |from|ask|for|see|contact|message|follow up with|lead|customer|find|show|invite|thank|ping)(?: back)?) ?$
    """
)
BESIDE = words(r"(?:với|cho|của|nhà|bên) ?$")
TOWARDS = words(r"(?:qua|sang|tới|đến|xuống|lên|ghé|thăm|đón|dẫn|đưa|cho|nhà|với|và|của) ?$")
ENGLISH_VERB = words(
    r"""
        (?:is|was|are|were|has|had|have|said|says|asked|asks|wants?|wanted|needs?|needed|likes?|liked|loves?|loved
        |hates?
        |prefers?|bought|paid|pays|signed|ordered|transferred|called|complained|rated|gave|went|will|would|didn't
        |doesn't
        |isn't|won't|can't|told|agreed|met|visited|praised|reported|took|deposited|booked|confirmed|cancelled|moved
        |works
        |lives|owns|thinks?|closed|renewed|purchased|mentioned|requested|returned|left|replied|seems?|just|still|already
        |and|from|at|via|wanna|plans?|decided|rescheduled|postponed)
    """
)
ONLY_PERSONS = opening(
    r"""
        (?: (?:đang|đã|vừa|mới|vẫn|chưa|cứ))* (?:(?:không|chưa|không thèm|chưa thấy) (?:nghe|bắt máy|bắt|rep|trả lời
        |reply|chịu|ưng|thích|quyết)|nói|bảo(?! (?:hành|trì|dưỡng|hiểm|giá))|kêu
        |bận|hẹn|dặn|hứa|khất|than|chê|khen|thích|muốn|ưng|gật|đồng ý|từ chối|nhắn|rep|trả lời|nhờ|nghe máy|bắt máy
        |đi (?:công tác|vắng|du lịch|đẻ|viện)|ck|chuyển khoản|cọc|đặt cọc|chốt|mua|trả|đóng|thanh toán)
    """
)
POSSESSIVE = re.compile(r"['’]s$")
CALLING = words(r"(?:gọi|nhắn|nhắn tin|gửi|alo|call|báo|hẹn|gặp) (?:cho|với|vs) $")
REFERS = opening(
    r"""
        (?: (?:bên|ở|cty|công ty|kế toán|q\d+|quận \d+|cũ|hàng xóm|vip))*(?: [^\W\d_]+){0,2}? ?\)?(?: (?:đã|vừa
        |mới))? ?(?<![^\W_])(?:giới thiệu|gthieu|g/t|gt|gioi thieu|chỉ qua|mách|ref|recommended|referred
        |introduced)(?! (?:sp|sản phẩm|dịch vụ|gói|thêm|lại|về|từ|tu|bởi|boi|của|cua|qua|công ty|cho (?:chị|anh|khách)))
    """
)
REFERRED_SURELY = words(
    r"""
        (?:(?:giới thiệu|gthieu|ref|referred|recommended|introduced|referral)(?: (?:bởi|từ|của|qua|by|from|do))
        |nguồn(?: giới thiệu)?:? (?:bạn|người quen|ng quen|giới thiệu)|(?:nguồn|người) giới thiệu:|referred by
        |referral:?) ?:? ?$
    """
)
KIN_OF = words(r"""
    (?:vợ|chồng|con|con gái|con trai|mẹ|bố|ba|má|em gái|em trai|bạn|sếp|trợ lý|thư ký|lính|hàng xóm|số|là|bạn của
    |giới thiệu(?: thêm)?|người nhà
    |wife of|husband of)(?: của)? ?$
""")
SIGNATURE = re.compile(r"[-–—][ ]*$")
LINE_START = re.compile(r"(?:^|\n)[\s>\-•*+\d.)]*$")
MESSENGER = words(r"(?:sếp|sếp của|manager|boss)(?: (?:anh|a|chị|c))? ?$")
