"""Pictures as Zalo takes them: JPEG or PNG, of a megabyte at most."""

import io

from PIL import Image, ImageOps

from bot.domain.delivery import NotCarried, Trouble, Undeliverable

LARGEST = 1_000_000  # ZALO: assumed [M] that a megabyte is no more than this
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
SIDE = 1600  # pixels: more than a phone shows
MOST_PIXELS = 60_000_000
QUALITIES = (85, 70, 55)


def fitting(content: bytes) -> bytes:
    """The picture as it is, or smaller, as a JPEG; to be called in a thread. Raises Undeliverable for what is no picture."""
    if len(content) <= LARGEST and content.startswith((PNG, JPEG)):
        return content
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return _smaller(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Undeliverable(Trouble.REFUSED, NotCarried.KIND) from error


def _smaller(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    picture.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE, SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    while True:
        for quality in QUALITIES:
            written = io.BytesIO()
            flat.save(written, "JPEG", quality=quality)
            if written.tell() <= LARGEST:
                return written.getvalue()
        flat = flat.resize((flat.width // 2, flat.height // 2))
