"""Invitations: secrets that are given out once and kept only as hashes."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.people import Member, Role

TOKEN_BYTES = 18  # 144 bits
CODE_LETTERS = 12
GROUP = 4
# Crockford's base 32: no I, L, O or U, so that a code can be read out and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")

TO_JOIN_FOR = timedelta(days=7)
TO_LINK_FOR = timedelta(hours=24)

# So many wrong ones in so long a time, and a person has to wait for its end.
MOST_GUESSES = 5
GUESSES_WITHIN = timedelta(hours=1)

JOIN = "join_"
_OPENED = re.compile(rf"/(?:start|batdau)(?:@\w+)?\s+{JOIN}(?P<token>\S*)\s*", re.IGNORECASE)
_TYPED = re.compile(r"\s*/?tham\s?gia(?:@\w+)?[\s:]+(?P<code>.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is given out, once: the token of the link, and the same as a code to type."""

    token: str
    code: str

    @property
    def payload(self) -> str:
        """What the link carries."""
        return f"{JOIN}{self.token}"

    @property
    def shown_code(self) -> str:
        """ABCD-EFGH-JKLM."""
        return "-".join(self.code[start : start + GROUP] for start in range(0, CODE_LETTERS, GROUP))


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invitation about to be written: to join with a role and perhaps a team, or (`member_id`) to link another account to a
    member. Moments are UTC."""

    created_by: int
    created_at: datetime
    expires_at: datetime
    role: Role | None = None
    team_id: int | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invite(NewInvite):
    """An invitation as it stands; used, or withdrawn, at `used_at`."""

    id: int = 0
    used_at: datetime | None = None


def new_secrets() -> Secrets:
    """Fresh ones, from the system's own randomness."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    return Secrets(secrets.token_urlsafe(TOKEN_BYTES), code)


def hashed(secret: str) -> str:
    """What is kept of a token or code."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def read_code(text: str) -> str:
    """A typed code in its plain letters: case, blanks and dashes do not matter, nor O for 0, I and L for 1. "" where it is none."""
    letters = re.sub(r"[\s\-–—_.]", "", text).upper().translate(_READ_AS)
    return letters if len(letters) == CODE_LETTERS and set(letters) <= set(ALPHABET) else ""


def invitation_in(text: str) -> str | None:
    """The token or code that a message presents: `/start join_…`, `THAMGIA ABCD-EFGH-JKLM`; "" for one that cannot be, None where
    the message presents none."""
    if opened := _OPENED.fullmatch(text.strip()):
        return opened["token"]
    if typed := _TYPED.fullmatch(text):
        return read_code(typed["code"])
    return None


def may_invite(member: Member) -> tuple[Role, ...]:
    """As whom the member can invite others."""
    return {Role.OWNER: (Role.REP, Role.MANAGER), Role.MANAGER: (Role.REP,), Role.REP: ()}[member.role]
