"""When something is due: days and times said are joined, what is over or no promise is left out, and one is chosen."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.domain.understanding.capture import Due, Problem, ProblemKind, Unsure
from bot.domain.understanding.message import TAKEN, Message, overlaps, read
from bot.domain.understanding.said_days import Not, SaidDay, find_days
from bot.domain.understanding.said_times import SaidPart, SaidTime, find_moments, find_parts, find_times
from bot.domain.understanding.tables import dues as say
from bot.domain.understanding.tables.actions import ACTION, CUSTOMER_SUBJECT_DONE, OBLIGATION, TASK, THEIRS

_LONGEST_TASK = 120
_RECENT = timedelta(days=75)  # a date just over, told beside what happened on it, is history
_PART_ENDS = {"sang": time(12), "trua": time(14), "chieu": time(18), "toi": time(23), "dem": time(23, 59)}


@dataclass(frozen=True, slots=True)
class Said:
    """One moment said, at `start` to `end`; `at` where a clock time was said."""

    start: int
    end: int
    on: date
    at: time | None = None
    is_today: bool = False
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """What was said about time: the one due, what was wrong, what could be two things, and where each phrase stands."""

    due: Due | None
    problems: tuple[Problem, ...]
    unsure: tuple[Unsure, ...]
    spans: tuple[tuple[int, int], ...]
    ahead: tuple[tuple[int, int], ...] = ()  # those of days after today
    tells_past: bool = False  # whether a day that is over was named


def find_due(message: Message, now: datetime) -> Timing:
    """When the message says something is due, local to `now`."""
    today = now.date()
    days = _without_repeats(message, find_days(message, today))
    moments = find_moments(message, now)
    taken = [(day.start, day.end) for day in days] + [(moment.start, moment.end) for moment in moments]
    times = [said for said in find_times(message) if not overlaps((said.start, said.start + 1), taken)]
    said = [Said(m.start, m.end, m.moment.date(), m.moment.time().replace(second=0, microsecond=0)) for m in moments]
    joined, problems = _join(message, days, times, now)
    said = sorted([*said, *joined], key=lambda one: one.start)
    spans = tuple(sorted((x.start, x.end) for group in (days, times, moments) for x in group))
    over = [one for one in said if _is_past(message, one, now)]
    slips = [one for one in over if not _is_told(message, one)]
    problems += [Problem("due", ProblemKind.PAST_DATE, _phrase(message, one)) for one in slips]
    ahead = [one for one in said if one not in over and not _is_history(message, one, days, today)]
    due, unsure = _choose(message, ahead, spans)
    if due and due.at and not days and not moments and say.STANDING.search(message.low):
        due, unsure = None, (Unsure("due", (due,)),)
    if not (said or spans) and (part := _part_to_come(message, now)):
        due, unsure = _of_part(message, part)
    if not due and any(day.meaning is Not.VAGUE for day in days):
        unsure = (Unsure("due"),)
    to_come = tuple((one.start, one.end) for one in ahead if one.on > today)
    tells_past = bool(over) or any(day.meaning is Not.PAST for day in days)
    return Timing(due, tuple(problems), unsure, spans, to_come, tells_past)


def parse_due(text: str, now: datetime) -> Due | Problem | None:
    """When a person means who was asked for a date: a Due local to `now`, what is wrong with it, or None: not understood."""
    for spelling in (text, f"{text} nữa", f"ngày {text}", f"lúc {text}"):
        message = read(spelling)
        timing = find_due(message, now)
        if timing.problems:
            return timing.problems[0]
        if timing.due:
            return timing.due
    return None


def _without_repeats(message: Message, days: list[SaidDay]) -> list[SaidDay]:
    """`thứ 6 ngày 27/11` says one day twice: the figures count."""
    kept: list[SaidDay] = []
    for day in days:
        before = kept[-1] if kept else None
        if (
            before
            and isinstance(day.meaning, date)
            and say.WHOLE.fullmatch(message.low[before.end : day.start].strip(" ("))
        ):
            if day.explicit and not before.explicit and isinstance(before.meaning, date):
                kept[-1] = SaidDay(before.start, day.end, day.meaning, True)
                continue
            if day.meaning == before.meaning:
                kept[-1] = SaidDay(before.start, day.end, day.meaning, before.explicit, before.is_today)
                continue
        kept.append(day)
    return kept


def _join(
    message: Message, days: list[SaidDay], times: list[SaidTime], now: datetime
) -> tuple[list[Said], list[Problem]]:
    """Each day with the time that belongs to it; times without a day are today if still ahead, else tomorrow."""
    said: list[Said] = []
    problems: list[Problem] = []
    parts = find_parts(message)
    free = list(times)
    for day in days:
        mine = _time_of(message, day, free, days)
        if mine:
            free.remove(mine)
        if day.meaning is Not.POSSIBLE:
            problems.append(Problem("due", ProblemKind.IMPOSSIBLE_DATE, message.shown[day.start : day.end]))
        elif isinstance(day.meaning, date):
            said.append(_joined(message, day, day.meaning, mine, parts, problems))
    for alone in free:
        at = alone.at(_part_beside(message, alone.start, alone.end, parts))
        if at is None:
            problems.append(Problem("due", ProblemKind.IMPOSSIBLE_TIME, message.shown[alone.start : alone.end]))
        else:
            later = at[1] + (0 if at[1] or at[0] > now.time() else 1)
            said.append(Said(alone.start, alone.end, now.date() + timedelta(days=later), at[0]))
    return said, problems


def _joined(
    message: Message, day: SaidDay, on: date, mine: SaidTime | None, parts: list[SaidPart], problems: list[Problem]
) -> Said:
    if not mine:
        return Said(day.start, day.end, on, None, day.is_today, day.explicit)
    part = _part_beside(message, day.start, day.end, parts) or _part_beside(message, mine.start, mine.end, parts)
    at = mine.at(part)
    start, end = min(day.start, mine.start), max(day.end, mine.end)
    if at is None:
        problems.append(Problem("due", ProblemKind.IMPOSSIBLE_TIME, message.shown[mine.start : mine.end]))
        return Said(day.start, day.end, on, None, day.is_today, day.explicit)
    return Said(start, end, on + timedelta(days=at[1]), at[0], day.is_today, day.explicit)


def _time_of(message: Message, day: SaidDay, times: list[SaidTime], days: list[SaidDay]) -> SaidTime | None:
    """The time said for a day: beside it, or the only one in the same clause, or a clause of its own."""
    beside = [t for t in times if say.BETWEEN.fullmatch(_gap(message, (t.start, t.end), (day.start, day.end)))]
    if beside:
        return min(beside, key=lambda t: abs(t.start - day.start))
    if not isinstance(day.meaning, date):
        return None
    start, end = message.clause_around(day.start)
    others = [d for d in days if d is not day and start <= d.start < end]
    inside = [t for t in times if start <= t.start < end]
    if len(inside) == 1 and not others:
        return inside[0]
    if len(times) == 1 and len([d for d in days if isinstance(d.meaning, date)]) == 1:
        alone = message.clause_around(times[0].start)
        rest = message.low[alone[0] : times[0].start] + message.low[times[0].end : alone[1]]
        return times[0] if say.BETWEEN.fullmatch(rest) else None
    return None


def _part_beside(message: Message, start: int, end: int, parts: list[SaidPart]) -> str | None:
    for part in parts:
        if start <= part.start < end or say.BETWEEN.fullmatch(_gap(message, (part.start, part.end), (start, end))):
            return part.part
    return None


def _gap(message: Message, one: tuple[int, int], other: tuple[int, int]) -> str:
    first, second = sorted((one, other))
    return message.low[first[1] : second[0]]


def _is_past(message: Message, one: Said, now: datetime) -> bool:
    """A day before today, or a part of today that is over (`sáng nay` said at two in the afternoon)."""
    if one.on != now.date() or not one.is_today:
        return one.on < now.date()
    if one.at:
        return one.at < now.time()
    start, end = max(0, one.start - len("buổi sáng ")), one.end
    return any(_PART_ENDS[part.part] <= now.time() for part in find_parts(message) if start <= part.start < end)


def _is_told(message: Message, one: Said) -> bool:
    """Whether a date that is over tells what happened, and is not a slip in a promise."""
    start, end = message.clause_around(one.start)
    around = message.low[start : one.start] + message.low[one.end : end]
    return bool(say.HAPPENED.search(around) or say.BIRTHDAY.search(around)) or not (
        ACTION.search(around) or not around.strip()
    )


def _is_history(message: Message, one: Said, days: list[SaidDay], today: date) -> bool:
    """Whether this is no promise: a birthday, what happened on it, an appointment that fell through."""
    start, end = message.clause_around(one.start)
    before, after = message.low[start : one.start], message.low[one.end : end]
    if (say.BIRTHDAY.search(before) or say.BIRTHDAY.search(after)) and not say.REMINDER.search(message.low):
        return True
    if say.HABIT.search(before):
        return True
    if (off := say.CALLED_OFF.match(after)) and ACTION.match(after, off.end()):
        return True
    if say.AFTERWARDS.match(message.low[one.start : one.end]) and say.LASTED.search(before):
        return True
    if any(day.meaning is Not.PAST and start <= day.start < one.start for day in days) and say.UNDONE_AFTER.search(
        after
    ):
        return True
    if one.explicit and _was_recent(one.on, today) and (say.SINCE.search(before) or _happened(before)):
        return True
    return one.is_today and _is_told_of_today(message, one, before, after)


def _happened(before: str) -> bool:
    return bool(say.HAPPENED.search(before)) and not OBLIGATION.search(before)


def _was_recent(on: date, today: date) -> bool:
    """Whether the same day and month were only just over: `hôm 12/11` said on 26 November."""
    try:
        return today - _RECENT <= on.replace(year=on.year - 1) < today
    except ValueError:
        return False


def _is_told_of_today(message: Message, one: Said, before: str, after: str) -> bool:
    """`hôm nay chị ghé xem hàng` tells, `báo giá trong hôm nay` promises."""
    around = before + after
    if CUSTOMER_SUBJECT_DONE.search(around):
        return True
    if one.at or OBLIGATION.search(message.low[one.start : one.end]):
        return False
    return not (ACTION.search(around) or OBLIGATION.search(around))


def _part_to_come(message: Message, now: datetime) -> Said | None:
    """`…, chiều gọi lại`: a part of today still to come that opens the clause of what we are to do."""
    for part in find_parts(message):
        start, end = message.clause_around(part.start)
        opens = not message.low[start : part.start].strip()
        rest = message.low[part.end : end]
        told = CUSTOMER_SUBJECT_DONE.search(rest) or say.UNREACHED.search(rest)
        if opens and ACTION.match(rest.lstrip()) and not told:
            return Said(part.start, part.end, now.date()) if _PART_ENDS[part.part] > now.time() else None
    return None


def _of_part(message: Message, part: Said) -> tuple[Due | None, tuple[Unsure, ...]]:
    """Today; asked where `toi` could be tôi as well as tối."""
    due = _due(message, part, ((part.start, part.end),))
    return (None, (Unsure("due", (due,)),)) if message.low[part.start : part.end] == "toi" else (due, ())


def _choose(
    message: Message, said: list[Said], spans: tuple[tuple[int, int], ...]
) -> tuple[Due | None, tuple[Unsure, ...]]:
    """The new one where something was moved, else the earliest future action of ours."""
    if not said:
        return None, ()
    said = [one for one in said if say.CORRECTED.search(message.low[: one.start])] or said
    if len(said) > 1 and say.MOVING.search(message.low):
        moved = [one for one in said if say.MOVED_TO.search(message.low[: one.start])]
        kept = [one for one in said if not say.MOVED_FROM.search(message.low[: one.start])]
        said = moved[-1:] or kept or said
    ranked = sorted(said, key=lambda one: (-_promise(message, one), one.on, one.at or time.min))
    best = ranked[0]
    if any(_is_either(message, best, one) for one in said if one is not best):
        either = [one for one in said if one is best or _is_either(message, best, one)]
        return None, (Unsure("due", tuple(_due(message, one, spans) for one in either)),)
    rivals = [one for one in ranked[1:] if _promise(message, one) == _promise(message, best)]
    due = _due(message, best, spans)
    return due, (Unsure("due", (due, *(_due(message, one, spans) for one in rivals))),) if rivals else ()


def _promise(message: Message, one: Said) -> int:
    """How much it sounds like something we are to do then."""
    start, end = message.clause_around(one.start)
    around = message.low[start : one.start] + TAKEN + message.low[one.end : end]
    return 2 * bool(ACTION.search(around)) - 2 * bool(THEIRS.search(around)) + bool(OBLIGATION.search(around))


def _is_either(message: Message, one: Said, other: Said) -> bool:
    return bool(say.EITHER.fullmatch(_gap(message, (one.start, one.end), (other.start, other.end))))


def _due(message: Message, one: Said, spans: tuple[tuple[int, int], ...]) -> Due:
    return Due(one.on, one.at, _phrase(message, one), _task(message, one, spans))


def _phrase(message: Message, one: Said) -> str:
    return message.shown[one.start : one.end]


def _task(message: Message, one: Said, spans: tuple[tuple[int, int], ...]) -> str | None:
    """What is to be done then, in the person's words: the clause that holds the promise, without the days and times."""
    undated = message.without(spans)
    place = _promised_at(undated, one)
    if place is None:
        return None
    _, end = message.clause_around(place)
    ends = sorted({place, end, *(min(max(edge, place), end) for span in spans for edge in span)})
    dated = {max(first, place) for first, last in spans if place < last}
    pieces = [message.shown[a:b] for a, b in pairwise(ends) if a not in dated]
    task = " ".join(say.LEADS_OUT.sub("", piece) for piece in pieces)
    return " ".join(task.split()).strip(" ,.:-–")[:_LONGEST_TASK] or None


def _promised_at(undated: Message, one: Said) -> int | None:
    """Where the promise starts: at the clause's own start if that tells what to do, else at the deed nearest after the day."""
    start, end = undated.clause_around(one.start)
    opening = _opening(undated, start)
    if ACTION.match(undated.low, opening, end):
        return opening
    deed = TASK.search(undated.low, one.end, end) or TASK.search(undated.low, start, one.start)
    deed = deed or ACTION.search(undated.low, one.end, end) or TASK.search(undated.low, one.end)
    if deed:
        return deed.start()
    openings = [_opening(undated, first) for first, _ in undated.clauses]
    return next((place for place in openings if ACTION.match(undated.low, place)), None)


def _opening(undated: Message, start: int) -> int:
    lead = say.LEADS_IN.match(undated.low, start)
    return lead.end() if lead else start
