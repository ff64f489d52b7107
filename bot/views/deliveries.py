"""The delivery ledger in words: what arrived, what did not, and what to do about it."""

from markupsafe import Markup

from bot.domain.deliveries import DeliveryLedger, Undelivered
from bot.domain.delivery import DeliveryState, Trouble
from bot.domain.reaching import TEMPLATES
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views.cards import lines

PAGE = 6

_KINDS = {
    "answer": mark("an answer"),
    "digest": mark("the morning list"),
    "followup": mark("a reminder"),
    "missed": mark("late reminders"),
    "notice": mark("a notice"),
    "alarm": mark("a warning"),
    "week": mark("the week's summary"),
    "brief": mark("a hand-over brief"),
    "reminder": mark("a reminder of an answer"),
    "survey": mark("a survey"),
    "ticket": mark("a word on a ticket"),
    "faq": mark("an answer to a question"),
    "relay": mark("a customer's or rep's words"),
}
_BY = {
    "zalo": mark("on Zalo"),
    "zalo_bot": mark("by the Zalo bot"),
    TEMPLATES: mark("as a Zalo template"),
}
_OTHER_KIND = mark("a message")
_ARRIVED_NOT = {
    Trouble.FORBIDDEN: mark("they have blocked the assistant"),
    Trouble.REFUSED: mark("the message was not accepted"),
    Trouble.AMBIGUOUS: mark("the connection broke off"),
    Trouble.NEVER_SENT: mark("there was no connection"),
    Trouble.SLOW_DOWN: mark("too many messages at once"),
    Trouble.UNAUTHORIZED: mark("the assistant's own access was refused"),
    Trouble.MOVED: mark("the chat has moved"),
    Trouble.WINDOW_CLOSED: mark("they have not written on Zalo for too long"),
    Trouble.LATER: mark("Zalo's limit for now is reached"),
    Trouble.NOT_IN_ORDER: mark("the Official Account lacks money, a package or a right"),
}


def ledger(t: Translator, found: DeliveryLedger, offset: int, *, toast: str = "", replaces: bool) -> Reply:
    """The counts, who cannot be written to, and each message that did not arrive with what to do."""
    counts, state = found.counts, DeliveryState
    text = [
        t("📮 <b>Messages of the last 7 days</b>"),
        lines(
            [
                t("✅ Sent: {count}", count=t.number(counts.get(state.SENT, 0))),
                _told(t, found),
                t("⏳ Waiting: {count}", count=t.number(found.waiting)),
                t("❌ Failed: {count}", count=t.number(counts.get(state.FAILED, 0))),
                t("❔ Unclear whether it arrived: {count}", count=t.number(counts.get(state.UNKNOWN, 0))),
                t("⌛ Too late to send: {count}", count=t.number(counts.get(state.EXPIRED, 0))),
                t("🚫 Have blocked the assistant: {count}", count=t.number(len(found.unreachable))),
            ]
        ),
        Markup("\n").join(
            t(
                "🚫 <b>{name}</b> has blocked the assistant since {moment}: ask {name} to open it again and press Start.",
                name=one.name,
                moment=t.moment(one.since),
            )
            for one in found.unreachable
        ),
        Markup("\n").join(_problem(t, number, one) for number, one in enumerate(found.problems, offset + 1)),
    ]
    if not found.problems and not found.unreachable:
        text.append(t("Everything has arrived. 👌"))
    again = [
        (Choice("🔁 " + t("Send again") + f" {number}", f"audit.resend:{one.id}:{offset}"),)
        for number, one in enumerate(found.problems, offset + 1)
        if one.can_go_again
    ]
    newer = [Choice("‹ " + t("Newer"), f"audit.sent:{max(0, offset - PAGE)}")] if offset > 0 else []
    older = [Choice(t("Older") + " ›", f"audit.sent:{offset + PAGE}")] if offset + PAGE < found.problem_count else []
    pages = ((*newer, *older),) if newer or older else ()
    return Reply(Markup("\n\n").join(filter(None, text)), (*again, *pages), replaces=replaces, toast=toast)


def _told(t: Translator, found: DeliveryLedger) -> Markup:
    """Received and seen, of what Zalo tells so."""
    if not found.received:
        return Markup()
    received, seen = t.number(found.received), t.number(found.seen)
    return t("📬 Of these, as Zalo says: received {received}, seen {seen}", received=received, seen=seen)


def _problem(t: Translator, number: int, one: Undelivered) -> Markup:
    """1. T2 08:00 · lời nhắc cho Trang: không gửi được vì …; what to do."""
    return t(
        "{number}. {moment} · {what} for {name}: {why}. {advice}",
        number=number,
        moment=t.moment(one.due_at),
        what=Markup(" ").join(
            [t(_KINDS.get(one.kind, _OTHER_KIND)), *([t(by)] if (by := _BY.get(one.channel)) else [])]
        ),
        name=one.to or t("a customer"),
        why=_why(t, one),
        advice=_advice(t, one),
    )


def _why(t: Translator, one: Undelivered) -> Markup:
    if one.state is DeliveryState.EXPIRED:
        return t("its time was over before it could be sent")
    if one.state is DeliveryState.UNKNOWN:
        return t("unclear whether it arrived, the connection broke off")
    return t(_ARRIVED_NOT[one.trouble]) if one.trouble else t("it could not be sent")


def _advice(t: Translator, one: Undelivered) -> Markup:
    if one.state is DeliveryState.EXPIRED:
        return t("Tell them yourself if it still matters.")
    if one.blocked:
        return t("Ask them to open the assistant again and press Start.")
    if one.trouble is Trouble.WINDOW_CLOSED:
        return t("Ask them to write any word on Zalo, or to link Telegram.")
    if one.trouble is Trouble.NOT_IN_ORDER:
        return t("Whoever runs the bot has to look at the account; then send it again.")
    if one.state is DeliveryState.UNKNOWN:
        return t("Ask whether they have it; if not, send it again.")
    return t("Send it again.")
