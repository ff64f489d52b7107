"""The tables hold words of the language, never the messages of a corpus."""

import re
from pathlib import Path

import bot.domain.understanding as package
from bot.domain.names import folded
from tests.domain.understanding.scoring import records

_SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).rglob("*.py"))


def test_no_message_of_a_corpus_stands_in_the_source() -> None:
    source = folded(_SOURCES)
    for name in ("dev", "tuned", "aside"):
        for record in records(name):
            words = re.findall(r"\w+", folded(record["text"]))
            runs = {" ".join(words[i : i + 6]) for i in range(len(words) - 5)}
            assert not {run for run in runs if run in source}, record["text"]
