"""What tells where a customer came from."""

import re

from bot.domain.customers import Source
from bot.domain.understanding.patterns import opening, words

CHANNELS = [
    (source, words(pattern))
    for source, pattern in [
        (
            Source.FACEBOOK,
            r"(?:facebook|fb|face|fbook|facebok|fanpage|fan page|page|phây|messenger|mess|meta|inbox|ib)(?: ads?)?",
        ),
        (Source.ZALO, r"(?:zalo|zl|zalo oa|oa zalo|oa|nhóm zalo|group zalo)"),
        (
            Source.WEBSITE,
            r"(?:website|web site|web|wed|landing page|landing|form web|form đăng ký|trang web|site|online form|web form)",
        ),
        (Source.TIKTOK, r"(?:tiktok|tik tok|tóp tóp|toptop|tik|tiktok shop|tt shop|douyin)"),
        (Source.GOOGLE, r"(?:google|gg|gôgle|goole|google ads?|google maps?|gg ads?|gg maps?|maps|seo)"),
        (Source.SHOPEE, r"(?:shopee|sốp pi|sopee|shoppe|shopee mall)"),
    ]
]
OTHER = [
    (source, words(pattern))
    for source, pattern in [
        (
            Source.EVENT,
            r"""
            (?:hội chợ|hội thảo|triển lãm|sự kiện|event|expo|workshop|seminar|webinar|conference|trade ?(?:fair|show)
            |exhibition|fair|hội nghị|ngày hội|talkshow|lễ khai trương|vietbuild|gian hàng|booth|roadshow|hội sách)
        """,
        ),
        (
            Source.HOTLINE,
            r"""
            (?:hotline|hot line|tổng đài|đường dây nóng|số máy bàn|gọi (?:vào|đến|tới|lên) (?:số )?(?:công ty|cty
            |tổng đài
            |máy bàn|hotline|văn phòng)|tự gọi (?:đến|tới|vào|lên|điện)?|called (?:in|our (?:line|number|office))
            |switchboard)
        """,
        ),
        (
            Source.WALKIN,
            r"""
            (?:vãng lai|walk[- ]?ins?|walked in(?:to)?|ghé (?:thẳng )?(?:cửa hàng|shop|showroom|tiệm|quán|cửa tiệm|sr|ch
            |kho|văn phòng|vp)|(?:vào|tới|đến|lên|qua|ra) (?:thẳng |tận )?(?:cửa hàng|shop|showroom|tiệm|cửa tiệm|sr
            |văn phòng)(?= ?(?:hỏi|xem|coi|mua|tìm|,|\.|$|¤|đòi|nhờ))|tự (?:đến|tới|vào|ghé|qua)|đi ngang(?: qua)?
            |ghé ngang|khách (?:qua đường|ghé|tại (?:quầy|shop|cửa hàng|showroom))|tại (?:quầy|cửa hàng)|trực tiếp tại
            |(?:came|dropped) (?:in(?:to)?|by)|visited (?:the |our )?(?:shop|store|showroom))
        """,
        ),
    ]
]
REFERRAL = words(
    r"""
        (?:(?:được |do |nhờ )?(?:giới thiệu|gthieu|g/t|gthiệu)(?! (?:sp|sản phẩm|dịch vụ|dv|gói|thêm|mẫu|về|công ty
        |cho (?:chị|anh|khách|c|a)|chương trình|giá))|referred|referral|recommended|introduced|word of mouth
        |người quen|ng quen|bạn bè|bạn (?:của )?(?:anh|chị|a|c|cô|chú)|(?:khách )?ref(?: từ)?|truyền miệng|(?:khách cũ
        |đại lý|đối tác|đồng nghiệp|hàng xóm) (?:giới thiệu|gt|chỉ|mách)|(?:nguồn|từ|do|qua|khách) gt|mách|chỉ qua)
    """
)
LED = words(
    r"""
        (?:nguồn(?: khách)?(?: từ)?|từ|qua|biết (?:đến )?(?:qua|từ)|thấy (?:trên|qua|ở)|xem (?:trên|qua)|trên|bên|kênh
        |khách(?: hàng)?|kh|lead|lead từ|nguồn là|đến từ|tới từ|tìm (?:trên|thấy trên|qua|ra trên)|search|from|via
        |through
        |on|source|found us on|saw (?:us|our ad) on|data|số từ|quảng cáo|qc|ads|chạy ads|đơn)(?: (?:quảng cáo|qc|ads
        |kênh
        |nhóm|group|trang|hội|bài|livestream|live|video|clip|the|our|a|an|my|form|tin nhắn|nhóm cư dân))* ?:? ?$
    """
)
CHANNEL_ONLY = words(
    r"""
        (?:nhắn(?: tin)?|nt|gửi|gởi|chat|call|gọi|kết bạn|kb|add|ad|có|dùng|xài|số|trả lời|rep|inbox|trao đổi|liên hệ|lh
        |send|message|text|share|đăng|chốt|báo giá|gui bg|catalog|catalogue|hình|ảnh|link)(?: [^\W\d_]+){0,2}?(?: (?:qua
        |trên|bằng|vào|sang|via|on|by))? ?$
    """
)
PRODUCT_OF_CHANNEL = words(
    r"""
        (?:làm|thiết kế|chạy|quảng cáo|gói|dịch vụ|dv|khóa học|khoá học|đăng ký|nâng cấp|cần|mua|thuê|quản trị|quản lý
        |viết|setup|chăm|hosting|tên miền|app|phần mềm|build a|need a|new|redesign)(?: (?:chạy|quảng cáo|ads|qc|làm
        |thiết kế|fanpage|shop|seo|bán hàng|livestream))* ?$
    """
)
THEN_CHANNEL_OF_OURS = opening(r" ?(?:cho (?:anh|chị|em|a|c|khách|kh|mình|cô|chú|bác)|của khách|để trao đổi)")
PHONE_NEXT = re.compile(r" ?:? ?¤")
ASKS_THERE = opening(r" ?(?:hỏi|nhắn|ib|inbox|để lại|đặt|đăng ký|xin|nhờ|tới|về)")
ADVERTISED = words(r"(?:quảng cáo|ads|qc) ?$")
