"""The steps of a sale, as a company goes through them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.customers import Stage


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
