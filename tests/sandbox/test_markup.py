"""HTML is read as Telegram reads it, and refused in Telegram's words."""

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import Entity, utf16_length
from bot.sandbox.markup import formatted
from bot.sandbox.refusals import Refusal

PREFIX = "Bad Request: can't parse entities: "


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("giá < 5tr", 'Unsupported start tag "" at byte offset 5'),
        ("chị <Lan>", 'Unsupported start tag "lan" at byte offset 6'),
        ("a <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("đ<i>x</b>", 'Unmatched end tag at byte offset 6, expected "</i>", found "</b>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b x>y</b>", 'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<span class="big">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ],
)
def test_wrong_markup_is_refused_with_its_byte_offset(html: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        formatted(html, "HTML")
    assert refused.value.description == PREFIX + complaint
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>Lan</b> &lt;3 &amp; &quot;x&quot; &#39;y&#x27;", "Lan <3 & \"x\" 'y'", [Entity("bold", 0, 3)]),
        ("&nbsp;&copy; &amp", "&nbsp;&copy; &", []),
        ("😀<i>é</i>", "😀é", [Entity("italic", 2, 1)]),
        ("<b><i>x</i>y</b>", "xy", [Entity("bold", 0, 2), Entity("italic", 0, 1)]),
        ("<b></b>x", "x", []),
        ("  <b>x </b>\n", "x", [Entity("bold", 0, 1)]),
        ('<a href="https://a.vn/?q=1&amp;r=2">x</a>', "x", [Entity("text_link", 0, 1, "https://a.vn/?q=1&r=2")]),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ("<blockquote expandable>x</blockquote>", "x", [Entity("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [Entity("pre", 0, 1, language="py")]),
        ('<code class="language-py">x</code>', "x", [Entity("code", 0, 1)]),
        ("<B>x</>", "x", [Entity("bold", 0, 1)]),
        ("/tim a.vn", "/tim a.vn", [Entity("bot_command", 0, 4), Entity("url", 5, 4)]),
        ("<code>/tim</code> 9/10", "/tim 9/10", [Entity("code", 0, 4)]),
    ],
)
def test_markup_becomes_text_and_entities(html: str, text: str, entities: list[Entity]) -> None:
    read = formatted(html, "HTML")
    assert (read.text, list(read.entities)) == (text, entities)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_whatever_a_person_types_arrives_as_typed_once_it_is_escaped(typed: str) -> None:
    assert formatted(f"<b>{escape(typed)}</b>", "HTML").text == typed.strip()


@given(st.text())
def test_no_text_breaks_the_parser(typed: str) -> None:
    with suppress(Refusal):
        read = formatted(typed, "HTML")
        assert all(e.offset >= 0 and e.end <= utf16_length(read.text) for e in read.entities)
