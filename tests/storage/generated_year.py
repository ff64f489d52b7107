"""A year of a company: ten reps in two zones, a hundred customers each, and much of it close to a midnight that matters."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert

from bot.domain.customers import Source, Stage
from bot.domain.followups import FollowUpState
from bot.domain.people import DEFAULT_DAYS_OFF, DEFAULT_DIGEST, DEFAULT_QUIET_FROM, DEFAULT_QUIET_UNTIL, Role
from bot.domain.pipeline import Part, Pipeline, PipelineStage
from bot.domain.surveys import OPEN_FOR, SCORES, SurveyKind
from bot.domain.tickets import TicketKind, TicketState
from bot.domain.timeline import InteractionKind
from bot.storage.guest_tables import survey_invitations, tickets
from bot.storage.store import SqlStore
from bot.storage.tables import customers, followups, interactions, members, sales, stage_moves, teams

HOME, AWAY = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/Los_Angeles")
BEGINS = datetime(2025, 12, 20, tzinfo=UTC)
NOW = datetime(2026, 12, 23, 3, 20, tzinfo=UTC)  # a Wednesday morning in Việt Nam, Tuesday evening in Los Angeles
OWNER, REPS, CUSTOMERS_A_REP = 1, range(2, 12), 100
TEAMS = {1: range(2, 7), 2: range(7, 12)}
PIPELINE = Pipeline(
    (
        PipelineStage("consulting", chance=15),
        PipelineStage("visit", name="Thăm nhà", chance=40),
        PipelineStage("quoted", chance=65),
        PipelineStage("won", Part.WON, chance=100),
        PipelineStage("guided", Part.CARE, name="Hướng dẫn"),
        PipelineStage("again", Part.REPEAT, name="Mua lại"),
    )
)
_STEPS = [
    "consulting",
    "visit",
    "visit",
    "quoted",
    "quoted",
    "won",
    "won",
    "guided",
    "again",
    "lost",
    "lost",
    "no_longer",
]
_REASONS = ["price", "rival", "no_need", None]
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)

Row = dict[str, Any]


async def fill(store: SqlStore) -> None:
    """Write the year down; the same one on every database."""
    rows = generate(random.Random(2026))
    async with store.begin() as uow:
        await uow.company.change(pipeline=PIPELINE)
        await uow.commit()
    async with store._engines.writing() as sql:
        for table, of_table in rows.items():
            await sql.change(insert(table), of_table)
        await sql.commit()


def generate(chance: random.Random) -> Mapping[Table, Sequence[Row]]:
    """Every row, by table, in an order that references allow."""
    people = [_customer(chance, number, rep) for rep in REPS for number in range(CUSTOMERS_A_REP)]
    for number, person in enumerate(people, 1):
        person["id"] = number
        person["referrer_id"] = chance.randrange(1, number) if number > 1 and chance.random() < 0.1 else None
    moves = [move for person in people for move in _moves(chance, person)]
    return {
        teams: [{"id": team_id, "name": f"Đội {team_id}"} for team_id in TEAMS],
        members: [_member(OWNER), *map(_member, REPS)],
        customers: people,
        stage_moves: moves,
        interactions: [row for person in people for row in _interactions(chance, person)],
        followups: [row for person in people for row in _followups(chance, person)],
        sales: [row for person in people for row in _sales(chance, person)],
        tickets: [row for person in people for row in _tickets(chance, person)],
        survey_invitations: [row for person in people for row in _surveys(chance, person)],
    }


def zone_of(member_id: int) -> ZoneInfo:
    """Every third member is away."""
    return AWAY if member_id % 3 == 0 else HOME


def _member(number: int) -> Row:
    team_id = next((team_id for team_id, reps in TEAMS.items() if number in reps), None)
    return {
        "id": number,
        "name": f"Người {number}",
        "role": Role.OWNER if number == OWNER else Role.REP,
        "active": number != REPS[-1],
        "locale": "vi",
        "timezone": zone_of(number).key,
        "digest_at": DEFAULT_DIGEST,
        "quiet_from": DEFAULT_QUIET_FROM,
        "quiet_until": DEFAULT_QUIET_UNTIL,
        "days_off": DEFAULT_DAYS_OFF,
        "joined_at": BEGINS,
        "team_id": team_id,
    }


def _moment(chance: random.Random, since: datetime = BEGINS) -> datetime:
    """A moment up to now; half of them within a second of a midnight here or there, a week's or a month's end among them."""
    moment = since + (NOW - since) * chance.random()
    if chance.random() < 0.5:
        zone = chance.choice((HOME, AWAY))
        day = moment.astimezone(zone).date()
        day = chance.choice((day, day - day.weekday() * _DAY, day.replace(day=1)))
        moment = datetime.combine(day, time(), zone).astimezone(UTC) + chance.choice((-_SECOND, 0 * _SECOND, _SECOND))
    return min(max(moment, since), NOW).replace(microsecond=0)


def _customer(chance: random.Random, number: int, owner_id: int) -> Row:
    stopped = chance.random() < 0.05
    name = f"Khách {owner_id}-{number}"
    return {
        "owner_id": owner_id,
        "name": name,
        "phones": (),
        "source": chance.choice([None, *Source]),
        "stage": Stage.CONSULTING,
        "created_at": _moment(chance, chance.choice((BEGINS, BEGINS, NOW - 20 * _DAY))),
        "stage_since": None,
        "expected_vnd": chance.randrange(1, 500) * 100_000 if chance.random() < 0.5 else None,
        "stopped_reason": "moved" if stopped else None,
        "stopped_at": _moment(chance) if stopped else None,
        "spoken_key": name,
        "name_key": name,
        "search_text": name,
    }


def _somebody(chance: random.Random, person: Row) -> int:
    """Mostly the owner; now and then a colleague."""
    return chance.choice(REPS) if chance.random() < 0.15 else int(person["owner_id"])


def _moves(chance: random.Random, person: Row) -> Iterator[Row]:
    """The steps of a deal; the customer ends up at the last one."""
    moments = sorted(_moment(chance, person["created_at"]) for _ in range(chance.randrange(6)))
    before: str | None = None
    for at, step in zip([person["created_at"], *moments], ["consulting", *chance.choices(_STEPS, k=6)], strict=False):
        reason = chance.choice(_REASONS) if step == Stage.LOST else None
        who = {"customer_id": person["id"], "member_id": _somebody(chance, person)}
        yield {**who, "at": at, "from_stage": before, "to_stage": step, "reason": reason}
        before, since = step, at
    person["stage"] = before
    person["stage_since"] = since


def _interactions(chance: random.Random, person: Row) -> Iterator[Row]:
    for _ in range(chance.choice((0, 1, 4, 10, 20))):
        who = {"customer_id": person["id"], "member_id": _somebody(chance, person)}
        # some are older than the customer: what was known before is written down later
        at = _moment(chance, BEGINS if chance.random() < 0.2 else person["created_at"])
        yield {**who, "kind": chance.choice(list(InteractionKind)), "text": "", "at": at, "details": {}, "file": None}


def _followups(chance: random.Random, person: Row) -> Iterator[Row]:
    for _ in range(chance.choice((0, 1, 3, 6))):
        member_id = _somebody(chance, person)
        planned = _moment(chance, person["created_at"])
        due_on = planned.astimezone(zone_of(member_id)).date() + chance.randrange(-1, 30) * _DAY
        state = chance.choices(list(FollowUpState), (25, 65, 10))[0]
        done_at = _done_at(chance, due_on, zone_of(member_id)) if state is not FollowUpState.OPEN else None
        if done_at and done_at > NOW:
            state, done_at = FollowUpState.OPEN, None
        yield {
            "customer_id": person["id"],
            "member_id": member_id,
            "text": "gọi lại",
            "due_on": due_on,
            "state": state,
            "created_at": person["created_at"],
            "done_at": done_at,  # a dropped one keeps the moment too
        }


def _done_at(chance: random.Random, due_on: date, zone: ZoneInfo) -> datetime:
    """Early, on the day's last second, a moment too late, or late."""
    midnight = datetime.combine(due_on + _DAY, time(), zone).astimezone(UTC)
    late = chance.choice((-5 * _DAY, -_DAY / 2, -_SECOND, 0 * _SECOND, _SECOND, _DAY, 20 * _DAY))
    return midnight + late


def _sales(chance: random.Random, person: Row) -> Iterator[Row]:
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3, 5))):
        member_id = _somebody(chance, person)
        sold_at = _moment(chance, person["created_at"])
        amount = None if chance.random() < 0.1 else chance.randrange(1, 400) * 50_000
        who = {"customer_id": person["id"], "member_id": member_id}
        day = sold_at.astimezone(zone_of(member_id)).date()
        yield {**who, "sold_on": day, "sold_at": sold_at, "product": "gói Pro", "amount_vnd": amount}


def _surveys(chance: random.Random, person: Row) -> Iterator[Row]:
    for number in range(chance.choice([0, 1, 2])):
        asked_at = _moment(chance, person["created_at"])
        kind = chance.choice(list(SurveyKind))
        is_answered = chance.random() < 0.7
        yield {
            "customer_id": person["id"],
            "member_id": person["owner_id"],
            "kind": kind,
            "token_hash": f"{person['id']}:{number}",
            "created_at": asked_at,
            "expires_at": asked_at + OPEN_FOR,
            "route": "task",
            "score": chance.choice(SCORES[kind]) if is_answered else None,
            "answered_at": asked_at + chance.randrange(20 * 86400) * _SECOND if is_answered else None,
        }


def _tickets(chance: random.Random, person: Row) -> Iterator[Row]:
    for _ in range(chance.choice([0, 0, 1, 2])):
        opened_at = _moment(chance, person["created_at"])
        answered_at = chance.choice([None, opened_at + chance.randrange(40 * 3600) * _SECOND])
        solved_at = answered_at and chance.choice([None, answered_at + chance.randrange(200 * 3600) * _SECOND])
        yield {
            "customer_id": person["id"],
            "kind": chance.choice(list(TicketKind)),
            "state": TicketState.SOLVED if solved_at else TicketState.OPEN,
            "assignee_id": person["owner_id"],
            "text": "giao trễ",
            "opened_at": opened_at,
            "waiting_since": opened_at,
            "first_answer_at": answered_at,
            "solved_at": solved_at,
            "closed_at": chance.choice(
                [None, None, None, (solved_at or opened_at) + chance.randrange(99) * 3600 * _SECOND]
            ),
        }
