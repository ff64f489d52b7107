"""The step of a customer's deal: shown, chosen, lost with a reason; and a buyer who buys no more."""

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.pipeline import Part, Pipeline, PipelineStage
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, rows_of, title
from bot.views.standings import stage_line
from bot.views.words import LOST_REASONS, STOP_REASONS, reason_words, stage_words

_A_ROW = 2


def choose_stage(t: Translator, customer: Customer, pipeline: Pipeline, today: date, *, has_bought: bool) -> Reply:
    """The steps of the company, the next one first and the present one marked; a sale is closed through its own button, and what
    comes after it is for who has bought."""

    def choice(stage: PipelineStage, sign: str = "") -> Choice:
        return Choice(f"{sign}{stage_words(t, pipeline, stage.key)}", f"stage.set:{customer.id}:{stage.key}")

    def offered(stage: PipelineStage) -> bool:
        return stage.part is Part.OPEN or (has_bought and stage.part is not Part.WON)

    following = pipeline.next_after(customer.stage)
    steps = tuple(
        choice(stage, "● " if stage.key == customer.stage else "") for stage in pipeline.stages if offered(stage)
    )
    lost = (Choice("✖️ " + t("Lost"), f"lost.ask:{customer.id}"),) if pipeline.is_open(customer.stage) else ()
    rows = rows_of(
        (choice(following, "▶️ "),) if following and offered(following) else (),
        *_in_rows(steps),
        (buttons.sale(t, customer.id), *lost),
        (back_to_card(t, customer.id),),
    )
    text = [title(t, customer), stage_line(t, pipeline, customer, today), t("Which stage is the deal at?")]
    return Reply(lines(text), rows, replaces=True)


def ask_lost(t: Translator, customer: Customer) -> Reply:
    """Why was the deal lost? One tap."""
    rows = _reasons(t, LOST_REASONS, "lost", customer)
    return Reply(lines([title(t, customer), t("Why was this deal lost?")]), rows, replaces=True)


def ask_stop(t: Translator, customer: Customer) -> Reply:
    """Why do they buy no more? One tap."""
    question = t("Why do they buy no more? The care that is planned will be dropped; a new sale starts it again.")
    return Reply(lines([title(t, customer), question]), _reasons(t, STOP_REASONS, "stop", customer), replaces=True)


def _reasons(t: Translator, reasons: Mapping[str, str], verb: str, customer: Customer) -> Rows:
    choices = (
        *(Choice(t(words).capitalize(), f"{verb}.set:{customer.id}:{reason}") for reason, words in reasons.items()),
        Choice("✍️ " + t("Another reason"), f"{verb}.other:{customer.id}"),
    )
    return (*_in_rows(choices), (back_to_card(t, customer.id),))


_TYPED = {
    "lost": mark("Why was this deal lost? Type it in a few words."),
    "stop": mark("Why do they buy no more? Type it in a few words."),
}


def ask_typed(t: Translator, customer: Customer, verb: str) -> Reply:
    """A reason in the member's own words."""
    return Reply(lines([title(t, customer), t(_TYPED[verb])]), ((buttons.cancel(t),),))


def lost_words(t: Translator, reason: str) -> Markup:
    """Lost: chose a competitor."""
    return t("Lost: {reason}", reason=reason_words(t, LOST_REASONS, reason))


def stopped_words(t: Translator, reason: str, dropped: int) -> Markup:
    """Care stopped: moved away; and how much was dropped."""
    words = t("Care stopped: {reason}", reason=reason_words(t, STOP_REASONS, reason))
    if not dropped:
        return words
    return Markup("{} · {}").format(
        words, t.plural("{count} planned step dropped", "{count} planned steps dropped", dropped)
    )


def _in_rows(choices: tuple[Choice, ...]) -> Rows:
    return tuple(choices[i : i + _A_ROW] for i in range(0, len(choices), _A_ROW))
