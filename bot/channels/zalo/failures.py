"""What each of Zalo's error codes means for the message that it refused."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.delivery import Trouble, Undeliverable

# ZALO: assumed [M], nobody states the zone of Zalo's days and nights.
ZALO_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NEXT_DAY_AT, AFTER_THE_NIGHT = time(7), time(6, 5)
# ZALO: assumed [L], the calls are counted by the minute and nobody says how long to be silent.
SILENCE = 15.0
LONGEST_DETAIL = 200

TOKEN_REFUSED = (-216, -220, -124, -219)  # -219 is seen where consent was taken back
TOO_FAST = -32
ATTACHMENT_EXPIRED = -100
BAD_PARAMETER = (-201, -233)
NO_SUCH_TEMPLATE = (-109,)
NIGHT = (-234, -133)
TOO_MANY = (-211, -144, -147, -1441, -218, -1471, -1472)

TROUBLES = {
    Trouble.UNAUTHORIZED: TOKEN_REFUSED,
    Trouble.SLOW_DOWN: (TOO_FAST,),
    Trouble.LATER: (*NIGHT, *TOO_MANY),
    Trouble.WINDOW_CLOSED: (-230, -232, -305, -311),
    # Not a follower, blocked us, banned or long gone, a type of account or message that they do not take; a phone without Zalo.
    Trouble.FORBIDDEN: (-213, -217, -227, -244, -141, -139, -114, -118, -119),
    # Money, verification, permission, tier, a template's approval; a way of calling that Zalo has shut down, a bad proof.
    Trouble.NOT_IN_ORDER: (
        *(-115, -136, -137, -320, -321, -221, -223, -224, -209, -212, -117, -131, -135),
        *(-240, -242, -1241),
    ),
    # Our own mistakes: the same message will never be accepted. -249: this template cannot go by user id.
    Trouble.REFUSED: (
        *BAD_PARAMETER,
        *(-210, ATTACHMENT_EXPIRED, -108, *NO_SUCH_TEMPLATE, -111, -112, -1121, -1122, -1124, -113, -249),
    ),
}
_TROUBLE_OF = {code: trouble for trouble, codes in TROUBLES.items() for code in codes}


class Refusal(Undeliverable):
    """Zalo answered with an error of its own: nothing was sent."""

    def __init__(self, trouble: Trouble, code: int, detail: str, *, retry_after: float = 0.0) -> None:
        super().__init__(trouble, detail, retry_after=retry_after)
        self.code = code


def refusal(code: int, message: str, now: datetime) -> Refusal:
    """What an error code means at `now` (UTC). One that nobody knows refuses the message for good: somebody will read of it."""
    trouble = _TROUBLE_OF.get(code, Trouble.REFUSED)
    return Refusal(trouble, code, f"{code} {message}"[:LONGEST_DETAIL], retry_after=_wait(code, now))


def _wait(code: int, now: datetime) -> float:
    """Seconds until it may be tried again, where that is known."""
    if code == TOO_FAST:
        return SILENCE
    if code in NIGHT:
        return _until(AFTER_THE_NIGHT, now)
    return _until(NEXT_DAY_AT, now, tomorrow=True) if code in TOO_MANY else 0.0


def _until(hour: time, now: datetime, *, tomorrow: bool = False) -> float:
    local = now.astimezone(ZALO_ZONE)
    day = local.date() + timedelta(days=tomorrow or local.time() >= hour)
    return (datetime.combine(day, hour, ZALO_ZONE) - local).total_seconds()
