"""What tells what a message is for."""

import re

from bot.domain.understanding.message import TAKEN
from bot.domain.understanding.patterns import opening, words

_FILLER = r"""
    (?:(?:bot|bot ơi|ê|ê bot|em ơi|hey|hi|ok|alo|dạ|please|pls|giúp|giúp (?:em|mình|tôi|e|anh|chị)|cho (?:em|mình|tôi
    |tui
    |e|anh|chị)|hãy|nhờ|làm ơn|cho|can you|could you|i want to|let me)[ ,]+)*
"""
_BUSY = r"(?:b[ậ]n|ban(?=(?: (?:họp|việc|đi|lắm|quá|rồi|con|khách|công)| ?[,.¤]| ?$)))"
COMMAND = words(
    r"^[\s>]*"
    + _FILLER
    + r"""
        (?:xem|coi|hỏi(?= (?:thông tin|tt|hồ sơ|lịch|khách|kh|danh sách|đơn|doanh|sđt|sdt|số|nợ|công nợ|ai|việc))
        |biết|xin (?:lại )?(?:sđt|sdt|số|thông tin|danh sách|lịch)|tìm|kiếm|tra(?: cứu)?|liệt kê|danh sách
        |ds|list|show|find|search|look ?up|mở (?:hồ sơ|thẻ|khách|kh|thông tin|lịch|danh sách)|open|thống kê|báo cáo|xuất
        |tổng hợp|tổng kết|đếm|lọc|hoàn tác|undo|xóa|delete|export|who|what|whats|what's|which|when is|when did|when was
        |how|where|get me|give me|display|view|(?:my )?sales (?:this|last|today)|tổng (?:doanh|số|đơn|kết)|top(?: \d+)?
        |do i|did i|have i|is there|are there
    """
    + r"""
        |kiểm tra (?:giúp )?(?:lịch|khách|kh|sđt|số|thông tin|doanh số|công nợ|đơn)|check (?:giúp )?(?:lịch|khách|kh|sđt
        |sdt|số|thông tin|doanh số|công nợ|đơn)|lịch sử|thông tin|tt khách|hồ sơ|(?:sđt|sdt|số điện thoại
        |số đt)(?! ?:? ?¤)
        |số (?:của )?(?:anh|chị|a|c|cô|chú|bác)|lấy (?:số|sđt|thông tin)|lịch (?:hẹn|làm việc|của|hôm|tuần|ngày|tháng
        |gọi
        |chăm)|doanh (?:số|thu)|công nợ|việc (?:hôm nay|ngày mai|cần|phải)|khách (?:nào|cần|đến hạn|quá hạn|chưa))
    """
)
COMMAND_WEAK = words(
    r"(?:xem|coi|hỏi|biết|tìm|kiếm|số (?:của )?(?:anh|chị|a|c|cô|chú|bác)|báo cáo|sđt|sdt|xuất|xóa|tra)"
)
LOOKED_AT = words(r"""
    (?:thông tin|tt|hồ sơ|lịch|khách|kh|danh sách|đơn|doanh số|doanh thu|lịch sử|ghi chú|công nợ|sđt|sdt|số|nợ|ai|gì|nào
    |bao nhiêu|mấy|follow-?ups?|customers?|leads?|sales|notes?|hẹn|việc)
""")
ASKING = words(
    r"""
        (?:là gì|cái gì|gì|ai|bao nhiêu|bn|mấy (?:khách|đơn|người|lịch|cuộc|việc|hẹn|deal|sale|kh|giờ|lead)|nào|ở đâu
        |đâu(?=[ ?!.]*$)
        |thế nào|ra sao|sao rồi|tới đâu|đến đâu|khi nào|bao giờ|số mấy|ngày mấy|thứ mấy|mấy giờ|ngày nào|bao lâu
        |how many
        |how much|who|what|which|whose)
    """
)
ENDS_ASKING = re.compile(rf"\?\s*$|{ASKING.pattern}\s*(?:bot|nhỉ|vậy|thế|ta)?[\s.!]*$")
ASKING_WHEN = words(r"(?:(?:khi|hôm|ngày|lúc|chừng|bữa) nào|bao giờ)[\s?.!]*$")
ASKING_LAST = words(r"(?:chưa|không|ko|hông|chưa nhỉ|ko nhỉ|chưa bot|chưa ta|hả|nhỉ|chưa vậy|đâu rồi)[\s?!.]*$")
NOT_ASKING = words(r"""
    (?:(?:hôm|bữa|lúc|khi|ngày|chừng|dịp|lần) nào|không có gì|ko có gì|chẳng (?:có )?gì|chưa (?:\S+ )?gì
    |không (?:\S+ )?gì
    |ko (?:\S+ )?gì|(?:khỏi|không|ko|chẳng|chưa|đừng)(?: \S+){0,3} ai|đâu có|nào cũng|nào là|gì cũng|ai cũng|gì đó
    |gì hết
    |gì cả|bất kỳ|ai đó|nhiêu đó|đi đâu|who (?:is|was|wants|likes|bought)|what (?:he|she|they))
""")
REPORTED = words(r"""
    (?:hỏi|thắc mắc|nói|bảo(?! (?:nhiêu|trì|hành|dưỡng|hiểm|giá))|kêu|nhắn|muốn biết|quan tâm|asked|asks|asking
    |wants to know|said|says|wondering
    |không biết|chưa biết|ko biết)
""")
NEW = words(
    r"""
        (?:(?:khách(?: hàng)?|kh|k/h|lead|data|contact) mới|(?:thêm|tạo|nhập|lưu|add|thêm mới|tạo mới|save|create|ghi
        |up)(?: (?:giúp|hộ|dùm|giùm|cho|em|e|mình|tôi|lại|ngay|1|một|mới|thêm|a|an|the|new|nhé))* (?:khách(?: hàng)?|kh
        |lead|customer|client|contact|prospect|số|liên hệ|data|hồ sơ)|new (?:lead|customer|client|contact|prospect
        |inquiry
        |enquiry)
        |lead(?: (?:từ|web|fb|nóng|ấm|hot|zalo))?|khách tiềm năng|kh tiềm năng|khách hàng:|khách:|họ tên:|(?:có|vừa có
        |mới có|nhận|vừa nhận) (?:1 |một )?(?:khách|lead|data)(?! cũ))
    """
)
ADD_PERSON = words(
    r"^[\s>]*(?:thêm|tạo|lưu|add|nhập|save|ghi)(?: (?:giúp|hộ|dùm|giùm|cho|em|e|mình|tôi|lại|mới|nhé))*[ :]+¤*"
)
INTEREST = words(
    r"""
        (?:quan tâm|hỏi|nhu cầu|cần|tìm|muốn|thích|inbox|ib|để lại số|để lại sđt|xin báo giá|tham khảo|đăng ký|đang xem
        |xem|coi|kiếm|có ý định|định mua|interested|wants?|needs?|looking for|asking|inquir\w+|enquir\w+|ghé|gặp ở
        |met at)
    """
)
NUMBER_CHANGED = words(r"""
    (?:đổi số|đổi sđt|(?:sđt|sdt|đt) cũ|số mới|sđt mới|đổi số điện thoại|số cũ|thay số|new number|changed (?:his|her
    |their)? ?number
    |old number|số tạm|mất (?:điện thoại|số|máy)|đổi điện thoại|thêm số|cập nhật số|số phụ)
""")
ARRIVED = words(r"(?:có|vừa có|mới có) (?:1 |một )?(?:khách|anh|chị|a|c|cô|chú|bác|bạn|em|ông|bà)")
FOLLOW_FIRST = opening(r"""
    [\s>¤]*(?:(?:nhắc|nhớ|hẹn|gọi|alo|call|nhắn|gặp|gửi|gởi|ghé|mai|sáng|chiều|tối|liên hệ|lh|remind|email|text|visit
    |meet
    |follow)(?![^\W_]))
""")
SALE = words(
    r"""
        (?:chốt(?: (?:đơn|được|dc|đc|xong|deal|kèo|gói|hđ))?|bán(?: (?:được|dc|đc|cho|xong))?|mua|lấy|thanh toán|tt(?= ¤
        | đủ| xong)|ck|chuyển khoản|bank|trả(?! (?:lời|hàng|góp|treo))|đặt cọc|cọc|ký(?: (?:hđ|hợp đồng|hd))?
        |kí(?: (?:hđ
        |hợp đồng))?|lên đơn|đơn(?: hàng)?|doanh số|doanh thu|thu (?:được|về|tiền|đủ)|nhận (?:cọc|tiền|được|đủ)|order
        |đặt
        |đóng|nạp|gia hạn|quẹt thẻ|xuống tiền|xuống cọc|về tiền|nổ đơn|ra đơn|rước|múc|hốt|tất toán|ứng|tạm ứng|thu|đưa
        |gửi (?:tiền|trước|cọc)|hợp đồng|hđ
        |sold|closed?|closed deal|paid|pays?|bought|buys|purchased?|deposited?|deposit|signed|ordered|order|won
        |transferred|invoiced?|renewed|took|takes)
    """
)
HYPOTHETICAL = words(
    r"""
        (?:định|muốn|tính|sẽ|dự kiến|chắc|có thể|nếu|giá mà|chưa|không|ko|hẹn|hứa|hỏi|báo giá|xin|ngân sách|tầm giá
        |khoảng
        |nhắc|nhớ|đòi|còn nợ|chê|so với|bên kia|đối thủ|đang xem|cân nhắc|đợi|chờ|khi nào|lúc nào|mới (?=chốt|mua|lấy|ký
        |cọc)|thì|để|đề nghị|trả giá|trả có|kỳ kèo|quan tâm|nhu cầu|cần|thích|sắp|tìm|đang tìm|will|wants?|would|if
        |might
        |may|plans?|remind|asked?|budget|quoted?|not|didn't|hasn't|needs?|hủy|huỷ|bom|boom|trả lại|hoàn)
    """
)
PRICE_TALK = words(r"""
    (?:[<>]|dưới|tối đa|không quá|giá (?:gốc|niêm yết|bên)|báo giá|ngân sách|tầm|lương|thu nhập|vốn|vay|phạt|nợ
    |budget|salary|quoted?|price|worth)
""")
AND = words(r"(?:và|rồi|nên|giờ|xong|and|then)")
CONDITION = words(r"(?:nếu|if|unless|mới (?:mua|chốt|lấy|ký|chịu|cọc)|thì (?:mới )?(?:mua|chốt|lấy|ký)|giá [<>])")
STILL_DONE = words(r"(?:đã|rồi|r|xong|được|dc|đc|vừa|đủ)")
DIRECT_SALE = words(r"""
    (?:chốt (?:đơn|được|dc|đc|gói|deal|kèo|sale|cho)|bán (?:được|dc|đc|cho)|đã (?:mua|bán|thanh toán|ck|chuyển khoản|cọc
    |đặt cọc)|ký (?:hđ|hợp đồng|xong)|lên đơn|sold|closed (?:a |the )?(?:deal|sale)|signed|paid)
""")
CLOSED = opening(
    r"""
        [\s¤>,]*(?:(?:đã|vừa|vừa mới|mới|ok|oke|okie|đồng ý|chịu|quyết định|gật|just|has|xong)[ ,]+)*(?:(?:chốt|mua
        |lấy|rước|múc|hốt|đặt mua
        |đặt hàng|order|bought|ordered|signed|closed)(?: (?:luôn|thêm|liền|xong|được|dc))*|ký (?:hđ|hợp đồng|xong)
        |đặt(?= \d)|(?:đặt )?cọc)(?P<object>(?: [^\W_]+){0,7})
        (?: (?:rồi|r|rùi|luôn|nha|nhé|nhen|xong))*
    """
)
PAYS = opening(r"(?:ck|chuyển khoản|bank|trả|thanh toán|đóng|đưa|tt)")
NOT_CLOSED = words(r"""
    bên (?!mình|em|tôi|tụi)[^\W_]+|(?:chỗ|nhà|shop|hãng|nơi) (?:khác|kia|đối thủ|đó)|đối thủ|mẫu|thử|thông tin|lịch
    |hẹn|giờ
    |ngày|số|sđt|vợ|chồng|ý kiến|tham khảo|hộ|giùm|dùm|giúp
    |chưa|không|nếu|thì|mà|nhưng|hay|hoặc|hỏi|nói|kêu|bảo|chê|khen|than|bị|để|khi|vì|do|nên|muốn|cần|sẽ|nghỉ|lại
    |hàng về|hàng ở|nhiều|ít|thường|hay|trả góp|hôm|hồi|năm|lần
""")
PRAISE = words(
    r"""
        (?:khen|hài lòng|rất ưng|ưng ý|ưng lắm|rất thích|dùng (?:rất |khá )?(?:tốt|ổn|thích|êm|sướng)|tốt lắm|tuyệt
        |xuất sắc|[45]/5|(?:8|9|10)/10|[45] (?:sao|stars?)|(?:8|9|10) điểm|năm sao|ok lắm|cảm ơn (?:vì|đội|bên|team
        |shop)|praised?
        |happy|satisfied|loves?|great|excellent|delighted|compliment\w*|thanked|impressed)
    """
)
COMPLAINT = words(
    r"""
        (?:phàn nàn|khiếu nại|chê|than phiền|than|bức xúc|bực|bực mình|thất vọng|(?:không|ko|chưa|chẳng) (?:hài lòng|ưng
        |vừa ý|tốt|ok|ổn)|đổi trả|trả hàng|trả lại|hoàn tiền|bị|lỗi|hỏng|hư|móp|vỡ|rò|trễ|muộn|chậm|tệ|dở|kém|thiếu|nhầm
        |sai|m[ắ]ng|chửi|bắt đền|kích ứng|ồn|nứt|bong|bung|mốc|hôi|(?:[0-5])/10|[12]/5|[12] sao|complain\w*|unhappy
        |upset
        |angry|late|broken|defect\w*|damaged|disappointed|dissatisfied|refund|leak\w*|wrong|noisy|slow|poor|bad)
    """
)
DENIED_PRAISE = words(r"""
    (?:không|ko|chưa|chẳng|not|isn't|wasn't|never)(?: (?:được|hề|mấy|very|so|really))? (?:hài lòng|ưng(?: ý)?|thích
    |tốt|ổn
    |ok|êm|happy|satisfied|impressed|great)
""")
FEEDBACK = words(
    r"""
        (?:khen|khiếu nại|phàn nàn|góp ý|đánh giá|review|feedback|fb lại|chấm|hài lòng|than phiền|bức xúc|bực mình|bực
        |thất vọng|đổi trả|trả hàng|hoàn tiền|[1-5] sao|năm sao|(?:10|\d) điểm|bắt đền|m[ắ]ng vốn|m[ắ]ng|chửi
        |nổi nóng|c[á]u
        |ưng ý|rất ưng|ưng lắm|dùng (?:rất |khá )?(?:tốt|ổn|thích|êm|sướng|ngon)|phản ánh|phản hồi|chê|kêu ca|(?:đòi
        |yêu cầu) (?:đổi|trả|bồi thường|hoàn)|gọi la(?= (?:quá|làng|om|lối|hoài))|la lối|la làng|(?:is|was|are
        |were) (?:so |very |really )?(?:great|excellent
        |amazing|perfect|terrible|awful|rude)|(?:gọi|nhắn
        |gửi lời) (?:tin )?cảm ơn|chạy (?:rất |khá |cực )?(?:ổn|êm|tốt|ngon|mượt)|complain\w*|praised?|unhappy
        |happy with
        |satisfied|dissatisfied|disappointed|upset|angry|compliment\w*|loves (?:the|our)|rated?|gave (?:us )?[\d]
        |thanked us|impressed|refund|report(?:ed|s) (?:a |that )?)
    """
)
DEFECT = words(
    r"""
        (?:bị (?:lỗi|hỏng|hư|móp|vỡ|nứt|rò|rỉ|chảy|kẹt|trầy|xước|bong|bung|mốc|ố|phai|rách|gãy|cháy|chập|chậm|trễ|thiếu
        |nhầm|sai|kích ứng|dị ứng|nổi mẩn|đau bụng|hôi|tách|vón|đóng cục|chua|khét|cong|vênh|lệch|méo|bể|xì|tuột|sứt|mờ
        |nhòe|thấm|dột|lún|xẹp|gỉ|rè|văng|treo|đơ|giật|phồng|bẹp|nhão|thiu|xù|sờn|cụt|liệt|đứng máy|phù|cấn|trật|đốm
        |ngả màu|lỏng|long|sập|mất màu
    |ra màu|đứt|tróc|loang|hết hạn)|(?:không|ko) (?:lạnh|nóng|chạy|lên|hoạt động|vào điện|lên nguồn
        |xài được|dùng được|ăn điện)|giao (?:trễ|thiếu|nhầm|sai|muộn|chậm|hàng (?:trễ|thiếu|nhầm|sai|muộn|chậm))
        |thái độ (?:kém|tệ|không|ko|xấu|lồi lõm|khó chịu|phục vụ)|(?:was|were|is|arrived|came|delivered) (?:late|broken
        |damaged|wrong|faulty|leaking|noisy|rude|defective)|not working|doesn't work|stopped working|broke down
        |(?:keeps? )?crash(?:es|ing|ed)?)
    """
)
NOT_FEEDBACK_BEFORE = words(
    r"""
        (?:chưa|không|ko|chờ|đợi|xin|nhờ|hỏi|gọi|nhắc|gửi|lấy|mời|sẽ|cần|xem|để|khi nào|có|hỏi(?: [^\W\d_]+){1,4}|link
        |phiếu|form|khảo sát|bài|ask for|for|waiting for|no|request|send|get)(?: (?:có|thấy|khách|chị|anh|c|a|lại|link
        |thêm|họ|¤+|bài|được|điểm|a|the))* ?$
    """
)
NOT_FEEDBACK_AFTER = opening(r"""
    [ ]?(?:giá|mắc|đắt|hơi (?:mắc|đắt|cao)|về giá|báo giá|email|mail|tin nhắn|lại (?:email|mail|sau|vào)|hợp đồng|hđ
    |hồ sơ
    |các bên|nhà cung cấp|đối thủ|sau|vào|rồi hẹn|price|the price|expensive)
""")
NOTE_LABEL = opening(r"""
    [\s>]*(?:ghi chú|ghi chu|note|lưu ý|memo|ghi nhận|fyi|nb|tin nhắn của|forwarded|fwd|chuyển tiếp)(?: (?:cho|thêm
    |khách
    |về|lại|là|this))*[ :]?
""")
NEGATED = words(r"(?:khỏi(?! (?:bệnh|ốm))|khỏi đi|không (?:đi|cần|phải)|ko (?:đi|cần|phải)|nghỉ|no need)")
FACT = words(
    _BUSY
    + r"""
        |(?:đã|rồi|r|rùi|ròi|roài|vừa|vừa mới|mới (?!nhất)|xong|không|ko|k|kh(?= nghe)|hông|hok|chưa|chẳng|nói
        |bảo(?! (?:hiểm|trì|hành|dưỡng|vệ|đảm|giá|nhiêu))|kêu|báo (?:là|rằng|lại|bận|cho)|đang|thích|muốn|ưng|ok|oke
        |okie
        |đồng ý|gật|từ chối|chê|so sánh|cân nhắc|suy nghĩ|nghĩ|để xem|đi (?:công tác|vắng|du lịch|họp|nước ngoài|viện)
        |về quê|là|dị ứng|ở|có(?! (?:gì|lịch))|hay|ghét|quen|vẫn|còn|hết|xin|đòi|khất|hứa|kẹt|ốm|bệnh|sinh|chuyển (?:nhà
        |công tác|sang|từ|qua)|tăng|giảm|thấy|biết|nghe|hỏi|cần|nhờ|dặn|nhắn (?:là|rằng)|than|trả giá|duyệt|đồng ý|hoãn
        |hủy|huỷ|mất|nghỉ|lỡ|quên|so|tham khảo|đối thủ|bên kia|sắp|thường|chuyên|nhập|dùng|xài|nuôi|bán|kinh doanh
        |làm (?!việc|hợp)
        |said|says|asked|is|was|are|were|has|had|have|likes?|liked|loves|met|wants?|wanted|needs?|needed|not|didn't
        |doesn't|isn't|no|busy|told|agreed|seems|spoke|talked|called|visited|sent|prefers?|thinks?|thinking|considering
        |allergic|moved|works|lives|owns|just|already|yesterday|no answer|interested|waiting|out of)
    """
)
STRONG_FACT = words(
    _BUSY
    + r"""
    |(?:đã|vừa|vừa mới|rồi|r|không (?:nghe|bắt|được|gặp|ai|rep|trả lời|seen)|ko (?:nghe|bắt|được|dc|đc|gặp|ai)|k nghe
    |ok|oke|okie
    |chưa (?:seen|trả lời|nghe|rep)|xong|hôm qua|thuê bao|không liên lạc|ko liên lạc|nói|bảo(?! (?:hiểm|trì|hành
    |dưỡng|vệ
    |đảm|giá|nhiêu))|kêu|gật|đồng ý|chê|đang (?:bận|họp|đi|cân|phân|ở)|yesterday|said|told|met|busy|is|was|has|likes
    |did)
"""
)
CUSTOMER_MOVES = opening(r"""
    [\s>¤]*(?:thiếu(?: nợ)?|còn nợ|nợ|(?:sẽ|định|tính|dự định) (?:mua|lấy|chốt|ký|đặt|cọc|ghé|về|trả|đổi|xây|sửa)
    |(?:xin )?(?:đổi|dời|hủy|huỷ
    |hoãn|khất|lùi|hẹn|báo|moved|rescheduled|postponed|cancelled|canceled))(?![^\W_])
""")
REMINDING = words(r"""
    (?:nhắc|nhớ|(?:bảo|dặn|kêu|nói)(?= ¤)|đừng quên|note lịch|đặt lịch|lên lịch|book lịch|(?:hủy|huỷ|hoãn|dời|đổi|chuyển
    |lùi) (?:lịch|hẹn|buổi|cuộc)
    |remind|remember|don't forget|schedule|set a reminder|hẹn|lịch)
""")
BEFORE_ACTION = words(r"""
    (?:sáng|trưa|chiều|tối|đêm|lúc|vào|trước|khoảng|tầm|nhớ|thì|em|mình|e|tôi|cần|phải|sẽ|bot|ơi|at|on|by|in|the|of
    |please
    |và|giúp|đúng|sau|này|là|rảnh|tiện|nào|nhờ)
""")
OPENING = re.compile(rf"^(?:[\s>{TAKEN},.:\-]|{BEFORE_ACTION.pattern})*")
TO_ALL = words(
    r"(?:cả nhà|anh em|ae|mọi người|mn|cả team|anh chị em|các (?:bác|sếp|bạn)|mấy (?:bác|sếp)|everyone|guys)"
)
SOMEBODY = words(r"(?:khách(?: hàng)?|kh|k/h|họ|[ả]nh|ch[ỉ]|bên đó|bên ấy|bển|ổng|b[ả]|customer|client|she|he|they)")
FACT_PAST = words(r"(?:đã|rồi|r|vừa|chưa|xong|met|yesterday|nhắn (?:zalo|tin))")
QUOTED = re.compile(r"[\s¤]*:\s*[\"“']")
DISPLEASED = words(
    r"(?:không|ko|chưa|chẳng|not|isn't|wasn't) (?:được |hề |mấy |very |really )?(?:hài lòng|happy|satisfied|impressed)"
)
