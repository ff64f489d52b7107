"""Charts as pictures for a phone: drawn when one is sent, outside every transaction, in a thread (`draw` blocks for half a second)."""

from __future__ import annotations

import io
import threading
from functools import cache
from typing import TYPE_CHECKING

from bot.messages import Bar, Chart, Panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# In pixels; HEIGHT is the most that a picture has. A phone shows it some 390 wide: what is smaller than SMALL cannot be read there.
WIDTH, HEIGHT = 1080, 1350
MARGIN = 56
SMALL, NORMAL, LARGE = 31, 35, 50
ROW = 46  # a row; narrower where there are many, wider where there are few
PANEL_TITLE = 76
HEADER = 150
LABELS = 330  # width of the labels before lying bars
MOST_COLUMNS = 420  # height
INK, QUIET, TRACK, BAR, MARK, PAPER = "#1d2733", "#5d6b7a", "#e9eef3", "#9db9d6", "#1f6fb5", "#ffffff"
DPI = 100
FONT = "DejaVu Sans"

# matplotlib draws one figure at a time: two at once would need twice the memory and gain nothing.
_drawing = threading.Lock()


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, WIDTH pixels wide, as high as its panels need. Loads matplotlib when first called; nothing else does."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

    with _drawing:
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(figure)
        end = min(HEIGHT, round(_Page(figure).write(chart)) + MARGIN)
        written = Bbox.from_extents(0, (HEIGHT - end) / DPI, WIDTH / DPI, HEIGHT / DPI)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=DPI, bbox_inches=written)
    return picture.getvalue()


class _Page:
    """A sheet measured in pixels from its upper left corner."""

    def __init__(self, figure: Figure) -> None:
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(HEIGHT, 0)
        self._axes.axis("off")
        self._figure = figure

    def write(self, chart: Chart) -> float:
        """The heading, then the panels one below the other, each as high as it needs; where the last one ends."""
        self._text(MARGIN, 62, chart.title, LARGE, INK, bold=True, room=WIDTH - 2 * MARGIN)
        self._text(MARGIN, 118, chart.subtitle, SMALL, QUIET, room=WIDTH - 2 * MARGIN)
        lying = sum(max(1, len(panel.bars)) for panel in chart.panels if not panel.columns)
        left = HEIGHT - HEADER - MARGIN - PANEL_TITLE * len(chart.panels)
        standing = sum(1 for panel in chart.panels if panel.columns)
        row = min(1.6 * ROW, max(0.8 * ROW, (left - standing * MOST_COLUMNS * 0.75) / max(1, lying)))
        columns = min(MOST_COLUMNS, (left - lying * row) / max(1, standing))
        top = float(HEADER)
        for panel in chart.panels:
            top = self._panel(panel, top, row, columns)
        return top

    def _panel(self, panel: Panel, top: float, row: float, columns: float) -> float:
        """One panel; where the next one begins."""
        self._text(MARGIN, top + 46, panel.title, NORMAL, INK, bold=True, room=WIDTH - 2 * MARGIN)
        top += PANEL_TITLE
        if not any(bar.value or bar.whole for bar in panel.bars):
            self._text(MARGIN, top + ROW / 2, panel.empty, SMALL, QUIET, room=WIDTH - 2 * MARGIN)
            return top + 2 * ROW
        if panel.columns:
            self._columns(panel.bars, top, columns)
            return top + columns
        self._rows(panel.bars, top, row)
        return top + row * len(panel.bars)

    def _columns(self, bars: tuple[Bar, ...], top: float, height: float) -> None:
        step = (WIDTH - 2 * MARGIN) / len(bars)
        base, highest = top + height - 62, max(max(bar.value for bar in bars), 1)
        tallest = base - top - 44
        for place, bar in enumerate(bars):
            middle = MARGIN + step * (place + 0.5)
            tall = tallest * max(bar.value, 0) / highest
            self._box(middle - step * 0.36, base - tall, step * 0.72, tall, MARK if bar.marked else BAR)
            colour = INK if bar.marked else QUIET
            self._text(middle, base - tall - 22, bar.words, SMALL, colour, bold=bar.marked, room=step, middle=True)
            self._text(middle, base + 28, bar.label, SMALL, colour, bold=bar.marked, room=step, middle=True)
        self._box(MARGIN, base, WIDTH - 2 * MARGIN, 2, QUIET)

    def _rows(self, bars: tuple[Bar, ...], top: float, row: float) -> None:
        words = max(self._width(bar.words, SMALL, bold=True) for bar in bars)
        start, room = MARGIN + LABELS, WIDTH - 2 * MARGIN - LABELS - words - 16
        highest = max(max(bar.value for bar in bars), 1)
        for place, bar in enumerate(bars):
            middle = top + row * (place + 0.5)
            self._text(MARGIN, middle, bar.label, SMALL, INK, room=LABELS - 18)
            share = bar.value / (bar.whole or highest)
            if bar.whole:
                self._box(start, middle - row * 0.32, room, row * 0.64, TRACK)
            self._box(start, middle - row * 0.32, room * min(share, 1.0), row * 0.64, MARK if bar.marked else BAR)
            self._text(start + room + 16, middle, bar.words, SMALL, INK, bold=True, room=words)

    # With matplotlib ---------------------------------------------------------------------------------------------------

    def _box(self, left: float, top: float, wide: float, tall: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((left, top), wide, tall, facecolor=colour, linewidth=0))

    def _text(
        self,
        left: float,
        middle_height: float,
        text: str,
        size: float,
        colour: str,
        *,
        room: float,
        bold: bool = False,
        middle: bool = False,
    ) -> None:
        """Plain words at a height; made smaller, then cut, to the room they have."""
        text, fitting = _drawable(text), size
        while fitting > SMALL * 0.85 and self._width(text, fitting, bold=bold) > room:
            fitting -= 1
        kept = text
        while len(kept) > 1 and self._width(kept, fitting, bold=bold) > room:
            kept = kept.rstrip("…")[:-1].rstrip() + "…"
        self._axes.text(
            left,
            middle_height,
            kept,
            fontsize=_points(fitting),
            family=FONT,
            color=colour,
            weight="bold" if bold else "normal",
            ha="center" if middle else "left",
            va="center_baseline",
            parse_math=False,
        )

    def _width(self, text: str, size: float, *, bold: bool) -> float:
        from matplotlib.font_manager import FontProperties, findfont, get_font

        font = get_font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
        font.set_size(size, 72)  # so that a point is a pixel
        font.set_text(_drawable(text))
        return float(font.get_width_height()[0]) / 64


def _drawable(text: str) -> str:
    """The text without what the font has no letter for (emoji)."""
    return "".join(sign for sign in text if ord(sign) in _letters()).strip()


@cache
def _letters() -> frozenset[int]:
    """What both weights of the font can write."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    regular, bold = (
        get_font(findfont(FontProperties(family=FONT, weight=weight))).get_charmap() for weight in ("normal", "bold")
    )
    return frozenset(regular.keys() & bold.keys())


def _points(pixels: float) -> float:
    return pixels * 72 / DPI
