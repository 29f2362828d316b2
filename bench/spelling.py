"""«您是不是要找»: how often the right words come back for a slip, and how long it takes.

    python -m bench spelling [--size 10000] [--asked 200]

Runs of 2 to 8 characters are cut out of titles, one slip is made in each, and those that happen to be in a title all
the same are left out. «Right» is exactly what was cut out; «another» is a different text that documents hold too.
"""

import argparse
import random
import statistics
import time

from bench.indexes import filled
from bench.scratch import only_notices, portal

LENGTHS = (2, 3, 4, 8)


def slips():
    """The kinds of slips: each makes a wrong text of a right one, or None where it cannot."""
    from search.homophones import alike, homophones  # noqa: PLC0415 (after Django is set up)

    def one(text: str, others, chance: random.Random) -> str | None:
        at = chance.randrange(len(text))
        found = others(text[at])
        return text[:at] + chance.choice(found) + text[at + 1 :] if found else None

    def swapped(text: str, chance: random.Random) -> str:
        at = chance.randrange(len(text) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    return {
        "同音": lambda text, chance: one(text, homophones, chance),
        "近音": lambda text, chance: one(text, alike, chance),
        "颠倒": swapped,
        "错字": lambda text, chance: one(text, lambda _: "设计规划旅游城市", chance),
    }


def measure(size: int, asked: int) -> None:
    """Print for each kind of slip and length how often the right text is suggested, and the milliseconds of asking."""
    from bench.notices import notices  # noqa: PLC0415 (after Django is set up)
    from search import text as texts  # noqa: PLC0415
    from search.query import parse  # noqa: PLC0415
    from search.readers import ANONYMOUS  # noqa: PLC0415
    from search.spelling import meant  # noqa: PLC0415

    engine = filled(size)
    chance = random.Random(1)
    runs = [
        run
        for notice in notices(min(size, 5_000))
        if not ANONYMOUS.tokens.isdisjoint(notice.audience)
        for run in texts.runs(texts.fold(notice.title))
        if texts.is_han(run) and len(run) >= 8
    ]
    begun = time.perf_counter()
    meant(parse("丽姜"), engine, ANONYMOUS)
    print(f"第一次（读入同音字）：{(time.perf_counter() - begun) * 1000:.0f} 毫秒")
    for name, slip in slips().items():
        for length in LENGTHS:
            right = another = count = 0
            times: list[float] = []
            while count < asked:
                run = chance.choice(runs)
                start = chance.randrange(len(run) - length + 1)
                correct = run[start : start + length]
                wrong = slip(correct, chance)
                if not wrong or wrong == correct or engine.count_each(_phrase(wrong), reader=ANONYMOUS)[0]:
                    count += not wrong
                    continue
                count += 1
                begun = time.perf_counter()
                suggested = meant(parse(wrong), engine, ANONYMOUS)
                times.append((time.perf_counter() - begun) * 1000)
                right += suggested == correct
                another += suggested not in (correct, "")
            print(
                f"{name} {length} 字：找回 {right / len(times):4.0%}，另一个 {another / len(times):4.0%}；"
                f"中位 {statistics.median(times):5.1f}，p95 {statistics.quantiles(times, n=20)[-1]:5.1f} 毫秒"
            )


def _phrase(text: str):
    from search.clauses import phrase_of  # noqa: PLC0415 (after Django is set up)

    return [phrase_of(text)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=200)
    options = parser.parse_args()
    with portal():
        only_notices()
        measure(options.size, options.asked)


if __name__ == "__main__":
    main()
