"""/start and /help: who I am, what to type, with examples to tap; and what somebody who is not on the team sees."""

from bot.domain.invites import invitation_in
from bot.handlers import first_day, invites
from bot.messages import Reply
from bot.turn import Guest, Handler, Turn
from bot.views import welcome


async def start(turn: Turn) -> Reply:
    """/start: the greeting of a member. An owner whom only the settings knew so far takes the name they have on the channel; one
    whose company is not set up yet is asked about it."""
    name = " ".join(turn.incoming.peer.name.split())
    if name and turn.member.name == turn.t("Owner"):
        turn.member = await turn.uow.members.update(turn.member, name=name)
    if await first_day.is_ahead(turn):
        return await first_day.begin(turn)
    return welcome.greeting(turn.t, turn.member, await turn.org_name(), turn.incoming.peer.channel)


async def help_(turn: Turn) -> Reply:
    """/help: what this role can do."""
    return welcome.help_page(turn.t, turn.member, turn.incoming.peer.channel)


async def guest(guest: Guest) -> Reply:
    """Somebody who is not on the team: nothing of any customer. Who presents an invitation joins; `/id` tells people their own number,
    for OWNER_IDS."""
    if (secret := invitation_in(guest.incoming.text)) is not None and not guest.incoming.choice:
        return await invites.join(guest, secret)
    if guest.incoming.text.strip() == "/id":
        peer = guest.incoming.peer
        return welcome.own_number(guest.t, f"{peer.channel}:{peer.user_id}")
    return welcome.stranger(guest.t, await guest.org_name())


CHOICES: dict[str, Handler] = {"help": help_}
