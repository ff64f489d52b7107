"""Messages in and their meaning out as plain records: what `python -m bot understand` reads and writes as JSON lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.understanding.capture import Capture, Due
from bot.domain.understanding.understand import understand


def understand_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The meaning of `{"text", "now"}`, `now` an ISO moment with its offset; what was not said is None.

    Raises KeyError where a key is missing and ValueError where `now` is no moment.
    """
    return record_of(understand(str(record["text"]), datetime.fromisoformat(record["now"])))


def record_of(capture: Capture) -> dict[str, Any]:
    """A capture as plain values: dates as ISO text, money in whole đồng."""
    return {
        "intent": capture.intent.value,
        "name": capture.name,
        "honorific": capture.honorific,
        "company": capture.company,
        "phone_e164": capture.phones[0] if capture.phones else None,
        "phones_e164": list(capture.phones),
        "not_phones": list(capture.not_phones),
        "email": capture.email,
        "source": capture.source.value if capture.source else None,
        "referrer": capture.referrer,
        "heat": capture.heat.value if capture.heat else None,
        "product": capture.product,
        "quantity": capture.quantity,
        "amount_vnd": capture.amount_vnd,
        "due": capture.due.isoformat() if capture.due else None,
        "task": capture.due.task if capture.due else None,
        "sentiment": capture.sentiment.value if capture.sentiment else None,
        "suggested_heat": capture.suggested_heat.value if capture.suggested_heat else None,
        "suggested_stage": capture.suggested_stage.value if capture.suggested_stage else None,
        "problems": [{"field": p.field, "kind": p.kind.value, "phrase": p.phrase} for p in capture.problems],
        "unsure": [{"field": u.field, "candidates": [_plain(c) for c in u.candidates]} for u in capture.unsure],
        "note": capture.note,
    }


def _plain(candidate: object) -> object:
    return candidate.isoformat() if isinstance(candidate, Due) else candidate
