"""Phones of three kinds on one company, all over real HTTP: what a person does and reads is put the same way whatever app they use."""

import contextlib
import re
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.app import App, build_app
from bot.clock import WoundClock
from bot.domain.calendar import next_digest
from bot.domain.people import Role
from bot.sandbox.queries import Press
from bot.sandbox.stand_ins import StandIns
from bot.sandbox.watching import Change, Watched
from bot.sandbox_app import SandboxTime, played_outside
from bot.settings import Settings

ORG = "Nội thất An Nhiên"
MONDAY = datetime.fromisoformat("2026-11-23T08:40:00+07:00")
PATIENCE = 60.0  # seconds; nothing is measured by it
_LISTED = re.compile(r"^(\d+|[a-z])\. (.*)$", re.M)


class Phone(ABC):
    """Somebody's phone with one app. What they read is what came or changed since they last did something."""

    channel: str
    user_id: str

    def __init__(self, name: str, watched: Watched) -> None:
        self.name = name
        self._watched = watched
        self._read_before: list[str] = []

    # What they do

    async def says(self, text: str) -> None:
        """Type and send."""
        self.looks_away()
        self._say(text)

    async def chooses(self, label: str) -> None:
        """Take the choice whose label holds `label`, as one does in this app."""
        await self._watched.until(lambda: self._way_to(label), PATIENCE)
        way = self._way_to(label)
        assert way
        self.looks_away()
        way()

    def looks_away(self) -> None:
        """What stands there by now has been read."""
        self._read_before = self._texts()

    # What they see

    def reads(self) -> str:
        """What came or changed since they last did something."""
        left, fresh = list(self._read_before), []
        for text in self._texts():
            if text in left:
                left.remove(text)
            else:
                fresh.append(text)
        return "\n".join(fresh).replace("\N{NO-BREAK SPACE}", " ")

    async def sees(self, *texts: str) -> None:
        """Each text comes sooner or later."""
        try:
            await self._watched.until(lambda: all(text in self.reads() for text in texts), PATIENCE)
        except TimeoutError:
            missing = [text for text in texts if text not in self.reads()]
            raise AssertionError(f"{self.name} does not see {missing} in:\n{self.reads()}") from None

    def does_not_see(self, *texts: str) -> None:
        """None of the texts has come."""
        for text in texts:
            assert text not in self.reads(), f"{self.name} sees {text!r} in:\n{self.reads()}"

    @abstractmethod
    def _say(self, text: str) -> None: ...

    @abstractmethod
    def _texts(self) -> list[str]:
        """All that the assistant has sent, as it can be read now, oldest first."""

    @abstractmethod
    def _way_to(self, label: str) -> Callable[[], object] | None:
        """What to do for the newest choice whose label holds `label`; None while there is none."""

    @property
    @abstractmethod
    def pictures(self) -> int:
        """How many pictures they got."""

    @abstractmethod
    def sends_photo(self, content: bytes) -> None:
        """Send a picture."""


class OnTelegram(Phone):
    """Buttons, and notices on them."""

    channel = "telegram"

    def __init__(self, name: str, outside: StandIns, number: int) -> None:
        self._chats = outside.telegram.chats
        super().__init__(name, self._chats)
        self.user_id = str(number)
        self._number = number
        self._chats.add_person(number, name).started = True
        self._notices: list[str] = []
        self._chats.listeners.append(self._hear)

    def _hear(self, change: Change) -> None:
        press = change.subject
        if change.kind == "answered" and isinstance(press, Press) and press.person_id == self._number and press.answer:
            self._notices.append(press.answer.text)

    def _say(self, text: str) -> None:
        self._chats.say(self._number, text)

    def _texts(self) -> list[str]:
        shown = [message for message in self._chats.messages(self._number) if message.from_bot]
        return [*("\n".join([message.text, *message.labels]) for message in shown), *self._notices]

    def _way_to(self, label: str) -> Callable[[], object] | None:
        for message in reversed(self._chats.messages(self._number)):
            for button in (button for row in message.buttons for button in row):
                if message.from_bot and label in button.text:
                    return lambda message=message, button=button: self._chats.tap(  # type: ignore[misc]
                        self._number, message.id, button.value
                    )
        return None

    @property
    def pictures(self) -> int:
        """How many pictures they got."""
        return sum(message.from_bot and message.kind == "photo" for message in self._chats.messages(self._number))

    def sends_photo(self, content: bytes) -> None:
        """Send a picture."""
        self._chats.send_photo(self._number, content, "", "image/png")


class OnZalo(Phone):
    """The Official Account: a few buttons, and numbers for all choices."""

    channel = "zalo"

    def __init__(self, name: str, outside: StandIns, *, types: bool) -> None:
        self._people = outside.account.people
        super().__init__(name, self._people)
        self.user_id = self._people.add(name, phone=f"8497755{len(self._people.everyone):04d}").user_id
        self._types = types

    def _say(self, text: str) -> None:
        self._people.say(self.user_id, text)

    def _texts(self) -> list[str]:
        shown = [message for message in self._people.messages(self.user_id) if message.from_oa]
        return ["\n".join([message.text, *message.titles]) for message in shown]

    def _way_to(self, label: str) -> Callable[[], object] | None:
        for message in reversed(self._people.messages(self.user_id)):
            if not message.from_oa:
                continue
            title = next((title for title in message.titles if label in title), None)
            if title and not self._types:
                return lambda message=message, title=title: self._people.tap(self.user_id, message, title)  # type: ignore[misc]
            if key := listed_key(message.text, label):
                return lambda key=key: self._say(key)  # type: ignore[misc]
        return None

    @property
    def pictures(self) -> int:
        """How many pictures they got."""
        return sum(message.from_oa and message.kind == "image" for message in self._people.messages(self.user_id))

    def sends_photo(self, content: bytes) -> None:
        """Send a picture."""
        self._people.send_image(self.user_id, content, name="anh.png")


class OnZaloBot(Phone):
    """Words alone: choices are numbers."""

    channel = "zalo_bot"

    def __init__(self, name: str, outside: StandIns, picture_address: str) -> None:
        self._chats = outside.zalo_bot.chats
        super().__init__(name, self._chats)
        self.user_id = self._chats.add_person(name).id
        self._picture_address = picture_address

    def _say(self, text: str) -> None:
        self._chats.say(self.user_id, text)

    def _texts(self) -> list[str]:
        return [message.text for message in self._chats.screen(self.user_id)]

    def _way_to(self, label: str) -> Callable[[], object] | None:
        for message in reversed(self._chats.screen(self.user_id)):
            if key := listed_key(message.text, label):
                return lambda key=key: self._say(key)  # type: ignore[misc]
        return None

    @property
    def pictures(self) -> int:
        """How many pictures they got."""
        return sum(message.kind == "photo" for message in self._chats.screen(self.user_id))

    def sends_photo(self, content: bytes) -> None:
        """Send a picture that lies at some address."""
        self._chats.send_photo(self.user_id, self._picture_address)


def listed_key(text: str, label: str) -> str | None:
    """The number or letter of the listed choice whose words hold `label`; a score is its own number."""
    found = next((key for key, words in _LISTED.findall(text) if label in words), None)
    scores = next((line for line in reversed(text.splitlines()) if "·" in line or "–" in line), "")
    if found is None and (number := re.fullmatch(r"\W*(\d+)", label)) and (label in scores or "–" in scores):
        return number[1]
    return found


class Town:
    """A company with its assistant, and everybody's phones."""

    def __init__(self, app: App, outside: StandIns, clock: WoundClock, time: SandboxTime) -> None:
        self.app = app
        self.outside = outside
        self.clock = clock
        self._time = time
        self._numbers = 0

    def meets(self, name: str, app: str = "telegram") -> Phone:
        """Somebody with a phone: `app` is telegram, zalo, zalo_typed or zalo_bot."""
        self._numbers += 1
        match app:
            case "telegram":
                return OnTelegram(name, self.outside, 7000 + self._numbers)
            case "zalo_bot":
                return OnZaloBot(name, self.outside, f"{self.app.settings.public_url}/zalo/form.png")
        return OnZalo(name, self.outside, types=app == "zalo_typed")

    async def hires(self, name: str, app: str = "telegram", role: Role = Role.REP) -> Phone:
        """A new member, known to the assistant by their phone; who may be written to, as if they had written just now."""
        phone = self.meets(name, app)
        now = self.clock.now()
        async with self.app.store.begin() as uow:
            member = await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", now)
            member = await uow.members.update(member, next_digest_at=next_digest(member, now))
            await uow.members.link(member.id, phone.channel, phone.user_id, phone.user_id)
            await uow.commit()
        await phone.says("/trogiup")
        await phone.sees("Các lệnh")
        return phone

    async def waits(self, by: timedelta) -> None:
        """Time passes; what falls due is sent on the way."""
        await self._time.advance(by)


def _free_port() -> int:
    """A port that nobody is given by chance: the system hands out those above 32767."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def town(database_url: str, **more: object) -> AsyncIterator[Town]:
    """A company on all channels; `more` are settings."""
    port = _free_port()
    clock = WoundClock(MONDAY)
    settings = Settings(database_url=database_url, org_name=ORG, http_port=port, **more)  # type: ignore[arg-type]
    time = SandboxTime(clock)
    async with played_outside(settings, clock, webhook=False) as (outside, here):
        app = build_app(here.model_copy(update={"owner_ids": ()}), clock)
        async with app:
            time.app = app
            yield Town(app, outside, clock, time)
