"""A customer's timeline and files, in pages."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.timeline import Interaction
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views.cards import PAGE, back_to_card, interaction_words, lines, pager, rows_of, title
from bot.views.words import shortened

TIMELINE_PAGE = 6


def timeline_page(t: Translator, customer: Customer, entries: Sequence[Interaction], total: int, offset: int) -> Reply:
    """A page of the timeline, newest first; long entries in full where the page holds one."""
    if not entries:
        text = lines([title(t, customer), t("Nothing has been written down yet.")])
        return Reply(text, ((back_to_card(t, customer.id),),), replaces=True)
    body = Markup("\n\n").join(interaction_words(t, entry, 500) for entry in entries)
    text = Markup("\n\n").join([lines([title(t, customer), t.plural("{count} entry", "{count} entries", total)]), body])
    full = tuple(
        Choice(f"📄 {t.short_day(e.at.astimezone(t.zone).date())}", f"entry:{e.id}")
        for e in entries
        if len(e.text) > 500
    )
    return Reply(
        text,
        rows_of(full, pager(f"timeline:{customer.id}", offset, TIMELINE_PAGE, total), (back_to_card(t, customer.id),)),
        replaces=True,
    )


def full_entry(t: Translator, customer: Customer, entry: Interaction) -> Reply:
    """One entry in full: nothing typed is lost, however long."""
    head = interaction_words(t, entry, 0).removesuffix("…").rstrip(": ")
    return Reply(
        Markup("\n").join(
            [title(t, customer), Markup("<i>{}</i>").format(Markup(head)), Markup("{}").format(entry.text)]
        )
    )


def file_list(t: Translator, customer: Customer, entries: Sequence[Interaction], total: int, offset: int) -> Reply:
    """The customer's files, each a button that shows it."""
    text = (
        t.plural("{count} file", "{count} files", total)
        if total
        else t("No files yet. Send me a photo or a file and I will keep it here.")
    )
    choices = tuple(
        (
            Choice(
                f"📎 {t.short_day(e.at.astimezone(t.zone).date())} {shortened(e.text or (e.file.name if e.file else ''), 30)}",
                f"file:{e.id}",
            ),
        )
        for e in entries
    )
    rows = (*choices, *rows_of(pager(f"files:{customer.id}", offset, PAGE, total), (back_to_card(t, customer.id),)))
    return Reply(lines([title(t, customer), text]), rows, replaces=True)
