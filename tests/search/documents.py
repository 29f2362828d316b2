"""Documents to search for."""

import datetime
from decimal import Decimal

from search.documents import SearchDocument


def document(number: int = 1, **values) -> SearchDocument:
    """A public notice; `number` makes its key."""
    defaults = {
        "key": f"test.notice:{number}",
        "kind": "notice",
        "title": f"第{number}号公告",
        "url": f"/notices/{number}/",
        "audience": frozenset({"public"}),
    }
    return SearchDocument(**(defaults | values))


LIJIANG = document(
    1,
    title="丽江市旅游发展总体规划编制项目公开招标公告",
    body="现对丽江市旅游发展总体规划编制项目进行公开招标，投标人须具有旅游规划设计乙级及以上资质。",
    keywords="LJ-2026-018",
    date=datetime.date(2026, 3, 1),
    deadline=datetime.date(2026, 4, 1),
    amount=Decimal("1200000.00"),
    place="云南省丽江市",
    facets={"place": ("云南省/丽江市",), "qualification": ("旅游规划乙级",)},
)
DALI = document(
    2,
    title="大理州城市设计与景观提升招标公告",
    body="项目位于大理古城，采购人为大理州自然资源和规划局，预算四百万元。",
    keywords="DL-2026-007",
    date=datetime.date(2026, 2, 1),
    deadline=datetime.date(2026, 5, 1),
    amount=Decimal("4000000.00"),
    place="云南省大理州",
    facets={"place": ("云南省/大理州",), "qualification": ("城市规划甲级",)},
)
RELEASE = document(
    3,
    kind="release",
    title="山河学堂举办讲解员培训",
    body="三月，山河学堂在丽江为四十名讲解员举办了为期两天的培训。",
    audience=frozenset({"staff"}),
    date=datetime.date(2026, 3, 15),
    facets={"place": ("云南省/丽江市",)},
)
