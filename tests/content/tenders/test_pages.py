"""The list, one tender, the opinion and the export, for every kind of reader."""

import datetime

import pytest
from django.utils import timezone

from content.places.models import Division
from content.taxonomy.models import Subject
from content.tenders.models import QualificationRequirement
from tests.factories.tenders import TenderProcessFactory

PAGES = ["/tenders/", "/tenders/export.xlsx", "/tenders/{pk}/", "/tenders/{pk}/opinion/"]


@pytest.fixture
def process(db):
    return TenderProcessFactory(title="玉湖村旅游总体规划")


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.mark.parametrize("page", PAGES)
def test_the_anonymous_are_asked_to_log_in(client, process, page):
    url = page.format(pk=process.pk)

    response = client.get(url)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={url}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["outsider", "staff"])
def test_without_the_right_everything_is_refused(client, request, process, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=process.pk)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["assistant", "superuser"])
def test_with_the_right_everything_opens(client, request, home, process, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=process.pk)).status_code == 200


def test_who_may_only_read_writes_no_opinion(client, home, staff, process):
    from django.contrib.auth.models import Permission

    staff.user_permissions.add(Permission.objects.get(codename="view_tenderprocess"))
    client.force_login(staff)

    assert client.get(f"/tenders/{process.pk}/").status_code == 200
    assert "意见</a>" not in client.get(f"/tenders/{process.pk}/").text
    assert client.post(f"/tenders/{process.pk}/opinion/", {"first_understanding": "值得跟"}).status_code == 403
    process.refresh_from_db()
    assert process.first_understanding == ""


def _fill(count: int) -> None:
    subject = Subject.objects.create(name="旅游规划", slug="tourism-planning")
    province = Division.objects.create(code="530000", name="云南省", level="province", type="province")
    city = Division.objects.create(
        code="530700", name="丽江市", level="prefecture", type="prefecture_level_city", parent=province
    )
    county = Division.objects.create(code="530702", name="古城区", level="county", type="district", parent=city)
    for _ in range(count):
        process = TenderProcessFactory(division=county, source_name="采购人官网", tender_end=in_days(5))
        process.subjects.add(subject)
        QualificationRequirement.objects.create(process=process, kind="旅游规划设计", grade="b")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, home, assistant, count, django_assert_num_queries):
    _fill(count)
    client.force_login(assistant)
    client.get("/tenders/")

    with django_assert_num_queries(20):
        response = client.get("/tenders/")

    assert response.text.count("玉湖村旅游总体规划") == count
    assert f"共 <strong>{count}</strong> 个项目" in response.text
