"""The company's own page, and the three questions of its first day."""

from markupsafe import Markup

from bot.domain.company import Company, Trade
from bot.domain.first_day import Habit
from bot.domain.people import Member
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views.cards import lines
from bot.views.welcome import EXAMPLES

TRADES = {
    Trade.RETAIL: mark("Retail, bought again soon"),
    Trade.SERVICE: mark("Service by appointment"),
    Trade.B2B: mark("Sales to companies (B2B)"),
    Trade.GENERAL: mark("Other, a bit of everything"),
}
_CADENCES = {
    Trade.RETAIL: mark("After every sale: five tasks, and the next order is asked about on day 10 and 20."),
    Trade.SERVICE: mark("After every sale: five tasks, and the next appointment is booked every month."),
    Trade.B2B: mark("After every sale: five tasks, a review every quarter, and the renewal before the year ends."),
    Trade.GENERAL: mark("After every sale: five tasks, and care on day 7, 14, 30, 60–90 and 180."),
}


_HABITS = {
    Habit.EXCEL: mark("Excel file"),
    Habit.ZALO: mark("Zalo chats"),
    Habit.NOTEBOOK: mark("Notebook"),
    Habit.NOTHING: mark("Nothing yet"),
}
_ADVICE = {
    Habit.EXCEL: mark(
        "💡 Keep the file as it is: new customers go here from today, old ones when somebody next talks to them."
    ),
    Habit.ZALO: mark(
        "💡 Copy me what matters from the chats, a line a customer: from then on I remind you, and nothing scrolls away."
    ),
    Habit.NOTEBOOK: mark("💡 Begin with today's page: a line a customer is enough, as short as in the notebook."),
    Habit.NOTHING: mark("💡 The best time to begin: a message for each customer, and I do the remembering."),
}


def page(t: Translator, company: Company, org: str, *, note: Markup = Markup(), replaces: bool) -> Reply:
    """What the company has decided, each to change."""
    text = lines(
        [
            note,
            Markup("🏢 <b>{}</b>").format(org),
            t("Trade: {trade}", trade=t(TRADES[company.trade])),
            t(_CADENCES[company.trade]),
            limit_line(t, company.solve_limit_vnd),
        ]
    )
    rows: Rows = (
        (Choice("✏️ " + t("Company name"), "company.ask:name"), Choice("🏷 " + t("Trade"), "company.ask:trade")),
        (Choice("🪜 " + t("Sales steps"), "pipeline.show"), Choice("🎯 " + t("Who gets new customers"), "assign.rule")),
        (
            Choice("🎫 " + t("Limit for tickets"), "company.ask:limit"),
            Choice("🗳 " + t("How we ask"), "survey.wordings"),
        ),
        (Choice("👥 " + t("Team"), "team"), Choice("‹ " + t("Settings"), "settings")),
    )
    return Reply(text, rows, replaces=replaces)


def limit_line(t: Translator, limit_vnd: int | None) -> Markup:
    """How far a rep goes alone when solving a ticket."""
    if not limit_vnd:
        return t("Solving a ticket: reps ask a manager before it costs anything.")
    return t("Solving a ticket: reps decide alone up to {limit}.", limit=t.money(limit_vnd))


def ask_limit(t: Translator, present_vnd: int | None, *, again: bool = False) -> Reply:
    """Another limit."""
    wrong = t("⚠️ I see no amount in that.") if again else Markup()
    text = t(
        "Up to which amount may a rep solve a ticket alone? For example <code>500k</code>, or <code>0</code> for never."
    )
    return Reply(lines([wrong, limit_line(t, present_vnd), text]), ((Choice("‹ " + t("Company"), "company"),),))


def ask_name(t: Translator, *, again: bool = False) -> Reply:
    """Another name."""
    wrong = t("⚠️ A short name, please.") if again else Markup()
    text = t("What is the company called? Customers read this name in your messages.")
    return Reply(lines([wrong, text]), ((Choice("‹ " + t("Company"), "company"),),))


def choose_trade(t: Translator, present: Trade) -> Reply:
    """Another trade."""
    rows = tuple(
        (Choice(("✓ " if trade is present else "") + t(words), f"company.trade:{trade}"),)
        for trade, words in TRADES.items()
    )
    text = t("What do you sell? It sets when customers are cared for after their next purchase; what is planned stays.")
    return Reply(text, (*rows, (Choice("‹ " + t("Company"), "company"),)), replaces=True)


# The first day --------------------------------------------------------------------------------------------------------


def _later(t: Translator) -> tuple[Choice]:
    return (Choice("⏭ " + t("Later"), "setup.later"),)


def first_question(t: Translator, owner: Member, org: str, *, again: bool = False) -> Reply:
    """What is the company called?"""
    wrong = t("⚠️ A short name, please.") if again else Markup()
    hello = t(
        "Hello {name}! I am your team's sales assistant. Three short questions, so that I fit your company:",
        name=owner.name,
    )
    text = t(
        "<b>1/3</b> · What is the company (the shop) called? Customers read this name in messages. Type it, or keep “{org}”.",
        org=org,
    )
    rows = ((Choice("✓ " + t("Keep “{org}”", org=org), "setup.keep"),), _later(t))
    return Reply(lines([wrong or hello, text]), rows)


def second_question(t: Translator, name: str, *, again: bool = False, replaces: bool) -> Reply:
    """Where were customers kept so far? Above it the name as it was kept, with a way to another one."""
    above = _not_understood(t) if again else t("🏢 The company is called <b>{name}</b>.", name=name)
    text = t("<b>2/3</b> · How have you kept track of customers until now?")
    habits = [Choice(t(words), f"setup.habit:{habit}") for habit, words in _HABITS.items()]
    rename = (Choice("✏️ " + t("Another name"), "setup.rename"), *_later(t))
    return Reply(lines([above, text]), (tuple(habits[:2]), tuple(habits[2:]), rename), replaces=replaces)


def _not_understood(t: Translator) -> Markup:
    return t("Sorry, I did not get that. Choose the one that fits best, or type it in a few words:")


def third_question(t: Translator, habit: Habit | None, *, replaces: bool) -> Reply:
    """What is sold? Above it the advice on the habit; None: the answer to this one was not understood."""
    text = t(
        "<b>3/3</b> · What do you sell? It sets when customers are cared for after a purchase, and the steps of a sale."
    )
    rows = tuple((Choice(t(words), f"setup.trade:{trade}"),) for trade, words in TRADES.items())
    above = t(_ADVICE[habit]) if habit else _not_understood(t)
    return Reply(lines([above, text]), (*rows, _later(t)), replaces=replaces)


def all_set(t: Translator, company: Company, org: str, *, replaces: bool) -> Reply:
    """What follows from it, and what to do next: the team."""
    example = EXAMPLES[t.locale][0]
    text = lines(
        [
            t("✅ <b>{org}</b> is set up.", org=org),
            t(_CADENCES[company.trade]),
            t("Now the team: invite your people, one invitation each. Or try it yourself with a first customer:"),
            Markup("<code>{}</code>").format(example),
        ]
    )
    rows = (
        (Choice("🎟 " + t("Invite people"), "invite"),),
        (Choice("📋 " + t("Copy the example"), copy=example), Choice("🏢 " + t("Company"), "company")),
    )
    return Reply(text, rows, replaces=replaces)
