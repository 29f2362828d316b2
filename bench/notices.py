"""Generated tender notices in Chinese, the same for the same number: places of the whole country, plain sentences."""

import csv
import datetime
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from search.documents import SearchDocument

_DIVISIONS = Path(__file__).resolve().parent.parent / "content" / "places" / "data" / "divisions.csv"
_TOPICS = [
    "旅游发展总体规划", "全域旅游规划", "景区控制性详细规划", "城市设计", "国土空间总体规划", "乡村振兴规划",
    "城市公园景观设计", "古城保护规划", "风景名胜区规划", "文旅融合策划", "历史街区更新", "滨水空间设计",
    "道路改造工程", "污水处理厂建设", "学校食堂食材配送", "医疗设备采购", "智慧停车系统", "老旧小区改造",
]  # fmt: skip
_NATURES = ["编制项目", "编制服务采购项目", "方案征集", "咨询服务", "设计服务项目", "采购项目"]
_QUALIFICATIONS = ["旅游规划甲级", "旅游规划乙级", "城乡规划甲级", "城乡规划乙级", "风景园林设计甲级", "不要求"]
_SUBJECTS = ["旅游规划", "景区规划", "城市规划", "城市设计", "景观设计", "其他"]
_STATES = ["招标中", "已结束", "流标", "预告"]
_SENTENCES = [
    "本项目已具备招标条件，现对该项目进行公开招标。",
    "投标人须具有独立承担民事责任的能力和良好的商业信誉。",
    "规划成果包括文本、图件、说明书及基础资料汇编。",
    "请于规定时间内登录公共资源交易平台获取招标文件。",
    "本次招标不接受联合体投标，允许依法分包非主体部分。",
    "评标采用综合评分法，技术部分权重不低于百分之六十。",
    "规划期限为2026年至2035年，近期至2030年。",
    "应当深入挖掘地方文化内涵，塑造具有辨识度的文旅品牌。",
    "投标保证金应当在投标截止时间前到达指定账户。",
    "中标结果将在本平台公示，公示期为三个工作日。",
    "采购人对投标人的询问和质疑将依法及时答复。",
    "项目负责人应当主持过两项以上同类规划项目。",
    "应当统筹生态保护、产业发展与基础设施建设。",
    "夜间经济、研学旅行和康养度假是本次规划的重点。",
]  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "山河湖海云松柏梅兰竹菊风雷星月晨曦远达明辉宏图瑞祥"


def _places() -> list[tuple[str, str, str]]:
    """Province, prefecture and county of every county, as names."""
    with _DIVISIONS.open(encoding="utf-8-sig") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    found = []
    for row in rows.values():
        if row["level"] == "county" and row["parent"] in rows:
            prefecture = rows[row["parent"]]
            province = rows.get(prefecture["parent"], prefecture)
            found.append((province["name"], prefecture["name"], row["name"]))
    return found


def notices(count: int, seed: int = 7) -> Iterator[SearchDocument]:
    """Yield notices in the order of their dates, about 180 characters each; one in five only for the staff."""
    chance = random.Random(seed)
    places = _places()
    first = datetime.date(2020, 9, 1)
    for number in range(count):
        province, prefecture, county = chance.choice(places)
        topic, nature = chance.choice(_TOPICS), chance.choice(_NATURES)
        agency = f"{chance.choice(_SURNAMES)}{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}工程咨询有限公司"
        body = "".join(
            [
                f"{county}{topic}{nature}（项目编号：{prefecture[0]}采{number:06d}号）",
                f"由{agency}代理。" if chance.random() < 0.8 else "由采购人自行组织。",
                *chance.sample(_SENTENCES, 5),
            ]
        )
        date = first + datetime.timedelta(days=number * 2190 // count)
        yield SearchDocument(
            key=f"bench.notice:{number}",
            kind=("tender", "news", "release")[number % 3 if number % 7 == 0 else 0],
            title=f"{prefecture}{county}{topic}{nature}招标公告",
            url=f"/notices/{number}/",
            audience=frozenset({"public"} if number % 5 else {"staff", "perm:tenders.view_tenderprocess"}),
            body=body,
            keywords=f"ZB-{number:06d}",
            date=date,
            deadline=date + datetime.timedelta(days=chance.randint(10, 40)),
            amount=Decimal(chance.randint(20, 900)) * 10_000,
            place=f"{province}{prefecture}",
            facets={
                "place": (f"{province}/{prefecture}",),
                "subject": (chance.choice(_SUBJECTS),),
                "qualification": (chance.choice(_QUALIFICATIONS),),
                "state": (chance.choice(_STATES),),
            },
        )
