"""The question list: what customers are answered, and what managers see of it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.faq import Faq, Match, Unanswered
from bot.domain.timeline import Interaction
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views.cards import lines, pager
from bot.views.words import shortened

PAGE = 8
LABEL = 48
_LANGUAGES = {"vi": "🇻🇳", "en": "🇬🇧"}


# What customers see -----------------------------------------------------------------------------------------------------


def answer(t: Translator, faq: Faq, asked: Interaction) -> Reply:
    """The company's answer, with the way to a person."""
    return Reply(Markup("{}").format(faq.answer), ((Choice("🙋 " + t("Talk to a person"), f"g.person:{asked.id}"),),))


def handed_on(t: Translator) -> Reply:
    """A person answers from here on."""
    return Reply(t("We have passed your question on; one of us will answer you right here."))


# What managers see ------------------------------------------------------------------------------------------------------


def page(
    t: Translator, faqs: Sequence[Faq], missed: int, offset: int, *, note: Markup = Markup(), replaces: bool
) -> Reply:
    """The list, each question opens its page."""
    head = t("❓ <b>Questions I answer by myself</b> ({count})", count=len(faqs))
    about = t(
        "When a customer asks one of these, I answer at once, day and night. What I am not sure of goes to the rep."
    )
    empty = t(
        "None yet. Tap Add and send me the first one, for example:\n"
        "<code>What are your opening hours? / 8:00 to 21:00 every day</code>"
    )
    shown = faqs[offset : offset + PAGE]
    rows: Rows = tuple((_open(faq),) for faq in shown)
    waiting = "📥 " + t.plural("{count} without an answer", "{count} without an answer", missed)
    return Reply(
        lines([note, head, about if faqs else empty]),
        (
            *rows,
            *((pages,) if (pages := pager("faq", offset, PAGE, len(faqs))) else ()),
            (Choice("➕ " + t("Add"), "faq.new"), Choice("🔎 " + t("Try a question"), "faq.try")),
            *(((Choice(waiting, "faq.missed:0"),),) if missed else ()),
        ),
        replaces=replaces,
    )


def _open(faq: Faq) -> Choice:
    return Choice(f"{_LANGUAGES.get(faq.locale, '')} {shortened(faq.question, LABEL)}", f"faq.open:{faq.id}")


def _back(t: Translator) -> Choice:
    return Choice("‹ " + t("Question list"), "faq:0")


def entry(t: Translator, faq: Faq, askers: int, *, note: Markup = Markup(), replaces: bool) -> Reply:
    """One question with its answer. `askers`: how many customers asked it and have not been told."""
    other = "en" if faq.locale == "vi" else "vi"
    language = t("For customers who write Vietnamese") if faq.locale == "vi" else t("For customers who write English")
    send = "📨 " + t.plural("Send it to the {count} who asked", "Send it to the {count} who asked", askers)
    text = lines([note, Markup("❓ <b>{}</b>").format(faq.question), Markup("{}").format(faq.answer), language])
    rows: Rows = (
        *(((Choice(send, f"faq.send:{faq.id}"),),) if askers else ()),
        (Choice("✏️ " + t("Edit"), f"faq.edit:{faq.id}"), Choice("🗑 " + t("Delete"), f"faq.delete:{faq.id}")),
        (Choice(_LANGUAGES[other] + " " + _language(t, other), f"faq.language:{faq.id}:{other}"), _back(t)),
    )
    return Reply(text, rows, replaces=replaces)


def _language(t: Translator, locale: str) -> str:
    return t("It is Vietnamese") if locale == "vi" else t("It is English")


def ask_delete(t: Translator, faq: Faq) -> Reply:
    """Really?"""
    text = t(
        "Take <b>{question}</b> out of the list? Customers who ask it then go to their rep.", question=faq.question
    )
    yes, no = Choice("🗑 " + t("Delete"), f"faq.drop:{faq.id}"), Choice("‹ " + t("Keep"), f"faq.open:{faq.id}")
    return Reply(text, ((yes, no),), replaces=True)


def ask_new(t: Translator, *, again: bool = False) -> Reply:
    """A question with its answer, or the question first."""
    return _asking(
        t,
        t(
            "Which question? Write it as a customer would; the answer may follow on the next line:\n"
            "<code>What are your opening hours?\n8:00 to 21:00 every day</code>"
        ),
        again=again,
    )


def ask_answer(t: Translator, question: str, *, again: bool = False) -> Reply:
    """The answer to a question."""
    text = t("What shall I answer to <b>{question}</b>? Customers read it word for word.", question=question)
    return _asking(t, text, again=again)


def ask_edit(t: Translator, faq: Faq, *, again: bool = False) -> Reply:
    """A new answer, or both."""
    text = t(
        "Write the new answer to <b>{question}</b>, or the question and the answer on two lines:", question=faq.question
    )
    present = Markup("<code>{}\n{}</code>").format(faq.question, faq.answer)
    return _asking(t, lines([text, present]), again=again)


def _asking(t: Translator, text: Markup, *, again: bool) -> Reply:
    wrong = t("⚠️ Too long, or nothing in it: a short question and an answer, please.") if again else Markup()
    return Reply(lines([wrong, text]), ((_back(t),),))


def ask_try(t: Translator) -> Reply:
    """What would a customer write?"""
    return Reply(t("Write as a customer would, and I show what they would be answered."), ((_back(t),),))


def tried(t: Translator, words: str, faq: Faq | None, nearest: Sequence[Match]) -> Reply:
    """What a customer who wrote this would be answered."""
    said = Markup("<blockquote>{}</blockquote>").format(words)
    again = Choice("🔎 " + t("Try another"), "faq.try")
    if faq:
        text = lines([said, t("✅ I would answer:"), Markup("{}").format(faq.answer)])
        return Reply(text, ((_open(faq),), (again, _back(t))))
    near = tuple((_open(match.faq),) for match in nearest)
    hint = t("The nearest in the list:") if near else Markup()
    return Reply(lines([said, t("🙋 I would not be sure; it would go to the rep."), hint]), (*near, (again, _back(t))))


def missed(t: Translator, questions: Sequence[Unanswered], offset: int, *, replaces: bool) -> Reply:
    """What customers asked and the list has no answer to, the most frequent first; a tap answers it."""
    if not questions:
        return Reply(t("📥 Every question has its answer."), ((_back(t),),), replaces=replaces)
    text = lines([t("📥 <b>Without an answer</b>, the most frequent first"), t("Choose one to answer it.")])
    shown = questions[offset : offset + PAGE]
    rows: Rows = tuple(
        (Choice(f"{one.count}× {shortened(one.question, LABEL)}", f"faq.miss:{one.id}"),) for one in shown
    )
    pages = pager("faq.missed", offset, PAGE, len(questions))
    return Reply(text, (*rows, *((pages,) if pages else ()), (_back(t),)), replaces=replaces)


def missing(t: Translator, one: Unanswered) -> Reply:
    """A question without an answer: type it, or do away with it."""
    times = t.plural("Asked {count} time.", "Asked {count} times.", one.count)
    text = t("What shall I answer to <b>{question}</b>? Customers read it word for word.", question=one.question)
    forget = Choice("🗑 " + t("Needs no answer"), f"faq.forget:{one.id}")
    return Reply(lines([times, text]), ((forget, Choice("‹ " + t("Back"), "faq.missed:0")),))


def sent(t: Translator, count: int) -> Markup:
    """How many who asked get the answer now."""
    return t.plural("📨 Sent to {count} customer.", "📨 Sent to {count} customers.", count)


def for_rep(answer: str) -> Markup:
    """The same, to be passed on by a rep."""
    return Markup("{}").format(answer)
