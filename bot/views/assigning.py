"""Giving customers to members, one by one, and the rule by which new ones are given."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from bot.domain.company import AssignmentRule, Company
from bot.domain.customers import Customer, Source
from bot.domain.handovers import Brief, Holding
from bot.domain.people import Member
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import back_to_card, choose_source, customer_label, lines, rows_of, title
from bot.views.handovers import brief_words
from bot.views.standings import referral_line
from bot.views.words import SOURCES, called, shortened

RULES = {
    AssignmentRule.KEEP: mark("whoever writes them down keeps them"),
    AssignmentRule.TURNS: mark("one rep after the other"),
    AssignmentRule.LOAD: mark("the rep with the fewest open customers"),
    AssignmentRule.SOURCE: mark("by where they come from"),
}
SHOWN = 30  # members a list


def give_to(t: Translator, customer_id: int) -> Choice:
    """*Giao cho…*."""
    return Choice("🤝 " + t("Assign to…"), f"assign.ask:{customer_id}")


def overview(
    t: Translator, company: Company, holdings: Sequence[Holding], latest: Sequence[Customer], *, replaces: bool
) -> Reply:
    """The rule, who has how many, and whom one may want to give."""
    having = [
        Markup(" • {}: {}").format(h.member.name, t.plural("{count} customer", "{count} customers", h.customers))
        for h in holdings[:SHOWN]
    ]
    text = lines(
        [
            t("🤝 <b>Assignment</b>"),
            t("New customers from managers: {rule}", rule=t(RULES[company.rule])),
            *having,
            t("To give a customer to somebody: <code>/assign Ms Lan to {name}</code>", name=holdings[-1].member.name),
        ]
    )
    offered = tuple((Choice("🤝 " + customer_label(t, customer), f"assign.ask:{customer.id}"),) for customer in latest)
    return Reply(text, (*offered, (Choice("⚙️ " + t("The rule"), "assign.rule"),)), replaces=replaces)


def choose_member(
    t: Translator, customer: Customer, owner: Member, holdings: Sequence[Holding], *, replaces: bool
) -> Reply:
    """Who gets this customer?"""
    choices = [
        Choice(f"{h.member.name} · {t.number(h.customers)}", f"assign.to:{customer.id}:{h.member.id}")
        for h in holdings[:SHOWN]
    ]
    rows = tuple(tuple(choices[place : place + 2]) for place in range(0, len(choices), 2))
    question = t("Who gets this customer?") if rows else t("There is nobody else in your team yet.")
    text = lines([title(t, customer), t("In care of: {name}", name=owner.name), question])
    return Reply(text, (*rows, (back_to_card(t, customer.id),)), replaces=replaces)


def choose_customer(t: Translator, candidates: Sequence[Customer], to: Member | None) -> Reply:
    """Which customer is meant?"""
    verb = f"assign.to:{{}}:{to.id}" if to else "assign.ask:{}"
    rows = tuple((Choice(customer_label(t, customer), verb.format(customer.id)),) for customer in candidates)
    question = t("Which customer do you mean?") if rows else t("I found no such customer in your team.")
    return Reply(question, rows)


def given(t: Translator, customer: Customer, to: Member, followups: int, action_id: int, *, replaces: bool) -> Reply:
    """What who gave sees."""
    went = t.plural("{count} open follow-up goes along.", "{count} open follow-ups go along.", followups)
    text = lines(
        [
            t("🤝 {customer} is now with <b>{name}</b>.", customer=called(t, customer), name=to.name),
            went if followups else Markup(),
        ]
    )
    rows = ((buttons.undo(t, action_id), give_to(t, customer.id)), (buttons.open_customer(t, customer.id),))
    return Reply(text, rows, replaces=replaces)


def has_already(t: Translator, customer: Customer, owner: Member, *, replaces: bool) -> Reply:
    """Nothing to do."""
    text = t("{customer} is with {name} already.", customer=called(t, customer), name=owner.name)
    return Reply(text, ((buttons.open_customer(t, customer.id),),), replaces=replaces)


# What the others hear -------------------------------------------------------------------------------------------------


def yours_now(t: Translator, brief: Brief, by: Member, entry_id: int, today: date, said: str) -> Reply:
    """A customer has been given to the reader: the brief, and one tap to take them on."""
    head = t("🆕 {name} has given you a customer:", name=by.name)
    quoted = Markup("<blockquote>{}</blockquote>").format(shortened(said, 300)) if said else Markup()
    accept = Choice("✅ " + t("Take on"), f"assign.accept:{entry_id}")
    return Reply(
        lines([head, brief_words(t, brief, today), referral_line(t, brief.customer, 0), quoted]),
        ((accept, buttons.open_customer(t, brief.customer.id)),),
    )


def no_longer_yours(t: Translator, customer: Customer, to: Member) -> Reply:
    """What the old owner hears."""
    return Reply(
        t("🤝 {customer} is now in the care of {name}. Thank you.", customer=called(t, customer), name=to.name)
    )


def taken_back(t: Translator, customer: Customer, by: Member) -> Reply:
    """It was a mistake: what who got the customer hears."""
    return Reply(t("↩️ {name} has taken {customer} back.", name=by.name, customer=called(t, customer)))


def yours_again(t: Translator, customer: Customer) -> Reply:
    """It was a mistake: what the old owner hears."""
    text = t("↩️ {customer} is in your care again.", customer=called(t, customer))
    return Reply(text, ((buttons.open_customer(t, customer.id),),))


def accepted(t: Translator, brief: Brief, today: date) -> Reply:
    """The customer is taken on: what one does next."""
    key = brief.customer.id
    rows = ((buttons.note(t, key), buttons.follow_up(t, key)), (buttons.open_customer(t, key),))
    return Reply(lines([t("✅ Taken on. Good luck!"), brief_words(t, brief, today)]), rows, replaces=True)


def tell_accepted(t: Translator, customer: Customer, by: Member) -> Reply:
    """What who gave the customer hears."""
    return Reply(t("✅ {name} has taken on {customer}.", name=by.name, customer=called(t, customer)))


# The rule -------------------------------------------------------------------------------------------------------------


def rule_page(t: Translator, company: Company, team: Sequence[Member], *, may_change: bool, replaces: bool) -> Reply:
    """By which rule new customers are given; for SOURCE also who gets which."""
    names = {member.id: member.name for member in team}
    by_source = [
        Markup(" • {}: {}").format(t(SOURCES[source]), names[owner])
        for source, owner in company.source_owners.items()
        if owner in names
    ]
    is_by_source = company.rule is AssignmentRule.SOURCE
    text = lines(
        [
            t("⚙️ <b>Who gets new customers</b>"),
            t("For customers whom an owner or manager writes down: {rule}", rule=t(RULES[company.rule])),
            *(by_source if is_by_source else []),
            t("All other sources go one rep after the other.") if is_by_source else Markup(),
            t("Customers whom a rep writes down stay with the rep.") if may_change else _not_yours(t),
        ]
    )
    rules = tuple(
        (Choice(f"● {t(words)}" if rule is company.rule else str(t(words)), f"assign.set:{rule}"),)
        for rule, words in RULES.items()
    )
    sources = ((Choice("📥 " + t("Who gets which source"), "assign.sources"),),) if is_by_source else ()
    back = ((Choice("‹ " + t("Assignment"), "assign"),),)
    return Reply(text, (*rules, *sources, *back) if may_change else back, replaces=replaces)


def _not_yours(t: Translator) -> Markup:
    return t("The rule is the owner's to change.")


def choose_sources(t: Translator) -> Reply:
    """Which source is it about?"""
    back = ((Choice("‹ " + t("The rule"), "assign.rule"),),)
    rows = (*choose_source(t, "assign.source"), *back)
    return Reply(t("Which source?"), rows, replaces=True)


def choose_source_owner(t: Translator, source: Source, company: Company, reps: Sequence[Member]) -> Reply:
    """Who gets the customers of a source?"""
    owner_id = company.source_owners.get(source)
    choices = [
        Choice(f"● {rep.name}" if rep.id == owner_id else rep.name, f"assign.gets:{source}:{rep.id}")
        for rep in reps[:SHOWN]
    ]
    rows = tuple(tuple(choices[place : place + 2]) for place in range(0, len(choices), 2))
    nobody = (Choice("🔁 " + t("One after the other"), f"assign.gets:{source}:0"),)
    back = (Choice("‹ " + t("Who gets which source"), "assign.sources"),)
    return Reply(
        t("Who gets customers from {source}?", source=t(SOURCES[source])), rows_of(*rows, nobody, back), replaces=True
    )
