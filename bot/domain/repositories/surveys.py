"""Surveys, as storage must offer them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.surveys import LastScores, NewInvitation, SurveyInvitation, SurveyKind, SurveyPlan


class Surveys(Protocol):
    """Surveys. Those who answer are customers: what is fetched here for them is no access for members."""

    async def invite(self, invitation: NewInvitation) -> tuple[SurveyInvitation, str]:
        """An invitation, and its token, which is told this once and not kept."""
        ...

    async def by_token(self, token: str) -> tuple[SurveyInvitation, Customer] | None:
        """Whose invitation it is, locked until the commit where this unit of work may write."""
        ...

    async def get(self, invitation_id: int) -> tuple[SurveyInvitation, Customer] | None:
        """The same by its number, which is no secret: see who asks."""
        ...

    async def update(self, invitation: SurveyInvitation, **changes: object) -> SurveyInvitation:
        """The invitation with fields changed."""
        ...

    async def renew(self, invitation: SurveyInvitation) -> str:
        """A new token for it, told this once and not kept; the one before is good no more."""
        ...

    async def close_others(self, answered: SurveyInvitation, now: datetime) -> None:
        """The customer's other unanswered invitations of the same kind are good no more: one answer counts."""
        ...

    async def last_scores(self, actor: Member, customer_id: int) -> Sequence[LastScores]:
        """The latest answers of a customer, CSAT before NPS. Raises NotFound as `Customers.get`."""
        ...

    async def wording(self, kind: SurveyKind, locale: str) -> str:
        """How the company asks; "" where it asks in our words."""
        ...

    async def word(self, kind: SurveyKind, locale: str, text: str) -> None:
        """Ask like this from now on; "" for our words."""
        ...

    async def plan(self, plan: SurveyPlan) -> None:
        """Let a step ask by itself; in place of an earlier plan of the same step."""
        ...

    async def plans_due(self, now: datetime, limit: int) -> Sequence[SurveyPlan]:
        """The plans whose moment has come, locked until the commit."""
        ...

    async def planned(self, plan: SurveyPlan) -> tuple[FollowUp, Customer] | None:
        """The step of a plan and its customer; None where they have gone, or been erased."""
        ...

    async def drop_plan(self, followup_id: int) -> None:
        """The step asks no more by itself."""
        ...
