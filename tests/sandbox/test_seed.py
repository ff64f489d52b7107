"""What the sandbox begins with: weeks of work that the product itself has understood, and little that waits today."""

import re
from datetime import datetime, timedelta

import pytest

from bot.clock import WoundClock
from bot.conversation import Answer, Conversation
from bot.domain.delivery import Delivery
from bot.handlers.routes import ROUTES
from bot.messages import Incoming, Peer, Reply
from bot.pushes import push_due
from bot.sandbox.history import HISTORY, MINH, TRANG
from bot.sandbox.seed import ORG, OWNER_ID, seed
from bot.storage.store import SqlStore

MONDAY = datetime.fromisoformat("2026-11-23T08:45:00+07:00")
FRIDAY = datetime.fromisoformat("2027-02-26T08:45:00+07:00")


class Remembering(Conversation):
    """A conversation that remembers what it was told and what it answered."""

    turns: list[tuple[Incoming, Answer]]

    async def turn(self, incoming: Incoming) -> Answer:
        answer = await super().turn(incoming)
        self.turns.append((incoming, answer))
        return answer


@pytest.fixture(params=[MONDAY, FRIDAY])
def clock(request: pytest.FixtureRequest) -> WoundClock:
    return WoundClock(request.param)


@pytest.fixture
def conversation(store: SqlStore, clock: WoundClock) -> Remembering:
    remembering = Remembering(store, ROUTES, clock, org=ORG, locale="vi", timezone="Asia/Ho_Chi_Minh")
    remembering.turns = []
    return remembering


def words(deliveries: list[Delivery]) -> str:
    texts = "\n".join(str(Reply.from_record(delivery.payload).text) for delivery in deliveries)
    return re.sub(r"<[^>]+>", "", texts).replace("\N{NO-BREAK SPACE}", " ")


async def asks(conversation: Conversation, who: int, text: str) -> str:
    answer = await conversation.turn(Incoming(f"{who}{text}", Peer("telegram", str(who), str(who)), text))
    return words(list(answer.deliveries))


async def test_seven_weeks_are_told_and_shown(store: SqlStore, clock: WoundClock, conversation: Remembering) -> None:
    began = clock.now()
    await seed(store, conversation, clock)
    assert clock.now() - began < timedelta(minutes=1)
    assert await push_due(store, clock.now(), conversation.translator, ORG) == 0, "the past rings nobody's phone"

    for incoming, answer in conversation.turns:
        said = words(list(answer.deliveries))
        assert said, f"{incoming.text or incoming.choice}: {answer.toast}"
        assert not re.search("Xin lỗi|Tạo khách mới nhé|Bản ghi nháp|Anh/chị muốn", said), (incoming.text, said)
    typed = {incoming.text for incoming, _ in conversation.turns} - {""}
    assert typed == {said for *_, said in HISTORY if "{" not in said}

    week = await asks(conversation, OWNER_ID, "/tuan truoc")
    assert re.search(r"Doanh thu \d+(,\d)? tr", week), week
    assert re.search(r"Việc đúng hẹn \d+/\d+", week), week
    month = await asks(conversation, OWNER_ID, "/thang truoc")
    assert re.search(r"mất [1-9]", month), month

    for rep in (MINH, TRANG):
        today = await asks(conversation, rep, "/homnay")
        customers = re.search(r"(\d+) khách cần liên hệ", today)
        assert (int(customers[1]) if customers else 1) <= 6, today
