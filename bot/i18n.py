"""Texts, dates, numbers and money in the reader's own language, from the Babel catalogues in `locales/`."""

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

LOCALES_DIR = Path(__file__).resolve().parent.parent / "locales"
LOCALES = ("vi", "en")

# Money in short: đồng, and what they are called.
_SHORT = ((10**9, "tỷ", "B"), (10**6, "tr", "M"), (10**3, "k", "K"))


def mark(message: str) -> str:
    """Mark a message of a table for the catalogues; it is translated where it is shown."""
    return message


@cache
def catalogue(locale: str) -> GNUTranslations:
    """The compiled texts of a locale, read from its `messages.po` once: no build step that could be forgotten."""
    with (LOCALES_DIR / locale / "LC_MESSAGES" / "messages.po").open("rb") as source:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


class Translator:
    """Words things for one reader: their language and their time zone.

    Every text comes back as `Markup`: the message may hold light markup (`<b>`, `<i>`, `<code>`, `<a>`), and every value put
    into it is escaped, so that what a person typed can never become markup.
    """

    def __init__(self, locale: str, timezone: str) -> None:
        self.locale = locale if locale in LOCALES else LOCALES[0]
        self.zone = ZoneInfo(timezone)
        self._babel = Locale.parse(self.locale)
        self._texts = catalogue(self.locale)

    def __call__(self, message: str, **values: object) -> Markup:
        """The message in the reader's language with `{name}` places filled."""
        return _filled(self._texts.gettext(message), values)

    def speaking(self, locale: str) -> "Translator":
        """The same in the language `locale`; itself where that is empty or its own."""
        return self if locale in ("", self.locale) else Translator(locale, self.zone.key)

    def plural(self, one: str, many: str, count: int, **values: object) -> Markup:
        """As `__call__`, choosing by `count`, which also fills `{count}`."""
        return _filled(self._texts.ngettext(one, many, count), {"count": self.number(count), **values})

    def number(self, value: int) -> str:
        """12.500 or 12,500."""
        return format_decimal(value, locale=self._babel)

    def money(self, amount_vnd: int) -> str:
        """12.500.000 ₫ or ₫12,500,000. `amount_vnd` is whole đồng."""
        return format_currency(amount_vnd, "VND", locale=self._babel)

    def short_money(self, amount_vnd: int) -> str:
        """12,5 tr, 1,2 tỷ, 850k or 12.5M, 1.2B, 850K: one decimal, for where there is little room."""
        unit, vi, en = next((short for short in _SHORT if 20 * abs(amount_vnd) >= 19 * short[0]), _SHORT[-1])
        tenths = (20 * abs(amount_vnd) + unit) // (2 * unit)  # rounded half up
        figure = format_decimal(
            Decimal(tenths if amount_vnd > 0 else -tenths) / 10, format="#,##0.#", locale=self._babel
        )
        if not tenths:
            return "0"
        if self.locale != "vi":
            return f"{figure}{en}"
        return f"{figure}{vi}" if vi == "k" else f"{figure}\N{NO-BREAK SPACE}{vi}"

    def day(self, day: date) -> str:
        """T6 27/11/2026 or Fri 27/11/2026: weekday and date, as short as people write them."""
        return f"{self.weekday(day)} {day:%d/%m/%Y}"

    def short_day(self, day: date) -> str:
        """T6 27/11: for lists, where the year is plain."""
        return f"{self.weekday(day)} {day:%d/%m}"

    def weekday(self, day: date) -> str:
        """T6 or Fri."""
        if self.locale == "vi":
            return "CN" if day.weekday() == 6 else f"T{day.weekday() + 2}"
        return format_date(day, "EEE", locale=self._babel)

    def month(self, day: date) -> str:
        """Tháng 11 2026 or November 2026."""
        return format_date(day, "LLLL yyyy", locale=self._babel).capitalize()

    def clock(self, moment: time | datetime) -> str:
        """09:00, in the reader's zone where `moment` is an aware datetime."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self.zone).time()
        return format_time(moment, "HH:mm", locale=self._babel)

    def moment(self, moment: datetime) -> str:
        """T6 27/11/2026 09:00 in the reader's zone; `moment` is aware."""
        local = moment.astimezone(self.zone)
        return f"{self.day(local.date())} {self.clock(local)}"

    def listed(self, parts: list[str]) -> str:
        """a, b và c."""
        return format_list(parts, locale=self._babel)


def _filled(text: str, values: Mapping[str, object]) -> Markup:
    return Markup(text).format(**values) if values else Markup(text)
