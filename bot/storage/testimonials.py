"""What customers let us show to others."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.surveys import SurveyKind
from bot.domain.testimonials import Testimonial
from bot.storage.access import visible_to
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.guest_tables import consents, survey_invitations, testimonials
from bot.storage.tables import customers
from bot.storage.transaction import Sql

# A consent that is withdrawn and given anew is for words said since.
_CONSENTED = exists().where(
    consents.c.customer_id == testimonials.c.customer_id,
    consents.c.purpose == Purpose.TESTIMONIAL,
    consents.c.withdrawn_at.is_(None),
    consents.c.given_at <= testimonials.c.kept_at,
)
_OWN_COLUMNS = (testimonials.c.id, testimonials.c.text, testimonials.c.kept_at)
_SURVEY_COLUMNS = (survey_invitations.c.kind, survey_invitations.c.score)


class SqlTestimonials:
    """`Testimonials` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def keep(self, customer_id: int, invitation_id: int | None, text: str, now: datetime) -> None:
        """Keep a customer's words; those said in a survey replace what was kept of it."""
        values = {"customer_id": customer_id, "invitation_id": invitation_id, "text": text, "kept_at": now}
        if invitation_id is None:
            await self._sql.change(insert(testimonials), values)
            return
        anew = {"text": text, "kept_at": now}
        keep = upsert(testimonials).on_conflict_do_update(index_elements=["invitation_id"], set_=anew)
        await self._sql.change(keep, values)

    async def page(self, actor: Member, limit: int, offset: int = 0) -> tuple[Sequence[Testimonial], int]:
        """Those of customers whom the actor may see and who consent to this day, newest first, and how many there are."""
        visible = visible_to(actor), _CONSENTED
        shown = (
            select(*_OWN_COLUMNS, *_SURVEY_COLUMNS, *CUSTOMER_COLUMNS)
            .join_from(testimonials, customers, customers.c.id == testimonials.c.customer_id)
            .outerjoin(survey_invitations, survey_invitations.c.id == testimonials.c.invitation_id)
            .where(*visible)
            .order_by(testimonials.c.kept_at.desc(), testimonials.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        counted = select(func.count()).select_from(testimonials.join(customers)).where(*visible)
        rows = await self._sql.rows(shown)
        return [_testimonial(*row) for row in rows], await self._sql.scalar(counted)


def _testimonial(
    row_id: int, text: str, kept_at: datetime, kind: SurveyKind | None, score: int | None, *customer: object
) -> Testimonial:
    return Testimonial(row_id, Customer(*customer), text, kept_at, kind, score)  # type: ignore[arg-type]
