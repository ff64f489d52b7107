"""The picture of a week: it opens, it fits a phone, it holds Vietnamese, and nothing is loaded for it until one is sent."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from markupsafe import Markup

from bot.charts import FONT, HEIGHT, WIDTH, draw
from bot.messages import Bar, Chart, Panel, Reply

WEEKS = ("05/10", "12/10", "19/10", "26/10", "02/11", "09/11", "16/11", "23/11")
LONG = "Nguyễn Phước Công Tằng Tôn Nữ Thị Thanh Huyền Trang"


def a_week(reps: int, *, name: str = LONG, revenue: int = 162_500_000) -> Chart:
    columns = tuple(Bar(day, revenue * place, "162,5 tr", marked=day == WEEKS[-1]) for place, day in enumerate(WEEKS))
    rows = (Bar("khách ghé cửa hàng", 14, "14"), Bar("Facebook", 0, "0"))
    records = tuple(Bar(name, 14 - place, f"{14 - place}/15", 15) for place in range(reps))
    return Chart(
        "Tuần 47 · Nội thất An Nhiên",
        "T2 16/11 – CN 22/11/2026",
        (
            Panel("Doanh thu theo tuần", columns, "Chưa có đơn", columns=True),
            Panel("Khách mới theo nguồn", rows, "Chưa có khách mới"),
            Panel("Việc đúng hẹn", records, "Chưa có việc"),
        ),
    )


def pixels(picture: bytes) -> Any:
    from matplotlib.image import imread

    return imread(io.BytesIO(picture), format="png")


def edge_is_empty(picture: bytes, wide: int = 16) -> bool:
    found = pixels(picture)[:, :, :3]
    edges = (found[:wide], found[-wide:], found[:, :wide], found[:, -wide:])
    return all(float(edge.min()) == 1.0 for edge in edges)


@pytest.mark.parametrize("reps", [0, 1, 3, 10])
def test_a_chart_is_a_picture_of_phone_size_with_nothing_running_off_it(reps: int) -> None:
    picture = draw(a_week(reps))
    high, wide = pixels(picture).shape[:2]
    assert wide == WIDTH
    assert WIDTH * 0.6 < high <= HEIGHT
    assert edge_is_empty(picture)
    assert len(picture) < 500_000


def test_a_week_without_figures_leaves_no_blank_sheet() -> None:
    nothing = draw(a_week(0, revenue=0))
    written = (pixels(nothing)[:, :, :3].min(axis=(1, 2)) < 1.0).nonzero()[0]
    assert len(pixels(nothing)) - written[-1] < 160


@pytest.mark.parametrize(
    "chart",
    [
        Chart("", "", ()),
        a_week(10, name="$x$ \\frac ₫ <b> 😀 العربية"),
        a_week(2, revenue=0),
        a_week(2, revenue=-5),
        Chart(LONG * 3, LONG * 3, (Panel(LONG * 3, (), LONG * 3), Panel("Trống", (Bar("x", 0, "0"),), "Chưa có"))),
    ],
)
def test_whatever_people_are_called_and_however_little_there_is_it_can_be_drawn(chart: Chart) -> None:
    high, wide = pixels(draw(chart)).shape[:2]
    assert wide == WIDTH
    assert 0 < high <= HEIGHT


def test_more_bars_make_another_picture() -> None:
    assert draw(a_week(2)) != draw(a_week(3))
    assert draw(a_week(2)) == draw(a_week(2))


def test_charts_drawn_side_by_side_are_the_same_as_one_after_the_other() -> None:
    charts = [a_week(reps) for reps in (1, 2, 5)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(draw, charts)) == [draw(chart) for chart in charts]


def test_the_font_has_every_vietnamese_letter_and_sign_that_we_write() -> None:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    for weight in ("normal", "bold"):
        font = FT2Font(findfont(FontProperties(family=FONT, weight=weight), fallback_to_default=False))
        missing = [
            sign for sign in letters + letters.upper() + "₫%·–…/0123456789" if not font.get_char_index(ord(sign))
        ]
        assert missing == []


def test_a_chart_survives_the_outbox() -> None:
    reply = Reply(Markup("Tuần <b>47</b>"), chart=a_week(3))
    assert Reply.from_record(reply.to_record()) == reply


def test_matplotlib_is_not_loaded_with_the_assistant() -> None:
    loaded = "import sys, bot.app, bot.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
