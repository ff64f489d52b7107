"""Is it an answer? A question waits, but people write on: what is a new message is taken as one, and nothing is filed with the wrong
person because a form was open."""

from bot.domain.customers import customer_id_of
from bot.domain.errors import NotFound
from bot.domain.names import folded
from bot.domain.understanding import Capture, Intent
from bot.handlers import capture
from bot.handlers.drafts import Answers
from bot.handlers.filing import matches_of
from bot.messages import Reply
from bot.turn import Handler, Turn

# "Never mind", in the words people use instead of /huy.
_REFUSALS = {
    "thoi",
    "huy",
    "bo",
    "bo di",
    "bo qua",
    "thoi bo",
    "thoi bo di",
    "khong can",
    "khong phai",
    "cancel",
    "never mind",
    "stop",
}
# Questions whose answer is or names a person: a name, phone or code there is what was asked for.
_ASKS_WHO = (
    "new.",
    "draft.",
    "find.",
    "note.new",
    "feedback.new",
    "followup.new",
    "sale.new",
    "month.",
    "kpi.",
    "privacy.",
    "faq.",
)


def answering(name: str, handler: Handler) -> Handler:
    """`handler` for the waiting question `name`, spared what is no answer to it."""

    async def answer(turn: Turn) -> Answers | Reply:
        if folded(turn.words).strip(" .!") in _REFUSALS:
            return Reply(turn.t("All right, I have left it."))
        if await is_new_message(turn, name):
            return await capture.text(turn)
        try:
            return await handler(turn)
        except NotFound:
            # What was asked about is gone, undone perhaps: the text must not go with it.
            return await capture.text(turn)

    return answer


async def is_new_message(turn: Turn, question: str) -> bool:
    """Whether the text is about something else than the question: a code, or a message about another customer."""
    if turn.incoming.forwarded_from:
        return True
    if question.startswith(_ASKS_WHO):
        return False
    if customer_id_of(turn.words) is not None:
        return True
    said = await turn.understand(turn.words)
    if said.intent in (Intent.LOOKUP, Intent.OTHER):
        return False
    return await is_about_another(turn, said, turn.data.get("customer"))


async def is_about_another(turn: Turn, said: Capture, customer_id: object) -> bool:
    """Whether a message is about a customer other than this one: a new one with a phone, or somebody known."""
    if said.intent is Intent.CUSTOMER and said.phones:
        return not any(c.id == customer_id for c in await matches_of(turn, said))
    if not (said.name or said.company or said.phones):
        return False
    matches = await matches_of(turn, said)
    return bool(matches) and all(customer.id != customer_id for customer in matches)
