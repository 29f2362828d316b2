import datetime

import pytest

from content.core.choices import Audience
from content.organization.models import Indicator, RoleDescriptionPage, RoleIndexPage
from content.printing import engine, pages
from tests.factories.organization import PostFactory
from tests.factories.users import UserFactory

if not engine.status().ok:
    collect_ignore_glob = ["test_*pdf*.py"]


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """Finished PDFs of a test are kept in its own folder."""
    monkeypatch.setattr(pages, "store_dir", lambda: tmp_path / "pdf")
    return tmp_path / "pdf"


@pytest.fixture
def role_page(home, department):
    """The published role description of a post with superior and subordinate, readable by staff."""
    index = home.add_child(instance=RoleIndexPage(title="岗位说明书", audience=Audience.STAFF))
    manager = PostFactory(code="manager", title="市场部经理", unit=department)
    post = PostFactory(code="assistant", title="市场信息管理助理", unit=department, superior=manager)
    PostFactory(code="trainee", title="实习专员", unit=department, superior=post)
    page = RoleDescriptionPage(
        title="市场信息管理助理岗位说明书",
        number="GW-006",
        post=post,
        purpose="及时、准确、完整地收集与筛选市场信息，为项目拓展提供可靠依据。",
        working_flow="检索各来源\n逐条筛选",
        prepared_by=UserFactory(username="preparer", name="何静"),
        prepared_on=datetime.date(2026, 9, 1),
        audience=Audience.STAFF,
    )
    page.duty_groups.create(title="招标信息", duties="收集招标公告\n补全资质与报名材料", sort_order=0)
    page.indicators.create(
        indicator=Indicator.objects.get_or_create(name="专业质量")[0], explanation="错漏一条扣一分。", sort_order=0
    )
    index.add_child(instance=page)
    page.save_revision().publish()
    return RoleDescriptionPage.objects.get(pk=page.pk)
