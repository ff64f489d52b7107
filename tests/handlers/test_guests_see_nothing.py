"""A customer never reaches a member's view: every command, button, form and link of the members, tried by a customer and by a
stranger, shows and changes nothing (ROUTES decides what there is to try)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.mailroom import Address
from bot.handlers.guests.start import START_PAYLOADS
from bot.handlers.routes import ROUTES
from bot.storage import tables
from bot.storage.store import SqlStore
from tests.chat import Company, Person
from tests.handlers.routes_tried import COMMANDS
from tests.handlers.test_access import Scene, a_busy_company, revealed, samples
from tests.handlers.work import knows, member_of

APOLOGY = "hệ thống vừa trục trặc"
# What a guest's own words may add to, and nothing else.
OF_THEIR_OWN = ("inbox", "outbox", "questions", "guesses", "spellings", "known_stamps")


@pytest.fixture
async def scene(company: Company) -> Scene:
    return await a_busy_company(company)


async def a_customer(scene: Scene) -> Person:
    """A customer of Hà's own colleague, so that Hà's secrets are nobody's of theirs."""
    person = scene.company.meets("Ngọc Lan")
    await scene.company.links(person, await knows(scene.colleague, "Lan", phone="+84901000222"))
    return person


async def a_stranger(scene: Scene) -> Person:
    return scene.company.meets("Người lạ")


async def tables_but_their_own(scene: Scene) -> dict[str, set[str]]:
    assert isinstance(scene.company.store, SqlStore)
    async with scene.company.store._engines.reading() as sql:
        return {
            table.name: {repr(row) for row in await sql.rows(select(table))}
            for table in tables.metadata.sorted_tables
            if table.name not in OF_THEIR_OWN
        }


async def said_to(scene: Scene, person: Person) -> str:
    assert isinstance(scene.company.store, SqlStore)
    async with scene.company.store._engines.reading() as sql:
        rows = await sql.rows(select(tables.outbox.c.payload).where(tables.outbox.c.chat_id == person.user_id))
    return json.dumps([row.payload for row in rows], ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


def test_no_verb_or_question_of_the_guests_is_a_members() -> None:
    assert not ROUTES.choices.keys() & ROUTES.guests.choices.keys()
    assert not ROUTES.questions.keys() & ROUTES.guests.questions.keys()
    assert all(verb.startswith("g.") for verb in ROUTES.guests.choices)
    members = {*ROUTES.choices.values(), *ROUTES.questions.values(), *(command.handler for command in ROUTES.commands)}
    guests = (ROUTES.guests.commands, ROUTES.guests.choices, ROUTES.guests.questions)
    assert not members & {handler for routes in guests for handler in routes.values()}


@pytest.mark.parametrize("somebody", [a_customer, a_stranger])
async def test_no_button_or_command_of_the_members_does_anything(scene: Scene, somebody: Any) -> None:
    person = await somebody(scene)
    await scene.company.delivers_pushes()
    before = await tables_but_their_own(scene)
    ids = {**scene.ids, "own_draft": 1, "me": 999}
    for sample in samples(ids):
        if sample.route == "/batdau":
            continue  # a first word: it makes a lead
        if sample.is_choice:
            await person.taps_old("x:1", sample.asked)
        else:
            await person.says(sample.asked)
        assert APOLOGY not in person.reads(), sample
    assert await tables_but_their_own(scene) == before
    assert revealed(await said_to(scene, person), "") == []


@pytest.mark.parametrize("somebody", [a_customer, a_stranger])
async def test_no_form_of_the_members_takes_their_words(scene: Scene, somebody: Any) -> None:
    person = await somebody(scene)
    here = Address("telegram", person.user_id)
    await person.says("xin chào")
    for question in (*ROUTES.questions, *ROUTES.passing):
        async with scene.company.store.begin() as uow:
            forged = {"customer": scene.ids["customer"], "sale": scene.ids["sale"], "draft": scene.ids["draft"]}
            await uow.questions.ask(here, question, forged, scene.company.clock.now())
            await uow.commit()
        await person.says("xin chào")
        assert APOLOGY not in person.reads(), question
    assert revealed(await said_to(scene, person), "") == []
    async with scene.company.store.read() as uow:
        entries, _ = await uow.timeline.page(member_of(scene.ha), scene.ids["customer"], 50)
    assert not [entry for entry in entries if entry.text == "xin chào"]


@pytest.mark.parametrize("somebody", [a_customer, a_stranger])
async def test_no_link_opens_a_members_view(scene: Scene, somebody: Any) -> None:
    person = await somebody(scene)
    views = [one.split(maxsplit=1)[0].strip("/") for all_ in COMMANDS.values() for one in all_]
    forged = [f"{prefix}{wrong}" for prefix in START_PAYLOADS for wrong in ("", "1", "a" * 43, "../1", "²", "%00")]
    for payload in (*views, *forged, f"customer_{scene.ids['customer']}", "join_a", "homnay", scene.ids["code"]):
        await person.says(f"/start {payload}")
        assert APOLOGY not in person.reads(), payload
    assert revealed(await said_to(scene, person), "") == []


@pytest.mark.parametrize("somebody", [a_customer, a_stranger])
async def test_no_button_of_the_guests_reaches_somebody_elses_things(scene: Scene, somebody: Any) -> None:
    person = await somebody(scene)
    for verb in ROUTES.guests.choices:
        for odd in (
            "",
            ":1",
            ":0",
            ":²",
            ":1:1",
            f":{scene.ids['customer']}:1",
            f":{scene.ids['entry']}",
            ":1:5:x",
            ":99999999999",
        ):
            await person.taps_old("x:1", verb + odd)
            assert APOLOGY not in person.reads(), verb + odd
    assert revealed(await said_to(scene, person), "") == []
