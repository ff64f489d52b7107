"""A customer's rights in words: what they asked, until when it is answered and done, the file, and erasing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from markupsafe import Markup

from bot.domain.consent import DataRequest, RequestKind
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons, cards
from bot.views.words import called, shortened

PAGE = 5
REQUESTS = {
    RequestKind.SEE: mark("see their data"),
    RequestKind.CORRECT: mark("correct their data"),
    RequestKind.DELETE: mark("have their data deleted"),
    RequestKind.WITHDRAW: mark("withdraw their consent"),
}
_SIGNS = {RequestKind.SEE: "🔎", RequestKind.CORRECT: "✏️", RequestKind.DELETE: "🗑", RequestKind.WITHDRAW: "✋"}
_ASKED = {
    RequestKind.SEE: mark("Asks to see"),
    RequestKind.CORRECT: mark("Asks to correct"),
    RequestKind.DELETE: mark("Asks to delete"),
    RequestKind.WITHDRAW: mark("Withdraws consent"),
}


def page(t: Translator, customer: Customer, reader: Member) -> Reply:
    """What can be done about a customer's data."""
    kinds = [
        Choice(f"{_SIGNS[kind]} {t(words)}", f"privacy.asked:{customer.id}:{kind}") for kind, words in _ASKED.items()
    ]
    rows: list[tuple[Choice, ...]] = [tuple(kinds[:2]), tuple(kinds[2:])]
    if reader.manages:
        rows.append((Choice("📄 " + t("All data as a file"), f"privacy.export:{customer.id}"), erase(t, customer)))
    text = cards.lines(
        [
            cards.title(t, customer),
            t("What does the customer ask about their own data? I note it with its deadlines and tell the manager."),
        ]
    )
    return Reply(text, (*rows, (cards.back_to_card(t, customer.id),)), replaces=True)


def erase(t: Translator, customer: Customer) -> Choice:
    """*Xoá hẳn*."""
    return Choice("🗑 " + t("Erase for good"), f"privacy.erase:{customer.id}")


def noted(t: Translator, request: DataRequest, customer: Customer) -> Reply:
    """Written down, with the deadlines."""
    text = cards.lines(
        [
            cards.title(t, customer),
            t("Noted: the customer asks to {request}.", request=t(REQUESTS[request.kind])),
            _deadlines(t, request),
        ]
    )
    return Reply(text, ((cards.back_to_card(t, customer.id),),), replaces=True)


def request_told(t: Translator, request: DataRequest, customer: Customer, *, is_new: bool) -> Reply:
    """What a manager hears of a request: when it is made, and when its days run out."""
    words = {"customer": called(t, customer), "code": customer.code, "request": t(REQUESTS[request.kind])}
    if is_new:
        heading = t("🛡 <b>{customer}</b> ({code}) asks to {request}.", **words)
    else:
        heading = t("⏳ <b>{customer}</b> ({code}) still waits: asked to {request}.", **words)
    rows = (_row(t, request), (buttons.open_customer(t, customer.id), Choice("🛡 " + t("All requests"), "requests:0")))
    return Reply(cards.lines([heading, _deadlines(t, request)]), rows)


def request_list(
    t: Translator, waiting: Sequence[tuple[DataRequest, Customer]], offset: int, now: datetime, *, replaces: bool
) -> Reply:
    """The open requests, most urgent first, each with its deadlines and done with one tap."""
    if not waiting:
        return Reply(t("🛡 No customer waits for an answer about their data."), replaces=replaces)
    start = min(offset, len(waiting) - 1) // PAGE * PAGE
    shown = waiting[start : start + PAGE]
    heading = t.plural(
        "🛡 <b>{count} request about their data</b>", "🛡 <b>{count} requests about their data</b>", len(waiting)
    )
    parts = [heading, *(_entry(t, request, customer, now) for request, customer in shown)]
    rows: Rows = tuple(
        row
        for request, customer in shown
        for row in (
            (
                Choice(
                    f"👤 {shortened(called(t, customer), 24)}: {t(REQUESTS[request.kind])}",
                    f"customer.open:{customer.id}",
                ),
            ),
            _row(t, request),
        )
    )
    return Reply(
        Markup("\n\n").join(parts),
        (*rows, *cards.rows_of(cards.pager("requests", start, PAGE, len(waiting)))),
        replaces=replaces,
    )


def _entry(t: Translator, request: DataRequest, customer: Customer, now: datetime) -> Markup:
    sign = "⏳" if now < (request.act_by if request.answered_at else request.answer_by) else "🔴"
    line = Markup("{sign} <b>{customer}</b> ({code}), {day}: {request}").format(
        sign=sign,
        customer=called(t, customer),
        code=customer.code,
        day=t.short_day(request.asked_at.astimezone(t.zone).date()),
        request=t(REQUESTS[request.kind]),
    )
    return cards.lines([line, _deadlines(t, request)])


def _row(t: Translator, request: DataRequest) -> tuple[Choice, ...]:
    done = Choice("✅ " + t("Done"), f"requests.done:{request.id}")
    if request.answered_at is not None:
        return (done,)
    return (Choice("💬 " + t("We have answered"), f"requests.answered:{request.id}"), done)


def _deadlines(t: Translator, request: DataRequest) -> Markup:
    if request.done_at is not None:
        return t("Done: it counts from now on.")
    act_by = t.day(_last_day(request.act_by, t))
    if request.answered_at is not None:
        return t("Answered; to be done by {act_by}.", act_by=act_by)
    return t(
        "Answer by {answer_by}, done by {act_by}.", answer_by=t.day(_last_day(request.answer_by, t)), act_by=act_by
    )


def _last_day(moment: datetime, t: Translator) -> date:
    """The day that ends at that moment."""
    return (moment - timedelta(seconds=1)).astimezone(t.zone).date()


def heard(t: Translator, request: DataRequest, org: str) -> Reply:
    """What the customer hears."""
    return Reply(
        t(
            "{org} has noted your request to {request}. We will answer by {answer_by} and act on it by {act_by} at the latest.",
            org=org,
            request=t(_OWN[request.kind]),
            answer_by=t.day(_last_day(request.answer_by, t)),
            act_by=t.day(_last_day(request.act_by, t)),
        )
    )


_OWN = {
    RequestKind.SEE: mark("see your data"),
    RequestKind.CORRECT: mark("correct your data"),
    RequestKind.DELETE: mark("delete your data"),
    RequestKind.WITHDRAW: mark("withdraw your consent"),
}


def ask_to_erase(t: Translator, customer: Customer) -> Reply:
    """What erasing means, and the code that it takes."""
    text = cards.lines(
        [
            t("🗑 <b>Erase {customer} for good?</b>", customer=called(t, customer)),
            t(
                "Name, numbers, notes, files, messages and answers go and cannot be brought back. The figures stay: sales, dates, "
                "counts. Messages that are on somebody's phone already stay there."
            ),
            t("To erase, type the code <code>{code}</code>.", code=customer.code),
        ]
    )
    return Reply(text, ((buttons.cancel(t),),), replaces=True)


def not_erased(t: Translator, customer: Customer) -> Reply:
    """Something else was typed."""
    return Reply(
        t("That was not {code}: nothing was erased.", code=customer.code),
        ((buttons.open_customer(t, customer.id),),),
    )


def ask_how_to_delete(t: Translator, customer: Customer) -> Reply:
    """A request to delete is done by erasing."""
    text = t("{customer} asked for their data to be deleted: erasing them does it.", customer=called(t, customer))
    return Reply(text, ((erase(t, customer),), (buttons.open_customer(t, customer.id),)))


def erased(t: Translator, code: str) -> Reply:
    """Nobody's name is said any more."""
    return Reply(
        t(
            "✅ {code} is erased for good. The figures stay. Please delete by hand what is left in chats on people's phones.",
            code=code,
        )
    )
