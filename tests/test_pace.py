"""How fast a channel is written to: measured by a clock that jumps to whatever is waited for, so that no load can spoil it."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from bot import pace as pace_module
from bot.pace import A_MINUTE_TO_A_GROUP, CHAT_GAP, PER_SECOND, Pace

GROUP = "-100"
Run = Callable[[Coroutine[Any, Any, None]], None]


class Jumping(selectors.DefaultSelector):
    """Instead of waiting lets the time pass at once."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        """What is ready; none of it is waited for."""
        self.now += timeout or 0.0
        return super().select(0)

    def monotonic(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a coroutine in such a time."""
    jumping = Jumping()

    class Loop(asyncio.SelectorEventLoop):
        def time(self) -> float:
            return jumping.now

    monkeypatch.setattr(pace_module, "time", jumping)
    with asyncio.Runner(loop_factory=lambda: Loop(jumping)) as runner:
        yield runner.run


def now() -> float:
    return asyncio.get_running_loop().time()


async def moments(*waiting: Coroutine[Any, Any, None]) -> list[float]:
    """When each was through, counted from now."""
    began = now()

    async def moment(one: Coroutine[Any, Any, None]) -> float:
        await one
        return now() - began

    return sorted(await asyncio.gather(*map(moment, waiting)))


def test_many_go_at_the_pace_and_never_faster(run: Run) -> None:
    async def many() -> None:
        pace = Pace()
        sent = await moments(*(pace.slot(str(chat)) for chat in range(200)))
        assert max(sum(start <= one < start + 1 for one in sent) for start in sent) <= PER_SECOND + 1
        assert len(sent) / sent[-1] >= PER_SECOND - 1

    run(many())


def test_one_chat_gets_one_unasked_message_a_second(run: Run) -> None:
    async def chatting() -> None:
        pace, began = Pace(), now()
        for _ in range(3):
            await pace.slot("1")
        assert now() - began >= 2 * CHAT_GAP
        assert (await moments(pace.slot("2")))[0] < CHAT_GAP

    run(chatting())


def test_answers_do_not_wait_but_what_is_due_makes_room_for_them(run: Run) -> None:
    async def answering() -> None:
        pace = Pace()
        assert await moments(*(pace.answer("1") for _ in range(10))) == [0.0] * 10
        assert (await moments(pace.slot("2")))[0] >= 9 / PER_SECOND

    run(answering())


def test_slow_down_stops_both(run: Run) -> None:
    async def braking() -> None:
        pace = Pace()
        pace.brake(30)
        assert min(await moments(pace.answer("1"), pace.slot("2"))) >= 30

    run(braking())


def test_twenty_a_minute_go_to_a_group_whatever_they_are(run: Run) -> None:
    """Answers too: a group's 429 would silence the bot for everybody."""

    async def answering() -> None:
        pace = Pace()
        assert await moments(*(pace.answer(GROUP) for _ in range(A_MINUTE_TO_A_GROUP))) == [0.0] * A_MINUTE_TO_A_GROUP
        assert await moments(pace.answer("-200"), pace.answer("1001")) == [0.0, 0.0]
        assert (await moments(pace.answer(GROUP)))[0] >= 60
        other = Pace()
        for _ in range(A_MINUTE_TO_A_GROUP):
            await other.answer(GROUP)
        assert (await moments(other.slot(GROUP)))[0] >= 60

    run(answering())
