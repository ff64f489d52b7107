"""Every sentence exists in Vietnamese and in English, with the same places to fill."""

import re
from html.parser import HTMLParser
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import write_po

from locales.update import catalogue_path, entries, key, messages_in_code, read

PLURALS = {"vi": 1, "en": 2}


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def tags(text: str) -> list[str]:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(tag)  # type: ignore[method-assign]
    parser.handle_endtag = lambda tag: found.append(f"/{tag}")  # type: ignore[method-assign]
    parser.feed(text)
    return found


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(locale: str) -> None:
    have = {key(message) for message in entries(read(locale))}
    assert have == messages_in_code()


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_no_entry_is_missing_or_fuzzy(locale: str) -> None:
    for message in entries(read(locale)):
        assert not message.fuzzy, message.id
        assert len(forms(message)) == (PLURALS[locale] if isinstance(message.id, tuple) else 1), message.id
        assert all(form.strip() for form in forms(message)), message.id


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_places_to_fill_and_markup_are_the_same_as_in_the_code(locale: str) -> None:
    for message in entries(read(locale)):
        asked = message.id if isinstance(message.id, str) else message.id[-1]
        for form in forms(message):
            assert places(form) == places(asked), message.id
            assert sorted(tags(form)) == sorted(tags(asked)), message.id
            assert form.startswith("/") == asked.startswith("/"), message.id


def test_vietnamese_texts_are_vietnamese() -> None:
    """English left in the Vietnamese catalogue is only what Vietnamese sales people say themselves."""
    same = {message.id for message in entries(read("vi")) if message.id == message.string}
    borrowed = {"Facebook", "Google", "Shopee", "Telegram", "TikTok", "Zalo", "demo", "hotline", "website"}
    assert {text for text in same if re.search(r"[A-Za-z]{2}", str(text))} <= borrowed


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_catalogues_head_says_whose_texts_they_are_and_stays_as_it_is(locale: str) -> None:
    head = catalogue_path(locale).read_text("utf-8").split("\n\n", 1)[0]
    assert not re.search(r"EMAIL|FULL NAME|ORGANIZATION|FIRST AUTHOR|YEAR-MO|fuzzy", head)
    assert "Last-Translator: Chăm Khách" in head
    written = BytesIO()
    write_po(written, read(locale), width=120, sort_output=True, no_location=True)  # as locales/update.py does
    assert written.getvalue().decode().startswith(head + "\n\n")
