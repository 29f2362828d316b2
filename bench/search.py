"""The portal's search against raw tantivy on the same index, and against Wagtail's stock search on SQLite.

    python -m bench search [--sizes 10000,100000] [--stock 5000]

Per class of query: 20 hits, the number of all and the counts of kind and 4 facets, as median and 95th percentile.
«Raw» asks tantivy on the same index with ready-made queries and no rights and takes the stored bytes of the 20 hits.
«Engine» is the portal's engine: reader's rights applied, query built, documents read. «Page» is `search.search` whole:
the text parsed, and titles and passages highlighted besides.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FACETS = ("place", "subject", "qualification", "state")
ROUNDS = 3
WORDS = ["旅游", "规划", "旅游总体规划", "招标", "丽江", "营销"]
FOUR = [
    ("丽江市旅游总体规划招标公告", "丽江市文化和旅游局就旅游总体规划编制公开招标，欢迎投标。"),
    ("大理古城保护规划", "古城保护与旅游营销，兼顾居民生活。"),
    ("关于开展春季旅游营销的通知", "旅游，营销，各单位请按计划执行。"),
    ("学习规划纲要", "规划。"),
]


def queries() -> dict[str, list[str]]:
    """Return the queries by class; how many documents they match is printed with the result."""
    return {
        "罕见（编号）": [f"ZB-{number:06d}" for number in range(37, 9_000, 450)],
        "较少（县名）": ["玉龙", "单县", "南涧", "余庆", "凤凰县", "阳朔", "婺源", "平遥", "凤庆", "武隆"],
        "常见（主题）": ["古城保护", "城市设计", "全域旅游规划", "景观设计", "乡村振兴", "滨水空间"],
        "极多（半数以上）": ["招标", "招标公告", "公告", "规划", "项目"],
        "长短语": ["综合评分法", "旅游发展总体规划", "投标截止时间", "独立承担民事责任", "规划期限为2026年至2035年"],
        "地名加主题": ["丽江 旅游", "大理 古城", "桂林 | 阳朔 景区", "赣州 乡村振兴", "成都 城市设计 -采购"],
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
            begun = time.perf_counter()
            run(text)
            times.append(time.perf_counter() - begun)
    return percentiles(times), answers


def against_raw(size: int, root: Path) -> None:
    """Fill an index of `size` notices and compare."""
    import tantivy  # noqa: PLC0415 (after Django is set up)
    from django.conf import settings  # noqa: PLC0415

    import search  # noqa: PLC0415
    from bench.notices import notices  # noqa: PLC0415
    from search.documents import Query  # noqa: PLC0415
    from search.engines import tantivy_schema  # noqa: PLC0415
    from search.engines.tantivy import TantivyEngine  # noqa: PLC0415
    from search.engines.tantivy_queries import QueryBuilder  # noqa: PLC0415
    from search.query import parse  # noqa: PLC0415
    from search.readers import Reader  # noqa: PLC0415

    settings.SEARCH_INDEX_DIR = root / f"index-{size}"
    engine = TantivyEngine(root / f"index-{size}")
    made = list(notices(size))
    begun, worked = time.perf_counter(), time.process_time()
    with engine.rebuild() as generation:
        generation.add(made)
    rate, work = size / (time.perf_counter() - begun), (time.process_time() - worked) / size
    characters = sum(len(one.title) + len(one.body) for one in made[:1000]) / 1000
    status = engine.status()
    print(
        f"\n{size} 篇（平均 {characters:.0f} 字）：索引 {rate:.0f} 篇/秒"
        f"（每篇 {work * 1e6:.0f} 微秒处理器时间，{status.bytes / size:.0f} 字节）"
    )

    reader = Reader(
        frozenset({"public", "staff", "user:7", "post:3", "unit:2", "group:4", "perm:tenders.view_tenderprocess"}),
        user_id=7,
    )
    index = tantivy.Index.open(str(engine.generations.path(status.generation)))
    tantivy_schema.register(index)
    searcher = index.searcher()
    builder = QueryBuilder(index, searcher)
    counted = {
        name: {"terms": {"field": name if name == "kind" else f"facets.{name}", "size": 1000}}
        for name in ("kind", *FACETS)
    }
    built = {
        text: builder.words(Query(parse(text), tokens=frozenset())) for asked in queries().values() for text in asked
    }

    def raw(text: str) -> int:
        found = searcher.search(built[text], limit=20)
        searcher.aggregate(built[text], counted)
        for _, address in found.hits:
            searcher.doc(address)
        return found.count

    def portal(text: str) -> int:
        return search.search(text, reader=reader).total

    def ours(text: str) -> int:
        return engine.search(Query(parse(text), tokens=reader.tokens, facets=FACETS)).total

    print(
        f"{'查询':<12}{'命中':>9}{'tantivy p50/p95':>20}{'引擎 p50/p95':>18}{'之比':>7}{'整页 p50/p95':>18}{'之比':>7}"
    )
    for name, asked in queries().items():
        (page, page_high), _ = timed(asked, portal)
        (middle, high), totals = timed(asked, ours)
        (base, base_high), raw_totals = timed(asked, raw)
        if totals != raw_totals:
            print(f"  命中数不一致：{totals} {raw_totals}")
        print(
            f"{name:<12}{statistics.median(totals):>9.0f}{base:>12.2f}/{base_high:<7.2f}{middle:>10.2f}/{high:<7.2f}"
            f"{middle / base:>7.2f}{page:>10.2f}/{page_high:<7.2f}{page / base:>7.2f}",
            flush=True,
        )
    for prefix in ("丽江", "lij", "ljs", "规"):
        (middle, high), _ = timed([prefix], lambda text: search.suggest(text, reader=reader))
        print(f"  联想 {prefix}：{middle:.2f}/{high:.2f} 毫秒")


def against_stock(size: int) -> None:
    """Compare with Wagtail's own SQLite backend: found or not among 4 texts, and times among `size`."""
    from django.db import connection  # noqa: PLC0415 (after Django is set up)
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend  # noqa: PLC0415
    from wagtail.search.models import IndexEntry  # noqa: PLC0415

    import search  # noqa: PLC0415
    from bench.notices import notices  # noqa: PLC0415
    from content.organization.models import Unit  # noqa: PLC0415
    from content.releases.models import Boilerplate  # noqa: PLC0415
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
    from search import text as texts  # noqa: PLC0415

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
    parser.add_argument("--stock", type=int, default=5_000)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-search-"))
    os.environ.update(
        PORTAL_VAR=str(scratch / "var"),
        DJANGO_SETTINGS_MODULE="portal.settings.dev",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{scratch / 'bench.sqlite3'}"),
    )
    try:
        import django  # noqa: PLC0415 (after the settings are named)

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 (the same)

        call_command("migrate", verbosity=0)
        from content.releases.models import Boilerplate  # noqa: PLC0415 (models must be loaded)
        from search import registry  # noqa: PLC0415
        from search.registry import Facet, SearchIndex  # noqa: PLC0415

        notice = type(
            "NoticeIndex", (SearchIndex,),
            {"model": Boilerplate, "kind": "tender", "label": "公告", "facets": tuple(Facet(name, name) for name in FACETS)},
        )  # fmt: skip
        registry._indexes.clear()
        registry._indexes[Boilerplate] = notice()
        for size in options.sizes.split(","):
            against_raw(int(size), scratch)
        against_stock(options.stock)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
