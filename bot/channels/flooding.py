"""Who sends more than others can bear, where messages are stored first: told by their rate, since any instance may work them off."""

from bot.i18n import mark
from bot.lanes import Admission, FloodGate

NOT_SAVED = mark("The system is busy and this is not saved yet. I will go on trying by myself.")
TOO_FAST = mark("Too many messages at once: those that get no answer from here on are not saved. Please wait a minute.")

_REMEMBERED = 1000  # persons; beyond that those are forgotten who have been quiet since


class Floods:
    """The flood gate, fed with how many messages of a person are not yet made up for by the time that has passed."""

    def __init__(self) -> None:
        self._gate = FloodGate()
        self._piles: dict[str, tuple[float, float]] = {}  # how many, and when that was

    def admit(self, person: str, at: float) -> Admission:
        """Whether one more message of this person may come in; `at` is monotonic seconds."""
        pile = self._left(person, at)
        if pile == 0 and len(self._piles) > _REMEMBERED:
            self._piles = {one: self._piles[one] for one in self._piles if self._left(one, at) > 0}
        admission = self._gate.admit(person, int(pile), at)
        if admission is Admission.COME_IN:
            self._piles[person] = (pile + 1, at)
        return admission

    def _left(self, person: str, at: float) -> float:
        count, when = self._piles.get(person, (0.0, at))
        return max(0.0, count - (at - when) * FloodGate.PER_SECOND)
