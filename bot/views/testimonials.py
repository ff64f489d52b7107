"""Testimonials in words: a page of what customers let us show, and all of it as a file."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO

from markupsafe import Markup

from bot.domain.surveys import SurveyKind
from bot.domain.testimonials import Testimonial
from bot.i18n import Translator
from bot.messages import Choice, File, Reply
from bot.views.cards import customer_label, pager, rows_of
from bot.views.words import called

PAGE = 5
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


def page(t: Translator, shown: Sequence[Testimonial], total: int, offset: int, *, replaces: bool) -> Reply:
    """What customers said, newest first; each opens its customer."""
    if not shown:
        text = t(
            "💛 No testimonial yet. They come from surveys: who is happy is asked whether we may show their words to others."
        )
        return Reply(text, replaces=replaces)
    heading = t.plural("💛 <b>{count} testimonial</b>", "💛 <b>{count} testimonials</b>", total)
    told = (
        Markup("<blockquote>{}</blockquote>— {} · {}").format(one.text, called(t, one.customer), _of(t, one))
        for one in shown
    )
    rows = rows_of(
        *((Choice(customer_label(t, one.customer), f"customer.open:{one.customer.id}"),) for one in shown),
        pager("praise.page", offset, PAGE, total),
        (Choice("📄 " + t("All as a file"), "praise.file"),),
    )
    return Reply(Markup("\n\n").join([heading, *told]), rows, replaces=replaces)


def _of(t: Translator, one: Testimonial) -> str:
    day = t.day(one.kept_at.astimezone(t.zone).date())
    return f"{day} · {_score(one)}" if one.score is not None else day


def _score(one: Testimonial) -> str:
    return "" if one.score is None else f"{one.score}/{5 if one.kind is SurveyKind.CSAT else 10}"


def as_file(t: Translator, everything: Sequence[Testimonial], today: date) -> Reply:
    """All of them as a table that opens in Excel with its accents."""
    table = StringIO()
    rows = csv.writer(table)
    heads = (t("Day"), t("Customer"), t("Code"), t("Score"), t("What they said"))
    rows.writerow([str(head.unescape()) for head in heads])
    for one in everything:
        day = f"{one.kept_at.astimezone(t.zone):%d/%m/%Y}"
        cells = (day, called(t, one.customer), one.customer.code, _score(one), one.text)
        rows.writerow([_harmless(cell) for cell in cells])
    document = File(f"loi-khen-{today:%Y%m%d}.csv", table.getvalue().encode("utf-8-sig"))
    count = len(everything)
    text = t.plural(
        "💛 {count} testimonial. Only who agrees is in it: take a fresh one when you use it again.",
        "💛 {count} testimonials. Only who agrees is in it: take a fresh one when you use it again.",
        count,
    )
    return Reply(text, document=document)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
