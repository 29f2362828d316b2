"""Saved searches against new documents: milliseconds per document, in bulk and one at a time.

    python -m bench alerts [--searches 10000] [--documents 1000]

The saved searches are generated: places and topics, phrases, words left out, facets, periods, amounts. A sample of
documents is decided by every search one by one as well, and must give the same pairs.
"""

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

_TOPICS = [
    "旅游", "规划", "总体规划", "全域旅游", "城市设计", "景观设计", "古城", "景区", "乡村振兴", "国土空间", "公园", "更新",
    "滨水空间", "道路", "食材配送", "医疗设备", "停车", "改造", "污水处理", "策划",
]  # fmt: skip
_WITHOUT = ["施工", "监理", "终止", "流标", "食堂", "设备"]
_MONTHS = ["2026-01-01", "2026-06-01", "2025-01-01"]


def addresses(count: int, seed: int = 11) -> list[str]:
    """Return query strings of results pages as people of a marketing department save them."""
    from bench.notices import _QUALIFICATIONS, _STATES, _SUBJECTS, _places  # noqa: PLC0415 (after Django is set up)

    chance = random.Random(seed)
    places = _places()
    found = []
    for _ in range(count):
        province, prefecture, county = chance.choice(places)
        parts = []
        kind = chance.random()
        if kind < 0.5:
            words = [chance.choice([prefecture[:2], county[: max(2, len(county) - 1)]]), chance.choice(_TOPICS)]
        elif kind < 0.7:
            words = [chance.choice(_TOPICS), chance.choice(_TOPICS)]
        elif kind < 0.85:
            words = [county]
        elif kind < 0.95:
            words = [f'"{county}{chance.choice(_TOPICS)}"']
        else:
            words = [" | ".join(chance.sample(_TOPICS, 3)), prefecture]
        if chance.random() < 0.15:
            words.append(f"-{chance.choice(_WITHOUT)}")
        if chance.random() < 0.1:
            words[0] = f"标题:{words[0]}"
        parts.append(("q", " ".join(words)))
        if chance.random() < 0.3:
            parts.append(("place", chance.choice([province, f"{province}/{prefecture}"])))
        if chance.random() < 0.15:
            parts.append(("subject", chance.choice(_SUBJECTS)))
        if chance.random() < 0.1:
            parts.append(("qualification", chance.choice(_QUALIFICATIONS)))
        if chance.random() < 0.1:
            parts.append(("state", chance.choice(_STATES)))
        if chance.random() < 0.1:
            parts.append(("deadline_from", chance.choice(_MONTHS)))
        if chance.random() < 0.2:
            parts.append(("kind", "tender"))
        from urllib.parse import urlencode  # noqa: PLC0415

        found.append(urlencode(parts))
    return found


def measure(searches: int, documents: int) -> None:
    """Print what the figures of the module are."""
    from django.http import QueryDict  # noqa: PLC0415 (after Django is set up)

    from bench.notices import notices  # noqa: PLC0415
    from search.alerts import Matcher, clause_of  # noqa: PLC0415
    from search.clauses import Reading, matches  # noqa: PLC0415
    from search.forms import Parameters  # noqa: PLC0415
    from search.synonyms import NONE  # noqa: PLC0415

    made = list(notices(documents + 500, seed=23))
    sample, coming = made[:500], made[500:]
    begun = time.perf_counter()
    clauses = [clause_of(Parameters.read(QueryDict(address)), NONE) for address in addresses(searches)]
    read = time.perf_counter()
    matcher = Matcher(sample)
    for number, clause in enumerate(clauses):
        matcher.put(number, clause)
    filed = time.perf_counter()
    print(f"{searches} 个保存的检索：解析 {read - begun:.2f} 秒，归档 {filed - read:.2f} 秒（进程启动后一次）")

    times, pairs = [], set()
    begun = time.perf_counter()
    for at, document in enumerate(coming):
        each = time.perf_counter()
        pairs |= {(number, at) for number in matcher.matching(document)}
        times.append((time.perf_counter() - each) * 1000)
    bulk = (time.perf_counter() - begun) * 1000 / len(coming)
    print(
        f"{len(coming)} 篇新内容一批：每篇 {bulk:.3f} 毫秒；单篇中位 {statistics.median(times):.3f}，"
        f"95% 在 {statistics.quantiles(times, n=20)[-1]:.3f} 毫秒以内；共 {len(pairs)} 对相符"
    )
    checked = coming[:: max(1, len(coming) // 20)]
    truth = {
        (number, coming.index(document))
        for document in checked
        for reading in [Reading(document)]
        for number, clause in enumerate(clauses)
        if matches(clause, reading)
    }
    places = {coming.index(document) for document in checked}
    same = truth == {pair for pair in pairs if pair[1] in places}
    print(f"与逐一判断对照 {len(checked)} 篇：{'一致' if same else '不一致'}（{len(truth)} 对）")
    if not same:
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=1_000)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-alerts-"))
    os.environ.update(
        PORTAL_VAR=str(scratch / "var"),
        DJANGO_SETTINGS_MODULE="portal.settings.dev",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{scratch / 'bench.sqlite3'}"),
    )
    try:
        import django  # noqa: PLC0415 (after the settings are named)

        django.setup()
        measure(options.searches, options.documents)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
