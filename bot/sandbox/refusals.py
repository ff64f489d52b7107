"""How the Bot API says no: an error code, a description and, for some, parameters that say what to do."""

from typing import Any


class Refusal(Exception):
    """An answer that is not `ok`. `code` is also the HTTP status; `description` is the whole text, prefix included."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """The body that the caller gets."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad_request(what: str) -> Refusal:
    """400, with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {what}")


def blocked() -> Refusal:
    """403: the person has blocked the bot."""
    return Refusal(403, "Forbidden: bot was blocked by the user")


def deactivated() -> Refusal:
    """403: the person has deleted the account."""
    return Refusal(403, "Forbidden: user is deactivated")


def not_in_group(kind: str) -> Refusal:
    """403: somebody has put the bot out of the group."""
    return Refusal(403, f"Forbidden: bot was kicked from the {kind} chat")


def migrated(new_id: int) -> Refusal:
    """400: the group has become a supergroup, with another id."""
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, description, migrate_to_chat_id=new_id)


def unauthorized() -> Refusal:
    """401: the token is not this bot's."""
    return Refusal(401, "Unauthorized")


def too_many_requests(seconds: int) -> Refusal:
    """429: come back after so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def conflict(what: str) -> Refusal:
    """409: two ways of receiving updates at once."""
    return Refusal(409, f"Conflict: {what}")
