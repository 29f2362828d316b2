"""The portal's search against raw tantivy on the same index, at several sizes, and against Wagtail's stock search.

    python -m bench search [--sizes 10000,100000] [--tenders 10000] [--stock 5000] [--busy]

A million notices are `--sizes 10000,100000,1000000`: filled once (some minutes), kept in var/bench.

Per class of query and reader: 20 hits, the number of all and the counts of kind and 4 facets, as median and 95th
percentile in milliseconds, each query once for the clock after every query was asked once, so nothing is measured cold
and nothing is answered from a cache of answers (there is none). «Raw» asks tantivy with ready-made queries of the same
tokens, without rights, and takes the stored bytes of the 20 hits. «Engine» is the portal's engine: the text parsed,
rights applied, the query built, documents read. «Page» is `search.search` whole, with titles and passages
highlighted. The staff member may read all notices, the visitor four in five. On a machine that has other work too,
`--busy` takes the processor's time of this thread instead of the clock's: on a quiet one they are the same.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.scratch import FACETS, only_notices, portal

ROUNDS = 5
clock = time.perf_counter
WORDS = ["旅游", "规划", "旅游总体规划", "招标", "丽江", "营销"]
FOUR = [
    ("丽江市旅游总体规划招标公告", "丽江市文化和旅游局就旅游总体规划编制公开招标，欢迎投标。"),
    ("大理古城保护规划", "古城保护与旅游营销，兼顾居民生活。"),
    ("关于开展春季旅游营销的通知", "旅游，营销，各单位请按计划执行。"),
    ("学习规划纲要", "规划。"),
]
SUGGESTIONS = ("丽江", "总体规", "lij", "ljs", "lvyouguihua", "规")
COLUMNS = f"{'查询':<11}{'命中':>9}{'tantivy p50/p95':>18}{'引擎 p50/p95':>16}{'之比':>12}{'整页 p50/p95':>16}"


def queries() -> dict[str, list[str]]:
    """Return the queries by class; how many documents they match is printed with the result."""
    return {
        "罕见（编号）": [f"ZB-{number:06d}" for number in range(37, 9_000, 450)],
        "较少（县名）": ["玉龙", "单县", "南涧", "余庆", "凤凰县", "阳朔", "婺源", "平遥", "凤庆", "武隆"],
        "常见（主题）": ["古城保护", "城市设计", "全域旅游规划", "景观设计", "乡村振兴", "滨水空间"],
        "极多（半数以上）": ["招标", "招标公告", "公告", "规划", "项目"],
        "长短语": ["综合评分法", "旅游发展总体规划", "投标截止时间", "独立承担民事责任", "规划期限为2026年至2035年"],
        "地名加主题": ["丽江 旅游", "大理 古城", "桂林 | 阳朔 景区", "赣州 乡村振兴", "成都 城市设计 -采购"],
        "单字": ["茶", "丽", "招", "县", "市"],
        "提问": [
            "丽江的旅游总体规划由谁编制什么时候截止",
            "哪些县要做古城保护规划还接受联合体投标",
            "城市设计项目的投标保证金什么时候到账",
        ],
    }


def percentiles(times: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    return statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000


def timed(asked: list[str], run: Callable[[str], Any]) -> tuple[tuple[float, float], list[Any]]:
    """Run every query once to warm up and ROUNDS times for the clock."""
    answers = [run(text) for text in asked]
    times = []
    for _ in range(ROUNDS):
        for text in asked:
            begun = clock()
            run(text)
            times.append(clock() - begun)
    return percentiles(times), answers


def against_raw(size: int) -> dict[str, float]:
    """Compare at one size; returns the 95th percentile of the engine by class, asked by the staff member."""
    from django.conf import settings  # noqa: PLC0415 (after Django is set up)

    import search  # noqa: PLC0415
    from bench.indexes import filled  # noqa: PLC0415
    from search.documents import Query  # noqa: PLC0415
    from search.query import parse  # noqa: PLC0415
    from search.readers import ANONYMOUS, Reader  # noqa: PLC0415

    engine = filled(size)
    settings.SEARCH_INDEX_DIR = engine.generations.root
    staff = Reader(
        frozenset({"public", "staff", "user:7", "post:3", "unit:2", "group:4", "perm:tenders.view_tenderprocess"}),
        user_id=7,
    )
    opened = engine._readable()
    assert opened is not None
    searcher, builder = opened.searcher, opened.builder
    counted = {
        name: {"terms": {"field": name if name == "kind" else f"facets.{name}", "size": 1000}}
        for name in ("kind", *FACETS)
    }

    def query(text: str, reader: Reader) -> Query:
        natural = text in queries()["提问"]
        return Query(parse(text), tokens=reader.tokens, facets=FACETS, natural=natural)

    built = {text: builder.words(query(text, staff)) for asked in queries().values() for text in asked}

    def raw(text: str) -> int:
        found = searcher.search(built[text], limit=20, count=False)
        counts = searcher.aggregate(built[text], counted)
        for _, address in found.hits:
            searcher.doc(address)["source"]
        return sum(bucket["doc_count"] for bucket in counts["kind"]["buckets"])

    highs: dict[str, float] = {}
    for who, reader in (("员工", staff), ("访客", ANONYMOUS)):
        print(f"{who}：\n{COLUMNS}")
        for name, asked in queries().items():
            (base, base_high), raw_totals = timed(asked, raw)
            (middle, high), totals = timed(asked, lambda text: engine.search(query(text, reader)).total)  # noqa: B023
            (page, page_high), _ = timed(asked, lambda text: search.search(text, reader=reader).total)  # noqa: B023
            if reader is staff:
                highs[name] = high
                if totals != raw_totals:
                    raise SystemExit(f"命中数不一致：{totals} {raw_totals}")
            print(
                f"{name:<11}{statistics.median(totals):>9.0f}{base:>10.2f}/{base_high:<8.2f}{middle:>8.2f}/{high:<8.2f}"
                f"{middle / base:>6.2f}/{high / base_high:<6.2f}{page:>8.2f}/{page_high:<8.2f}",
                flush=True,
            )
    for prefix in SUGGESTIONS:
        (middle, high), _ = timed([prefix], lambda text: search.suggest(text, reader=staff))
        print(f"  联想 {prefix}：{middle:.2f}/{high:.2f} 毫秒")
    return highs


def against_stock(size: int) -> None:
    """Compare with Wagtail's own SQLite backend: found or not among 4 texts, and times among `size`."""
    from django.db import connection  # noqa: PLC0415 (after Django is set up)
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend  # noqa: PLC0415
    from wagtail.search.models import IndexEntry  # noqa: PLC0415

    import search  # noqa: PLC0415
    from bench.notices import notices  # noqa: PLC0415
    from content.organization.models import Unit  # noqa: PLC0415
    from content.releases.models import Boilerplate  # noqa: PLC0415
    from search import text as texts  # noqa: PLC0415
    from search.documents import SearchDocument  # noqa: PLC0415
    from search.engines import get_engine  # noqa: PLC0415
    from search.readers import ANONYMOUS  # noqa: PLC0415

    if connection.vendor != "sqlite":
        print("（不是 SQLite，略过与 Wagtail 自带检索的对照）")
        return
    IndexEntry.add_generic_relations()  # which the portal leaves out, as it uses another backend
    unit = Unit.objects.create(code="bench", name="测试单位")
    stock = SQLiteSearchBackend({})

    def fill(texts: list[tuple[str, str]]) -> None:
        Boilerplate.objects.all().delete()
        made = Boilerplate.objects.bulk_create(
            Boilerplate(title=title[:60], body=body, unit=unit) for title, body in texts
        )
        IndexEntry.objects.all().delete()
        stock.add_bulk(Boilerplate, made)
        with get_engine().rebuild() as generation:
            generation.add(
                SearchDocument(f"bench.b:{one.pk}", "b", one.title, "/", frozenset({"public"}), one.body)
                for one in made
            )

    fill(FOUR)
    print("\nWagtail 自带检索（SQLite）与门户，4 篇文字：")
    print(f"{'词':<10}{'含有':>6}{'自带找到':>9}{'门户找到':>9}")
    for word in WORDS:
        holding = sum(word in title + "\n" + body for title, body in FOUR)
        found = stock.search(word, Boilerplate.objects.all()).count()
        ours = search.search(f'"{word}"', reader=ANONYMOUS).total
        print(f"{word:<10}{holding:>6}{found:>9}{ours:>9}")

    # Stock search can be asked only for what it calls a word: give it the text in words, as one would by hand.
    fill([(" ".join(texts.words(one.title)), " ".join(texts.words(one.body))) for one in notices(size)])
    print(f"\n先分好词再交给自带检索，{size} 篇，前 20 条加总数，毫秒：")
    for word in ("旅游", "规划", "应当"):
        begun = time.perf_counter()
        result = stock.search(word, Boilerplate.objects.all())
        number = result.count()
        list(result[:20])
        took = (time.perf_counter() - begun) * 1000
        (middle, _), _ = timed([word], lambda text: search.search(text, reader=ANONYMOUS))
        print(f"{word:<8}{number:>7} 篇：自带 {took:>9.1f}，门户 {middle:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--tenders", type=int, default=10_000)
    parser.add_argument("--stock", type=int, default=5_000)
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    if options.busy:
        global clock
        clock = time.thread_time
    with portal(migrated=True) as folder:
        from django.conf import settings  # noqa: PLC0415 (after it is set up)

        if options.tenders:
            from bench.indexing import measure  # noqa: PLC0415 (the same)

            measure(options.tenders)
        only_notices()
        sizes = [int(size) for size in options.sizes.split(",") if size]
        highs = {size: against_raw(size) for size in sizes}
        if len(sizes) > 1:
            print(f"\n引擎 p95，{max(sizes)} 篇与 {min(sizes)} 篇之比：")
            for name, high in highs[min(sizes)].items():
                print(f"{name:<11}{highs[max(sizes)][name] / high:>8.1f}")
        if options.stock:
            settings.SEARCH_INDEX_DIR = folder / "stock"
            against_stock(options.stock)


if __name__ == "__main__":
    main()
