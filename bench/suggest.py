"""Suggestions as one types: milliseconds of the whole request at the server, letter by letter.

    python -m bench suggest [--sizes 10000,100000]

A member of staff types; there are 60 posts with holders and 100 remembered searches. The time is that of the request
as Django's test client sends it: session, rights, own searches, titles, values of facets, posts, the HTML.
"""

import argparse
import statistics
import time

from bench.indexes import filled
from bench.scratch import FACETS, portal

ROUNDS = 3
TYPED = {
    "一个字": ["丽", "旅", "规", "招", "县"],
    "词语": ["丽江", "旅游规划", "总体规划", "大理市", "景区", "招标公告", "乡村振兴"],
    "拼音": ["li", "lij", "lijiang", "zongti", "guihua", "dali", "chongqing"],
    "首字母": ["lj", "ljs", "ztgh", "zbgg", "dl"],
    "混合": ["丽j", "lijs", "丽jiang", "大l", "zongtgh"],
    "编号": ["ZB-0001", "zb-00", "2026"],
    "没有的": ["冰岛火山", "xqzk", "zzzzzz"],
}


def _people(posts: int, searches: int):
    """A member of staff with a post among others, who has searched before."""
    from content.organization.models import Holding, Post, Unit, UnitKind  # noqa: PLC0415 (models must be loaded)
    from content.users.models import User  # noqa: PLC0415
    from search import remembering  # noqa: PLC0415

    unit = Unit.objects.create(name="规划设计院", code="institute", kind=UnitKind.COMPANY)
    titles = ["项目拓展经理", "市场专员", "规划师", "景观设计师", "招标信息助理", "客户经理"]
    for number in range(posts):
        post = Post.objects.create(title=f"{titles[number % 6]}{number}", code=f"post-{number}", unit=unit)
        user = User.objects.create(username=f"user-{number}", name=f"李江{number}")
        Holding.objects.create(post=post, user=user, since="2020-01-01")
    for number in range(searches):
        remembering.remember(user, f"丽江旅游规划{number}")
    return user


def measure(size: int) -> None:
    """Print median and 95th percentile of each class of what is typed."""
    from django.conf import settings  # noqa: PLC0415 (after Django is set up)
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from content.users.models import User  # noqa: PLC0415

    engine = filled(size)
    settings.SEARCH_INDEX_DIR = engine.generations.root
    client = Client()
    client.force_login(User.objects.latest("pk"))
    address = reverse("search:suggest")
    begun = time.perf_counter()
    client.get(address, {"q": "丽"})
    print(f"第一次（读入分类值）：{(time.perf_counter() - begun) * 1000:.0f} 毫秒")
    everything: list[float] = []
    for name, typed in TYPED.items():
        times = []
        for text in typed * ROUNDS:
            begun = time.perf_counter()
            response = client.get(address, {"q": text})
            times.append((time.perf_counter() - begun) * 1000)
            assert response.status_code == 200
        everything += times
        print(f"{name:　<6}中位 {statistics.median(times):6.1f}　p95 {statistics.quantiles(times, n=20)[-1]:6.1f} 毫秒")
    print(
        f"全部　　中位 {statistics.median(everything):6.1f}　p95 {statistics.quantiles(everything, n=20)[-1]:6.1f} 毫秒"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10000,100000")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with portal(migrated=True):
        from django.conf import settings  # noqa: PLC0415 (after Django is set up)

        from content.tenders.models import TenderProcess  # noqa: PLC0415
        from search import registry  # noqa: PLC0415

        class NoticeIndex(registry.SearchIndex):
            model = TenderProcess
            kind = "tender"
            label = "招标信息"
            facets = tuple(registry.Facet(name, name, tree=name == "place") for name in FACETS)

        registry._indexes.clear()
        registry._indexes[TenderProcess] = NoticeIndex()
        settings.ALLOWED_HOSTS = ["*"]
        _people(60, 100)
        for size in sizes:
            measure(size)


if __name__ == "__main__":
    main()
