from io import StringIO

import pytest
from django.core.management import CommandError, call_command

import search
from content.taxonomy.models import Subject
from search import engines, operations
from search.engines import get_engine
from search.maintenance import compare, make_current
from search.models import MaintenanceRun, OutboxEntry
from search.readers import ANONYMOUS
from tests.search.documents import document

pytestmark = pytest.mark.usefixtures("searchable")


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def three_subjects(db):
    return Subject.objects.bulk_create(Subject(name=name, slug=f"s{n}") for n, name in enumerate("甲乙丙"))


def test_rebuilding_finds_what_was_loaded_without_signals_and_empties_the_outbox(three_subjects):
    search.touch(three_subjects)
    Subject.objects.create(name="坏", slug="bad", keywords="坏")
    OutboxEntry.objects.all().delete()

    out = run("rebuild_search_index")

    assert "  主题：4/4\n" in out
    assert "检索索引已重建：3 篇" in out
    assert search.search("", reader=ANONYMOUS).total == 3
    assert not OutboxEntry.objects.exists()


def test_verifying_finds_and_mends_every_kind_of_difference(three_subjects):
    run("rebuild_search_index")
    Subject.objects.filter(name="甲").update(name="丁")
    Subject.objects.filter(name="乙").delete()
    OutboxEntry.objects.all().delete()
    Subject.objects.bulk_create([Subject(name="戊", slug="s9")])
    get_engine().write([document(1)])

    with pytest.raises(CommandError):
        run("verify_search_index", "--check")
    difference = compare()
    assert (len(difference.missing), len(difference.outdated), len(difference.superfluous)) == (1, 1, 2)

    assert run("verify_search_index") == "缺少 1 篇，过期 1 篇，多余 2 篇，已修正 4 篇。\n"
    assert run("verify_search_index", "--check") == "检索索引与数据库一致。\n"
    assert sorted(hit.title for hit in search.search("", reader=ANONYMOUS).hits) == ["丁", "丙", "戊"]


@pytest.mark.embedded
def test_status_says_how_things_stand(three_subjects):
    with pytest.raises(CommandError, match="检索索引还没有建立，请点“重建”或运行 rebuild_search_index。"):
        run("search_status")
    run("rebuild_search_index")
    search.touch(three_subjects[:2])

    out = run("search_status")

    assert "检索索引（tantivy）：3 篇" in out
    assert "  主题（subject）：taxonomy.Subject" in out
    assert "等待更新：2 条，最早的一条已等 0 秒；多次失败：0 条" in out


@pytest.mark.embedded
def test_a_busy_index_is_one_sentence(monkeypatch, three_subjects):
    monkeypatch.setattr("search.engines.tantivy._WAIT_REBUILD", 0.0)
    with get_engine().generations.lock(0), pytest.raises(CommandError, match="检索索引正在由另一个进程写入"):
        run("rebuild_search_index")


@pytest.mark.embedded
def test_an_index_of_another_version_is_made_anew_once(monkeypatch, three_subjects):
    assert make_current()
    assert not make_current()
    assert search.search("", reader=ANONYMOUS).total == 3

    monkeypatch.setattr("search.engines.tantivy._MANIFEST", {"schema": -1, "text": 0})
    engines.forget()
    assert make_current()
    assert search.search("", reader=ANONYMOUS).total == 3


def test_commands_and_buttons_do_not_get_in_each_others_way(three_subjects):
    operations.begin(MaintenanceRun.Kind.VERIFY, "王敏")

    with pytest.raises(CommandError, match=r"王敏在 .* 发起的“核对并修复”还没有结束"):
        run("rebuild_search_index")
    with pytest.raises(CommandError, match=r"王敏在 .* 发起的“核对并修复”还没有结束"):
        run("verify_search_index")


def test_what_a_command_did_stands_in_the_record(three_subjects):
    run("rebuild_search_index")

    assert [(one.kind, one.state, one.asked_by) for one in MaintenanceRun.objects.all()] == [
        ("rebuild", "done", "命令行")
    ]
