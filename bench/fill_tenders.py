"""Fill the portal's database with generated tenders up to a number, and index them: python -m bench.fill_tenders 10000"""

import datetime
import os
import random
import sys
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
django.setup()

from django.db import transaction  # noqa: E402 (models need django.setup())
from django.utils import timezone  # noqa: E402

from content.places.models import Division, DivisionLevel  # noqa: E402
from content.taxonomy.models import Subject  # noqa: E402
from content.tenders.models import QualificationRequirement, TenderProcess  # noqa: E402
from search.maintenance import rebuild  # noqa: E402

WORKS = (
    "旅游总体规划",
    "城市设计",
    "景观提升设计",
    "控制性详细规划",
    "旅游策划",
    "城市公园规划",
    "古镇保护规划",
    "乡村旅游规划",
)
PLACES = ("老街", "湖滨", "古城", "新区", "温泉", "峡谷", "草原", "滨江", "茶山", "渔港")
QUALIFICATIONS = (("旅游规划设计", "b"), ("城乡规划编制", "a"), ("城乡规划编制", "b"), ("风景园林工程设计专项", "b"))
BATCH = 1000


def fill(wanted: int) -> int:
    """Create what is missing to `wanted` processes (SQL batches, then one rebuild of the index); return how many."""
    chance = random.Random(20261123)
    counties = list(
        Division.objects.filter(level=DivisionLevel.COUNTY).exclude(type="pseudo").select_related("parent__parent")
    )
    subjects = list(Subject.objects.all())
    made, missing = 0, max(0, wanted - TenderProcess.objects.count())
    now = timezone.now()
    while made < missing:
        rows = []
        for number in range(made, min(made + BATCH, missing)):
            county = chance.choice(counties)
            title = f"{county.name}{chance.choice(PLACES)}片区{chance.choice(WORKS)}（第{number % 7 + 1}期）"
            published = now - datetime.timedelta(hours=chance.randint(1, 24 * 700))
            rows.append(
                TenderProcess(
                    ocid=f"bench-{number:07d}",
                    project_number=f"BENCH-{number:07d}",
                    title=title,
                    description=f"{title}，范围约{chance.randint(1, 90)}平方公里，成果含文本、图件和近期项目库。" * 2,
                    procuring_entity=f"{county.name}文旅服务中心",
                    division=county,
                    place_text=county.full_name,
                    value_amount=Decimal(chance.randint(20, 900)) * 10_000,
                    published_at=published,
                    tender_end=published + datetime.timedelta(days=chance.randint(10, 60)),
                    source_name="生成数据",
                )
            )
        with transaction.atomic():
            created = TenderProcess.objects.bulk_create(rows)
            QualificationRequirement.objects.bulk_create(
                QualificationRequirement(process=row, kind=kind, grade=grade, and_above=True)
                for row in created
                for kind, grade in [chance.choice(QUALIFICATIONS)]
            )
            through = TenderProcess.subjects.through
            through.objects.bulk_create(
                through(tenderprocess_id=row.pk, subject_id=chance.choice(subjects).pk) for row in created
            )
        made += len(rows)
    rebuild()
    return made


if __name__ == "__main__":
    print(f"新增 {fill(int(sys.argv[1]))} 条招标信息")
