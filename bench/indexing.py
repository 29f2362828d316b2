"""From the model to the index: rows per second of a rebuild, and how soon an edit is found.

    python -m bench indexing [--tenders 10000]

The rows are generated tenders in a scratch database; a rebuild reads them with what belongs to them, makes documents,
analyses, writes and swaps. An edit is one saved tender: the time until a search finds its new title, all in one
process, as the person who saved experiences it.
"""

import argparse
import statistics
import time

from bench.scratch import portal

EDITS = 40


def measure(tenders: int) -> None:
    """Print the figures of the module for so many tenders."""
    from django.core.management import call_command  # noqa: PLC0415 (after Django is set up)

    import search  # noqa: PLC0415
    from bench.fill_tenders import fill  # noqa: PLC0415
    from content.tenders.models import TenderProcess  # noqa: PLC0415
    from search.engines import get_engine  # noqa: PLC0415
    from search.maintenance import rebuild  # noqa: PLC0415
    from search.readers import Reader  # noqa: PLC0415

    call_command("setup_portal", verbosity=0)
    fill(tenders)
    begun, worked = time.perf_counter(), time.process_time()
    count = rebuild()
    took, work = time.perf_counter() - begun, time.process_time() - worked
    status = get_engine().status()
    characters = statistics.mean(len(one.title) + len(one.description) for one in TenderProcess.objects.all()[:500])
    print(
        f"\n从模型到索引：{count} 篇（平均 {characters:.0f} 字）{took:.1f} 秒，{count / took:.0f} 篇/秒"
        f"（每篇 {work / count * 1e6:.0f} 微秒处理器时间，{status.bytes / count:.0f} 字节）"
    )
    reader = Reader(frozenset(), everything=True)
    times, saves = [], []
    for number, tender in enumerate(TenderProcess.objects.order_by("pk")[:EDITS]):
        tender.title = f"第{number}次更正公告甲乙丙丁"
        begun = time.perf_counter()
        tender.save()
        saves.append((time.perf_counter() - begun) * 1000)
        if search.search(f"第{number}次更正公告甲乙丙丁", reader=reader).total != 1:
            raise SystemExit("保存以后没有找到")
        times.append((time.perf_counter() - begun) * 1000)
    print(
        f"保存一篇到检索得到：p50 {statistics.median(times):.0f}，p95 {statistics.quantiles(times, n=20)[-1]:.0f} 毫秒"
        f"（其中保存与写索引 p50 {statistics.median(saves):.0f} 毫秒）"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenders", type=int, default=10_000)
    options = parser.parse_args()
    with portal(migrated=True):
        measure(options.tenders)


if __name__ == "__main__":
    main()
