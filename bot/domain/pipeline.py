"""The steps of a sale, as a company goes through them: presets, a list of one's own, and what becomes of those at a step that goes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zlib import crc32

from bot.domain.customers import Stage
from bot.domain.errors import DomainError
from bot.domain.names import folded

LEAST_STEPS, MOST_STEPS = 2, 15
LONGEST_NAME = 40
# A key travels in the data of buttons, of which a channel takes 64 bytes.
_LONGEST_KEY = 24


class Part(StrEnum):
    """What a step means: still to be won, won, or what comes after."""

    OPEN = "open"
    WON = "won"
    CARE = "care"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class PipelineStage:
    """A step. `name` is the company's own word, None for a step that we have a word for; `chance` the per cent of deals at this
    step that are won in the end, for the forecast."""

    key: str
    part: Part = Part.OPEN
    name: str | None = None
    chance: int = 0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps in order: open ones, exactly one that is won, then those after it. A lost deal (`Stage.LOST`) is at none of them."""

    stages: tuple[PipelineStage, ...]

    @property
    def first(self) -> PipelineStage:
        """Where a new customer begins."""
        return self.stages[0]

    @property
    def won(self) -> PipelineStage:
        """Where a sale brings a customer."""
        return next(stage for stage in self.stages if stage.part is Part.WON)

    @property
    def open(self) -> tuple[PipelineStage, ...]:
        """The steps before it is won."""
        return tuple(stage for stage in self.stages if stage.part is Part.OPEN)

    def stage(self, key: str) -> PipelineStage | None:
        """The step of that key; None where the company has no such step (any more)."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def place(self, key: str) -> int:
        """How far along a step is, from 0; -1 for what is no step of ours (a lost deal)."""
        return next((place for place, stage in enumerate(self.stages) if stage.key == key), -1)

    def after_won(self, part: Part) -> PipelineStage | None:
        """The first step of that part, CARE or REPEAT, where the company has one."""
        return next((stage for stage in self.stages if stage.part is part), None)

    def after_sale(self, *, had_bought: bool) -> PipelineStage:
        """Where a sale brings a customer: to the won step, or that of repeat purchases where they had bought before."""
        return (self.after_won(Part.REPEAT) if had_bought else None) or self.won

    def next_after(self, key: str) -> PipelineStage | None:
        """The step to go to from this one; None from the last, and from what is no step of ours."""
        place = self.place(key)
        return self.stages[place + 1] if 0 <= place < len(self.stages) - 1 else None

    def leads_on(self, key: str, than: str) -> bool:
        """Whether an open step is further along than the present one, or opens a deal anew for who has bought or was lost."""
        return self.is_open(key) and (not self.is_open(than) or self.place(key) > self.place(than))

    @property
    def version(self) -> str:
        """A short mark of exactly these steps: a preview tells by it whether they were changed since."""
        steps = "\n".join(f"{stage.key}|{stage.part}|{stage.name or ''}" for stage in self.stages)
        return f"{crc32(steps.encode()):08x}"

    def is_open(self, key: str) -> bool:
        """Whether a deal at this step is still to be won."""
        stage = self.stage(key)
        return stage is not None and stage.part is Part.OPEN


# PRODUCT section 3: tư vấn → báo giá → demo → đàm phán → chốt.
STANDARD = Pipeline(
    (
        PipelineStage(Stage.CONSULTING, chance=10),
        PipelineStage(Stage.QUOTED, chance=30),
        PipelineStage(Stage.DEMO, chance=50),
        PipelineStage(Stage.NEGOTIATING, chance=70),
        PipelineStage(Stage.WON, Part.WON, chance=100),
    )
)


def _steps(won: str, before: Sequence[str], care: Sequence[str] = (), repeat: Sequence[str] = ()) -> Pipeline:
    stages = (
        *(PipelineStage(key) for key in before),
        PipelineStage(won, Part.WON),
        *(PipelineStage(key, Part.CARE) for key in care),
        *(PipelineStage(key, Part.REPEAT) for key in repeat),
    )
    return Pipeline(_with_chances(stages))


def _with_chances(stages: Sequence[PipelineStage]) -> tuple[PipelineStage, ...]:
    """From 10 % at the first step to 70 % at the last open one, in even steps."""
    last = max(1, sum(stage.part is Part.OPEN for stage in stages) - 1)
    return tuple(
        replace(stage, chance=10 + 60 * place // last if stage.part is Part.OPEN else 100)
        for place, stage in enumerate(stages)
    )


# By the number of their steps, as people speak of them; all keys have words in `views/words.py`.
PRESETS: Mapping[str, Pipeline] = {
    "4": _steps("bought", ("approach",), ("care",), ("repeat",)),
    "5": STANDARD,
    "6": _steps("converted", ("aware", "considering"), ("experience", "retention"), ("referral",)),
    "10": _steps(
        Stage.WON,
        ("lead", "contacted", "qualified", Stage.CONSULTING, Stage.QUOTED, Stage.DEMO, Stage.NEGOTIATING),
        ("care",),
        ("repeat",),
    ),
}
_KNOWN_PARTS = {stage.key: stage.part for preset in PRESETS.values() for stage in preset.stages}

_BULLET = re.compile(r"^\s*(?:\d{1,2}\s*[.):]|[-–•*●])\s*")
_LINE_ENDS = re.compile(r"[\r\n]+|→|➡\ufe0f?|->|=>|>")
# On one line alone: in a list a comma belongs to a step's name.
_COMMAS = re.compile(r"[,;|]")
_TICK = re.compile(r"\s*[✓✔✅☑]\ufe0f?\s*")
_SAYS_WON = re.compile(r"\s*[(\[–-]?\s*\b(?:chốt|chot|won)\b\s*[)\]]?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A line of a list that somebody wrote: the step's name, and whether it is the one that is won."""

    name: str
    won: bool


def written_steps(text: str) -> list[WrittenStep]:
    """The steps of a text, one a line (or on one line with arrows or commas between), numbered or not. The won one carries a tick;
    where none does, it says "chốt" (or "won") at its end."""
    pieces = _LINE_ENDS.split(text.strip())
    pieces = _COMMAS.split(pieces[0]) if len(pieces) == 1 else pieces
    lines = [line for line in (" ".join(_BULLET.sub("", piece).split()) for piece in pieces) if line]
    if any(_TICK.search(line) for line in lines):
        return [WrittenStep(_TICK.sub(" ", line).strip(), bool(_TICK.search(line))) for line in lines]
    return [WrittenStep(_SAYS_WON.sub("", line) or line, bool(_SAYS_WON.search(line))) for line in lines]


def drawn(steps: Sequence[WrittenStep], present: Pipeline, words: Mapping[str, str]) -> Pipeline:
    """The pipeline of a written list. A step that is called as one of the present pipeline keeps its key; `words` are the keys of all
    steps that we have words for, by the folded word. Raises DomainError saying what is wrong with the list."""
    own = {folded(stage.name): stage.key for stage in present.stages if stage.name}
    known = {**words, **own}
    names = [folded(step.name) for step in steps]
    if not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        raise DomainError("pipeline_size", least=LEAST_STEPS, most=MOST_STEPS)
    if [step.won for step in steps].count(True) != 1 or steps[0].won:
        raise DomainError("pipeline_won")
    if any(not name or len(step.name) > LONGEST_NAME for name, step in zip(names, steps, strict=True)):
        raise DomainError("pipeline_name", most=LONGEST_NAME)
    if len(set(names)) < len(names):
        raise DomainError("pipeline_twice")
    won = next(place for place, step in enumerate(steps) if step.won)
    taken = [known[name] for name in names if name in known]
    if len(set(taken)) < len(taken):
        raise DomainError("pipeline_twice")
    stages = []
    for place, (name, step) in enumerate(zip(names, steps, strict=True)):
        key = known.get(name) or _new_key(name, taken)
        taken.append(key)
        part = Part.OPEN if place < won else Part.WON if place == won else _part_after_won(key, place, len(steps), won)
        stages.append(PipelineStage(key, part, None if words.get(name) == key else step.name))
    return Pipeline(_with_chances(stages))


def _part_after_won(key: str, place: int, count: int, won: int) -> Part:
    """What is known of the key; else care, but for the last of several, which is buying again."""
    if (known := _KNOWN_PARTS.get(key)) in (Part.CARE, Part.REPEAT):
        return known
    return Part.REPEAT if place == count - 1 and place > won + 1 else Part.CARE


def _new_key(name: str, taken: Sequence[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", name).strip("_")[:_LONGEST_KEY] or "step"
    used = {*taken, *_KNOWN_PARTS, Stage.LOST}
    return next(k for k in (key, *(f"{key}_{number}" for number in range(2, MOST_STEPS + 40))) if k not in used)


def homes(before: Pipeline, after: Pipeline) -> dict[str, str]:
    """Where those at a step go that `after` has not, or has on the other side of the sale: who has not bought to the nearest earlier
    step that stays, else the first; who has bought to the nearest earlier one after the sale, else the won one."""
    moved: dict[str, str] = {}
    home = {True: after.first.key, False: after.won.key}
    for stage in before.stages:
        is_open = stage.part is Part.OPEN
        staying = after.stage(stage.key)
        if staying is not None and (staying.part is Part.OPEN) == is_open:
            home[is_open] = stage.key
        else:
            moved[stage.key] = after.won.key if stage.part is Part.WON else home[is_open]
    return moved


@dataclass(frozen=True, slots=True)
class StageMove:
    """A step that a customer's deal took: `from_stage` is None for the first; `reason` where it was lost. `at` is UTC."""

    id: int
    customer_id: int
    member_id: int
    at: datetime
    from_stage: str | None
    to_stage: str
    reason: str | None = None
