"""/start and /help: who I am, what to type, with examples to tap; and what somebody who is not on the team sees."""

from bot.messages import Reply
from bot.turn import Guest, Handler, Turn
from bot.views import welcome


async def start(turn: Turn) -> Reply:
    """/start: the greeting of a member. An owner whom only the settings knew so far takes the name they have on the channel."""
    name = " ".join(turn.incoming.peer.name.split())
    if name and turn.member.name == turn.t("Owner"):
        turn.member = await turn.uow.members.update(turn.member, name=name)
    return welcome.greeting(turn.t, turn.member, turn.org)


async def help_(turn: Turn) -> Reply:
    """/help: what this role can do."""
    return welcome.help_page(turn.t)


async def guest(guest: Guest) -> Reply:
    """Somebody who is not on the team: nothing of any customer. `/id` tells them their own number, for OWNER_IDS."""
    if guest.incoming.text.strip() == "/id":
        return welcome.own_number(guest.t, guest.incoming.peer.user_id)
    return welcome.stranger(guest.t, guest.org)


CHOICES: dict[str, Handler] = {"help": help_}
