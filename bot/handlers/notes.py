"""Notes and feedback: /ghichu, the *Ghi chú* button, and praise or complaint where the words left it open."""

from bot.domain.errors import DomainError
from bot.domain.tickets import TicketKind
from bot.domain.timeline import InteractionKind, Sentiment
from bot.domain.understanding import Intent
from bot.handlers import capture
from bot.handlers.drafts import Answers
from bot.handlers.tickets import open_for_owner
from bot.i18n import mark
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import captures, forms

note = capture.command(
    Intent.NOTE, "note.new", "note.ask", mark("Whom is the note about? Choose, or type the whole note with the name.")
)

feedback = capture.command(
    Intent.FEEDBACK,
    "feedback.new",
    "feedback.ask",
    mark("Whose words are they? Choose, or type the name with what they said."),
)


async def ask(turn: Turn) -> Reply:
    """`note.ask:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.ask("note.text", customer=customer.id)
    return forms.ask_note(turn.t, customer)


async def answer(turn: Turn) -> Answers:
    """The note's text, whole; a date in it becomes a follow-up."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    return await capture.file_words(turn, customer, Intent.NOTE)


async def set_sentiment(turn: Turn) -> Reply:
    """`feedback.set:<entry>:<sentiment>:<action>`: a complaint opens its ticket, which goes when the action is undone."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if entry.kind is not InteractionKind.FEEDBACK or len(turn.args) < 2 or turn.args[1] not in list(Sentiment):
        raise DomainError("old_button")
    customer = await turn.uow.customers.get(turn.member, entry.customer_id)
    ticket = await turn.uow.tickets.of_entry(entry.id)
    if turn.args[1] == Sentiment.COMPLAINT and ticket is None:
        ticket = await open_for_owner(turn, customer, TicketKind.COMPLAINT, entry.text, entry.id)
        await turn.uow.actions.extend(await turn.uow.actions.get(turn.member, turn.arg(2)))
    if ticket is None:
        await turn.uow.timeline.update(entry, details={**entry.details, "sentiment": Sentiment.PRAISE.value})
    else:
        await turn.uow.timeline.update(entry, details={**entry.details, "sentiment": Sentiment.COMPLAINT.value})
    return captures.sentiment_set(turn.t, customer, ticket)


async def ask_feedback(turn: Turn) -> Reply:
    """`feedback.ask:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.ask("feedback.text", customer=customer.id)
    return forms.ask_feedback(turn.t, customer)


async def feedback_typed(turn: Turn) -> Answers:
    """Their words, whole."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    return await capture.file_words(turn, customer, Intent.FEEDBACK)


CHOICES: dict[str, Handler] = {"note.ask": ask, "feedback.ask": ask_feedback, "feedback.set": set_sentiment}
QUESTIONS: dict[str, Handler] = {
    "note.text": answer,
    "note.new": capture.forced(Intent.NOTE),
    "feedback.text": feedback_typed,
    "feedback.new": capture.forced(Intent.FEEDBACK),
}
