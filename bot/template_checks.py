"""Asks Zalo about the templates that managers are choosing: between two transactions, never inside one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable, Store, UnitOfWork
from bot.domain.template_fields import first_values, objection_to
from bot.domain.zalo_templates import Description, NoDescription, NotDescribed, TemplateCheck, as_template
from bot.filling import example
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member
from bot.views import zalo_checks as views

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
LEASE = timedelta(minutes=2)


class TemplateChecks:
    """Asks about one template after the other, until cancelled. `describe` asks Zalo and raises NotDescribed; `wake`: something was
    queued."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        describe: Callable[[str], Awaitable[Description]],
        translators: Callable[[Member], Translator],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._describe = describe
        self._translators = translators
        self._wake = wake

    async def run(self) -> None:
        """Look for what is to be asked, and ask it."""
        while True:
            try:
                found = await self.check_next()
            except StorageUnavailable:
                log.warning("template checks cannot be read, trying again")
                found = False
            if not found:
                await asyncio.sleep(LOOK_EVERY)

    async def check_next(self) -> bool:
        """Ask about the template that a member has waited for longest; False where nobody waits."""
        now = self._clock.now()
        async with self._store.read() as uow:
            if not await uow.template_checks.waiting(now):
                return False
        async with self._store.begin() as uow:
            check = await uow.template_checks.claim(now, now + LEASE)
            await uow.commit()
        if check is None:
            return False
        try:
            told: Description | NoDescription = await self._describe(check.template_id)
        except NotDescribed as failure:
            log.warning("a template was not described: %s", failure)
            told = failure.why
        await self._tell(check, told)
        return True

    async def _tell(self, check: TemplateCheck, told: Description | NoDescription) -> None:
        """What came of it, to who asked."""
        async with self._store.begin() as uow:
            member = await uow.members.get(check.member_id)
            reply = await self._reply(uow, member, check, told)
            if reply is None:
                return
            if member.active and member.sees_everyone:
                await send_to_member(uow, member.id, f"template:{check.id}", "notice", reply, self._clock.now())
            await uow.commit()
        self._wake()

    async def _reply(
        self, uow: UnitOfWork, member: Member, check: TemplateCheck, told: Description | NoDescription
    ) -> Reply | None:
        """The fields to fill, or why it cannot be used; None where nobody waits for it any more."""
        t = self._translators(member)
        if isinstance(told, NoDescription):
            return views.not_described(t, check, told) if await uow.template_checks.drop(check) else None
        if objection := objection_to(told):
            return views.not_usable(t, check, told, objection) if await uow.template_checks.drop(check) else None
        before = await uow.zalo.template(check.kind)
        values = first_values(check.kind, told.fields, before.values if before else None)
        if not await uow.template_checks.described(check, told, values):
            return None
        check = replace(check, values=values)
        whose, read = await example(uow, as_template(check, told), member, self._clock.now(), t)
        await uow.audit.note_seen(member, uow.audit.seen_by(member), self._clock.now())
        return views.fields(t, check, told, whose, read, replaces=False)
