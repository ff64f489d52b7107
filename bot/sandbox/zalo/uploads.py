"""Pictures and files that the account uploads before it sends them: what sizes and kinds, how many, and for how long."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.sandbox.calls import Upload
from bot.sandbox.zalo.messages import Content
from bot.sandbox.zalo.refusals import ZaloRefusal, invalid

MEGABYTE = 1_000_000  # ZALO: assumed [M], the smaller of the two that may be meant
LARGEST = {"image": MEGABYTE, "gif": 5 * MEGABYTE, "file": 5 * MEGABYTE}
FILE_ENDINGS = (".pdf", ".doc", ".docx", ".csv")
A_MONTH = 5_000
LASTS = timedelta(days=7)
# ZALO: assumed [M], a month is the calendar's in Vietnam
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# ZALO: assumed [M], an id that never was is refused like one that has expired
EXPIRED = ZaloRefusal(-100, "attachment_id is expired or invalid")
UploadKind = Literal["image", "gif", "file"]


@dataclass(frozen=True, slots=True)
class _Kept:
    kind: UploadKind
    content: Content
    at: datetime


class Uploads:
    """What was uploaded, by id or token."""

    def __init__(self, now: Callable[[], datetime], keep: Callable[[str, str, bytes], Content]) -> None:
        self._now = now
        self._keep_content = keep
        self._kept: dict[str, _Kept] = {}
        self.this_month: Counter[str] = Counter()

    def receive(self, kind: UploadKind, upload: Upload | None) -> dict[str, Any]:
        """`POST /v2.0/oa/upload/…`. Raises ZaloRefusal: -201 without a file, -210 for a large one, -233 for another kind of file, -211
        when the month's uploads are used up."""
        if upload is None or not upload.content:
            raise invalid("file")
        if len(upload.content) > LARGEST[kind]:
            raise ZaloRefusal(-210, f"file size must not exceed {LARGEST[kind] // MEGABYTE}MB")
        if not _is(kind, upload):
            raise ZaloRefusal(-233, "file type is not supported")
        month = self._now().astimezone(ZONE).strftime("%Y-%m")
        if self.this_month[month] >= A_MONTH:
            raise ZaloRefusal(-211, "Out of quota: 5000 uploads per month")
        self.this_month[month] += 1
        key = secrets.token_urlsafe(24)
        content = self._keep_content(upload.name or "file", upload.mime, upload.content)
        self._kept[key] = _Kept(kind, content, self._now())
        return {"token": key} if kind == "file" else {"attachment_id": key}

    def content(self, kind: UploadKind, key: object) -> Content:
        """What was uploaded under this id. Raises ZaloRefusal (-100) when there is none, or none any more."""
        kept = self._kept.get(key) if isinstance(key, str) else None
        if kept is None or kept.kind != kind or self._now() - kept.at >= LASTS:
            raise EXPIRED
        return kept.content


def _is(kind: UploadKind, upload: Upload) -> bool:
    """By what is inside for pictures, by the name for files."""
    match kind:
        case "image":
            return upload.content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        case "gif":
            return upload.content.startswith((b"GIF87a", b"GIF89a"))
    return PurePosixPath(upload.name.lower()).suffix in FILE_ENDINGS
