"""Whether every piece of every title is found, and nothing else: recall and precision over generated titles.

    python -m bench exactness [--titles 60000] [--queries 300]

Pieces of 1 to 6 Chinese characters are cut from random places of random titles, across words as well; as many are
names of places. The truth is Python's own «in» over the folded titles. Two figures of precision: of all hits of a
family together, and of the worst single query.
"""

import argparse
import random
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.scratch import portal

LENGTHS = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Exactness:
    """Of one family of queries: how many were asked, hits that should be, hits that are, those that are both."""

    asked: int
    wanted: int
    found: int
    right: int
    worst: float

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def titles(count: int) -> list[str]:
    """Return so many titles: generated notices, every fifth with figures, signs and other scripts between."""
    from bench.notices import notices  # noqa: PLC0415 (after Django is set up)

    chance = random.Random(5)
    signs = ("（第二标段）", "2026年度", "：", "、", "—GB/T50378", "“十五五”", "·", "A区", "(三期)", " ")
    made = []
    for number, notice in enumerate(notices(count, seed=31)):
        title = notice.title
        if number % 5 == 0:
            at = chance.randrange(len(title))
            title = title[:at] + chance.choice(signs) + title[at:]
        made.append(title)
    return made


def families(of: Sequence[str], queries: int, seed: int = 17) -> dict[str, list[str]]:
    """Return queries by family: pieces of each length, and names of places."""
    from bench.notices import _places  # noqa: PLC0415 (after Django is set up)

    chance = random.Random(seed)
    runs = re.compile(r"[\u4e00-\u9fff]+")
    found: dict[str, list[str]] = {f"{length} 字片段": [] for length in LENGTHS}
    for length in LENGTHS:
        pieces: set[str] = set()
        for _ in range(queries * 50):
            long = [run for run in runs.findall(chance.choice(of)) if len(run) >= length]
            if long:
                run = chance.choice(long)
                at = chance.randrange(len(run) - length + 1)
                pieces.add(run[at : at + length])
            if len(pieces) == queries:
                break
        found[f"{length} 字片段"] = sorted(pieces)
    names = sorted({name[: max(2, len(name) - 1)] for _, _, name in _places()})
    found["地名"] = chance.sample(names, min(queries, len(names)))
    return found


def measure(engine, of: Sequence[str], asked: dict[str, list[str]]) -> dict[str, Exactness]:
    """Ask an engine whose documents «t:<n>» hold the titles in their order, and compare with Python's «in»."""
    from search import text  # noqa: PLC0415 (after Django is set up)
    from search.documents import Query  # noqa: PLC0415
    from search.query import parse  # noqa: PLC0415

    folded = [text.fold(title) for title in of]
    answers: dict[str, Exactness] = {}
    for family, pieces in asked.items():
        wanted_all = found_all = right_all = 0
        worst = 1.0
        for piece in pieces:
            needle = text.fold(piece)
            wanted = {f"t:{number}" for number, title in enumerate(folded) if needle in title}
            query = Query(parse(f'"{piece}"'), tokens=frozenset(), everything=True, limit=len(of))
            found = {key for key, _ in engine.keys(query)}
            wanted_all += len(wanted)
            found_all += len(found)
            right_all += len(wanted & found)
            worst = min(worst, len(wanted & found) / len(found) if found else 1.0)
        answers[family] = Exactness(len(pieces), wanted_all, found_all, right_all, worst)
    return answers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--titles", type=int, default=60_000)
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    with portal(), tempfile.TemporaryDirectory() as folder:
        from search.documents import SearchDocument  # noqa: PLC0415 (after Django is set up)
        from search.engines.tantivy import TantivyEngine  # noqa: PLC0415

        made = titles(options.titles)
        engine = TantivyEngine(Path(folder))
        with engine.rebuild() as generation:
            generation.add(
                SearchDocument(f"t:{number}", "t", title, "/", frozenset({"public"}))
                for number, title in enumerate(made)
            )
        begun = time.perf_counter()
        found = measure(engine, made, families(made, options.queries))
        print(f"{len(made)} 个标题，{time.perf_counter() - begun:.0f} 秒")
        print(f"{'查询':<10}{'次数':>6}{'应有':>10}{'找到':>10}{'召回率':>10}{'精确率':>10}{'最差一次':>10}")
        for family, one in found.items():
            print(
                f"{family:<10}{one.asked:>6}{one.wanted:>10}{one.found:>10}"
                f"{one.recall:>11.4f}{one.precision:>11.4f}{one.worst:>11.4f}"
            )
        if any(one.recall < 1 or one.precision < 0.997 for one in found.values()):
            raise SystemExit("没有达到：召回率 1.000，精确率 0.997")


if __name__ == "__main__":
    main()
