"""How Zalo says no: HTTP 200 and an error code that is not 0."""

from typing import Any


class ZaloRefusal(Exception):
    """An answer whose `error` is not 0; there is no `data` beside it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message

    def envelope(self) -> dict[str, Any]:
        """The body that the caller gets."""
        return {"error": self.code, "message": self.message}


class OAuthRefusal(ZaloRefusal):
    """The same from the OAuth server, which names its fields otherwise."""

    def envelope(self) -> dict[str, Any]:
        """The body that the caller gets."""
        return {
            "error": self.code,
            "error_name": self.message,
            "error_reason": self.message,
            "error_description": self.message,
            "ref_doc": "https://developers.zalo.me/docs/api/official-account-api/phu-luc/ma-loi",
        }


def invalid(what: str) -> ZaloRefusal:
    """-201: a parameter is not what it must be."""
    return ZaloRefusal(-201, f"{what} is invalid!")
