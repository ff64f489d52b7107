"""The business's words for people: labels of heat, source, stage and the like."""

from bot.domain.customers import Customer, Heat, Potential, Source, Stage
from bot.domain.followups import Outcome
from bot.domain.people import Role
from bot.domain.phones import national
from bot.domain.timeline import InteractionKind, Sentiment
from bot.i18n import Translator, mark

HEATS = {Heat.HOT: mark("hot"), Heat.WARM: mark("warm"), Heat.COLD: mark("cold")}
HEAT_SIGNS = {Heat.HOT: "🔥", Heat.WARM: "🌤", Heat.COLD: "❄️"}
SOURCES = {
    Source.FACEBOOK: mark("Facebook"),
    Source.ZALO: mark("Zalo"),
    Source.WEBSITE: mark("website"),
    Source.TIKTOK: mark("TikTok"),
    Source.GOOGLE: mark("Google"),
    Source.SHOPEE: mark("Shopee"),
    Source.REFERRAL: mark("referral"),
    Source.EVENT: mark("event, fair"),
    Source.HOTLINE: mark("hotline"),
    Source.WALKIN: mark("walk-in"),
}
STAGES: dict[str, str] = {
    Stage.CONSULTING: mark("consulting"),
    Stage.QUOTED: mark("quoted"),
    Stage.DEMO: mark("demo"),
    Stage.NEGOTIATING: mark("negotiating"),
    Stage.WON: mark("won"),
    Stage.LOST: mark("lost"),
}
POTENTIALS = {Potential.HIGH: mark("high"), Potential.MEDIUM: mark("medium"), Potential.LOW: mark("low")}
OUTCOMES = {
    Outcome.ANSWERED: mark("Answered"),
    Outcome.NO_ANSWER: mark("No answer"),
    Outcome.MESSAGED: mark("Messaged"),
    Outcome.BOUGHT: mark("Bought"),
    Outcome.NOT_INTERESTED: mark("Not interested"),
}
KINDS = {
    InteractionKind.NOTE: mark("Note"),
    InteractionKind.CALL: mark("Call"),
    InteractionKind.MESSAGE: mark("Message"),
    InteractionKind.MEETING: mark("Meeting"),
    InteractionKind.FILE: mark("File"),
    InteractionKind.SALE: mark("Sale"),
    InteractionKind.FEEDBACK: mark("Feedback"),
    InteractionKind.CHANGE: mark("Change"),
}
SENTIMENTS = {Sentiment.PRAISE: mark("praise"), Sentiment.COMPLAINT: mark("complaint")}
ROLES = {Role.OWNER: mark("owner"), Role.MANAGER: mark("manager"), Role.REP: mark("sales rep")}

# Titles as a colleague would say them in English; in Vietnamese they stand as they are.
_TITLES_EN = {"anh": "Mr", "chị": "Ms", "cô": "Ms", "bà": "Mrs", "ông": "Mr", "chú": "Mr", "bác": "", "em": ""}


def called(t: Translator, customer: Customer) -> str:
    """How a colleague speaks of the customer: `chị Lan`, `Ms Lan`."""
    if not customer.honorific:
        return customer.name
    title = customer.honorific if t.locale == "vi" else _TITLES_EN.get(customer.honorific, "")
    return f"{title} {customer.name}".strip()


def masked(phone: str) -> str:
    """The last three digits: enough to tell two people of one name apart in a list, and no more (RELIABILITY, law)."""
    return f"•••{national(phone).replace(' ', '')[-3:]}"


def shortened(text: str, limit: int) -> str:
    """One line of at most `limit` characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit].rsplit(" ", 1)[0] or line[:limit]
    return f"{cut.rstrip(' ,.;:')}…"
