"""Every route, tried by everybody whom it is not for: nothing of the customer is shown, nothing changes, and the words are those of
"not found" (RELIABILITY S10-S13). A route without a sample fails."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.consent import Purpose, RequestKind
from bot.domain.delivery import DeliveryState
from bot.domain.followups import When
from bot.domain.invites import NewInvite, new_secrets
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.referrals import NewReward
from bot.domain.rights import new_request
from bot.domain.tickets import NewTicket, TicketKind
from bot.domain.timeline import InteractionKind, StoredFile
from bot.domain.vocabulary import NewWord, WordKind
from bot.handlers.routes import LEADS, ROUTES
from bot.storage import tables
from bot.storage.guest_tables import contacts
from bot.storage.store import SqlStore
from bot.views import problems
from bot.views.reminders import stamp
from tests.chat import GROUP, MONDAY, Company, Person
from tests.handlers import routes_tried as tried
from tests.handlers.test_audit import joins
from tests.handlers.test_ledger import owes
from tests.handlers.work import knows, member_of, promises, sells

APOLOGY = "hệ thống vừa trục trặc"
# What only Hà, who leads her, and the owner may read.
PHONES = ("0977123456", "0977 123 456", "+84977123456")
SECRETS = (
    *PHONES,
    *("Ngọc Thoa", "Hải Âu", "37.450.000", "37450000", "Kim Cương"),
    *("sợ trễ hẹn", "anh-bi-mat", "cô Bé Na", "Thủy Tiên", "Sáu Lèo", "bàn giá riêng", "Nhắc Hà"),
)
REFUSED = (
    *(problems.PROBLEMS[name] for name in problems.PROBLEMS if name.endswith("not_found")),
    *(problems.PROBLEMS[name] for name in ("old_button", "unknown_command", "not_in_a_group", "managers_only")),
    "This invitation has been used or withdrawn already.",
)
# So many tries, then the tables are compared: after each of them would take three times as long.
LOOKED_AT_ONCE = 20
# The business: what nobody's forgery may touch.
TABLES = (
    *(
        "customers",
        "sales",
        "interactions",
        "followups",
        "stage_moves",
        "actions",
        "own_words",
        "members",
        "invites",
        "teams",
    ),
    *("tickets", "targets", "handovers", "handover_customers", "group_chats", "drafts", "data_requests"),
)


@dataclass
class Scene:
    """A company in which there is something of every kind, and who is in it."""

    company: Company
    boss: Person
    lead: Person
    ha: Person
    colleague: Person
    other_lead: Person
    other_rep: Person
    ids: dict[str, Any]

    @property
    def insiders(self) -> tuple[Person, ...]:
        """Who may read of Hà's customers."""
        return (self.boss, self.lead, self.ha)


async def a_busy_company(company: Company) -> Scene:
    boss, lead, ha = (
        await company.hires("Bảo", Role.OWNER),
        await company.hires("Hoài", Role.MANAGER),
        await company.hires("Hà"),
    )
    colleague, other_lead = await company.hires("Minh"), await company.hires("Quân", Role.MANAGER)
    other_rep = await company.hires("Trang")
    await joins(company, lead, ha, colleague)
    await joins(company, other_lead, other_rep)
    now = company.clock.now()
    thoa = await knows(ha, "Ngọc Thoa", phone="+84977123456", note="bàn giá riêng")
    passed_on = await knows(lead, "Thủy Tiên", phone="+84966222333")
    await promises(lead, passed_on, "gọi lại", When(MONDAY.date()))
    await boss.taps_old("x:1", f"handover.start:{member_of(lead).id}:{member_of(ha).id}")
    await company.delivers_pushes()
    call = await promises(ha, thoa, "gọi lại vì sợ trễ hẹn", When(MONDAY.date()))
    await sells(ha, passed_on, "gói Thường", 1_100_000)
    sale = await sells(ha, thoa, "gói Kim Cương", 37_450_000)
    await ha.says("anh Sáu Lèo thích màu xanh")  # nobody she knows: kept as a draft
    file, given_out = StoredFile("telegram", "anh-bi-mat", "photo", "anh-bi-mat.jpg"), new_secrets()
    async with company.store.begin() as uow:
        who = member_of(ha)
        thoa = await uow.customers.update(await uow.customers.get(who, thoa.id), company="Hải Âu")
        entry = await uow.timeline.add(who, thoa.id, InteractionKind.FILE, "bàn giá riêng", now, file=file)
        action = await uow.actions.record(who, thoa.id, now)
        word = await uow.vocabulary.learn(who, NewWord(WordKind.CUSTOMER, "cô Bé Na", thoa.name, thoa.id), shared=False)
        invite = await uow.invites.add(
            NewInvite(member_of(boss).id, now, now.replace(day=30), Role.REP, who.team_id), given_out
        )
        matter = NewTicket(thoa.id, TicketKind.COMPLAINT, who.id, "bàn giá riêng", now, now.replace(day=30), entry.id)
        ticket = await uow.tickets.add(matter)
        ticket = await uow.tickets.update(ticket, asked_solution="bàn giá riêng", asked_cost_vnd=500_000)
        steps = list(await uow.followups.of_sale(who, sale.id))
        request, _ = await uow.requests.add(new_request(thoa.id, RequestKind.SEE, now, who.zone))
        reward = await uow.referrals.earn(NewReward(thoa.id, thoa.id, now))
        await uow.consents.give(thoa.id, Purpose.TESTIMONIAL, "telegram", "Em chia sẻ nhé?", "tapped", now)
        await uow.testimonials.keep(thoa.id, None, "bàn giá riêng, rất hài lòng", now)
        await uow.commit()
    delivery = await owes(company, ha, DeliveryState.FAILED, "refused: 400")
    assert isinstance(company.store, SqlStore)
    async with company.store._engines.writing() as sql:
        await sql.change(insert(tables.targets).values(member_id=who.id, measure="revenue", value=37_450_000))
        here = {"channel": "telegram", "chat_id": f"-100:{GROUP}", "title": GROUP, "team_id": who.team_id}
        await sql.change(insert(tables.group_chats).values(**here, linked_by=member_of(lead).id, linked_at=now))
        draft = await sql.scalar(select(tables.drafts.c.id).where(tables.drafts.c.chat_id == ha.user_id))
        handover = await sql.scalar(select(tables.handovers.c.id))
        await sql.commit()
    assert draft
    assert handover
    assert reward
    ids = {
        "customer": thoa.id,
        "code": thoa.code,
        "sale": sale.id,
        "followup": call.id,
        "stamp": stamp(call),
        "entry": entry.id,
    }
    ids |= {
        "action": action.id,
        "word": word.id,
        "invite": invite.id,
        "team": who.team_id,
        "member": who.id,
        "draft": draft,
        "ticket": ticket.id,
        "stamp_asked": ticket.asked_stamp,
        "reward": reward.id,
    }
    ids |= {"request": request.id, "delivery": delivery, "handover": handover, "colleague": member_of(colleague).id}
    ticked = [step for step in steps if step.checklist is not None]
    ids |= {"step": ticked[0].id, "call_step": ticked[-1].id}
    return Scene(company, boss, lead, ha, colleague, other_lead, other_rep, ids)


# Whom it is not for ---------------------------------------------------------------------------------------------------


async def a_colleague(scene: Scene) -> Person:
    return scene.colleague


async def a_rep_of_another_team(scene: Scene) -> Person:
    return scene.other_rep


async def a_manager_of_another_team(scene: Scene) -> Person:
    return scene.other_lead


async def the_manager_who_is_one_no_more(scene: Scene) -> Person:
    """With Hà's customer as the last one talked about, and a form about her open."""
    for data in ("customer.open:{customer}", "note.ask:{customer}"):
        await scene.lead.taps_old("x:1", data.format_map(scene.ids))
        scene.lead.sees("Ngọc Thoa")
    await changes(scene, scene.lead, role=Role.REP)
    scene.lead.member = replace(member_of(scene.lead), role=Role.REP)
    return scene.lead


async def hà_after_she_left(scene: Scene) -> Person:
    """In the middle of a form."""
    await scene.ha.taps_old("x:1", "note.ask:{customer}".format_map(scene.ids))
    await changes(scene, scene.ha, active=False)
    return scene.ha


async def a_stranger(scene: Scene) -> Person:
    return scene.company.meets("Người lạ")


async def changes(scene: Scene, person: Person, **how: Any) -> None:
    async with scene.company.store.begin() as uow:
        await uow.members.update(await uow.members.get(member_of(person).id), **how)
        await uow.commit()


WRONG = (
    a_colleague,
    a_rep_of_another_team,
    a_manager_of_another_team,
    the_manager_who_is_one_no_more,
    hà_after_she_left,
    a_stranger,
)
GUESTS = (hà_after_she_left, a_stranger)


# Conversations of those who manage; a list of people is empty for whom it is not for, and an invitation to oneself is anybody's.
MANAGEMENT = ("assign", "audit", "company", "group", "handover", "pipeline", "requests", "team", "teams")
IS_EMPTY = ("report.page", "report.who")


# What is looked at ----------------------------------------------------------------------------------------------------


async def dumped(scene: Scene, but_of: Person | None) -> dict[str, set[str]]:
    """All rows of the business but a person's own: themselves, their customers and what is about those, words, drafts, invitations."""
    assert isinstance(scene.company.store, SqlStore)
    me = (but_of.member.id if but_of.member else -1, but_of.user_id) if but_of else ()
    dump: dict[str, set[str]] = {}
    async with scene.company.store._engines.reading() as sql:
        guests = {
            row.customer_id for row in await sql.rows(select(contacts.c.customer_id))
        }  # they wrote, and are leads of their own
        owners = {row.id: row.owner_id for row in await sql.rows(select(tables.customers))}
        for name in TABLES:
            rows = await sql.rows(select(tables.metadata.tables[name]))
            of_guests = [
                repr(row)
                for row in rows
                if getattr(row, "customer_id" if name != "customers" else "id", None) in guests
            ]
            dump[name] = {repr(row) for row in rows if _whose(name, row, owners) not in me}.difference(of_guests)
    return dump


def _whose(name: str, row: Any, owners: dict[int, int]) -> object:
    match name:
        case "members":
            return row.id
        case "drafts":
            return row.chat_id
        case "own_words":
            return row.member_id
        case "invites":
            return row.created_by
        case "customers":
            return row.owner_id
        case "actions" if row.customer_id is None:
            return row.member_id
        case "sales" | "interactions" | "followups" | "stage_moves" | "actions":
            return owners.get(row.customer_id)
    return None


async def delivered(scene: Scene, since: int, to_insiders: bool = False) -> tuple[str, int]:
    """All that went to anybody who may not read of Hà's customers after that row of the outbox; and the last row."""
    assert isinstance(scene.company.store, SqlStore)
    inside = {person.user_id for person in scene.insiders} if not to_insiders else set()
    async with scene.company.store._engines.reading() as sql:
        rows = await sql.rows(select(tables.outbox).where(tables.outbox.c.id > since).order_by(tables.outbox.c.id))
    said = [json.dumps(row.payload, ensure_ascii=False) for row in rows if row.chat_id not in inside]
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " "), rows[-1].id if rows else since


def revealed(said: str, asked: str) -> list[str]:
    """The secrets in it, but for what the person typed themselves."""
    typed = {*PHONES, asked} if PHONES[0] in asked else {asked}
    return [secret for secret in SECRETS if secret in said and not any(secret in one for one in typed)]


def is_refused(person: Person) -> bool:
    t = person.company.conversation.translator(person.member)
    sentences = {t(sentence).striptags() for sentence in REFUSED}
    return person.reads().strip() in sentences


def for_managers(name: str) -> bool:
    """Whether only owners and managers have it: a command by its roles, a button by the conversation it belongs to."""
    if name.startswith("/"):
        return next(command for command in ROUTES.commands if f"/{command.vi}" == name).roles == LEADS
    return name.split(".")[0] in MANAGEMENT


@dataclass(frozen=True)
class Sample:
    """One thing to try: `route` as ROUTES name it; `about_theirs`: it names something of somebody else's by its number."""

    route: str
    asked: str
    about_theirs: bool
    is_choice: bool = False


def samples(ids: dict[str, Any]) -> list[Sample]:
    commands = [(name, one, False) for name, all_ in tried.COMMANDS.items() for one in all_]
    choices = [(name, one, True) for name, all_ in tried.CHOICES.items() for one in all_]
    return [
        Sample(name, one.format_map(ids), is_choice and "{" in one, is_choice)
        for name, one, is_choice in choices + commands
    ]


# The tests ------------------------------------------------------------------------------------------------------------


def test_every_route_has_a_sample() -> None:
    assert {f"/{command.vi}" for command in ROUTES.commands} == tried.COMMANDS.keys()
    assert ROUTES.choices.keys() == tried.CHOICES.keys()
    assert ROUTES.questions.keys() == tried.QUESTIONS.keys()
    assert not [name for name, all_ in (tried.COMMANDS | tried.CHOICES).items() if not all_]


@pytest.fixture
async def scene(company: Company) -> Scene:
    return await a_busy_company(company)


async def test_whom_it_is_for_is_not_refused(scene: Scene) -> None:
    """The samples are real: one with a wrong number would show nothing to anybody."""
    shown = {
        "customer.open": "Ngọc Thoa",
        "checklist.show": "Kim Cương",
        "files": "bàn giá riêng",
        "timeline": "bàn giá riêng",
        "ticket.open": "bàn giá riêng",
    }
    shown |= {"entry": "bàn giá riêng", "due.open": "Ngọc Thoa", "due.customer": "Ngọc Thoa", "fix": "Ngọc Thoa"}
    for route, secret in shown.items():
        for asked in tried.CHOICES[route]:
            await scene.ha.taps_old("x:1", asked.format_map(scene.ids))
            scene.ha.sees(secret)
    for route in ("team.member", "audit.page", "audit.resend", "handover.from", "handover.briefs", "teams.of"):
        for asked in tried.CHOICES[route]:
            await scene.boss.taps_old("x:1", asked.format_map(scene.ids))
            assert not is_refused(scene.boss), asked


@pytest.mark.parametrize("somebody", WRONG)
async def test_no_route_shows_or_changes_what_is_another_persons(scene: Scene, somebody: Any) -> None:
    wrong = await somebody(scene)
    is_guest = somebody in GUESTS
    me = None if is_guest else wrong
    async with scene.company.store.begin() as uow:
        own_draft = await uow.drafts.keep(Address("telegram", wrong.user_id), {"text": "thích màu xanh"}, MONDAY)
        await uow.commit()
    ids = {**scene.ids, "own_draft": own_draft, "me": wrong.member.id if wrong.member else 999}
    before = await dumped(scene, me)
    _, last = await delivered(scene, 0)
    everything = samples(ids)

    typed, since_dumped = "", list[str]()

    async def look(asked: str, *, last_of_all: bool = False) -> None:
        nonlocal last, typed
        typed += asked  # a number that they typed comes back in their own drafts
        since_dumped.append(asked)
        said, last = await delivered(
            scene, last, to_insiders=somebody in (hà_after_she_left, the_manager_who_is_one_no_more)
        )
        said += wrong.toast
        assert not revealed(said, typed), f"{asked}: {revealed(said, typed)} in\n{said}"
        assert APOLOGY not in said, asked
        if last_of_all or len(since_dumped) >= LOOKED_AT_ONCE:
            now = await dumped(scene, me)
            changed = [(name, now[name] ^ before[name]) for name in now if now[name] != before[name]]
            assert not changed, f"one of {since_dumped}: {changed}"
            since_dumped.clear()

    for sample in everything:
        await (wrong.taps_old("x:1", sample.asked) if sample.is_choice else wrong.says(sample.asked))
        await look(sample.asked)
        is_rep = not is_guest and somebody is not a_manager_of_another_team
        if (
            not is_guest
            and sample.route not in IS_EMPTY
            and (sample.about_theirs or (is_rep and for_managers(sample.route)))
        ):
            assert is_refused(wrong), f"{sample.asked}: {wrong.reads()}"
    for name, (data, answer) in tried.QUESTIONS.items():
        filled = {key: _filled(value, ids) for key, value in data.items()}
        async with scene.company.store.begin() as uow:
            await uow.questions.ask(Address("telegram", wrong.user_id), name, filled, scene.company.clock.now())
            await uow.commit()
        answer = answer.format_map(ids)
        await wrong.says(answer)
        await look(f"{name} {answer} {filled}")
    for text in tried.TEXTS:
        await wrong.says(text.format_map(ids))
        await look(text)
        await wrong.says(text.format_map(ids), forwarded_from="Thoa")
        await look(text)
    await wrong.shares_contact("Thoa", "0977123456")
    await look("0977123456 +84977123456 0977 123 456")
    await wrong.sends_file("anh.jpg", caption="hợp đồng của chị Thoa")
    await look("", last_of_all=True)


def _filled(value: str, ids: dict[str, Any]) -> Any:
    """A number where the sample names one of the scene's things."""
    return ids[value[1:-1]] if value.startswith("{") else value


async def test_a_rep_who_is_put_out_in_the_middle_of_a_form_saves_and_sees_nothing_more(scene: Scene) -> None:
    ha = await hà_after_she_left(scene)
    before = await dumped(scene, None)
    await ha.says("thích màu trắng")
    ha.sees("đội bán hàng")
    await ha.taps("Bỏ")
    ha.does_not_see("Thoa", "Đã lưu")
    assert await dumped(scene, None) == before


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # who may ask what in a group is no matter of the database
@pytest.mark.parametrize("insider", ["boss", "lead", "ha", "colleague"])
async def test_a_group_chat_hears_of_no_customer(scene: Scene, insider: str) -> None:
    person: Person = getattr(scene, insider)
    ids = {**scene.ids, "own_draft": scene.ids["draft"], "me": member_of(person).id}
    before = await dumped(scene, None)
    _, last = await delivered(scene, 0, to_insiders=True)
    for sample in samples(ids):
        asked = sample.asked
        await (person.taps_in_group("x:1", asked) if sample.is_choice else person.says_in_group(asked))
        said, last = await delivered(scene, last, to_insiders=True)
        said += person.toast
        assert not revealed(said, asked), f"{asked}: {revealed(said, asked)} in\n{said}"
        assert APOLOGY not in said, asked
        if sample.route not in ROUTES.in_groups:
            assert is_refused(person), f"{asked}: {person.reads()}"
    for text in tried.TEXTS:
        await person.says_in_group(text.format_map(ids))
        assert person.reads().strip() == "", text
    after = await dumped(scene, None)
    assert {**after, "group_chats": set()} == {
        **before,
        "group_chats": set(),
    }  # a manager has the week sent here, or no more
