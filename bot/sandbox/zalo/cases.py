"""What else arrives at a webhook: repeats, forgeries, odd shapes. Each posts and gives the HTTP status that came back."""

from bot.sandbox.zalo.events import Event
from bot.sandbox.zalo.webhook import ZaloWebhook


class Cases:
    """Everything that a good receiver must bear, sent to the webhook's address."""

    def __init__(self, webhook: ZaloWebhook, app_id: str, oa_secret: str) -> None:
        self._webhook = webhook
        self._app_id = app_id
        self._oa_secret = oa_secret

    async def signed(self, event: Event, *, spaced: bool = False, retry: int = 0, server: str = "") -> int:
        """Any event, well signed: compact or `spaced`, as the repeat number `retry`, with X-ZEvent-Server where given."""
        raise NotImplementedError

    async def repeated(self, event: Event, times: int = 5) -> list[int]:
        """The same event, byte for byte, one after the other."""
        raise NotImplementedError

    async def wrong_mac(self, event: Event) -> int:
        """Signed with another secret."""
        raise NotImplementedError

    async def unsigned(self, event: Event) -> int:
        """Without the header."""
        raise NotImplementedError

    async def hmac_instead(self, event: Event) -> int:
        """HMAC-SHA256, as some public code has it wrong."""
        raise NotImplementedError

    async def altered(self, event: Event) -> int:
        """A byte of the body changed after signing."""
        raise NotImplementedError

    async def other_app(self, event: Event) -> int:
        """Well signed for another app of the same secret."""
        raise NotImplementedError

    async def empty(self) -> int:
        """`{}` without a signature: the console's check of the address."""
        raise NotImplementedError

    async def console_sample(self) -> int:
        """The console's sample message, signed, with ids that are nobody's."""
        raise NotImplementedError

    async def unknown_event(self) -> int:
        """An event that no page describes."""
        raise NotImplementedError

    async def number_typed(self, event: Event) -> int:
        """The event with its ids and times as numbers."""
        raise NotImplementedError

    async def decomposed(self, event: Event) -> int:
        """The event with its words in NFD."""
        raise NotImplementedError

    async def out_of_order(self, events: list[Event]) -> list[int]:
        """Events, the newest first."""
        raise NotImplementedError
