"""Many people write while the program is killed again and again; afterwards the books are compared with what people saw."""

import asyncio
import random
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from bot.app import REPEATED
from bot.clock import SystemClock
from bot.i18n import Translator
from tests.e2e.program import Program, answers, phones_in

SHORT_LEASE = "6"  # seconds
SAVED, DUE = "Đã lưu", "📌"
REPEAT_NOTE = str(Translator("vi", "UTC")(REPEATED).striptags())


@dataclass(frozen=True, slots=True)
class Books:
    """What came of it. `missing`: acknowledged and not stored; `doubled`: stored twice; `unanswered`: said and never answered;
    `repeated`: answers and pushes that somebody got more than once; `under_way`: those that were being sent when the program died,
    and may have arrived; `unmarked`: repeats that do not say so."""

    said: int
    kills: int
    missing: int
    doubled: int
    unanswered: int
    repeated_answers: int
    answers_under_way: int
    pushes: int
    lost_pushes: int
    repeated_pushes: int
    pushes_under_way: int
    unmarked: int


@dataclass
class Storm:
    """One program, its people, and what they have said."""

    program: Program
    share: int = 3  # one in so many writes in each life, the others in the next ones
    phones: dict[int, list[str]] = field(default_factory=dict)
    due: list[str] = field(default_factory=list)
    kills: int = 0
    answers_under_way: set[object] = field(default_factory=set)
    pushes_under_way: set[object] = field(default_factory=set)

    def start(self, step: str = "never", countdown: int = 1) -> None:
        """Start a life that ends at `step`."""
        self.program.start(step, str(countdown), SHORT_LEASE, module="tests.e2e.dying")

    def people_write(self) -> None:
        """A share of the people write one message: a new customer with a phone of its own, and a call tomorrow."""
        for person in self.program.owners[self.kills % self.share :: self.share]:
            said = self.phones.setdefault(person, [])
            said.append(f"09{person % 10_000:04d}{len(said) + 1000:04d}")
            self.program.api.chats.say(person, f"Khách mới chị Lan {said[-1]}. 9h sáng mai gọi lại")

    def make_due(self, count: int) -> None:
        """While the program is dead, let the time of some calls come."""
        now = SystemClock().now().strftime("%Y-%m-%d %H:%M:%S.%f")
        connection = sqlite3.connect(self.program.database, timeout=60)
        due = "state = 'open' AND push_at > ? GROUP BY member_id ORDER BY random() LIMIT ?"
        chosen = connection.execute(f"SELECT min(id) FROM followups WHERE {due}", (now, count)).fetchall()  # noqa: S608
        connection.executemany("UPDATE followups SET push_at = ? WHERE id = ?", [(now, id_) for (id_,) in chosen])
        phones = "SELECT phone FROM followups JOIN customer_phones USING (customer_id) WHERE followups.id = ?"
        self.due += ["0" + connection.execute(phones, id_).fetchone()[0].removeprefix("+84") for id_ in chosen]
        connection.commit()
        connection.close()

    async def life(self, step: str, countdown: int) -> None:
        """A life that ends by itself at `step`."""
        self.people_write()
        self.start(step, countdown)
        await self.program.died()
        self._died()

    async def short_life(self, dice: random.Random) -> None:
        """A life that is killed from outside, some moment in the middle of its work."""
        self.people_write()
        self.start()
        await self.program.until_listening()
        await asyncio.sleep(dice.uniform(0, 1.5))
        await self.program.kill()
        self._died()

    def _died(self) -> None:
        """Note what nobody can know to have arrived."""
        self.kills += 1
        for row, attempts, kind in self.program.select("SELECT id, attempts, kind FROM outbox WHERE state = 'sending'"):
            (self.answers_under_way if kind == "answer" else self.pushes_under_way).add((row, attempts))

    async def calm(self, within: float = 300) -> None:
        """A life that is left alone until everything is answered and sent, and ends when it is told to."""
        self.start()
        async with asyncio.timeout(within):
            while not self._all_is_done():  # noqa: ASYNC110 - the database of another process cannot be waited for
                await asyncio.sleep(0.2)
        assert await self.program.end() == 0

    def _all_is_done(self) -> bool:
        waiting = self.program.select("SELECT count(*) FROM outbox WHERE wake_at IS NOT NULL")[0][0]
        due = self.program.select("SELECT count(*) FROM followups WHERE push_at <= datetime('now')")[0][0]
        return waiting == due == 0 and not self._books().unanswered

    def books(self) -> Books:
        """The comparison."""
        return self._books()

    def _books(self) -> Books:
        chats = self.program.api.chats
        stored = self.program.customers_by_phone()
        said = [phone for phones in self.phones.values() for phone in phones]
        seen: Counter[str] = Counter()
        pushed: Counter[str] = Counter()
        unmarked = 0
        for person in self.program.owners:
            texts = answers(chats, person)
            plain = [text for text in texts if REPEAT_NOTE not in text]
            for counted, sign in ((seen, SAVED), (pushed, DUE)):
                counted.update(phones_in(texts, sign))
                unmarked += sum(count - 1 for count in phones_in(plain, sign).values())
        return Books(
            said=len(said),
            kills=self.kills,
            missing=sum(not stored[phone] for phone in seen),
            doubled=sum(count > 1 for count in stored.values()),
            unanswered=sum(not seen[phone] for phone in said),
            repeated_answers=sum(count - 1 for count in seen.values()),
            answers_under_way=len(self.answers_under_way),
            pushes=len(self.due),
            lost_pushes=sum(not pushed[phone] for phone in self.due),
            repeated_pushes=sum(count - 1 for count in pushed.values()),
            pushes_under_way=len(self.pushes_under_way),
            unmarked=unmarked,
        )
