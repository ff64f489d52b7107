"""kill -9 between any two steps: nothing acknowledged is lost, nothing is done twice, and repeats stay within rule 3."""

import asyncio

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.program import answers, webhook_settings
from tests.e2e.storm import Storm

# Which step, and at which passing of it the program dies.
DEATHS = (
    ("after a commit", 30),
    ("before a commit", 25),
    ("after a call", 25),
    ("before a call", 30),
    ("before an arrival is reported", 3),
    ("after an arrival is reported", 4),
    ("before updates are confirmed", 1),
    ("after pushes are queued", 1),
    ("after a claim", 1),
    ("after a fence", 4),
)


async def test_death_at_any_step_loses_nothing_and_doubles_nothing(launch: Launch) -> None:
    storm = Storm(launch())
    for number, (step, countdown) in enumerate(DEATHS):
        if number:
            storm.make_due(12)
        await storm.life(step, countdown)
    await storm.calm()
    books = storm.books()
    assert (books.said, books.missing, books.doubled, books.unanswered, books.lost_pushes) == (400, 0, 0, 0, 0), books
    assert books.pushes >= 60, books
    # Nobody can know of those whether they arrived: they come again, and say so. Of all others, nothing does.
    assert books.repeated_pushes <= books.pushes_under_way, books
    assert books.repeated_answers <= books.answers_under_way, books
    assert books.unmarked == 0, books


@pytest.mark.parametrize("updates", ["polling", "webhook"])
async def test_sigterm_with_fifty_in_flight_loses_and_cancels_nothing(launch: Launch, updates: str) -> None:
    program = launch(range(2000, 2050), **(webhook_settings() if updates == "webhook" else {}))
    chats = program.api.chats
    program.start()
    await program.until_listening()
    for person in program.owners:
        chats.say(person, f"Khách mới chị Lan 0912 34 {person}")
    await chats.until(lambda: any(answers(chats, person) for person in program.owners))
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await program.end() == 0
    assert loop.time() - began < 15
    stored = program.customers_by_phone()
    told = [person for person in program.owners if answers(chats, person)]
    assert len(told) == len(stored) > 0  # who was taken in was answered, and the others come with the next life
    assert program.select("SELECT count(*) FROM outbox WHERE state != 'sent'") == [(0,)]
    assert "Traceback" not in program.log
    program.start()
    await program.until_listening()
    await chats.until(lambda: all(answers(chats, person) for person in program.owners))
    assert await program.end() == 0
    assert sorted(program.customers_by_phone().values()) == [1] * 50
    assert [len(answers(chats, person)) for person in program.owners] == [1] * 50
