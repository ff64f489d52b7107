"""One thing at a time for each person, and no more of one person than others can bear."""

import asyncio

from bot.lanes import Admission, FloodGate, Lanes


async def test_those_in_one_lane_go_in_the_order_in_which_they_came_and_others_do_not_wait() -> None:
    lanes, done = Lanes(), list[str]()
    free = asyncio.Event()

    async def go(key: str, name: str) -> None:
        async with lanes.turn(key):
            if name == "a1":
                await free.wait()
            done.append(name)

    tasks = [asyncio.create_task(go(name[0], name)) for name in ("a1", "a2", "b1", "a3")]
    await asyncio.sleep(0)
    assert lanes.waiting("a") == 3
    await tasks[2]
    assert done == ["b1"]
    free.set()
    await asyncio.gather(*tasks)
    assert done == ["b1", "a1", "a2", "a3"]
    assert (lanes.waiting("a"), lanes._lanes) == (0, {})


def come_in(gate: FloodGate, waiting: int, at: float) -> bool:
    return gate.admit("Lan", waiting, at) is Admission.COME_IN


def test_a_quick_person_is_never_turned_away() -> None:
    gate = FloodGate()
    assert all(come_in(gate, 0, at / 200) for at in range(5000))  # as fast as one answer follows the other
    assert all(come_in(gate, waiting, 30.0) for waiting in range(100))  # a hundred messages forwarded at once
    assert gate._floods.keys() == {"Lan"}
    assert come_in(gate, 0, 60)
    assert not gate._floods


def test_a_flooder_is_told_once_and_gets_in_slowly_until_it_is_quiet() -> None:
    gate = FloodGate()
    first = [gate.admit("Lan", min(number, 90), 0.0) for number in range(1000)]
    assert first.count(Admission.COME_IN) == FloodGate.PILE + FloodGate.ALLOWANCE
    assert first.count(Admission.TELL) == 1
    slow = [gate.admit("Lan", 0, number / 100) for number in range(1000)]  # on and on, though nobody waits
    assert 40 <= slow.count(Admission.COME_IN) <= 51
    assert Admission.TELL not in slow
    assert gate.admit("Hùng", 0, 10.0) is Admission.COME_IN
    assert come_in(gate, 0, 10.0 + FloodGate.ALLOWANCE / FloodGate.PER_SECOND)
    assert gate.admit("Lan", 0, 41.0) is Admission.COME_IN
    assert not gate._floods
