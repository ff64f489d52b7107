"""A small team and a week of its work, told in its own messages, so that a newcomer meets people and not an empty list."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import WoundClock
from bot.conversation import Conversation
from bot.domain.calendar import next_digest
from bot.domain.people import Role
from bot.domain.repositories import Store
from bot.messages import Incoming, Peer

ORG = "Máy lọc nước Suối Xanh"
OWNER_ID = 1001


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with a phone on the sandbox page; without a role, a person of the street."""

    user_id: int
    name: str
    role: Role | None
    about: str


PLAYERS = (
    Player(1002, "Minh", Role.REP, "nhân viên bán hàng"),
    Player(1003, "Trang", Role.REP, "nhân viên bán hàng"),
    Player(OWNER_ID, "Hạnh", Role.OWNER, "chủ doanh nghiệp"),
    Player(1004, "Ngọc Lan", None, "khách, không thuộc nhóm"),
)

# (days ago, hour, minute, who, what they wrote)
WEEK = (
    (7, 9, 5, 1002, "Khách mới anh Tuấn 0903 555 210, FB, quan tâm máy lọc RO 10 lõi, ấm"),
    (7, 10, 30, 1002, "KH mới chị Hồng Nhung sđt 0987 555 321, nguồn Zalo, quan tâm máy lọc để bàn, nóng"),
    (7, 11, 0, 1003, "Thêm khách cô Bích Ngọc 0919 555 777 từ TikTok, quan tâm vòi lọc, ấm"),
    (6, 9, 20, 1003, "khách mới anh Dũng 0399 555 999, bà con chị Liên giới thiệu, cần máy nước nóng, nóng"),
    (6, 14, 10, 1002, "Chị Hồng Nhung chốt máy lọc để bàn 4tr9"),
    (5, 10, 0, 1002, "Anh Tuấn bảo đang cân nhắc bên đối thủ"),
    (5, 15, 45, 1003, "Anh Dũng chốt máy nước nóng 6tr2"),
    (4, 9, 40, 1002, "KH mới cty TNHH An Phát, 028 3812 3456, gặp ở hội chợ, quan tâm máy lọc công nghiệp, lạnh"),
    (4, 16, 5, 1003, "bác Sáu 0765 555 198 khách vãng lai ghé cửa hàng, quan tâm lõi lọc"),
    (3, 8, 50, 1002, "Khách mới chú Tư 0907 555 321 do chị Hồng Nhung giới thiệu, cần máy bơm tăng áp, nóng"),
    (3, 13, 30, 1003, "Cô Bích Ngọc xin báo giá vòi lọc, nóng"),
    (2, 11, 15, 1002, "Chị Hồng Nhung khen máy chạy êm, nước ngon"),
    (2, 17, 0, 1003, "Anh Dũng phàn nàn thợ lắp trễ 1 ngày"),
    (1, 9, 30, 1002, "Anh Tuấn xin demo máy RO 10 lõi, mai gọi lại"),
    (1, 10, 20, 1003, "Bác Sáu hẹn mai ghé lấy lõi lọc"),
    (1, 15, 0, 1002, "cty An Phát gửi thêm thông tin, 2 ngày nữa gửi báo giá"),
)


async def seed(store: Store, conversation: Conversation, clock: WoundClock) -> None:
    """Fill an empty store with the team and its last seven days; the clock ends where it began."""
    now = clock.now()
    await _hire(store, conversation, now)
    for number, (days, hour, minute, who, words) in enumerate(WEEK):
        zone = conversation.translator().zone
        clock.wind_to(datetime.combine(now.astimezone(zone).date() - timedelta(days=days), time(hour, minute), zone))
        peer = Peer("telegram", str(who), str(who))
        answer = await conversation.turn(Incoming(f"seed:{number}", peer, words))
        await store.ledger.sent([(delivery.id, "") for delivery in answer.deliveries], clock.now())
    clock.wind_to(now)


async def _hire(store: Store, conversation: Conversation, now: datetime) -> None:
    t = conversation.translator()
    async with store.begin() as uow:
        for player in PLAYERS:
            if player.role is None or await uow.members.by_identity("telegram", str(player.user_id)):
                continue
            member = await uow.members.add(player.name, player.role, t.locale, t.zone.key, now)
            await uow.members.update(member, next_digest_at=next_digest(member, now))
            await uow.members.link(member.id, "telegram", str(player.user_id), str(player.user_id))
        await uow.commit()
