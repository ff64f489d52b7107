"""Care after a sale in words: the steps of the playbooks, the texts ready to send, the checklist with its boxes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from bot.domain.addressing import given_name
from bot.domain.care import MEET_REFERRED, REWARD_REFERRED, REWARD_REFERRER, THANK_REFERRER
from bot.domain.customers import Customer, Potential
from bot.domain.followups import FollowUp, FollowUpState
from bot.domain.people import Member
from bot.domain.sales import Sale
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, rows_of, sale_words, title
from bot.views.words import OUTCOMES, POTENTIALS, called, shortened

# The longest text that a button can copy.
COPY_LIMIT = 256

STEPS = {
    "first_call": mark("Call and ask whether they have used it"),
    "thanks": mark("Send thanks and the usage guide"),
    "feedback": mark("Record their feedback, if any"),
    "care_30": mark("Care after 30 days: a small offer and the 30-day survey"),
    "potential": mark("Classify repurchase potential (high, medium, low)"),
    "feeling": mark("Ask how it feels after a week (survey)"),
    "check_in": mark("Check-in call after two weeks"),
    "repurchase": mark("Repurchase reminder, or invite feedback (day 60–90)"),
    "reactivation": mark("Reactivation review (day 180)"),
    "restock": mark("Ask whether it is running out, offer the next order (day 10)"),
    "restock_again": mark("Second repurchase reminder (day 20)"),
    "come_back": mark("Win back: not bought for two months"),
    "visit_1": mark("Book the appointment of the second month"),
    "visit_2": mark("Book the appointment of the third month"),
    "visit_3": mark("Book the appointment of the fourth month"),
    "quarter_1": mark("Quarterly review, first"),
    "quarter_2": mark("Quarterly review, second"),
    "quarter_3": mark("Quarterly review, third"),
    "renewal": mark("Talk about the next year (a month before the year ends)"),
    THANK_REFERRER: mark("Thank them for recommending us"),
    MEET_REFERRED: mark("Contact a friend who was recommended to us"),
    REWARD_REFERRER: mark("Thank them with a gift: the friend they recommended us to has bought"),
    REWARD_REFERRED: mark("Welcome gift: they came by a recommendation and have bought"),
}

_RESTOCK = mark("{greeting} Is {product} running out? {me} can prepare the next order, so that {you} need not wait.")
_VISIT = mark("{greeting} It is time for the next appointment for {product}. Which day and hour would suit {you}?")
_QUARTER = mark(
    "{greeting} A quarter with {product} is over: {me} would like to go through what went well and what {you} need next. "
    "When may {me} call?"
)

_GREETING = mark("Hello {who}, {me} am {rep} from {org}.")
_GREETING_TO_YOUNGER = mark("Hi {who}, {me} am {rep} from {org}.")
_AS_AGREED = mark(
    "{greeting} As we agreed, {me} would like to get in touch again. When would be a good time for {you} to talk?"
)
_MESSAGES = {
    "first_call": mark(
        "{greeting} Have {you} had a chance to use {product} yet? If anything is unclear, {me} will gladly explain."
    ),
    "thanks": mark(
        "{greeting} Thank you for choosing {product}. {me} will send the usage guide right away; whenever {you} need help, just write."
    ),
    "feeling": mark(
        "{greeting} After a week with {product}, how do {you} like it? "
        "From 1 to 5 points, how many would {you} give? {me} will read every word."
    ),
    "check_in": mark(
        "{greeting} Is {product} still working well for {you}? If anything is missing, {me} will see to it at once."
    ),
    "care_30": mark(
        "{greeting} It is a month since {you} chose {product}. {me} have a small offer just for {you}, "
        "and a few minutes of your feedback would help a lot."
    ),
    "repurchase": mark(
        "{greeting} Could {you} use more of {product}? There is an offer for regular customers now; {me} can keep one for {you}."
    ),
    "reactivation": mark(
        "{greeting} It has been a while. Is {product} still serving {you} well, and is there anything {me} can help with?"
    ),
    "restock": _RESTOCK,
    "restock_again": _RESTOCK,
    "come_back": mark(
        "{greeting} It has been a while. Could {you} use more of {product}? There is an offer for regular customers now."
    ),
    "visit_1": _VISIT,
    "visit_2": _VISIT,
    "visit_3": _VISIT,
    "quarter_1": _QUARTER,
    "quarter_2": _QUARTER,
    "quarter_3": _QUARTER,
    "renewal": mark(
        "{greeting} {product} has served {you} for almost a year. May {me} call to talk about the next one, "
        "with terms for regular customers?"
    ),
    THANK_REFERRER: mark(
        "{greeting} Thank you for recommending us to a friend. {me} will take good care of them, so that {you} need not worry."
    ),
    MEET_REFERRED: mark(
        "{greeting} A friend of yours told us about {you}, and {me} would like to help. When would be a good time for {you} to talk?"
    ),
    REWARD_REFERRER: mark(
        "{greeting} Thanks to your kind words a friend has chosen us. {me} have a small gift to thank {you}: "
        "where may {me} send it?"
    ),
    REWARD_REFERRED: mark(
        "{greeting} Thank you for choosing {product} on a friend's recommendation. {me} have a small welcome gift for {you}: "
        "where may {me} send it?"
    ),
}

# How a Vietnamese seller speaks of themselves to somebody so addressed; with no form of address the polite pair is used.
_SELF = {
    "anh": "em",
    "chị": "em",
    "cô": "cháu",
    "chú": "cháu",
    "bác": "cháu",
    "ông": "cháu",
    "bà": "cháu",
    "em": "mình",
}


def step_words(t: Translator, followup: FollowUp) -> Markup:
    """What is to be done: a step of a playbook in the reader's language, else as it was typed."""
    if followup.step in STEPS:
        return t(STEPS[followup.step])
    return Markup("{}").format(followup.text)


def brief_words(t: Translator, followup: FollowUp, limit: int) -> Markup:
    """`step_words` on one line of at most `limit` characters."""
    return Markup("{}").format(shortened(str(step_words(t, followup).unescape()), limit))


def followup_line(t: Translator, followup: FollowUp) -> Markup:
    """T6 27/11 09:00: gọi lại."""
    return Markup("{}: {}").format(due_day(t, followup), brief_words(t, followup, 90))


def due_day(t: Translator, followup: FollowUp) -> str:
    """T6 27/11 09:00."""
    day = t.short_day(followup.due_on)
    return f"{day} {t.clock(followup.due_at)}" if followup.due_at else day


def state_words(t: Translator, followup: FollowUp) -> Markup:
    """That it is done or dropped already, and what came of it."""
    if followup.outcome:
        return t("✅ Already done: {outcome}", outcome=t(OUTCOMES[followup.outcome]))
    return t("✅ Already done") if followup.state is FollowUpState.DONE else t("🗑 Already dropped")


def message_for(
    t: Translator, followup: FollowUp, customer: Customer, rep: Member, org: str, product: str | None
) -> str:
    """A text ready to send to the customer, as plain text; empty where the step has nothing to say to them."""
    if followup.step in STEPS and followup.step not in _MESSAGES:
        return ""
    vietnamese = t.locale == "vi"
    you, me = (
        (customer.honorific or "anh/chị", _SELF.get(customer.honorific or "", "em")) if vietnamese else ("you", "I")
    )
    spoken_to = replace(customer, name=given_name(customer.name))
    who = called(t, spoken_to) if customer.honorific or not vietnamese else f"{you} {spoken_to.name}"
    values = {"me": me, "you": you, "product": shortened(product or str(t("our product")), 40)}
    greeting = _GREETING_TO_YOUNGER if customer.honorific == "em" else _GREETING
    values["greeting"] = str(t(greeting, who=who, me=me, rep=rep.name, org=org or str(t("our company"))).unescape())
    message = _MESSAGES.get(followup.step or "", _AS_AGREED)
    return str(t(message, **values).unescape())


def ready_to_send(t: Translator, message: str) -> tuple[Markup, tuple[Choice, ...]]:
    """The message as a block, and the button that copies it; too long for a button, a tap on the text itself copies it."""
    if not message:
        return Markup(), ()
    heading = t("💬 Ready to send:")
    if len(message) > COPY_LIMIT:
        return lines([heading, Markup("<code>{}</code>").format(message)]), ()
    copy = Choice("📋 " + t("Copy message"), copy=message)
    return lines([heading, Markup("<blockquote>{}</blockquote>").format(message)]), (copy,)


# The checklist --------------------------------------------------------------------------------------------------------


def checklist(
    t: Translator,
    sale: Sale,
    customer: Customer,
    steps: Sequence[FollowUp],
    today: date,
    *,
    replaces: bool,
    note: Markup = Markup(),
    action_id: int | None = None,
) -> Reply:
    """The five tasks after a sale with their dates and boxes, and the dates of the cadence; `action_id` is what was just saved."""
    tasks, cadence = _tasks(steps), [step for step in steps if step.checklist is None and step.is_open]
    head = lines([t("🧾 <b>After the sale</b> · {name}", name=called(t, customer)), sale_words(t, sale)])
    boxes = lines([_task_line(t, step, today) for step in tasks])
    plan = (
        lines([t("📆 <b>Care plan</b>"), *(Markup("• ") + followup_line(t, step) for step in cadence)])
        if cadence
        else Markup()
    )
    text = Markup("\n\n").join(part for part in (note, head, boxes, plan) if part)
    undo = (buttons.undo(t, action_id),) if action_id is not None else ()
    return Reply(text, rows_of(_boxes(tasks), (*undo, back_to_card(t, customer.id))), replaces=replaces)


def closed_note(t: Translator, count: int) -> Markup:
    """Reminders of an earlier sale that the new one has made pointless."""
    return t.plural(
        "{count} repurchase reminder of the earlier sale is dropped.",
        "{count} repurchase reminders of the earlier sale are dropped.",
        count,
    )


def feedback_saved(t: Translator, customer: Customer, words: str) -> Markup:
    """What was written down."""
    return t("✅ Feedback of {name} saved: “{words}”", name=called(t, customer), words=shortened(words, 200))


def _tasks(steps: Sequence[FollowUp]) -> list[FollowUp]:
    return sorted((step for step in steps if step.checklist is not None), key=lambda step: step.checklist or 0)


def _task_line(t: Translator, step: FollowUp, today: date) -> Markup:
    when = t("today") if step.due_on == today else due_day(t, step)
    return Markup("{} {}. {} · {}").format(_box(step), step.checklist, step_words(t, step), when)


def _box(step: FollowUp) -> str:
    return "☐" if step.is_open else "✅"


def _boxes(tasks: Sequence[FollowUp]) -> tuple[Choice, ...]:
    # ticking and clearing are two verbs, so that a double tap does not undo itself
    return tuple(
        Choice(f"{_box(step)} {step.checklist}", f"checklist.{'tick' if step.is_open else 'clear'}:{step.id}")
        for step in tasks
    )


def thanks(t: Translator, step: FollowUp, customer: Customer, message: str) -> Reply:
    """The text of thanks, and the box that is ticked once it is sent."""
    block, copy = ready_to_send(t, message)
    rows = rows_of(copy, (Choice("✅ " + t("Sent"), f"checklist.sent:{step.id}"), back_to_checklist(t, step)))
    hint = t("Copy it, send it with the usage guide, then tap “Sent”.")
    return Reply(Markup("\n\n").join([title(t, customer), block, hint]), rows, replaces=True)


def ask_feedback(t: Translator, step: FollowUp, customer: Customer) -> Reply:
    """What the customer said, in the next message; or nothing."""
    row = (Choice(t("Nothing to record"), f"checklist.silent:{step.id}"), back_to_checklist(t, step))
    return Reply(t("What did {name} say about it? Type their words.", name=called(t, customer)), (row,), replaces=True)


def ask_potential(t: Translator, step: FollowUp, customer: Customer) -> Reply:
    """High, medium or low."""
    row = tuple(Choice(t(POTENTIALS[level]), f"checklist.potential:{step.id}:{level}") for level in Potential)
    text = lines([title(t, customer), t("How likely is this customer to buy again?")])
    rows: Rows = (row, (back_to_checklist(t, step),))
    return Reply(text, rows, replaces=True)


def back_to_checklist(t: Translator, step: FollowUp) -> Choice:
    """‹ back to the five tasks, in place."""
    return Choice("‹ " + t("Checklist"), f"checklist.show:{step.sale_id}")
