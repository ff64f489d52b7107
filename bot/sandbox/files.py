"""Files that were sent in either direction, kept in memory as long as the sandbox runs."""

import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.sandbox.refusals import Refusal, bad_request

MEGABYTE = 1 << 20
MAX_DOWNLOAD = 20 * MEGABYTE
MAX_UPLOAD = 50 * MEGABYTE
MAX_PHOTO = 10 * MEGABYTE
MAX_PHOTO_SIDES = 10_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file and how it is called. `path` is where a bot downloads it; width and height are set for pictures."""

    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


class Files:
    """All files, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: str, name: str, content: bytes, mime: str) -> StoredFile:
        """Store what was sent as `kind`: `photo`, `document`, `voice` … Raises Refusal when Telegram would not take it."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > MAX_UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        width, height = _photo_size(content) if kind == "photo" else (0, 0)
        number = len(self._by_id)
        path = f"{kind}s/file_{number}{PurePosixPath(name).suffix}"
        token = secrets.token_urlsafe(24)
        file = StoredFile(f"{kind}-{token}", token[:14], path, name, mime, content, width, height)
        self._by_id[file.id] = self._by_path[path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile:
        """Raises Refusal when there is none."""
        if file_id not in self._by_id:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self._by_id[file_id]

    def to_download(self, file_id: str) -> StoredFile:
        """The file, if a bot may download it. Raises Refusal when it is too big."""
        file = self.by_id(file_id)
        if file.size > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return file

    def at(self, path: str) -> StoredFile | None:
        """The file behind a download address."""
        file = self._by_path.get(path)
        return file if file and file.size <= MAX_DOWNLOAD else None


def _photo_size(content: bytes) -> tuple[int, int]:
    if len(content) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    size = image_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > MAX_PHOTO_SIDES or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP picture; None when it is something else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _webp_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header, which holds the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 1 if marker == 0xFF else 2 + length
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    match content[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = content[26:28], content[28:30]
            return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    return None
