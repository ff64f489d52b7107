"""Surveys: invitations of which only the token's hash is kept, answers, the company's wording, and what is planned."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.surveys import (
    OPEN_FOR,
    LastScores,
    NewInvitation,
    SurveyInvitation,
    SurveyKind,
    SurveyPlan,
    new_token,
    token_hash,
)
from bot.storage.channel_tables import zalo_templates
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS, SqlCustomers
from bot.storage.guest_tables import contacts, survey_invitations, survey_plans, survey_wordings
from bot.storage.tables import customers, followups
from bot.storage.transaction import Sql

_COLUMNS = columns_of(survey_invitations, SurveyInvitation)
_WITH_CUSTOMER = (
    select(*_COLUMNS, *CUSTOMER_COLUMNS)
    .join(customers, customers.c.id == survey_invitations.c.customer_id)
    .where(customers.c.erased_at.is_(None))
)
_BY_TOKEN = _WITH_CUSTOMER.where(survey_invitations.c.token_hash == bindparam("the_hash"))
_BY_ID = _WITH_CUSTOMER.where(survey_invitations.c.id == bindparam("the_id"))
_UPDATE = update(survey_invitations).where(survey_invitations.c.id == bindparam("row_id"))
_PLAN = select(*columns_of(survey_plans, SurveyPlan))


class SqlSurveys:
    """`Surveys` in tables."""

    def __init__(self, sql: Sql, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._customers = customers_of

    async def invite(self, invitation: NewInvitation) -> tuple[SurveyInvitation, str]:
        """An invitation, and its token, which is told this once and not kept."""
        token = new_token()
        values = asdict(invitation) | {"expires_at": invitation.created_at + OPEN_FOR}
        new = insert(survey_invitations).values(**values, token_hash=token_hash(token))
        invitation_id = await self._sql.scalar(new.returning(survey_invitations.c.id))
        return SurveyInvitation(id=invitation_id, **values), token

    async def by_token(self, token: str) -> tuple[SurveyInvitation, Customer] | None:
        """Whose invitation it is, locked until the commit where this unit of work may write."""
        return await self._one(_BY_TOKEN, {"the_hash": token_hash(token)})

    async def get(self, invitation_id: int) -> tuple[SurveyInvitation, Customer] | None:
        """The same by its number, which is no secret: see who asks."""
        return await self._one(_BY_ID, {"the_id": invitation_id})

    async def _one(self, query: Select[Any], whose: dict[str, Any]) -> tuple[SurveyInvitation, Customer] | None:
        locked = query.with_for_update(of=survey_invitations) if self._sql.writes else query
        row = await self._sql.row(locked, whose)
        split = len(_COLUMNS)
        return None if row is None else (SurveyInvitation(*row[:split]), Customer(*row[split:]))

    async def update(self, invitation: SurveyInvitation, **changes: Any) -> SurveyInvitation:
        """The invitation with fields changed."""
        await self._sql.change(_UPDATE, {"row_id": invitation.id, **changes})
        return replace(invitation, **changes)

    async def renew(self, invitation: SurveyInvitation) -> str:
        """A new token for it, told this once and not kept; the one before is good no more."""
        token = new_token()
        await self._sql.change(_UPDATE, {"row_id": invitation.id, "token_hash": token_hash(token)})
        return token

    async def close_others(self, answered: SurveyInvitation, now: datetime) -> None:
        """The customer's other unanswered invitations of the same kind are good no more: one answer counts."""
        others = (
            survey_invitations.c.customer_id == answered.customer_id,
            survey_invitations.c.kind == answered.kind,
            survey_invitations.c.id != answered.id,
            survey_invitations.c.answered_at.is_(None),
            survey_invitations.c.expires_at > now,
        )
        # whoever waited for this answer to be committed began before it
        ever = {"expires_at": survey_invitations.c.created_at}
        await self._sql.change(update(survey_invitations).where(*others).values(**ever))

    async def last_scores(self, actor: Member, customer_id: int) -> Sequence[LastScores]:
        """The latest answers of a customer, CSAT before NPS. Raises NotFound as `Customers.get`."""
        await self._customers.get(actor, customer_id)
        columns = (survey_invitations.c.kind, survey_invitations.c.score, survey_invitations.c.answered_at)
        answered = (
            select(*columns)
            .where(survey_invitations.c.customer_id == customer_id, survey_invitations.c.answered_at.is_not(None))
            .order_by(survey_invitations.c.answered_at.desc(), survey_invitations.c.id.desc())
        )
        by_kind: dict[SurveyKind, list[Any]] = {kind: [] for kind in SurveyKind}
        for row in await self._sql.rows(answered):
            by_kind[row.kind].append(row)
        return [
            LastScores(kind, rows[0].score, rows[0].answered_at, rows[1].score if len(rows) > 1 else None)
            for kind, rows in by_kind.items()
            if rows
        ]

    async def wording(self, kind: SurveyKind, locale: str) -> str:
        """How the company asks; "" where it asks in our words."""
        this_one = (survey_wordings.c.kind == kind, survey_wordings.c.locale == locale)
        return await self._sql.scalar(select(survey_wordings.c.text).where(*this_one)) or ""

    async def word(self, kind: SurveyKind, locale: str, text: str) -> None:
        """Ask like this from now on; "" for our words."""
        key = {"kind": kind, "locale": locale}
        if not text:
            this_one = (survey_wordings.c.kind == kind, survey_wordings.c.locale == locale)
            await self._sql.change(delete(survey_wordings).where(*this_one))
            return
        new = upsert(survey_wordings).values(**key, text=text)
        await self._sql.change(new.on_conflict_do_update(index_elements=list(key), set_={"text": text}))

    # What the playbook asks by itself ---------------------------------------------------------------------------------

    async def plan(self, plan: SurveyPlan) -> None:
        """Let a step ask by itself; in place of an earlier plan of the same step."""
        new = upsert(survey_plans).values(**asdict(plan))
        await self._sql.change(new.on_conflict_do_update(index_elements=["followup_id"], set_={"due_at": plan.due_at}))

    async def plans_due(self, now: datetime, limit: int) -> Sequence[SurveyPlan]:
        """The plans whose moment has come, locked until the commit; another instance takes the others."""
        due = _PLAN.where(survey_plans.c.due_at <= now).order_by(survey_plans.c.due_at, survey_plans.c.followup_id)
        locked = due.with_for_update(skip_locked=True) if self._sql.writes else due
        return [SurveyPlan(*row) for row in await self._sql.rows(locked.limit(limit))]

    async def planned(self, plan: SurveyPlan) -> tuple[FollowUp, Customer] | None:
        """The step of a plan and its customer; None where they have gone, or been erased."""
        columns = columns_of(followups, FollowUp)
        step = select(*columns, *CUSTOMER_COLUMNS).join(customers, customers.c.id == followups.c.customer_id)
        row = await self._sql.row(step.where(followups.c.id == plan.followup_id, customers.c.erased_at.is_(None)))
        split = len(columns)
        return None if row is None else (FollowUp(*row[:split]), Customer(*row[split:]))

    async def drop_plan(self, followup_id: int) -> None:
        """The step asks no more by itself."""
        await self._sql.change(delete(survey_plans).where(survey_plans.c.followup_id == followup_id))


def next_survey() -> Any:
    """The earliest plan about a customer who can be written to, by a channel or at their number, as a subquery."""
    linked = exists().where(contacts.c.customer_id == survey_plans.c.customer_id)
    at_their_number = exists().where(zalo_templates.c.by_phone.is_(True))
    return select(func.min(survey_plans.c.due_at)).where(or_(linked, at_their_number)).scalar_subquery()
