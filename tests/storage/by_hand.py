"""The figures once more, by loops over rows as they lie in the tables: written from docs/metrics.md, sharing nothing with the
product's queries and definitions but the calendar of working days."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import is_working_day

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Figures = dict[str, Any]
OPEN_STEPS = ("consulting", "visit", "quoted")
STEPS = (*OPEN_STEPS, "won", "guided", "again")
CHANCES = {"consulting": 15, "visit": 40, "quoted": 65}


@dataclass
class ByHand:
    """The rows, the company's zone, the moment of asking, and whose figures are wanted (None: everybody's)."""

    rows: Rows
    zone: ZoneInfo
    now: datetime
    scope: Collection[int] | None

    def figures(self, kind: str, start: date, end: date) -> Figures:
        """Every figure of the days from `start` up to, not including, `end`."""
        today = self.now.astimezone(self.zone).date()
        until = end if end <= today else today + timedelta(days=1)
        return {
            **self._new(start, end),
            **self._pipeline(start, end),
            **self._money(start, end),
            **self._buyers(kind, start, until),
            **self._returned(until),
            "followups": self._followups(start, end),
            "tickets": self._tickets(start, end),
            **self._surveys(start, end),
            "forecast_vnd": self._forecast(today),
            "members": self._members(kind, start, end, until),
        }

    def _mine(self, member_id: int) -> bool:
        return self.scope is None or member_id in self.scope

    def _customers(self) -> dict[int, Row]:
        return {row["id"]: row for row in self.rows["customers"] if self._mine(row["owner_id"])}

    def _day(self, moment: datetime) -> date:
        return _day_of(moment, self.zone)

    def _newcomers(self, start: date, end: date) -> list[Row]:
        return [row for row in self._customers().values() if start <= self._day(row["created_at"]) < end]

    @cached_property
    def _touches(self) -> dict[int, list[datetime]]:
        """When somebody spoke with each customer, whoever it was."""
        touches = defaultdict(list)
        for entry in self.rows["interactions"]:
            if entry["kind"] in ("call", "message", "meeting", "sale"):
                touches[entry["customer_id"]].append(entry["at"])
        for item in self.rows["followups"]:
            if item["state"] == "done":
                touches[item["customer_id"]].append(item["done_at"])
        for move in self.rows["stage_moves"]:
            if move["from_stage"] is not None:
                touches[move["customer_id"]].append(move["at"])
        return touches

    def _new(self, start: date, end: date) -> Figures:
        new = self._newcomers(start, end)
        fast = slow = untouched = 0
        minutes = []
        for row in new:
            later = [moment for moment in self._touches[row["id"]] if moment >= row["created_at"]]
            waited = self._working_minutes(row["created_at"], min(later) if later else self.now)
            if later:
                minutes.append(waited)
                fast += waited <= 4 * 60
                slow += waited > 4 * 60
            else:
                untouched += 1
                slow += waited > 4 * 60
        return {
            "new_customers": len(new),
            "referrals": sum(row["referrer_id"] is not None for row in new),
            "by_source": dict(Counter(row["source"] for row in new)),
            "response": (int(statistics.median(minutes)) if minutes else None, (fast, fast + slow), untouched),
        }

    def _working_minutes(self, start: datetime, end: datetime) -> int:
        seconds = 0.0
        day = self._day(start) - timedelta(days=1)
        while day <= self._day(end):
            day += timedelta(days=1)
            if is_working_day(day, {6}):
                opens = datetime.combine(day, time(8, 0), self.zone).timestamp()
                closes = datetime.combine(day, time(17, 30), self.zone).timestamp()
                seconds += max(0.0, min(closes, end.timestamp()) - max(opens, start.timestamp()))
        return int(seconds) // 60

    def _pipeline(self, start: date, end: date) -> Figures:
        theirs = self._customers()
        moves = [
            row
            for row in self.rows["stage_moves"]
            if row["customer_id"] in theirs and start <= self._day(row["at"]) < end
        ]
        stages = []
        for place, step in enumerate(OPEN_STEPS):
            left = [row["to_stage"] for row in moves if row["from_stage"] == step and row["to_stage"] != step]
            left = [there for there in left if there in STEPS or there == "lost"]
            forward = [there for there in left if there in STEPS[place + 1 :]]
            since = sorted(row["stage_since"] for row in theirs.values() if row["stage"] == step)
            waits = [(self.now - moment).total_seconds() for moment in since]
            days = int(statistics.median(waits) // 86_400) if waits else None
            stages.append((step, (len(forward), len(left)), len(since), days))
        long = [stage for stage in stages if stage[2] >= 3 and stage[3] is not None and stage[3] >= 7]
        longest = sorted(long, key=lambda stage: (-(stage[3] or 0), OPEN_STEPS.index(stage[0])))
        last = {}
        for row in sorted(moves, key=lambda row: (row["at"], row["id"])):
            last[row["customer_id"]] = row
        lost = [row["reason"] for row in last.values() if row["to_stage"] == "lost"]
        return {
            "stages": stages,
            "stuck": longest[0][0] if longest else None,
            "lost": len(lost),
            "lost_reasons": dict(Counter(lost)),
        }

    def _sold(self, start: date, end: date) -> list[Row]:
        return [row for row in self.rows["sales"] if self._mine(row["member_id"]) and start <= row["sold_on"] < end]

    def _count_money(self, sold: Sequence[Row]) -> tuple[int, int, int, int]:
        first: dict[int, date] = {}
        for row in self.rows["sales"]:
            first[row["customer_id"]] = min(row["sold_on"], first.get(row["customer_id"], row["sold_on"]))
        known = [row for row in sold if row["amount_vnd"] is not None]
        existing = [row["amount_vnd"] for row in known if first[row["customer_id"]] < row["sold_on"]]
        return len(sold), len(sold) - len(known), sum(row["amount_vnd"] for row in known), sum(existing)

    def _money(self, start: date, end: date) -> Figures:
        if end - start == timedelta(days=7):
            earlier = start - timedelta(days=7)
        else:
            months = round((end - start).days / 30.4)
            month = start.year * 12 + start.month - 1 - months
            earlier = date(month // 12, month % 12 + 1, 1)
        now, before = self._count_money(self._sold(start, end)), self._count_money(self._sold(earlier, start))
        change = None
        if min(now[0] - now[1], before[0] - before[1]) >= 10 and before[2]:
            change = int((now[2] / before[2] * 100) + 0.5) - 100
        return {"won": now[0], "money": now, "before": before, "revenue_change_percent": change}

    def _purchases(self, until: date) -> dict[int, list[Row]]:
        theirs = self._customers()
        bought = defaultdict(list)
        for row in self.rows["sales"]:
            if row["customer_id"] in theirs and row["sold_on"] < until:
                bought[row["customer_id"]].append(row)
        return bought

    def _cared_for(self, kind: str, start: date, until: date) -> set[int]:
        since = until - timedelta(days=30) if kind == "week" else start
        cared = {
            row["customer_id"]
            for row in self.rows["interactions"]
            if row["kind"] in ("call", "message", "meeting", "feedback") and since <= self._day(row["at"]) < until
        }
        return cared | {
            row["customer_id"]
            for row in self.rows["followups"]
            if row["state"] == "done" and since <= self._day(row["done_at"]) < until
        }

    def _buyers(self, kind: str, start: date, until: date) -> Figures:
        theirs, bought = self._customers(), self._purchases(until)
        half_a_year = timedelta(days=180)
        recent = {who for who, rows in bought.items() if any(row["sold_on"] >= until - half_a_year for row in rows)}
        first_call = until - timedelta(days=3)
        to_care_for = {
            who
            for who, rows in bought.items()
            if any(until - half_a_year <= row["sold_on"] < first_call for row in rows)
        }
        were = {
            who
            for who, rows in bought.items()
            if any(until - 2 * half_a_year <= row["sold_on"] < until - half_a_year for row in rows)
        }
        stopped = {who for who, row in theirs.items() if row["stopped_at"] and self._day(row["stopped_at"]) < until}
        paid = sum(row["amount_vnd"] or 0 for rows in bought.values() for row in rows)
        return {
            "coverage": (len(to_care_for & self._cared_for(kind, start, until)), len(to_care_for)),
            "lifetime_vnd": paid // len(bought) if bought else None,
            "churn": (len(were - (recent - stopped)), len(were)),
        }

    def _returned(self, until: date) -> Figures:
        shares = {}
        for months in (3, 6):
            cohort = back = 0
            for rows in self._purchases(date.max).values():
                days = sorted({row["sold_on"] for row in rows})
                if _later(until, -2 * months) <= days[0] < _later(until, -months):
                    cohort += 1
                    back += len(days) > 1 and days[1] < _later(days[0], months)
            shares[months] = (back, cohort)
        return {"returned": shares}

    def _followups(self, start: date, end: date) -> tuple[int, int, int]:
        zones = {row["id"]: ZoneInfo(row["timezone"]) for row in self.rows["members"]}
        closing = min(datetime.combine(end, time(), self.zone).astimezone(UTC), self.now)
        on_time = late = overdue = 0
        for row in self.rows["followups"]:
            if not self._mine(row["member_id"]) or row["state"] == "dropped":
                continue
            zone, done_at = zones[row["member_id"]], row["done_at"]
            if done_at and start <= self._day(done_at) < end:
                punctual = done_at.astimezone(zone).date() <= row["due_on"]
                on_time += punctual
                late += not punctual
            not_yet = done_at is None or self._day(done_at) >= end
            overdue += not_yet and closing.astimezone(zone).date() > row["due_on"]
        return on_time, late, overdue

    def _surveys(self, start: date, end: date) -> Figures:
        theirs = self._customers()
        answers: dict[str, list[int]] = {"csat": [], "nps": []}
        for row in self.rows["survey_invitations"]:
            answered = row["answered_at"]
            if row["customer_id"] in theirs and answered and start <= self._day(answered) < end:
                answers[row["kind"]].append(row["score"])
        csat, nps = answers["csat"], answers["nps"]
        promoters, detractors = len([score for score in nps if score > 8]), len([score for score in nps if score < 7])
        told = None if len(nps) < 10 else math.floor(100 * (promoters - detractors) / len(nps) + 0.5)
        return {
            "csat": (len([score for score in csat if score > 3]), len(csat)),
            "nps": (promoters, detractors, len(nps), told),
        }

    def _tickets(self, start: date, end: date) -> tuple[int, int, int | None, int, int | None]:
        theirs = self._customers()
        opened = open_complaints = 0
        answers: list[int] = []
        solutions: list[int] = []
        for row in self.rows["tickets"]:
            if row["customer_id"] not in theirs:
                continue
            opened += start <= self._day(row["opened_at"]) < end
            over = [row[name] for name in ("solved_at", "closed_at") if row[name] is not None]
            is_solved = any(self._day(moment) < end for moment in over)
            open_complaints += row["kind"] == "complaint" and self._day(row["opened_at"]) < end and not is_solved
            for moment, minutes in ((row["first_answer_at"], answers), (row["solved_at"], solutions)):
                if moment is not None and start <= self._day(moment) < end:
                    minutes.append(self._working_minutes(row["opened_at"], moment))
        usual = [int(statistics.median(minutes)) if minutes else None for minutes in (answers, solutions)]
        return opened, open_complaints, usual[0], len(solutions), usual[1]

    def _forecast(self, today: date) -> int:
        recent = [
            row["amount_vnd"]
            for row in self.rows["sales"]
            if row["amount_vnd"] is not None and today - timedelta(days=180) < row["sold_on"] <= today
        ]
        typical = int(statistics.median(recent)) if recent else 0
        total = 0
        for step, chance in CHANCES.items():
            brings = [row["expected_vnd"] for row in self._customers().values() if row["stage"] == step]
            total += sum(typical if vnd is None else vnd for vnd in brings) * chance // 100
        return total

    def _members(self, kind: str, start: date, end: date, until: date) -> list[tuple[Any, ...]]:
        found = []
        for row in self.rows["members"]:
            if not self._mine(row["id"]):
                continue
            alone = ByHand(self.rows, self.zone, self.now, {row["id"]})
            figures = (
                len(alone._newcomers(start, end)),
                alone._money(start, end)["money"],
                alone._followups(start, end),
                alone._buyers(kind, start, until)["coverage"],
            )
            if row["active"] or figures != (0, (0, 0, 0, 0), (0, 0, 0), (0, 0)):
                found.append((row["id"], *figures))
        return sorted(found)


@cache
def _day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last that the month has."""
    month = day.year * 12 + day.month - 1 + months
    for number in range(day.day, 0, -1):
        try:
            return date(month // 12, month % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError
