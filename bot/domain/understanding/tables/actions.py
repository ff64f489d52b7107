"""What a rep is going to do, and what only the customer is going to do: the words that tell a promise from an event."""

from bot.domain.understanding.patterns import any_of, phrases, words

_OURS = phrases(r"""
    gọi, alo, a lô, call, phone, nhắn, nt, ib, inbox, gửi, gởi, send, gặp, ghé, qua(?= [^\W_]
    | ¤), sang, tới, đến, lên, xuống,
    giao, lắp, lắp đặt, hẹn, họp, demo, khảo sát, báo giá, báo, liên hệ, lh, nhắc, check, chốt, ký, kí, kiểm tra,
    thu, thu tiền, đòi, đo, đo đạc, tư vấn, thăm, hỏi thăm, chúc, tặng, mời, mang, đem, chở, ship, bảo trì,
    bảo dưỡng, bảo hành, sửa, hỏi, xử lý, xử lí, follow, cf, cafe, cà phê, nhậu, trả lời, chuyển, book, đặt lịch,
    trình bày, thuyết trình, bàn giao, giới thiệu, lấy, nhận, thay, đổi, chăm, chăm sóc, cskh, test, thử, xem, đón,
    tiếp, dẫn, đưa, ký kết, nghiệm thu, thi công, thanh toán, đóng, cọc, làm, soạn, in, chuẩn bị, cập nhật, meet,
    visit, follow up, follow-up, deliver, delivery, remind, email, mail, text, message, discuss, present, pick up,
    install, meeting, lunch, coffee, quote, talk, ring, ping, chase, collect, appointment, see, contact, try, invite
""")
_THEIRS = phrases("""
    mới (?:tính|mua|về|quyết|quyết định|có|lấy|trả lời|sửa|rảnh|làm|xây|nhận|chốt|duyệt|xong|dùng|cần|triển khai|ký|biết
    |đi|lên|vào),
    đi (?:công tác|vắng|du lịch|nước ngoài|chơi), có (?:lương|thưởng|kết quả|tiền|nhà|mặt bằng),
    nhận (?:lương|nhà|bàn giao), khai trương, cưới, đám cưới, sinh em bé, đẻ, sinh bé, hết hạn,
    về (?:nước|quê|lại|tới)?, dọn (?:nhà|về), chuyển nhà, xây xong, bận, nghỉ, họp nội bộ, duyệt, trả lời, áp dụng,
    tăng giá, hết (?:khuyến mãi|km|chương trình), sinh nhật, rảnh, decide[sd]?, back, travel(?:l?ing)?, away,
    budget, busy, free, opens?, expires?, returns?
""")

ACTION = words(any_of(_OURS))
THEIRS = words(any_of(_THEIRS))
OBLIGATION = words(
    r"""
        (?:nhắc|nhớ|phải|sẽ|cần|đừng quên|note lịch|đặt lịch|lên lịch|hẹn|lịch|hạn|deadline|trong|trước|kịp|remind|must
        |need to|have to|will|by|before)
    """
)
CUSTOMER_SUBJECT_DONE = words(
    r"(?:đã|vừa|vừa mới|mới(?= (?:gọi|gặp|gửi|nhắn|mua|ghé|báo|chốt|nói|xong|qua))|rồi|r|xong|rùi|roài|ròi)"
)

TASK = words(
    r"""
        (?:gọi(?: điện)?(?: lại)?|alo(?: lại)?|call(?: back| again)?|nhắn(?: tin)?(?: lại)?|gửi (?:lại )?(?:báo giá
        |hợp đồng|hđ|catalog(?:ue)?|mẫu|hàng|quà|tài liệu|thông tin|video|link|hình|ảnh)
        |gửi|gởi|gặp(?: lại)?|ghé|giao(?: hàng)?|lắp(?: đặt)?|họp|demo|khảo sát|báo giá|liên hệ(?: lại)?|check(?: lại)?
        |chốt(?: lại)?|ký(?: hợp đồng| hđ)?|kiểm tra|thu tiền|đòi nợ|đo(?: đạc)?
    """
    r"""
        |tư vấn|hỏi thăm|thăm|chúc(?: tết| mừng)?|tặng quà|mời|bảo trì|bảo dưỡng|bảo hành|sửa|xử lý|nghiệm thu|thi công
        |bàn giao|thanh toán|cà phê|cafe|follow(?: |-)?up|meet(?:ing)?|visit|deliver|install|email|send|quote|present)
    """
)
