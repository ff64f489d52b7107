"""How long a message takes to be understood by a rep who has 5,000 customers: `python -m benchmarks.understanding`."""

import json
import random
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path

from bot.domain.understanding import Known, KnownCustomer, KnownProduct, understand

CORPUS = Path(__file__).parent.parent / "tests" / "domain" / "understanding"
CUSTOMERS = 5_000
ROUNDS = 5
FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()  # noqa: SIM905
MIDDLE = "Thị Văn Ngọc Minh Hoàng Thanh Quốc Hữu Đức Thu Kim Bích Gia Xuân".split()  # noqa: SIM905
GIVEN = "Lan Minh Hoa Tuấn Hùng Trinh Khoa Phúc Ngọc Vân Dũng Mai Long Nhung Hằng Quyên Thái Kiên Diễm Bảo".split()  # noqa: SIM905


def a_rep_with_customers() -> Known:
    """5,000 made-up customers and a hundred products."""
    chance = random.Random(5)
    customers = [
        KnownCustomer(
            number,
            f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}",
            chance.choice(["anh", "chị", "cô", "chú"]),
            nicknames=(f"{chance.choice(GIVEN)} số {number}",),
            phones=(f"+849{number:08d}",),
        )
        for number in range(CUSTOMERS)
    ]
    return Known(customers, [KnownProduct(f"Gói dịch vụ {number}") for number in range(100)], ["Sang", "Thảo"])


def main() -> None:
    known = a_rep_with_customers()
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    messages = [(record["text"], datetime.fromisoformat(record["now"])) for record in map(json.loads, lines)]
    first = statistics.median(_milliseconds(*messages[0], a_rep_with_customers()) for _ in range(ROUNDS))
    understand(*messages[0], known)  # builds the index
    times = sorted(statistics.median(_milliseconds(text, now, known) for _ in range(ROUNDS)) for text, now in messages)
    p95 = statistics.quantiles(times, n=100)[94]
    sys.stdout.write(
        f"{len(messages)} messages, {CUSTOMERS} customers, median of {ROUNDS} rounds each: "
        f"half of them {statistics.median(times):.2f} ms, p95 {p95:.2f} ms, longest {times[-1]:.2f} ms; "
        f"the first one, which indexes the customers, {first:.1f} ms\n"
    )


def _milliseconds(text: str, now: datetime, known: Known) -> float:
    start = time.perf_counter()
    understand(text, now, known)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
