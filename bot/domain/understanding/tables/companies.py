"""Kinds of companies, their legal forms and trades."""

import re

from bot.domain.understanding.patterns import any_of, phrases, words

COMPANY = phrases("""
    công ty, cty, cti, cong ti, doanh nghiệp, dn, tập đoàn, htx, hợp tác xã
""")
PLACE = phrases("""
    shop, cửa hàng, cửa tiệm, nhà thuốc, nhà hàng, khách sạn, ks, spa, salon, thẩm mỹ viện, tmv, trường, siêu thị,
    đại lý, đl, xưởng, gara, garage, phòng khám, nha khoa, bệnh viện, bv, resort, homestay, trung tâm, tiệm, quán,
    nhà xe, nội thất, vật tư, vlxd, phòng gym, studio, nhà sách, hiệu thuốc, bếp, tạp hóa, chung cư, tòa nhà, khu công nghiệp, kcn,
    ngân hàng, company
""")
LEGAL = phrases("""
    tnhh, cp, cổ phần, mtv, một thành viên, 1tv, 1 thành viên, tm, dv, sx, xd, xnk, tmdv, tm dv, tm&dv, đt, đtxd,
    hai thành viên, 2tv, tư nhân, và, &
""")
SECTORS = phrases("""
    xây dựng, thương mại, dịch vụ, sản xuất, nội thất, vật tư, thực phẩm, dược phẩm, dược, may mặc, may, vận tải,
    bất động sản, du lịch, công nghệ, điện máy, cơ khí, in ấn, in, bao bì, nông sản, thủy sản, quảng cáo,
    truyền thông, giáo dục, đầu tư, phát triển, xuất nhập khẩu, thiết bị, y tế, môi trường, kiến trúc, thời trang,
    mỹ phẩm, gỗ, thép, nhựa, logistics, bảo hiểm, chứng khoán, tư vấn, thiết kế, kế toán, luật, bảo vệ, vệ sinh,
    phần mềm, viễn thông, điện tử, điện lạnh, điện, hóa chất, phân bón, giày da, dệt, dệt may, vật liệu xây dựng,
    vlxd, mầm non, tiểu học, thcs, thpt, tiếng anh, anh ngữ, ngoại ngữ, hải sản, chay, cafe, cà phê, coffee, bánh,
    vàng, tóc, nail, trà sữa, phở, cơm, hoa, thuốc, quần áo, mẹ và bé, mẹ bé, ô tô, oto, xe máy, ăn, gạch, sơn,
    kính, nhôm, nhôm kính, sắt, giấy, nước, sữa, đông lạnh, thú y, đa khoa, nha khoa, tin học, máy tính, điện thoại,
    giặt là, photo, net
""")
KIND = words(rf"(?P<firm>{any_of(COMPANY)})|(?P<place>{any_of(PLACE)})")
QUALIFIER = words(any_of((*LEGAL, *SECTORS)))
ENGLISH = re.compile(
    r"(?:[A-Z][\w&'-]*[ ]+){1,4}"
    r"(?:Co\.?,? ?Ltd\.?|Co\.|Ltd\.?|JSC|Corp(?:oration)?\.?|Inc\.?|Company|LLC|Group"
    r"|Holdings|Logistics|Hotel|Trading|Restaurant|Clinic|Resort|Farm|Studio|Bank|Academy|Solutions|Media)(?!\w)"
)
ENGLISH_LEAD = re.compile(
    r"^(?:(?:New|Add|Lead|Customer|Client|Met|Call|With|From|The|For|To|Sold|Signed|Closed)[ :]+)+", re.I
)
NEW_CUSTOMER = words(r"""
    (?:(?:khách(?: hàng)?|kh|k/h|lead) mới|(?:thêm|tạo|nhập|lưu|add)(?: (?:khách(?: hàng)?|kh|lead))(?: mới)?
    |new (?:lead|customer|client))(?: (?:là|tên|này))?
""")
TELLS = words(r"""
    (?:từ|qua|nguồn|bên|ở|tại|do|của|hỏi|cần|quan tâm|muốn|xem|coi|mua|chốt|lấy|đặt|đã|vừa|không|chưa|có|gọi|hẹn|ghé
    |tới|đến
    |giới thiệu|số|sđt|đt|zalo|fb|facebook|tiktok|web|website|google|shopee|hotline|nóng|ấm|lạnh|hot|warm|cold|from
    |via|wants?|needs?)
""")
ONE_BLANK = re.compile(r"[ ]+|[ ]?[&\-][ ]?|\.[ ]?")
SUFFIX = re.compile(r"[ ]*,?[ ]*(?:co\.,? ?ltd\.?|ltd\.?|jsc|corp\.?|group)(?![^\W_])")
STOPS = words(r"(?:sđt|đt|số|tel|fb|facebook|zalo|web|google|tiktok|shopee|hotline|nguồn|khách|lead|chốt|mua|hỏi)")
