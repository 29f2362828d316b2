import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import PageViewRestriction

import search
from content.home.models import HomePage
from content.taxonomy.models import Subject
from content.tenders.models import QualificationRequirement, TenderProcess
from search import outbox
from search.engines import get_engine, tantivy_schema
from search.engines.base import EngineBusy, EngineUnavailable
from search.models import OutboxEntry
from search.readers import ANONYMOUS, Reader
from search.tasks import drain_outbox

pytestmark = pytest.mark.usefixtures("searchable")
MANAGER = Reader(frozenset(), everything=True)


class Crash(BaseException):
    """The process is gone."""


def titles(text: str = "", reader: Reader = MANAGER) -> list[str]:
    return sorted(hit.title for hit in search.search(text, reader=reader).hits)


def subject(name: str = "旅游规划", **values) -> Subject:
    return Subject.objects.create(name=name, slug=f"s{Subject.objects.count()}", **values)


@transaction.atomic
def subject_undone(name: str = "旅游规划") -> None:
    subject(name)
    raise Crash


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_saved_is_found_after_the_commit_and_not_before():
    with transaction.atomic():
        one = subject()
        assert titles("旅游") == []
    assert titles("旅游") == ["旅游规划"]

    with transaction.atomic():
        one.name = "城市设计"
        one.save()
    assert titles("旅游") == []
    assert titles("城市") == ["城市设计"]

    with transaction.atomic():
        one.delete()
    assert titles() == []
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_rolled_back_is_not_found():
    with pytest.raises(Crash):
        subject_undone()

    assert not OutboxEntry.objects.exists()
    assert titles() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_after_an_undone_savepoint_is_still_drained():
    with transaction.atomic():
        with pytest.raises(Crash):
            subject_undone("甲类")
        subject("乙类")

    assert titles() == ["乙类"]


def test_a_transaction_drains_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            subject(f"主题{number}")

    assert len(callbacks) == 1
    assert OutboxEntry.objects.count() == 5


def test_a_crash_between_commit_and_index_loses_nothing(monkeypatch, search_index):
    subject()
    with monkeypatch.context() as patch:
        patch.setattr(type(get_engine()), "write", lambda *args, **values: (_ for _ in ()).throw(Crash()))
        with pytest.raises(Crash):
            search.drain()

    assert titles() == []
    assert OutboxEntry.objects.count() == 1
    search_index()
    assert titles() == ["旅游规划"]


def test_a_crash_between_index_and_outbox_only_repeats_work(monkeypatch, search_index):
    subject()
    with monkeypatch.context() as patch:
        real = type(get_engine()).write

        def write_and_die(*args, **values):
            real(*args, **values)
            raise Crash

        patch.setattr(type(get_engine()), "write", write_and_die)
        with pytest.raises(Crash):
            search.drain()

    assert OutboxEntry.objects.count() == 1
    assert search_index() == 1
    assert titles() == ["旅游规划"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("error", [EngineUnavailable("坏了"), RuntimeError("坏了")])
def test_a_dead_engine_fails_no_save(monkeypatch, error, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(type(get_engine()), "write", lambda *args, **values: (_ for _ in ()).throw(error))
        with transaction.atomic():
            subject()

    assert Subject.objects.count() == 1
    assert OutboxEntry.objects.count() == 1
    assert "坏了" in caplog.text
    search.drain()
    assert titles() == ["旅游规划"]


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_busy_writer_leaves_the_rows_to_the_task(monkeypatch):
    asked = []
    monkeypatch.setattr("search.engines.tantivy._WAIT", 0.0)
    monkeypatch.setattr("search.outbox._enqueue", lambda: asked.append(True))
    with get_engine().generations.lock(0), transaction.atomic():
        subject()

    assert asked == [True]
    assert OutboxEntry.objects.count() == 1
    drain_outbox.enqueue()
    assert titles() == ["旅游规划"]


def test_nobody_drains_while_another_reads_the_database(monkeypatch, search_index):
    one = subject("旧名")
    real = outbox.documents_now
    overtaken = []

    def read_then_be_overtaken(label, keys):
        made = real(label, keys)
        if not overtaken:
            Subject.objects.filter(pk=one.pk).update(name="新名")
            search.touch([one])
            overtaken.append(True)
            with pytest.raises(EngineBusy):
                search.drain()
        return made

    monkeypatch.setattr("search.engines.tantivy._WAIT", 0.0)
    monkeypatch.setattr("search.outbox.documents_now", read_then_be_overtaken)
    search_index()

    assert overtaken == [True]
    assert titles() == ["新名"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_rows_are_left_to_the_task(monkeypatch):
    asked = []
    monkeypatch.setattr("search.outbox._enqueue", lambda: asked.append(True))
    with transaction.atomic():
        made = Subject.objects.bulk_create(Subject(name=f"主题{n}", slug=f"s{n}") for n in range(10_000))
        assert search.touch(made) == 10_000

    assert asked == [True]
    assert OutboxEntry.objects.count() == 10_000
    assert drain_outbox.call() == 10_000
    assert search.search("", reader=MANAGER).total == 10_000


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_inside_deferred_nothing_is_drained_and_afterwards_the_task_does():
    with outbox.deferred():
        for number in range(3):
            with transaction.atomic():
                subject(f"主题{number}")
        assert titles() == []

    assert len(titles()) == 3


def test_touch_takes_querysets_and_ignores_what_is_not_searchable(search_index):
    subject("甲类")
    search_index()
    Subject.objects.update(name="乙类")

    assert search.touch(Subject.objects.all()) == 1
    assert search.touch(Group.objects.all()) == 0
    assert search.touch([Group(pk=1)]) == 0
    assert search.touch([]) == 0
    search_index()
    assert titles() == ["乙类"]


def test_what_must_not_be_found_any_more_leaves_the_index(search_index):
    one = subject()
    search_index()
    one.keywords = "不检索"
    one.save()
    search_index()

    assert titles() == []


def test_one_bad_document_keeps_nobody_else_back(search_index, caplog):
    subject("好")
    bad = subject("坏", keywords="坏")

    search_index()

    assert titles() == ["好"]
    entry = OutboxEntry.objects.get()
    assert (entry.object_pk, entry.attempts) == (str(bad.pk), 2)
    assert entry.last_error == "ValueError: 坏数据"
    for _ in range(outbox.MAX_ATTEMPTS):
        search.drain()
    assert OutboxEntry.objects.get().attempts == outbox.MAX_ATTEMPTS


def test_rows_of_one_object_are_one_document(search_index, django_assert_num_queries):
    search.rebuild()  # where there is no index at all yet, draining asks whether one was lost
    one = subject()
    one.save()
    one.save()

    with django_assert_num_queries(6):  # any, rows, objects for readers, saved searches, objects for editors, deletion
        assert search.drain() == 3
    assert titles() == ["旅游规划"]


def test_draining_one_and_three_objects_takes_the_same_queries(django_assert_num_queries):
    search.rebuild()
    subject("一")
    with django_assert_num_queries(6):
        search.drain()
    for number in range(3):
        subject(f"主题{number}")
    with django_assert_num_queries(6):
        search.drain()


def test_many_to_many_and_related_rows_bring_their_object_up_to_date(search_index):
    tender = TenderProcess.objects.create(ocid="ocds-1", title="丽江规划")
    tourism = subject("旅游")
    search_index()

    def facets() -> dict[str, list[str]]:
        search_index()
        found = search.search("", reader=MANAGER, kinds=["tender"]).facets
        return {name: [value for value, _ in found[name]] for name in ("subject", "qualification")}

    tender.subjects.add(tourism)
    requirement = QualificationRequirement.objects.create(process=tender, kind="城乡规划")
    assert facets() == {"subject": ["旅游"], "qualification": ["城乡规划"]}

    tourism.tenders.remove(tender)
    requirement.delete()
    assert facets() == {"subject": [], "qualification": []}

    tourism.tenders.add(tender)
    assert facets()["subject"] == ["旅游"]
    tourism.tenders.clear()
    assert facets()["subject"] == []


def test_a_published_page_is_found_and_an_unpublished_one_is_not(tree, search_index):
    _, child = tree
    search_index()
    assert titles("文章") == ["文章"]

    child.title = "草稿标题"
    child.save_revision()
    search_index()
    assert titles("草稿") == []

    child.get_latest_revision().publish()
    search_index()
    assert titles("草稿") == ["草稿标题"]

    child.refresh_from_db()
    child.unpublish()
    search_index()
    assert titles("草稿") == []


def test_moving_or_renaming_a_page_changes_the_addresses_below(tree, home, search_index):
    parent, child = tree
    search_index()
    assert search.search("文章", reader=MANAGER).hits[0].url == "/section/article/"

    parent.slug = "news"
    parent.save_revision().publish()
    search_index()
    assert search.search("文章", reader=MANAGER).hits[0].url == "/news/article/"

    child = HomePage.objects.get(pk=child.pk)
    child.move(home, "last-child")
    search_index()
    assert search.search("文章", reader=MANAGER).hits[0].url == "/article/"


def test_closing_a_branch_closes_everything_below(tree, search_index):
    parent, _ = tree
    search_index()
    assert titles("文章", ANONYMOUS) == ["文章"]

    group = Group.objects.create(name="内部")
    restriction = PageViewRestriction.objects.create(page=parent, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)
    search_index()
    assert titles("文章", ANONYMOUS) == []
    assert titles("文章", Reader(frozenset({f"group:{group.pk}"}))) == ["文章"]

    group.pageviewrestriction_set.clear()
    search_index()
    assert titles("文章", Reader(frozenset({f"group:{group.pk}"}))) == []

    restriction.delete()
    search_index()
    assert titles("文章", ANONYMOUS) == ["文章"]


def test_deleting_a_branch_takes_everything_below_out(tree, search_index):
    parent, _ = tree
    search_index()

    parent.delete()
    search_index()

    assert titles("文章") == []
    assert titles("栏目") == []


@pytest.mark.embedded
@pytest.mark.django_db
def test_a_document_the_engine_refuses_keeps_nobody_else_back(search_index, monkeypatch, caplog):
    write = tantivy_schema.to_tantivy

    def choke(document):
        if document.title == "噎住":
            raise TypeError("不能写入")
        return write(document)

    monkeypatch.setattr(tantivy_schema, "to_tantivy", choke)
    bad = subject("噎住")
    subject("城市设计")
    search_index()

    assert titles() == ["城市设计"]
    entry = OutboxEntry.objects.get()
    assert (entry.object_pk, entry.attempts) == (str(bad.pk), 2)
    assert entry.last_error == "TypeError: 不能写入"
    assert "The engine refused" in caplog.text
