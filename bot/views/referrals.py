"""Referrals in words: who brought whom, the personal link with a text to send, gifts that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.referrals import Reward
from bot.i18n import Translator
from bot.messages import Choice, File, Reply
from bot.views import buttons
from bot.views.cards import back_to_card
from bot.views.care import ready_to_send
from bot.views.words import called

# Pixels a module of the QR picture: a phone's camera reads it from another phone's screen.
_SCALE = 10
# Of those who were brought, so many are named on a reminder.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Brought:
    """Somebody who was brought, `depth` referrals down from whom it is about."""

    customer: Customer
    depth: int
    has_bought: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """All that is known of a customer's referrals, as far as the reader may see it."""

    customer: Customer
    referrer: Customer | None
    brought: Sequence[Brought]
    gifts: Sequence[Reward]

    @property
    def owed(self) -> list[Reward]:
        """The gifts that they have not got yet."""
        return [gift for gift in self.gifts if gift.given_at is None]


def page(t: Translator, chain: Chain, *, action_id: int | None = None) -> Reply:
    """Who brought them, whom they brought, what both earned; and the way to their link."""
    customer = chain.customer
    own = [gift for gift in chain.gifts if not gift.is_for_referrer]
    rows = [
        t("🤝 <b>Referrals</b> · {name} · {code}", name=called(t, customer), code=customer.code),
        *([t("Referred by: {name}", name=_named(t, chain.referrer))] if chain.referrer else []),
        *(t("🎁 Welcome gift: {state}", state=_gift_state(t, gift)) for gift in own),
        _brought(t, chain),
    ]
    choices = [(Choice("🔗 " + t("Link and QR picture"), f"referral.link:{customer.id}"),)]
    choices += [(_given(t, chain, gift),) for gift in chain.owed]
    undo = (buttons.undo(t, action_id),) if action_id is not None else ()
    last = (*undo, back_to_card(t, customer.id))
    return Reply(Markup("\n").join(rows), (*choices, last), replaces=True)


def _named(t: Translator, customer: Customer) -> str:
    return f"{called(t, customer)} ({customer.code})"


def _brought(t: Translator, chain: Chain) -> Markup:
    """One line each, those who were brought by these below them."""
    if not chain.brought:
        return t("Nobody has come through them yet.")
    gifts = {gift.referred_id: gift for gift in chain.gifts if gift.is_for_referrer}
    told = [t("Has brought:")]
    for one in chain.brought:
        bought = t("has bought") if one.has_bought else t("has not bought yet")
        parts = [Markup("{}").format(_named(t, one.customer)), bought]
        if gift := gifts.get(one.customer.id):
            parts.append(t("🎁 gift: {state}", state=_gift_state(t, gift)))
        told.append(Markup("{}• {}").format("   " * (one.depth - 1), Markup(" · ").join(parts)))
    return Markup("\n").join(told)


def _gift_state(t: Translator, gift: Reward) -> Markup:
    if gift.given_at is None:
        return t("not given yet")
    return t("given on {day}", day=t.short_day(gift.given_at.astimezone(t.zone).date()))


def _given(t: Translator, chain: Chain, gift: Reward) -> Choice:
    """*Đã tặng quà*, and for whom where there could be several."""
    friend = next((one.customer for one in chain.brought if one.customer.id == gift.referred_id), None)
    label = t("Gift given ({name})", name=called(t, friend)) if gift.is_for_referrer and friend else t("Gift given")
    return Choice(f"🎁 {label.unescape()}", f"referral.given:{gift.id}")


def ask_given(t: Translator, chain: Chain, drop: Choice, back: Choice) -> Reply:
    """A reminder of gifts is done: which of them did they get?"""
    rows = ((_given(t, chain, gift),) for gift in chain.owed)
    text = t("🎁 Has {name} got the gift?", name=called(t, chain.customer))
    return Reply(text, (*rows, (drop, back)), replaces=True)


def already_given(t: Translator) -> Reply:
    """A second tap."""
    return Reply(toast=t("This gift has been given already."))


def gift_words(t: Translator) -> Markup:
    """What stands on the timeline."""
    return t("🎁 Gift for the recommendation given")


# The link ---------------------------------------------------------------------------------------------------------------


def personal_link(t: Translator, customer: Customer, org: str, link: str) -> Reply:
    """The link and its picture, with a text that can be sent as it is."""
    if not link:
        return Reply(t("There is no link yet: the channel has not told me its address. Please try again in a moment."))
    you = (customer.honorific or "anh/chị") if t.locale == "vi" else "you"
    message = str(
        t(
            "Here is {your} own link to {org}. Whoever comes through it is looked after first, and there is a gift for both: {link}",
            your=you,
            org=org,
            link=link,
        ).unescape()
    )
    block, copy = ready_to_send(t, message)
    heading = t("🔗 <b>Personal link of {name}</b>\n{link}", name=called(t, customer), link=link)
    rows = (
        (*copy, Choice("📋 " + t("Copy link"), copy=link)),
        (Choice("🤝 " + t("Referrals"), f"referral:{customer.id}"),),
    )
    return Reply(Markup("\n\n").join([heading, block]), rows, picture=File("gioi-thieu.png", qr_picture(link)))


def qr_picture(link: str) -> bytes:
    """The link as a picture (PNG)."""
    import segno  # only who gives out a link needs it

    picture = BytesIO()
    segno.make_qr(link, error="m").save(picture, kind="png", scale=_SCALE, border=4)
    return picture.getvalue()


# Elsewhere --------------------------------------------------------------------------------------------------------------


def recommended_line(t: Translator, brought: Sequence[Customer], referrer: Customer | None) -> Markup:
    """On a reminder: whom it is about besides the customer."""
    if referrer:
        return t("🤝 Referred by: {name}", name=called(t, referrer))
    if not brought:
        return Markup()
    names = [called(t, customer) for customer in brought[:_NAMED]]
    return t("🤝 Has recommended us to: {names}", names=t.listed(names))


def earned_note(t: Translator, referrer: Customer) -> Markup:
    """Under a sale: by whose recommendation it came, and what follows."""
    return t(
        "🎁 Through the recommendation of {name}: I shall remind you to thank them both with a gift.",
        name=called(t, referrer),
    )


def friend_bought(t: Translator, referrer: Customer) -> Reply:
    """What the rep of who recommended us hears, when a colleague has sold to the friend."""
    text = t(
        "🎁 Somebody whom {name} ({code}) recommended us to has just bought. Please thank {name} with a gift.",
        name=called(t, referrer),
        code=referrer.code,
    )
    return Reply(text, ((buttons.open_customer(t, referrer.id),),))


# What customers see -----------------------------------------------------------------------------------------------------


def thanks_for_coming(t: Translator) -> Markup:
    """To who opens a friend's link, before the greeting; the friend is not named."""
    return t("🤝 Thank you for coming on a friend's recommendation!")


def own_link(t: Translator) -> Reply:
    """To who opens their own link."""
    return Reply(
        t("This is your own link: send it to your friends. There is a gift for you both once they have bought.")
    )
