"""Tenders in the search and on the editors' desk; their rights on a fresh site."""

import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

import search
from content.organization.groups import INFO_ASSISTANTS, MARKETERS
from content.places.models import Division
from content.tenders.models import QualificationRequirement, TenderProcess
from content.tenders.schedule import show_passed_deadlines
from content.tenders.search import TenderIndex
from content.tenders.setting_up import set_up
from search.models import OutboxEntry
from search.readers import reader_for
from tests.factories.tenders import TenderProcessFactory


def test_a_tender_as_a_document(db):
    province = Division.objects.create(code="530000", name="云南省", level="province", type="province")
    city = Division.objects.create(
        code="530700", name="丽江市", level="prefecture", type="prefecture_level_city", parent=province
    )
    process = TenderProcessFactory(
        title="玉湖村旅游总体规划", division=city, value_amount=1_860_000,
        tender_end=datetime.datetime(2026, 3, 25, 1, 30, tzinfo=datetime.UTC), status="complete",
    )  # fmt: skip
    QualificationRequirement.objects.create(process=process, kind="旅游规划设计", grade="b", and_above=True)

    document = TenderIndex().to_document(TenderIndex().get_queryset().get())

    assert (document.key, document.kind) == (f"tenders.tenderprocess:{process.pk}", "tender")
    assert document.audience == {"perm:tenders.view_tenderprocess"}
    assert document.deadline == datetime.date(2026, 3, 25)
    assert document.place == "云南省丽江市"
    assert document.facets == {
        "place": ("云南省/丽江市",),
        "subject": (),
        "qualification": ("旅游规划设计乙级",),
        "state": ("已结束",),
        "deadline_month": ("2026年/03月",),
        "year": (),
    }


def test_sums_of_other_currencies_are_not_compared(db):
    process = TenderProcessFactory(value_amount=900, value_currency="GBP")

    assert TenderIndex().to_document(process).amount is None


@pytest.mark.parametrize("count", [1, 3])
def test_documents_cost_the_same_whatever_their_number(db, count, django_assert_num_queries):
    TenderProcessFactory.create_batch(count)

    with django_assert_num_queries(3):
        assert len([TenderIndex().to_document(process) for process in TenderIndex().get_queryset()]) == count


def test_nobody_without_the_right_finds_or_is_suggested_a_tender(assistant, staff, outsider, search_index):
    TenderProcessFactory(title="玉湖村旅游总体规划")
    search_index()

    assert search.search("总体规划", reader=reader_for(assistant)).total == 1
    for user in (staff, outsider):
        assert search.search("总体规划", reader=reader_for(user)).total == 0
        assert search.suggest("玉湖", reader=reader_for(user)) == []


def test_a_deadline_that_passed_is_told_to_the_index(db):
    now = timezone.now()
    TenderProcessFactory(tender_end=now - datetime.timedelta(hours=1))
    TenderProcessFactory(tender_end=now + datetime.timedelta(hours=1))
    TenderProcessFactory(tender_end=now - datetime.timedelta(days=30))
    OutboxEntry.objects.all().delete()

    assert show_passed_deadlines() == 1


def test_the_standard_groups_get_their_rights_once(db):
    set_up()
    set_up()

    def rights(name: str) -> list[str]:
        return sorted(
            Permission.objects.filter(
                group=Group.objects.get(name=name), content_type__app_label="tenders"
            ).values_list("codename", flat=True)
        )

    assert rights(INFO_ASSISTANTS) == ["add_tenderprocess", "change_tenderprocess", "view_tenderprocess"]
    assert rights(MARKETERS) == ["view_tenderprocess"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_lists_tenders_at_the_same_cost(client, home, superuser, count, django_assert_num_queries):
    TenderProcessFactory.create_batch(count)
    client.force_login(superuser)
    client.get("/admin/snippets/tenders/tenderprocess/")

    with django_assert_num_queries(9):
        response = client.get("/admin/snippets/tenders/tenderprocess/")

    assert response.text.count("玉湖村旅游总体规划") >= count


def test_a_tender_is_written_on_the_desk_with_its_qualifications(client, home, superuser):
    client.force_login(superuser)
    form = {
        "ocid": "ocds-1", "title": "玉湖村旅游总体规划", "status": "active", "value_currency": "CNY", "consortium": "yes",
        "qualifications-TOTAL_FORMS": "1", "qualifications-INITIAL_FORMS": "0", "qualifications-MIN_NUM_FORMS": "0",
        "qualifications-MAX_NUM_FORMS": "1000", "qualifications-0-kind": "旅游规划设计", "qualifications-0-grade": "b",
        "qualifications-0-and_above": "on", "qualifications-0-group": "0", "qualifications-0-id": "",
        "qualifications-0-DELETE": "",
    }  # fmt: skip

    response = client.post("/admin/snippets/tenders/tenderprocess/add/", form)

    assert response.status_code == 302
    process = TenderProcess.objects.get()
    assert [str(item) for item in process.qualifications.all()] == ["旅游规划设计乙级及以上"]
