"""A template that somebody is choosing: what Zalo says of it, what fills its fields, how it would read."""

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.template_fields import (
    CONSTANT,
    Objection,
    fitting,
    leads_somewhere,
    room,
    unfilled,
    wants_day,
    wants_digits,
)
from bot.domain.zalo_templates import Description, NoDescription, Sort, TemplateCheck, TemplateField, TemplateKind
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows, Template
from bot.views.cards import lines
from bot.views.words import called, shortened
from bot.views.zalo import KINDS, VALUES, filled_by, prices

# What stands in a choice for a field that is left empty.
NOTHING = "none"
_NOT_DESCRIBED = {
    NoDescription.UNKNOWN: mark(
        "⚠️ Zalo knows no template <code>{number}</code> of this Official Account. Please look at the number again."
    ),
    NoDescription.NO_RIGHT: mark(
        "⚠️ Zalo does not let us read templates just now: the connection or a right of the Official Account is missing. Please tell "
        "whoever runs the bot."
    ),
    NoDescription.UNREACHABLE: mark("⚠️ Zalo cannot be reached just now. Please try again in a few minutes."),
}
_OBJECTIONS = {
    Objection.PENDING: mark("⚠️ Zalo has not approved template “{name}” yet. Please choose it again when it is."),
    Objection.REJECTED: mark("⚠️ Zalo has rejected template “{name}”."),
    Objection.DISABLED: mark("⚠️ Zalo has disabled template “{name}”."),
    Objection.DELETED: mark("⚠️ Template “{name}” has been deleted."),
    Objection.NOT_ENABLED: mark("⚠️ Zalo does not let template “{name}” be used just now."),
    Objection.OTP: mark("⚠️ “{name}” is a template for one-time codes and for nothing else."),
    Objection.NOBODY: mark("⚠️ Template “{name}” can be sent neither to Zalo accounts nor to phone numbers."),
}


def not_described(t: Translator, check: TemplateCheck, why: NoDescription) -> Reply:
    """Zalo told nothing about it."""
    return Reply(t(_NOT_DESCRIBED[why], number=check.template_id), _try_another(t, check.kind))


def not_usable(t: Translator, check: TemplateCheck, description: Description, objection: Objection) -> Reply:
    """Zalo described it, and it cannot be used."""
    reason = t("Zalo says: {reason}", reason=description.reason) if description.reason else Markup()
    text = lines([t(_OBJECTIONS[objection], name=description.name), reason])
    return Reply(text, _try_another(t, check.kind))


def _try_another(t: Translator, kind: TemplateKind) -> Rows:
    return ((Choice("🔁 " + t("Another template"), f"zalo.ask:{kind}"), Choice("‹ Zalo", "zalo")),)


def fields(
    t: Translator,
    check: TemplateCheck,
    description: Description,
    whose: Customer,
    example: Template,
    *,
    note: Markup = Markup(),
    replaces: bool,
) -> Reply:
    """What fills each field and how that reads for a customer; what is still missing; to save where nothing is."""
    missing = {one.name for one in unfilled(description.fields, check.values)}
    leads = leads_somewhere(check.kind, description.sort, check.values)
    text = lines(
        [
            note,
            Markup("💬 <b>{}</b>").format(t(KINDS[check.kind])),
            t("Template <b>{name}</b> (number <code>{number}</code>)", name=description.name, number=check.template_id),
            _price(t, description),
            _rating(t, check.kind, description),
            t("For {customer} it would say:", customer=called(t, whose)) if description.fields else Markup(),
            *(
                _line(t, one, check.values.get(one.name, ""), example, one.name in missing)
                for one in description.fields
            ),
            Markup() if leads else _leads_nowhere(t, check.kind),
            t("⚠️ Please choose what fills the fields marked ⚠️; then it can be saved.") if missing else Markup(),
        ]
    )
    rows = [
        (Choice(f"{'⚠️' if one.name in missing else '✏️'} {shortened(one.name, 30)}", f"zalo.field:{check.id}:{index}"),)
        for index, one in enumerate(description.fields)
    ]
    save = (Choice("💾 " + t("Save"), f"zalo.save:{check.id}"),) if is_ready(check, description) else ()
    last = (*save, Choice("✖️ " + t("Do not use it"), f"zalo.leave:{check.id}"))
    preview = ((Choice("👁 " + t("See it at Zalo"), url=description.preview_url),),) if description.preview_url else ()
    return Reply(text, (*rows, *preview, last), replaces=replaces)


def is_ready(check: TemplateCheck, description: Description) -> bool:
    """Whether it may be saved. That a template for how satisfied they are is one of Zalo's ratings is not always told."""
    leads = leads_somewhere(check.kind, description.sort, check.values) or check.kind is TemplateKind.CSAT
    return leads and not unfilled(description.fields, check.values)


def _price(t: Translator, description: Description) -> Markup:
    by_user = description.price_user_vnd if description.by_user else None
    return prices(t, by_user, description.price_phone_vnd if description.by_phone else None)


def _rating(t: Translator, kind: TemplateKind, description: Description) -> Markup:
    if description.sort is Sort.RATING and kind is TemplateKind.CSAT:
        return t("⭐ A rating template: the customer taps stars, and I take them as the answer.")
    return Markup()


def _leads_nowhere(t: Translator, kind: TemplateKind) -> Markup:
    if kind is TemplateKind.CSAT:
        return t("⚠️ No field holds the link: unless the template has stars to tap, the customer cannot answer.")
    return t("⚠️ No field holds the link, so the customer could do nothing. Please choose it for one of the fields.")


def _line(t: Translator, one: TemplateField, value: str, example: Template, is_missing: bool) -> Markup:
    name = Markup("• <code>{}</code>").format(one.name)
    if is_missing:
        return Markup("{}: ⚠️ {}").format(name, t("not chosen yet"))
    if not value:
        return Markup("{}: {}").format(name, t("left empty"))
    said, what = example.data.get(one.name, "–"), filled_by(t, value)
    if value.startswith(CONSTANT) or said == str(what.unescape()):
        return Markup("{}: <i>{}</i>").format(name, said)
    return Markup("{}: <i>{}</i> ({})").format(name, said, what)


def choose(t: Translator, check: TemplateCheck, one: TemplateField, index: int) -> Reply:
    """What is to fill this field?"""
    present = check.values.get(one.name, "")
    rows: list[tuple[Choice, ...]] = [
        (Choice(("✓ " if present == value else "") + t(VALUES[value]), f"zalo.fill:{check.id}:{index}:{value}"),)
        for value in fitting(check.kind, one)
    ]
    if not wants_day(one):
        rows.append((Choice("⌨️ " + t("Always the same words"), f"zalo.words:{check.id}:{index}"),))
    if not one.required:
        rows.append(
            (Choice(("" if present else "✓ ") + t("Leave it empty"), f"zalo.fill:{check.id}:{index}:{NOTHING}"),)
        )
    text = lines(
        [
            t("What fills <code>{field}</code>?", field=one.name),
            t("It holds {count} characters at most.", count=t.number(one.longest)) if one.longest else Markup(),
        ]
    )
    return Reply(text, (*rows, _back(t, check)), replaces=True)


def ask_words(t: Translator, check: TemplateCheck, one: TemplateField, *, again: bool = False) -> Reply:
    """Which words always stand there?"""
    limit = room(one, CONSTANT)
    wrong = t("⚠️ That does not fit.") if again else Markup()
    if wants_digits(one):
        text = t("Type the number that is always to stand in <code>{field}</code>:", field=one.name)
    else:
        text = t(
            "Type the words that are always to stand in <code>{field}</code>, at most {count} characters:",
            field=one.name,
            count=t.number(limit),
        )
    return Reply(lines([wrong, text]), (_back(t, check),))


def _back(t: Translator, check: TemplateCheck) -> tuple[Choice]:
    return (Choice("‹ " + t("The template"), f"zalo.check:{check.id}"),)
