"""The business's words for people: labels of heat, source, stage and the like."""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup, escape

from bot.domain.customers import Heat, LostReason, Potential, Source, Stage, StopReason
from bot.domain.delivery import NotCarried
from bot.domain.followups import Outcome
from bot.domain.names import folded
from bot.domain.people import Role
from bot.domain.phones import national
from bot.domain.pipeline import Pipeline
from bot.domain.segments import Lifecycle, Segment
from bot.domain.tickets import TicketKind
from bot.domain.timeline import InteractionKind, Sentiment, StoredFile
from bot.i18n import LOCALES, Translator, catalogue, mark

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
    Source.TELEGRAM: mark("Telegram"),
}
# What people call the channels: of Zalo there are two kinds, which are one to whoever uses them.
CHANNELS: Mapping[str, str] = {"telegram": "Telegram", "zalo": "Zalo", "zalo_bot": "Zalo"}
# All steps that we have words for; the last one of them is no step of a pipeline.
STAGES: dict[str, str] = {
    "approach": mark("reach and nurture"),
    "aware": mark("awareness"),
    "considering": mark("consideration"),
    "lead": mark("new lead"),
    "contacted": mark("contacted"),
    "qualified": mark("needs assessed"),
    Stage.CONSULTING: mark("consulting"),
    Stage.QUOTED: mark("quoted"),
    Stage.DEMO: mark("demo"),
    Stage.NEGOTIATING: mark("negotiating"),
    Stage.WON: mark("won"),
    "bought": mark("purchase"),
    "converted": mark("conversion"),
    "care": mark("after-sale care"),
    "experience": mark("experience"),
    "retention": mark("retention"),
    "repeat": mark("repeat purchase, referral"),
    "referral": mark("referral"),
    Stage.LOST: mark("lost"),
}
LOST_REASONS: dict[str, str] = {
    LostReason.PRICE: mark("price"),
    LostReason.COMPETITOR: mark("chose a competitor"),
    LostReason.NO_NEED: mark("no need now"),
    LostReason.NO_CONTACT: mark("cannot be reached"),
    LostReason.PRODUCT: mark("product does not fit"),
    LostReason.SERVICE: mark("service"),
}
STOP_REASONS: dict[str, str] = {
    StopReason.MOVED: mark("moved away"),
    StopReason.COMPETITOR: mark("chose a competitor"),
    StopReason.PRICE: mark("price"),
    StopReason.UNHAPPY: mark("unhappy"),
    StopReason.NO_NEED: mark("no need now"),
}
TICKET_KINDS = {
    TicketKind.COMPLAINT: mark("complaint"),
    TicketKind.QUESTION: mark("question"),
    TicketKind.RETURN: mark("return, refund"),
    TicketKind.WARRANTY: mark("warranty"),
}
LIFECYCLES = {
    Lifecycle.NOT_BOUGHT: mark("not bought yet"),
    Lifecycle.BOUGHT: mark("has bought"),
    Lifecycle.NEEDS_CARE: mark("needs care"),
    Lifecycle.LIKELY: mark("likely to return"),
    Lifecycle.STOPPED: mark("stopped"),
}
SEGMENTS = {
    Segment.NEW: mark("new customer"),
    Segment.ONCE: mark("bought once"),
    Segment.LOYAL: mark("loyal"),
    Segment.WIN_BACK: mark("to win back"),
    Segment.REFERRER: mark("has referred"),
    Segment.HIGH_VALUE: mark("high value"),
}
HIGH_VALUE_SIGN = "★"
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
    InteractionKind.WROTE: mark("Customer wrote"),
    InteractionKind.MEETING: mark("Meeting"),
    InteractionKind.FILE: mark("File"),
    InteractionKind.SALE: mark("Sale"),
    InteractionKind.FEEDBACK: mark("Feedback"),
    InteractionKind.CHANGE: mark("Change"),
}
# What is sent without words.
FILE = mark("📎 file")
FILE_KINDS = {
    "photo": mark("🖼 photo"),
    "voice": mark("🎤 voice note"),
    "video": mark("🎬 video"),
    "video_note": mark("🎬 video"),
    "location": mark("📍 location"),
}
SENTIMENTS = {Sentiment.PRAISE: mark("praise"), Sentiment.COMPLAINT: mark("complaint")}
ROLES = {Role.OWNER: mark("owner"), Role.MANAGER: mark("manager"), Role.REP: mark("sales rep")}

# Titles as a colleague would say them in English; in Vietnamese they stand as they are.
_TITLES_EN = {"anh": "Mr", "chị": "Ms", "cô": "Ms", "bà": "Mrs", "ông": "Mr", "chú": "Mr", "bác": "", "em": ""}


class Addressed(Protocol):
    """Who has a name, and perhaps an honorific."""

    @property
    def name(self) -> str:
        """Their name."""
        ...

    @property
    def honorific(self) -> str | None:
        """anh, chị …"""
        ...


def called(t: Translator, customer: Addressed) -> str:
    """How a colleague speaks of the customer: `chị Lan`, `Ms Lan`."""
    if not customer.honorific:
        return customer.name
    title = customer.honorific if t.locale == "vi" else _TITLES_EN.get(customer.honorific, "")
    return f"{title} {customer.name}".strip()


# Beginning with one of these a name says by itself what it is.
_TEAM_WORDS = frozenset({"nhom", "team", "group"})


def team_called(t: Translator, name: str) -> Markup:
    """`nhóm Bắc`; a team whose name says so already stands alone: `Nhóm bán hàng`."""
    return escape(name) if _says_team(name) else t("team {team}", team=name)


def group_called(t: Translator, title: str) -> Markup:
    """The same of a group chat."""
    return escape(title) if _says_team(title) else t("the group {group}", group=title)


def _says_team(name: str) -> bool:
    return folded(name).partition(" ")[0] in _TEAM_WORDS


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


def stage_words(t: Translator, pipeline: Pipeline, key: str) -> str:
    """What a step is called: the company's own name for it, else our word; a step that is no more by what is left of its name."""
    stage = pipeline.stage(key)
    if stage and stage.name:
        return stage.name
    return t(STAGES[key]) if key in STAGES else key.replace("_", " ")


def stage_keys(pipeline: Pipeline) -> Mapping[str, str]:
    """The key of each step that we have words for, by its word in any language, folded; the pipeline's own come before others."""
    keys = [key for key in STAGES if key != Stage.LOST]
    keys.sort(key=lambda key: pipeline.stage(key) is not None)
    return {folded(catalogue(locale).gettext(STAGES[key])): key for key in keys for locale in LOCALES}


def reason_words(t: Translator, reasons: Mapping[str, str], reason: str) -> str:
    """Why, in the reader's language, or in the words of who wrote it down."""
    return t(reasons[reason]) if reason in reasons else reason


NOT_CARRIED = {
    NotCarried.TOO_BIG: mark("it is too large"),
    NotCarried.GONE: mark("it cannot be fetched any more"),
    NotCarried.KIND: mark("this app takes no files of this kind"),
}


def not_carried(t: Translator, stored: StoredFile, why: NotCarried) -> Markup:
    """A line on a file of another app that does not come along."""
    if stored.name:
        return t("📎 <i>{file} is not shown here: {why}.</i>", file=stored.name, why=t(NOT_CARRIED[why]))
    return t("📎 <i>The attachment is not shown here: {why}.</i>", why=t(NOT_CARRIED[why]))
