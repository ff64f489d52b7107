"""The card of what was just understood and saved, and what is asked when a guess would be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.domain.customers import Customer, Source
from bot.domain.followups import FollowUp
from bot.domain.phones import national
from bot.domain.pipeline import Pipeline
from bot.domain.repositories import DuplicateHint
from bot.domain.sales import Sale
from bot.domain.tickets import Ticket
from bot.domain.timeline import Interaction, InteractionKind, Sentiment
from bot.domain.understanding import Capture, Due, Intent, Problem, ProblemKind
from bot.domain.vocabulary import NewWord
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import customer_label, followup_words, identity_lines, lines, phones, rows_of, sale_words, title
from bot.views.standings import referral_line
from bot.views.words import HEAT_SIGNS, HEATS, LOST_REASONS, SOURCES, called, shortened, stage_words


@dataclass(frozen=True, slots=True)
class Filed:
    """What one message became, all of it one action that can be undone."""

    customer: Customer
    created: bool
    action_id: int
    pipeline: Pipeline
    entry: Interaction | None = None
    followup: FollowUp | None = None
    sale: Sale | None = None
    added_phones: tuple[str, ...] = ()
    quoted_vnd: int | None = None
    assigned_to: str = ""
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Fixable:
    """The rows that a saved message became, by id (0 for none): what *Sửa* can put right."""

    customer_id: int
    entry_id: int
    followup_id: int
    sale_id: int
    action_id: int

    @property
    def data(self) -> str:
        """As the data of a choice."""
        return f"fix:{self.customer_id}:{self.entry_id}:{self.followup_id}:{self.sale_id}:{self.action_id}"


def fixable(filed: Filed) -> Fixable:
    """What of a filed message can be put right."""
    entry, followup, sale = (row.id if row else 0 for row in (filed.entry, filed.followup, filed.sale))
    return Fixable(filed.customer.id, entry, followup, sale, filed.action_id)


def filed_card(t: Translator, filed: Filed, capture: Capture, hints: Sequence[Markup]) -> Reply:
    """What was understood and saved, with *Hoàn tác*, *Sửa* and the next actions."""
    customer = filed.customer
    facts = _of_new(t, customer) if filed.created else _additions(t, filed)
    text = lines(
        [_headline(t, filed, capture), title(t, customer), *facts, *_entries(t, filed), *_assigned(t, filed), *hints]
    )
    return Reply(text, _filed_rows(t, filed, capture))


def _assigned(t: Translator, filed: Filed) -> list[Markup]:
    return [assigned_line(t, filed.assigned_to)] if filed.assigned_to else []


def assigned_line(t: Translator, name: str) -> Markup:
    """A new lead has gone to a colleague."""
    return t("🤝 Given to {name}", name=name)


_FEEDBACK = {
    Sentiment.PRAISE: mark("👍 Praise saved"),
    Sentiment.COMPLAINT: mark("👎 Complaint saved, and a ticket opened"),
}


def _headline(t: Translator, filed: Filed, capture: Capture) -> Markup:
    if filed.created and filed.sale:
        return t("✅ New customer and sale saved")
    if filed.created:
        return t("✅ New customer saved")
    if filed.sale:
        return t("🎉 Sale saved, congratulations!")
    if filed.entry and filed.entry.kind is InteractionKind.FEEDBACK:
        return t(_FEEDBACK[capture.sentiment]) if capture.sentiment else t("✅ Feedback saved")
    if filed.followup and capture.intent is Intent.FOLLOWUP:
        return t("✅ Follow-up saved")
    return t("✅ Note saved")


def _of_new(t: Translator, customer: Customer) -> list[Markup]:
    expected = expected_line(t, customer.expected_vnd)
    return [phones(customer), *identity_lines(t, customer), referral_line(t, customer, 0), expected]


def _additions(t: Translator, filed: Filed) -> list[Markup]:
    added = Markup(" · ").join(Markup("<code>{}</code>").format(national(phone)) for phone in filed.added_phones)
    return [
        t("☎️ New number: {phones}", phones=added) if added else Markup(),
        expected_line(t, filed.quoted_vnd),
    ]


def expected_line(t: Translator, expected_vnd: int | None) -> Markup:
    """What the deal may bring, as it was just understood."""
    return t("💵 Expected: {amount}", amount=t.money(expected_vnd)) if expected_vnd is not None else Markup()


def _entries(t: Translator, filed: Filed) -> list[Markup]:
    shown = []
    if filed.sale:
        shown.append(Markup("💰 {}").format(sale_words(t, filed.sale)))
    if filed.entry and (filed.entry.kind is InteractionKind.FEEDBACK or not (filed.sale or filed.created)):
        shown.append(Markup("📝 {}").format(shortened(filed.entry.text, 300)))
    if filed.ticket:
        shown.append(Markup("🎫 {}").format(t("Ticket {code}", code=filed.ticket.code)))
    if filed.followup:
        shown.append(Markup("⏰ {}").format(followup_words(t, filed.followup)))
    return shown


def _filed_rows(t: Translator, filed: Filed, capture: Capture) -> tuple[tuple[Choice, ...], ...]:
    key = filed.customer.id
    suggestions = []
    if (heat := capture.suggested_heat) and filed.customer.heat is not heat:
        suggestions.append(
            Choice(t("{sign} Set to {heat}", sign=HEAT_SIGNS[heat], heat=t(HEATS[heat])), f"heat.set:{key}:{heat}")
        )
    stage = capture.suggested_stage
    if stage and not filed.sale and filed.pipeline.leads_on(stage, filed.customer.stage):
        suggestions.append(
            Choice(
                t("📈 Move to {stage}", stage=stage_words(t, filed.pipeline, stage)).unescape(),
                f"stage.set:{key}:{stage}",
            )
        )
    if capture.suggested_loss is not None and filed.pipeline.is_open(filed.customer.stage):
        suggestions.append(_lost(t, key, capture.suggested_loss))
    if sources := [
        s for unsure in capture.unsure if unsure.field == "source" for s in unsure.candidates if isinstance(s, Source)
    ]:
        suggestions += [
            Choice(t("Source: {source}?", source=t(SOURCES[source])), f"source.set:{key}:{source}")
            for source in sources
        ]
    next_actions = (
        (buttons.open_customer(t, key),)
        if filed.followup
        else (buttons.follow_up(t, key), buttons.open_customer(t, key))
    )
    return rows_of(
        tuple(suggestions),
        (buttons.undo(t, filed.action_id), Choice("✏️ " + t("Edit"), fixable(filed).data)),
        (Choice("🤝 " + t("Give to somebody else"), f"assign.ask:{key}"),) if filed.assigned_to else (),
        next_actions,
    )


def _lost(t: Translator, customer_id: int, reason: str) -> Choice:
    if not reason:
        return Choice("✖️ " + t("Lost…"), f"lost.ask:{customer_id}")
    return Choice(t("✖️ Lost: {reason}", reason=t(LOST_REASONS[reason])), f"lost.set:{customer_id}:{reason}")


PROBLEMS = {
    ProblemKind.IMPOSSIBLE_DATE: mark("⚠️ There is no such date: {phrase}."),
    ProblemKind.IMPOSSIBLE_TIME: mark("⚠️ There is no such time: {phrase}."),
    ProblemKind.PAST_DATE: mark("⚠️ This date has passed: {phrase}."),
    ProblemKind.NOT_POSITIVE: mark("⚠️ This amount looks wrong: {phrase}."),
    ProblemKind.TOO_LARGE: mark("⚠️ This amount is unusually large: {phrase}."),
    ProblemKind.NOT_A_PHONE: mark("⚠️ {phrase} is not a phone number; I kept it in the note."),
}


def problem_line(t: Translator, problem: Problem) -> Markup:
    """What was wrong with a field, in the person's own words."""
    return t(PROBLEMS[problem.kind], phrase=problem.phrase)


def ask_when(t: Translator, customer: Customer, wrong: Markup = Markup()) -> Reply:
    """When to follow up: the usual days to tap, or typed."""
    key = customer.id
    question = t(
        "When should I remind you about {name}? Choose, or type for example\n"
        "<code>tomorrow 9am</code>, <code>next Friday</code>, <code>15/12</code>.",
        name=called(t, customer),
    )
    rows = (
        (
            Choice(t("Tomorrow"), f"followup.in:{key}:1"),
            Choice(t("3 days"), f"followup.in:{key}:3"),
            Choice(t("Next week"), f"followup.in:{key}:7"),
        ),
        (buttons.cancel(t),),
    )
    return Reply(lines([wrong, question]), rows)


def choose_due(t: Translator, customer: Customer, candidates: Sequence[Due]) -> Reply:
    """Two dates could be meant: one tap."""
    rows = tuple(
        (
            Choice(
                f"{t.day(due.on)} {t.clock(due.at) if due.at else ''}".strip(),
                f"followup.on:{customer.id}:{due.on:%Y%m%d}:{due.at:%H%M}"
                if due.at
                else f"followup.on:{customer.id}:{due.on:%Y%m%d}",
            ),
        )
        for due in candidates
    )
    return Reply(t("Which day do you mean for {name}?", name=called(t, customer)), rows)


def ask_amount(t: Translator, sale_id: int, wrong: Markup = Markup()) -> Reply:
    """The amount of a sale that was saved without one."""
    question = t("How much was this sale? For example <code>12tr5</code> or <code>850k</code>.")
    return Reply(lines([wrong, question]), ((Choice(t("Not known yet"), f"sale.unknown:{sale_id}"),),))


def confirm_amount(t: Translator, sale_id: int, amounts: Sequence[int], wrong: Markup) -> Reply:
    """An amount that is asked to be confirmed, or which of several is meant (PRODUCT section 9)."""
    meant = tuple(
        (Choice(t("Yes, {amount}", amount=t.money(amount)), f"sale.amount:{sale_id}:{amount}"),) for amount in amounts
    )
    unknown = (Choice(t("Not known yet"), f"sale.unknown:{sale_id}"),)
    return Reply(lines([wrong, t("Is that right? Otherwise type the right amount.")]), (*meant, unknown))


def ask_sentiment(t: Translator, entry_id: int, action_id: int) -> Reply:
    """Praise or complaint, where the words leave it open; `action_id` is what was saved with them."""
    row = (
        Choice("👍 " + t("Praise"), f"feedback.set:{entry_id}:praise:{action_id}"),
        Choice("👎 " + t("Complaint"), f"feedback.set:{entry_id}:complaint:{action_id}"),
    )
    return Reply(t("Is this praise or a complaint?"), (row,))


def ask_whom(t: Translator, draft_id: int, candidates: Sequence[Customer], *, named: str = "", text: str = "") -> Reply:
    """Whose is it? The candidates to tap, a new customer, or a typed name; the text is kept."""
    if named and candidates:
        question = t("Which {name} do you mean?", name=named)
    elif named:
        question = t("I do not know {name} yet. Shall I create a new customer?", name=named)
    elif candidates:
        question = t("Who is this about? Choose, or type a name or phone number.")
    else:
        question = t("Who is this about? Type a name or phone number.")
    quoted = Markup("<blockquote>{}</blockquote>").format(shortened(text, 200)) if text else Markup()
    rows = tuple(
        (Choice(customer_label(t, customer), f"draft.for:{draft_id}:{customer.id}"),) for customer in candidates
    )
    new = (Choice("➕ " + t("New customer"), f"draft.new:{draft_id}"),)
    return Reply(lines([question, quoted]), (*rows, new, (Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),)))


def ask_duplicate(t: Translator, draft_id: int, hint: DuplicateHint, capture: Capture) -> Reply:
    """Somebody else's customer has this number: no more is told than whose."""
    text = t(
        "The number {phone} may be a duplicate: it belongs to a customer of {owner}. Create it all the same? {owner} will be told.",
        phone=national(capture.phones[0]),
        owner=hint.owner_name,
    )
    rows = (
        (Choice("➕ " + t("Create all the same"), f"draft.anyway:{draft_id}"),),
        (Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),),
    )
    return Reply(text, rows)


def tell_duplicate(t: Translator, capture: Capture, rep_name: str) -> Reply:
    """What the other owner hears of a possible duplicate."""
    return Reply(
        t(
            "ℹ️ {rep} has just logged a customer with the number {phone}, which is also in your list. A manager can merge the two.",
            rep=rep_name,
            phone=national(capture.phones[0]),
        )
    )


def confirm_several(t: Translator, draft_id: int, captures: Sequence[Capture]) -> Reply:
    """Several customers in one message, shown before saving."""
    rows = [_one_of_several(t, capture) for capture in captures]
    text = lines(
        [
            t.plural(
                "I see {count} customer in this message:", "I see {count} customers in this message:", len(captures)
            ),
            *rows,
        ]
    )
    save = Choice(t.plural("Save {count}", "Save all {count}", len(captures)), f"draft.all:{draft_id}")
    return Reply(
        text,
        (
            (save,),
            (
                Choice("📝 " + t("It is one note"), f"draft.note:{draft_id}"),
                Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),
            ),
        ),
    )


def _one_of_several(t: Translator, capture: Capture) -> Markup:
    parts = [
        f"{capture.honorific} {capture.name}"
        if capture.honorific and capture.name
        else capture.name or capture.company or "",
        national(capture.phones[0]) if capture.phones else "",
        str(t(HEATS[capture.heat])) if capture.heat else "",
        capture.product or "",
        t.day(capture.due.on) if capture.due else "",
    ]
    return Markup("• {}").format(" · ".join(part for part in parts if part))


def several_saved(
    t: Translator, saved: Sequence[tuple[Customer, str]], skipped: Sequence[Capture], action_id: int
) -> Reply:
    """One summary of several new customers, with the colleague to whom each went ("" for none), one undo for all; who was known
    already is named."""
    rows = tuple((Choice(customer_label(t, customer), f"customer.open:{customer.id}"),) for customer, _ in saved)
    text = t.plural("✅ {count} new customer saved", "✅ {count} new customers saved", len(saved))
    given = [Markup("🤝 {} → {}").format(called(t, customer), name) for customer, name in saved if name]
    return Reply(lines([text, *given, _skipped(t, skipped)]), (*rows, (buttons.undo(t, action_id),)), replaces=True)


def all_known(t: Translator, skipped: Sequence[Capture]) -> Reply:
    """Nobody of a list is new."""
    return Reply(lines([t("Nothing new to save."), _skipped(t, skipped)]), replaces=True)


def _skipped(t: Translator, skipped: Sequence[Capture]) -> Markup:
    if not skipped:
        return Markup()
    return lines(
        [t("Already known by their number, left as they are:"), *(_one_of_several(t, capture) for capture in skipped)]
    )


def attached(t: Translator, customer: Customer, action_id: int) -> Reply:
    """A file now lies with a customer."""
    text = lines([t("📎 Filed with {name}", name=called(t, customer)), title(t, customer)])
    return Reply(
        text, ((buttons.undo(t, action_id), buttons.note(t, customer.id), buttons.open_customer(t, customer.id)),)
    )


def ask_new_name(t: Translator, draft_id: int) -> Reply:
    """The name of a new customer."""
    return Reply(
        t("What is the customer called? For example <i>Ms Lan</i>, with the phone number if you have it."),
        ((Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),),),
        replaces=True,
    )


def not_understood(t: Translator, draft_id: int, last: Customer | None, text: str) -> Reply:
    """Kept and offered as a note."""
    said = t("I have not filed this yet:")
    quoted = Markup("<blockquote>{}</blockquote>").format(shortened(text, 200))
    offer = (
        ((Choice(t("📝 Note for {name}", name=called(t, last)), f"draft.for:{draft_id}:{last.id}"),),) if last else ()
    )
    rows = (
        *offer,
        (
            Choice("👥 " + t("Another customer"), f"draft.whom:{draft_id}"),
            Choice("➕ " + t("New customer"), f"draft.new:{draft_id}"),
        ),
        (Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),),
    )
    return Reply(lines([said, quoted]), rows)


def sentiment_set(t: Translator, customer: Customer, ticket: Ticket | None) -> Reply:
    """Praise is noted, or a complaint with its ticket."""
    if ticket is None:
        return Reply(t("👍 Noted as praise."), ((buttons.open_customer(t, customer.id),),), replaces=True)
    said = t("👎 Noted as a complaint of {name}: ticket {code} is open.", name=called(t, customer), code=ticket.code)
    rows = ((Choice("🎫 " + t("Open ticket"), f"ticket.open:{ticket.id}"), buttons.open_customer(t, customer.id)),)
    return Reply(said, rows, replaces=True)


def no_day(t: Translator) -> Markup:
    """No day was found in an answer."""
    return t("⚠️ I see no day in that.")


def no_amount(t: Translator) -> Markup:
    """No amount was found in an answer."""
    return t("⚠️ I see no amount in that.")


def odd_amount(t: Translator, amount_vnd: int) -> Markup:
    """Zero, negative or absurd."""
    return t(
        PROBLEMS[ProblemKind.TOO_LARGE if amount_vnd > 0 else ProblemKind.NOT_POSITIVE], phrase=t.money(amount_vnd)
    )


def hints(t: Translator, capture: Capture, learned: NewWord | None) -> list[Markup]:
    """What else there is to say of a saved message: a word just learned, digits that are no phone, a number of unknown owner."""
    doubtful = [str(phone) for unsure in capture.unsure if unsure.field == "phone" for phone in unsure.candidates]
    return [
        *([learned_line(t, learned)] if learned else []),
        *(problem_line(t, problem) for problem in capture.problems if problem.kind is ProblemKind.NOT_A_PHONE),
        *(t("☎️ {phone} stays in the note: I am not sure whose it is.", phone=national(phone)) for phone in doubtful),
    ]


def learned_line(t: Translator, word: NewWord) -> Markup:
    """A word that was just learned, where it can be taken back."""
    return t(
        "💡 From now on “{said}” means {meaning} to me (/settings › My words).", said=word.said, meaning=word.meaning
    )


def small_amount(t: Translator, amount_vnd: int) -> Markup:
    """Too small to be đồng: thousands or millions are meant."""
    return t("⚠️ {amount} is too little to be the whole amount.", amount=t.money(amount_vnd))


def day_saved(t: Translator, customer: Customer, followup: FollowUp, action_id: int) -> Reply:
    """A follow-up has another day."""
    text = lines([t("✅ Moved"), title(t, customer), Markup("⏰ {}").format(followup_words(t, followup))])
    return Reply(text, ((buttons.undo(t, action_id), buttons.open_customer(t, customer.id)),))


def unsure_amount(t: Translator) -> Markup:
    """The amount could be read in two ways."""
    return t("⚠️ How much do you mean?")
