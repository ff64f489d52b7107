"""Words of Vietnamese names, and the words beside a name that are none. Tables only."""

from collections.abc import Iterable

from bot.domain.names import fold_letters
from bot.domain.understanding.message import Word
from bot.domain.understanding.patterns import phrases


class WordTable:
    """Words written with marks; a word typed in a message without marks is looked up without them."""

    def __init__(self, written: Iterable[str]) -> None:
        self._written = frozenset(written)
        self._flat = frozenset(map(fold_letters, self._written))

    def __contains__(self, word: Word) -> bool:
        return word.low in self._written if word.is_exact else word.flat in self._flat


def _table(text: str) -> WordTable:
    return WordTable(text.split())


# How a person is addressed, as it is typed → as it is written.
HONORIFICS: dict[str, str | None] = {
    "anh": "anh",
    "a": "anh",
    "ah": "anh",
    "chị": "chị",
    "chi": "chị",
    "c": "chị",
    "cj": "chị",
    "cô": "cô",
    "co": "cô",
    "chú": "chú",
    "chu": "chú",
    "bác": "bác",
    "bac": "bác",
    "em": "em",
    "e": "em",
    "ông": "ông",
    "ong": "ông",
    "bà": "bà",
    "ba": "bà",
    "bé": "em",
    # Forms of address that are kept with no name: who is called so is called anh or chị by a colleague.
    **dict.fromkeys(
        phrases(
            "dì, di, cụ, thím, thim, cậu, cau, mợ, dượng, duong, thầy, thay, cháu, chau, sếp, sep, mệ, o, mự, chế, hia"
        )
    ),
}
ENGLISH_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mister", "madam", "mdm", "dr", "sir"})
# Honorifics that are more often another word unless a name follows: có, chỉ, ba, chủ, đi, tháy.
WEAK_HONORIFICS = frozenset(
    {"co", "chu", "ba", "di", "cau", "thay", "duong", "c", "a", "e", "em", "chi", "thim", "cụ", "thầy", "cậu"}
)
# Forms of address that are something else unless a name surely follows.
DOUBTFUL_ADDRESS = frozenset(phrases("thầy, thay, bé, cháu, chau, sếp, sep, mệ, o, mự, chế, hia"))

FAMILY = _table("""
    nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lương mai trương cao hà
    tô tạ châu lâm thái vương la quách kiều đào phùng lưu chu tăng diệp nghiêm triệu từ mạc thạch tôn ông kim khổng
    giang doãn cù cung lục nhan thân viên đàm ninh vi bạch quan sầm hứa lại văn mã trà phí phó đậu đồng tống thẩm
    hàn giáp khuất lều nông lò quàng hầu
""")

# Syllables of given names; most are also ordinary words, so one alone is a name only where a name is expected.
GIVEN = _table("""
    tươi thỏa lẹ hớn hến sẹo đẹt cườm phỉ duyên dậu bân bông thắm lụa mén thiệp thịnh khôi lựu ngợi tươm
    an anh ái ánh ân âu bách bạch ban bảo bát bé bền bi bích bin binh bình bo bội bống bốn bông búp cam cẩm can cảnh
    cát cầm chánh chấn chân châu chi chiến chinh chính chí chung chương chức cơ cúc cung cường dân danh dật diễm
    diên diện diệp diệu dịu doan doanh du duẩn dung dũng duy duyên duyệt dư dược dương dưỡng đài đại đàn đan đang
    đào đạo đạt đăng đậu đệ điềm điền điệp điểu định đình đô đoan đoàn đông đồng đôn đức đường gia giang giao giáp
    giàu hà hạ hải hài hai hân hạnh hành hào hảo hằng hạo hậu hiên hiền hiển hiến hiệp hiếu hiệu hinh hoa hóa hòa
    hỏa hoài hoan hoàn hoàng hoạt hoạch hồ hội hồi hồng hợp huân huấn huế huệ hùng huy huyên huyền huỳnh hưng hương
    hường hướng hữu hỷ kha khả khải khang khánh khảm khiêm khiết khoa khoan khoát khoản khôi khuê khuyên khương kiên
    kiếm kiệm kiệt kiều kim kính ký kỳ kỷ lạc lai lam lài lãm lan lành lân lâm lập lê lễ lệ lịch liêm liên liễu liệu
    linh lĩnh loan loát lộc lợi long luân luận lụa lực lượng lưu lựu ly lý mai mạnh mão mẫn mận mây mén mi mị mỵ
    miên miền minh mơ mùi mừng muội mười my mỹ na nam nương nết nga ngà ngân nghi nghị nghĩa nghiêm ngoan ngọ ngọc
    ngôn nguyên nguyện nguyệt nhã nhạn nhàn nhân nhẫn nhất nhật nhi nhiên nhinh nhu nhung nhuận như nhượng nhựt niên
    ninh nở oanh phan phát phấn phi phong phú phúc phước phụng phương phượng quân quang quảng quán quế quí quốc quy
    quý quyên quyền quyết quỳnh sa sang sáng san sáu sâm sen sĩ siêu sinh sơn song sum sương sự tài tám tân tâm tấn
    tăng tần tây tế thạch thạc thái tham thành thanh thao thảo thạnh thăng thắm thắng thân thêm thêu thể thế thi thị
    thiên thiện thiết thìn thịnh thọ thoa thoại thoan thoáng thơ thơm thông thống thời thu thuần thuận thục thùy
    thủy thúy thụy thuyên thuyết thư thương thường thưởng thức ti tiên tiến tiệp tín tình tính tịnh tĩnh tí tị toại
    toàn toán toản tố tới trạch trâm trân trang trác tráng trà trí triết triển triều triệu trinh trình trọng trúc
    trung trường trực trương trưởng tú tuân tuấn tuệ tùng tuyên tuyến tuyền tuyết tư tứ tường tước tửu tỷ tý uy uyên
    út vàng vạn vân văn vận vi vĩ việt viên vinh vĩnh vũ vui vụ vương vượng vy vỹ xuân xuyên xuyến xinh ý yên yến
    bằng thiệu ty gái sửu tý tỵ mẹo rớt bửu thược
    năm bảy chín ba tèo tồ mít tôm cò lượm nhài tuất hợi dần vẹn đoái đượm nhường nhị khởi trụ chất thụ phận quắc
""")

# What stands where a name could stand and is none: verbs, particles, adverbs, roles, things. Checked as typed.
_NOT_NAMES = """
    tt hd hđ nt
    ấy này nay kia đó đấy nó ta mình tôi tớ bạn họ ai gì nào sao đâu mấy bao nhiêu ơi à ạ ừ ờ dạ vâng nhé nha nhen
    nghe nhe nè nhá hen luôn thôi rồi ròi rùi rôi roài chưa không ko k hông hem hok hổng chẳng chả đừng khỏi đã đang
    sẽ vừa mới sắp từng còn vẫn cứ cũng đều chỉ rất quá lắm hơi khá cực siêu thật thì là mà và với vs cùng hay hoặc
    nhưng nên vì do bởi tại nếu khi lúc để cho của từ đến tới qua sang về lên xuống ra vào trong ngoài trên dưới
    trước sau giữa bên cạnh gần xa ở theo như bằng hơn nhất được đc dc bị phải cần muốn định tính toan nhờ giúp hộ
    hỏi nói kêu bảo nhắn nhắc báo gọi alo chat trả lời gặp hẹn ghé đi đứng ngồi xem coi nhìn thấy biết hiểu nghĩ nhớ
    quên thích mê ưng yêu ghét chê khen phàn than phiền góp đánh chấm review mua bán lấy đặt chốt ký kí cọc ck
    chuyển khoản thanh đưa gửi gởi giao nhận lắp sửa hành đổi hủy huỷ hoãn dời tăng giảm bớt hết thiếu đủ có chứa
    dùng xài sử dụng làm mở đóng chạy bật tắt tìm kiếm tra cứu tạo thêm nhập lưu add ghi chú note tên sđt sdt đt dt
    số phone tel mail email gmail zalo zl fb face facebook tiktok web website google gg shopee hotline fanpage page
    inbox ib mess lead kh khách hàng cũ quen lẻ sỉ vip nóng ấm lạnh hot warm cold nguồn giới thiệu gt quan tâm nhu
    cầu mức độ sinh nhật sn tuổi t nhà phòng tầng căn q quận huyện phường xã tỉnh tp thành phố hn hcm sg đn chợ
    đường ngõ hẻm khu dự án cty công ty cửa shop tiệm quán xưởng kho thị đại lý dl chi nhánh showroom vp văn gara
    garage spa salon trường bệnh viện sạn ks resort villa giám đốc gđ kế toán kt chủ sếp trưởng phó vợ chồng con mẹ
    bố ba má em chị anh cô bác ông bà cháu nhân viên nv trợ thư kỹ thuật ktv tài xế máy tủ bàn ghế giường sofa bếp
    nồi chảo quạt điều hòa tivi ti vi xe ô oto gói bộ cái chiếc hộp thùng cây tấm cuộn cuốn lô đơn hợp đồng hđ giá
    bg mẫu sản phẩm sp dịch vụ dv tiền phí ship voucher phiếu kem son serum camera laptop điện đèn khóa kính gạch
    sơn thép gỗ vé tour combo set thẻ học tuyến nước loa pin vải áo quần giày dép túi balo sữa bánh trà cafe cà phê
    rượu bia gạo thịt cá tôm vàng nhẫn hồ sáng trưa chiều tối đêm hôm ngày tuần tháng năm giờ phút tiếng thứ mai mốt
    t2 t3 t4 t5 t6 t7 cn tết lễ đầu cuối nửa triệu tr tỷ nghìn ngàn củ vnd bận rảnh họp ok oke okie okela ý gật lắc
    chối im seen đọc vắng ốm khỏe mệt vui buồn giận bực hài lòng tốt xấu đẹp rẻ đắt mắc nhanh chậm trễ sớm muộn lâu
    to nhỏ lớn bé nữa lại tiếp tục ngay liền gấp khẩn dần xong hoàn tất hỏng hư lỗi vỡ móp rò kẹt kích ứng dị cân
    suy so sánh đối thủ duyệt quyết chờ đợi khất hứa dọn xây cưới đẻ đám ăn uống chơi du lịch tác tiềm năng vãng lai
    kênh thân thiết khác hồi nguyên toàn lần loại dòng hãng bản size màu cỡ kg lít mét cm m2 user gia đình chuyên
    cung cấp kinh doanh buôn walk in out today tomorrow yesterday next on at in by from for with and the is was has had wants
    want likes like said says asked asks bought paid complained will would interested about via through referred
    called calls again back new who whose how what when where why his her their our my your this that last please
    pls met meet call customer client company source number not can could should may maybe just already
"""
# Ordinary words that are names as well: after an honorific they are the name, as a second word they are not.
_EITHER = """
    thanh toan an tinh bao bảo dang hang hoi hen huy dat tien loi quan nhan hop hien van hong tin tu thang thu sang
    son may giao giang minh linh long lam ly hai nam ba bay tam chin chinh trinh sau năm bảy tám chín sáu tư vui mai
    hoa chi lan cam que nga tra khoa phong hung dung mo kim ngan anh em bich dong kinh thi bé út ban thơm sen vàng
    tính thành đạt tài hội sự ý quý hiền bình sinh nhân thiện hóa tới mười thân giáp vận văn hương yêu hồng toàn
    tiến thắng thuong hieu bong be vang tai su y quy ngon tiep nhat thuc ky khanh giau lien luon thuy chung trung
    bằng ty thiệu gái sửu
    dau thuan truong tuyen phu bang duyet doan cuc tham thông
"""

EITHER = _table(_EITHER)
NOT_NAMES = _table(_NOT_NAMES)

# What `co` (có) and `ba` (three) are followed by where they are no honorifics.
COUNTED = frozenset(phrases("hang, tin, nhu, the, loi, tien, hai, ba, tham, thang, tuan, nam"))

# Pairs that are ordinary words although each half could be a name, without marks above all.
PAIRS = frozenset(
    map(
        fold_letters,
        phrases("""
    quan tâm, báo giá, thanh toán, nhắn tin, hẹn gặp, đặt cọc, đặt hàng, hủy đơn, hợp đồng, nhu cầu, tư vấn,
    vẫn chưa, vẫn đang, vẫn còn, vẫn chờ, hàng mới, hàng về, bảo hành, bảo trì, bảo dưỡng, giao hàng, nhận hàng,
    lấy hàng, đi công, an toàn, tính tiền, thu tiền, trả tiền, đang cân, đang xem, đang cần, đang tìm, đang hỏi,
    đang bận, đang họp, đang đi, đang so, đang muốn, đang chờ, đang ở, đang dùng, đang xin, đang có, đang xây,
    đang quan, hiện tại, hiện đang, tin tưởng, thông tin, tham khảo, tham quan, dự án, công trình, kinh doanh,
    chi phí, chi tiết, chi nhánh, sản phẩm, dịch vụ, khách hàng, đánh giá, phản hồi, phàn nàn, khiếu nại, hài lòng,
    thái độ, nhân viên, kỹ thuật, từ fb, từ face, từ facebook, từ zalo, từ web, từ website, từ tiktok, từ google,
    từ shopee, từ hội, từ ads, từ chối, tự đến, tự tìm, tu van, sang năm, sang tuần, sang tháng, sang nhà, gia đình,
    gia hạn, hội chợ, hội thảo, sự kiện, cam kết, vân vân, lâm sàng, hoàn tiền, hoàn thành, trung tâm, trung bình,
    thời gian, thương lượng, thương hiệu, tiền cọc, tiền hàng, tín dụng, họp với, họp team, họp nội, hợp tác,
    nhận nhà, hỏng rồi, hồng sâm, hóa đơn, hóa chất, an ninh, văn phòng, phòng khách, phòng ngủ, hoa hồng,
    thành viên, toàn bộ, thư giãn, thứ hai, thứ ba, thứ tư, thứ năm, thứ sáu, thứ bảy, chúc mừng, số lượng, chất
    lượng, số liệu, quý này, quý một, quý hai, anh em, chị em,
    anh chị, bà con, cô chú, bao nhiêu, bao giờ, bao lâu, bao gồm, ban công, ban đầu, ban ngày, vân tay, năm nay,
    năm sau, năm ngoái, năm mới, ba tầng, hai bé, hai con, khoa học, phong thủy, phong tục, bình nóng, bình nước,
    bình gas, bình lọc, sơn nhà, sơn nước, xuân hè, quý sau, quý tới, quý khách, tính toán, tính năng, kim loại,
    kim cương, linh kiện, linh hoạt, danh sách, danh mục, định mức, định làm, định mua, lễ tân, chính sách,
    chính hãng, điện thoại, học viên, nha khoa, nha nghỉ, hải sản, trường học, cường độ, lợi nhuận, thắng cảnh,
    thành phố, thành công, đạt yêu, tiến độ, tiến hành, may mặc, may đo, may đồng, quyết định, dung tích, dung dịch,
    đồng ý, đồng hồ, đồng phục, nội thất, ngoại thất
"""),
    )
)

# Places that follow a name and are no part of it.
PLACES = frozenset(
    map(
        fold_letters,
        phrases("""
    hà nội, sài gòn, đà nẵng, hải phòng, cần thơ, bình dương, đồng nai, biên hòa, vũng tàu, nha trang, đà lạt,
    hạ long, quảng ninh, quảng nam, nghệ an, thanh hóa, hải dương, bắc ninh, bắc giang, hưng yên, nam định,
    thái bình, thái nguyên, phú thọ, vĩnh phúc, hà nam, ninh bình, hà tĩnh, quảng bình, quảng trị, bình định,
    quy nhơn, phú yên, khánh hòa, bình thuận, phan thiết, lâm đồng, đắk lắk, buôn ma thuột, gia lai, kon tum,
    tây ninh, bình phước, long an, tiền giang, mỹ tho, bến tre, vĩnh long, trà vinh, đồng tháp, an giang,
    long xuyên, kiên giang, rạch giá, phú quốc, hậu giang, sóc trăng, bạc liêu, cà mau, thủ đức, gò vấp, bình thạnh,
    tân bình, tân phú, phú nhuận, bình tân, bình chánh, nhà bè, hóc môn, củ chi, cầu giấy, đống đa, hai bà, ba đình,
    hoàn kiếm, hoàng mai, thanh xuân, long biên, hà đông, gia lâm, tây hồ, nam từ, bắc từ, thủ dầu, dĩ an, thuận an,
    phú mỹ, mỹ đình, linh đàm, huế, vinh, lào cai, sa pa, yên bái, lạng sơn, cao bằng, hòa bình, sơn la, điện biên,
    tuyên quang, hội an, tam kỳ, chợ lớn
"""),
    )
)

SYLLABLE = (
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|g|h|k|l|m|n|p|q|r|s|t|v|x)?"
    r"(?:uye|oai|oay|uay|uoi|uou|yeu|ieu|oeo|uya|uyu|oao|[aeiouy]{1,2})(?:ng|nh|ch|c|m|n|p|t)?"
)

# First halves of two-syllable given names: Quốc Bảo, Gia Hân, Bích Ngọc, Hoàng Anh.
STRONG_MIDDLE = _table("""
    quốc gia bích thị văn đình hữu thùy thúy cẩm diệu mỹ hoài tường nhật kim ngọc ánh như khánh xuân bảo thiên hoàng
    phương đức công trọng thế quang thanh hồng minh thu tuấn hải việt trung mạnh quỳnh trúc huyền yến vân lan mai hà
    bá sỹ tấn chí viết duy nguyên trường phúc linh tú trà tố hạ
""")
