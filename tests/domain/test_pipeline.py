"""The steps of a sale: presets, a list of one's own, and what becomes of those at a step that goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customers import Stage
from bot.domain.errors import DomainError
from bot.domain.names import folded
from bot.domain.pipeline import (
    LONGEST_NAME,
    MOST_STEPS,
    PRESETS,
    STANDARD,
    Part,
    Pipeline,
    WrittenStep,
    drawn,
    homes,
    written_steps,
)

WORDS = {"tu van": "consulting", "bao gia": "quoted", "demo": "demo", "dam phan": "negotiating", "chot": "won"}


def of_text(text: str, present: Pipeline = STANDARD) -> Pipeline:
    return drawn(written_steps(text), present, WORDS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_as_many_steps_as_it_is_called_by_and_one_that_is_won(name: str) -> None:
    stages = PRESETS[name].stages
    assert len(stages) == int(name) == len({stage.key for stage in stages})
    assert [stage.part for stage in stages].count(Part.WON) == 1
    order = [list(Part).index(stage.part) for stage in stages]
    assert order == sorted(order)
    assert order[0] == 0


@pytest.mark.parametrize("name", PRESETS)
def test_the_further_along_the_likelier_it_is_won(name: str) -> None:
    chances = [stage.chance for stage in PRESETS[name].stages]
    assert chances == sorted(chances)
    assert chances[0] > 0
    assert chances[-1] == 100


def test_a_list_with_numbers_and_a_tick_is_read() -> None:
    pipeline = of_text("1. Tư vấn\n2) Báo giá\n\n- Ký hợp đồng ✓\n• Bảo hành")
    assert [(stage.key, stage.part, stage.name) for stage in pipeline.stages] == [
        ("consulting", Part.OPEN, None),
        ("quoted", Part.OPEN, None),
        ("ky_hop_dong", Part.WON, "Ký hợp đồng"),
        ("bao_hanh", Part.CARE, "Bảo hành"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tìm hiểu, Báo giá, Đàm phán, Chốt",
        "Tìm hiểu → Báo giá → Đàm phán → Chốt",
        "Tìm hiểu ➡️ Báo giá -> Đàm phán > Chốt",
        "1. Tìm hiểu; 2. Báo giá; 3. Đàm phán; 4. Chốt",
    ],
)
def test_steps_on_one_line_are_read_as_steps(text: str) -> None:
    assert [step.name for step in written_steps(text)] == ["Tìm hiểu", "Báo giá", "Đàm phán", "Chốt"]
    assert of_text(text).won.key == "won"


def test_in_a_list_a_comma_belongs_to_the_name_of_a_step() -> None:
    assert [step.name for step in written_steps("Gọi, nhắn\nChốt")] == ["Gọi, nhắn", "Chốt"]


@pytest.mark.parametrize("won", ["Ký hợp đồng (chốt)", "Ký hợp đồng - chốt", "Ký hợp đồng CHỐT", "Ký hợp đồng ✅"])
def test_the_won_step_may_say_so_in_words(won: str) -> None:
    assert of_text(f"Tư vấn\n{won}").won.name == "Ký hợp đồng"


def test_the_word_for_won_alone_is_the_step_itself() -> None:
    assert of_text("Tư vấn\nChốt").won.key == "won"


def test_a_step_of_the_same_name_keeps_its_key_however_it_is_written() -> None:
    first = of_text("Tư vấn\nKhảo sát nhà\nKý ✓")
    again = of_text("KHAO SAT NHA\nTư vấn\nLắp thử\nKý ✓", first)
    assert [stage.key for stage in again.stages] == ["khao_sat_nha", "consulting", "lap_thu", "ky"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Chốt ✓", "pipeline_size"),
        ("\n".join(f"Bước {n}" for n in range(MOST_STEPS)) + "\nKý ✓", "pipeline_size"),
        ("Tư vấn\nBáo giá", "pipeline_won"),
        ("Tư vấn ✓\nKý ✓", "pipeline_won"),
        ("Ký ✓\nTư vấn", "pipeline_won"),
        (f"{'x' * (LONGEST_NAME + 1)}\nKý ✓", "pipeline_name"),
        ("Tư vấn\nTU VAN\nKý ✓", "pipeline_twice"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        of_text(text)
    assert refused.value.reason == reason


def test_who_is_at_a_step_that_goes_moves_to_the_nearest_earlier_one_on_their_side_of_the_sale() -> None:
    assert homes(STANDARD, of_text("Tư vấn\nBáo giá\nChốt ✓")) == {"demo": "quoted", "negotiating": "quoted"}
    assert homes(STANDARD, PRESETS["4"]) == {
        **dict.fromkeys(("consulting", "quoted", "demo", "negotiating"), "approach"),
        "won": "bought",
    }
    assert homes(PRESETS["6"], STANDARD)["retention"] == "won"
    assert homes(STANDARD, of_text("Tư vấn\nDemo ✓\nBáo giá")) == {
        "quoted": "consulting",
        "demo": "consulting",
        "negotiating": "consulting",
        "won": "demo",
    }


NAMES = st.lists(st.text(min_size=1, max_size=LONGEST_NAME), min_size=2, max_size=MOST_STEPS, unique_by=folded).filter(
    lambda names: all(folded(name) for name in names)
)


@given(NAMES, st.data())
def test_any_names_make_keys_that_fit_a_button_and_everybody_finds_a_home(
    names: list[str], data: st.DataObject
) -> None:
    won = data.draw(st.integers(1, len(names) - 1))
    pipeline = drawn([WrittenStep(name, place == won) for place, name in enumerate(names)], STANDARD, WORDS)
    keys = [stage.key for stage in pipeline.stages]
    assert len(set(keys)) == len(keys)
    assert Stage.LOST not in keys
    assert all(len(key) <= 30 and key.isascii() and ":" not in key for key in keys)
    for before, after in ((STANDARD, pipeline), (pipeline, STANDARD)):
        moved = homes(before, after)
        for stage in before.stages:
            home = after.stage(moved.get(stage.key, stage.key))
            assert home is not None
            assert (home.part is Part.OPEN) == (stage.part is Part.OPEN)


def test_only_a_later_open_step_leads_on_or_any_for_who_has_bought_or_was_lost() -> None:
    assert STANDARD.leads_on("demo", "quoted")
    assert not STANDARD.leads_on("quoted", "demo")
    assert STANDARD.leads_on("quoted", "won")
    assert STANDARD.leads_on("quoted", Stage.LOST)
    assert not STANDARD.leads_on("won", "quoted")
    assert not PRESETS["4"].leads_on("quoted", "approach")
