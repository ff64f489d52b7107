"""Logs that can be shown to anybody: no tokens, no phones, no texts of people (law 7)."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

# What these say at INFO or DEBUG holds statements with their values, updates or addresses with the token in them.
TALKATIVE = ("aiogram", "aiohttp", "aiosqlite", "alembic", "apscheduler", "asyncio", "asyncpg", "sqlalchemy", "tzlocal")

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
PHONE = re.compile(r"(?<![\w.:-])(?:\+\d|0\d|84\d)[\d .-]{6,13}\d(?![\w:-])")


def redacted(text: str) -> str:
    """`text` without what looks like a token or a phone number."""
    return PHONE.sub("<phone>", TOKEN.sub("<token>", text))


class Discreet(logging.Formatter):
    """Formats records without secrets. Of an exception from outside this project only the type and the lines of code are
    told: its message may quote what a person wrote (a database error its values, a decoding error its input)."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """One record's line, redacted."""
        record.message = redacted(record.message)
        return super().formatMessage(record)

    def formatException(  # noqa: N802 - logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it happened and what kind of exception it was, for it and for what caused it."""
        parts: list[str] = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{frames}{named(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return redacted("\ncaused by:\n".join(parts))


def named(error: BaseException) -> str:
    """An exception for the log: its type, and its message only where that cannot quote a person."""
    kind = type(error)
    speaks = kind.__module__.startswith("bot.") or isinstance(error, OSError)
    return f"{kind.__module__}.{kind.__qualname__}" + (f": {error}" if speaks else "")


class JsonLines(Discreet):
    """One JSON object a line, for machines that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as JSON, redacted."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logs(level: str, form: Literal["text", "json"]) -> None:
    """Write the log to standard error from `level` up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
