"""Bring the catalogues up to date with the code: `make texts`.

New messages appear in both: English is the message itself, Vietnamese is left empty to be written by a person, and a test fails
until it is.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
CODE = HERE.parent / "bot"
# t("…"), t.plural("one", "many", n) and mark("…"), as bot/i18n.py has them
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "plural": (1, 2), "mark": None}

Key = str | tuple[str, str]


def messages_in_code() -> set[Key]:
    """Every message that the code can show."""
    found = extract_from_dir(str(CODE), method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message if isinstance(message, str) else (message[0], message[1]) for _, _, message, _, _ in found}


def key(message: Message) -> Key:
    """What a catalogue files a message under."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def catalogue_path(locale: str) -> Path:
    """Where the texts of a locale lie."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """The texts of a locale."""
    with catalogue_path(locale).open("rb") as source:
        return read_po(source, locale=locale)


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalogue if message.id)


def main() -> None:
    """Add what is new, drop what is gone."""
    wanted = messages_in_code()
    for locale in ("vi", "en"):
        catalogue = read(locale)
        have = {key(message) for message in entries(catalogue)}
        for gone in have - wanted:
            catalogue.delete(gone[0] if isinstance(gone, tuple) else gone)
        for new in sorted(wanted - have, key=str):
            catalogue.add(
                new, (new if locale == "en" else ("",)) if isinstance(new, tuple) else (new if locale == "en" else "")
            )
        with catalogue_path(locale).open("wb") as target:
            write_po(target, catalogue, width=120, sort_output=True, no_location=True)


if __name__ == "__main__":
    main()
