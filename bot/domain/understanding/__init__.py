"""What a rep's message means: pure, deterministic, offline. `understand(text, now, known)` is the one door."""

from bot.domain.understanding.amounts import parse_amount
from bot.domain.understanding.capture import Capture, Due, Intent, Problem, ProblemKind, Unsure
from bot.domain.understanding.dues import parse_due
from bot.domain.understanding.known import NOBODY, Known, KnownCustomer, KnownProduct
from bot.domain.understanding.understand import understand, understand_all

__all__ = [
    "NOBODY",
    "Capture",
    "Due",
    "Intent",
    "Known",
    "KnownCustomer",
    "KnownProduct",
    "Problem",
    "ProblemKind",
    "Unsure",
    "parse_amount",
    "parse_due",
    "understand",
    "understand_all",
]
