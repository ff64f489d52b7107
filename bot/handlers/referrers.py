"""Who sent a customer: the name that was said, and the customer that this is where there is only one such."""

from bot.turn import Turn


async def referrer_of(turn: Turn, said: str | None, customer_id: int | None = None) -> int | None:
    """The customer who is called as `said`, where the member sees exactly one, other than the customer who was sent; else None."""
    if not said:
        return None
    meant = await turn.understand(said)
    found = await turn.uow.customers.named(turn.member, meant.name or said, meant.honorific)
    others = [customer.id for customer in found if customer.id != customer_id]
    return others[0] if len(others) == 1 else None
