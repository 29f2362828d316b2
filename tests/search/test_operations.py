"""Checking and rebuilding on somebody's word, healing by the clock, and a portal whose index is out of use."""

import datetime
import resource
import shutil
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

import search
from content.taxonomy.models import Subject
from search import operations, outbox
from search.engines import forget, get_engine
from search.engines.base import EngineUnavailable
from search.maintenance import compare
from search.models import MaintenanceRun, OutboxEntry
from search.readers import ANONYMOUS
from search.status import can_answer, search_status
from tests.search.documents import document

pytestmark = pytest.mark.usefixtures("searchable")
REBUILD, VERIFY = MaintenanceRun.Kind.REBUILD, MaintenanceRun.Kind.VERIFY


@pytest.fixture
def subjects(db):
    """Three subjects, in the index."""
    made = [Subject.objects.create(name=name, slug=f"s{n}") for n, name in enumerate("甲乙丙")]
    assert search.drain() == 3
    return made


@pytest.fixture
def queued(monkeypatch):
    """What is queued is noted, not run."""
    asked = []
    monkeypatch.setattr("search.operations._queue", asked.append)
    return asked


def titles() -> list[str]:
    return sorted(hit.title for hit in search.search("", reader=ANONYMOUS).hits)


def root():
    return get_engine().generations.root


def run(kind: str) -> MaintenanceRun:
    """A maintenance from beginning to end."""
    return operations.perform(operations.begin(kind, "王敏").pk)


def test_a_rebuild_tells_its_progress_and_what_came_of_it(subjects):
    shutil.rmtree(root())
    told = []

    done = operations.perform(operations.begin(REBUILD, "王敏").pk, lambda *progress: told.append(progress))

    assert (done.state, done.active) == ("done", False)
    assert done.result == f"检索索引已重建：3 篇；后台检索索引 {search_status().editors.documents} 条。"
    assert ("主题", 3, 3) in told
    assert titles() == ["丙", "乙", "甲"]


def test_a_check_mends_and_says_what(subjects):
    Subject.objects.filter(name="甲").update(name="丁")
    get_engine().write([document(1)])

    assert run(VERIFY).result.startswith("缺少 0 篇，过期 1 篇，多余 1 篇，已修正 2 篇")
    assert run(VERIFY).result == "检索索引与数据库一致。"
    assert titles() == ["丁", "丙", "乙"]


def test_a_second_one_is_refused_with_who_and_when(subjects, queued, django_capture_on_commit_callbacks):
    with time_machine.travel("2026-11-23 09:05+08:00", tick=False), django_capture_on_commit_callbacks(execute=True):
        first = operations.ask(REBUILD, "王敏")
        with pytest.raises(operations.AlreadyRunning) as refused:
            operations.ask(VERIFY, "李雷")

    assert str(refused.value) == "王敏在 09:05 发起的“重建”还没有结束，请等它完成后再试。"
    assert queued == [first.pk]


def test_one_whose_process_is_gone_makes_way(subjects, queued):
    lost = operations.begin(REBUILD, "王敏")
    long_ago = timezone.now() - operations.LOST_AFTER - datetime.timedelta(seconds=1)
    MaintenanceRun.objects.filter(pk=lost.pk).update(progressed_at=long_ago, state="running")

    operations.ask(VERIFY, "李雷")

    lost.refresh_from_db()
    assert (lost.state, lost.active, lost.result) == ("failed", False, "执行它的进程中途退出。")


def test_one_that_broke_off_is_done_again_and_one_that_ended_is_not(subjects):
    broken = operations.begin(VERIFY, "王敏")
    MaintenanceRun.objects.filter(pk=broken.pk).update(state="running")

    assert operations.perform(broken.pk).state == "done"
    finished_at = MaintenanceRun.objects.get().finished_at
    assert operations.perform(broken.pk).finished_at == finished_at
    assert operations.perform(99) is None


def test_a_failure_is_a_sentence_and_leaves_the_way_free(subjects, monkeypatch):
    def broken(*args):
        raise ValueError("意外")

    with monkeypatch.context() as patched:
        patched.setattr("search.maintenance.rebuild", broken)
        assert run(REBUILD).result == "出现没有预料到的错误，已记入日志，请联系系统管理员。"

    assert run(VERIFY).state == "done"


def test_a_check_gives_what_failed_before_another_try(subjects):
    OutboxEntry.objects.create(model="taxonomy.subject", object_pk=subjects[0].pk, attempts=outbox.MAX_ATTEMPTS)

    run(VERIFY)

    assert not OutboxEntry.objects.exists()


# --- An index out of use ---------------------------------------------------------------------------------------------


def remove():
    shutil.rmtree(root())


def damage():
    for path in root().glob("*/*.store"):
        path.write_bytes(b"damaged")
    for path in root().glob("*/meta.json"):
        path.write_text("{")
    forget()


def block():
    """A file where the directory should be: nothing can be read or written, not even by root."""
    shutil.rmtree(root())
    root().write_text("")


def unblock():
    if root().is_file():
        root().unlink()


@pytest.mark.parametrize("breaking", [remove, damage, block])
def test_saves_go_on_and_everything_is_caught_up_by_the_clock(subjects, breaking, home, queued):
    breaking()
    Subject.objects.create(name="停机时所存", slug="new")
    outbox._after_commit()  # never an error for who saved

    found = search.search("甲", reader=ANONYMOUS)
    assert found.unavailable
    assert found.note == "检索正在修复，请稍后再试；浏览和编辑不受影响。"
    assert not can_answer()
    assert OutboxEntry.objects.filter(attempts=0).exists()
    with pytest.raises(EngineUnavailable):
        search.drain()
    assert search_status().last_error

    unblock()
    assert operations.heal()
    assert not operations.heal()  # one is enough
    operations.perform(MaintenanceRun.objects.get(active=True).pk)

    assert titles() == sorted(["甲", "乙", "丙", "停机时所存", home.title])
    assert can_answer()
    assert not compare()
    assert not operations.heal()
    assert not OutboxEntry.objects.exists()


def test_healing_that_failed_waits_before_the_next_try(subjects, queued):
    block()
    assert operations.heal()
    operations.perform(MaintenanceRun.objects.get(active=True).pk)
    assert MaintenanceRun.objects.get().result.startswith("检索索引的目录无法写入")

    assert not operations.heal()
    MaintenanceRun.objects.update(finished_at=timezone.now() - operations.HEAL_AGAIN_AFTER)
    assert operations.heal()


def test_a_full_disk_keeps_the_rows_until_there_is_room(subjects):
    Subject.objects.create(name="磁盘满时", slug="full")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    engine, made = get_engine(), document(7, body="满" * 5_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises((EngineUnavailable, ValueError)):
            engine.write([made])
        with pytest.raises(EngineUnavailable):
            engine.write([], delete=["test.notice:8"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert search.drain() == 1
    assert "磁盘满时" in titles()


def test_an_index_just_set_up_is_not_lost(db):
    assert can_answer()
    Subject.objects.create(name="第一个", slug="first")
    assert can_answer()
    assert not operations.heal()
    assert search.drain() == 1


def test_edits_while_rebuilding_are_not_lost(subjects, monkeypatch):
    """An edit between reading an object and the swap waits in the outbox and follows after it."""
    real = search.registry.SearchIndex.document

    def edited_meanwhile(index, obj):
        made = real(index, obj)
        if getattr(obj, "name", "") == "甲":
            row = Subject.objects.get(pk=obj.pk)
            row.name = "甲（改）"
            row.save()
            Subject.objects.get(name="丙").delete()
        return made

    with monkeypatch.context() as patched:
        patched.setattr(search.registry.SearchIndex, "document", edited_meanwhile)
        assert run(REBUILD).state == "done"

    assert titles() == ["乙", "甲（改）"]
    assert not compare()


def test_the_daily_check_is_asked_for_once_in_the_small_hours(subjects, queued):
    with time_machine.travel("2026-11-24 14:00+08:00", tick=False):
        assert not operations.verify_daily()
    with time_machine.travel("2026-11-24 02:10+08:00", tick=False):
        assert operations.verify_daily()
        MaintenanceRun.objects.update(active=False)
        assert not operations.verify_daily()
    with time_machine.travel("2026-11-25 02:10+08:00", tick=False):
        assert operations.verify_daily()


# --- The state -------------------------------------------------------------------------------------------------------


def status_command() -> str:
    out = StringIO()
    call_command("search_status", stdout=out)
    return out.getvalue()


def test_a_healthy_search_ends_without_an_error(subjects):
    run(REBUILD)
    run(VERIFY)

    out = status_command()

    assert "检索索引（tantivy）：3 篇" in out
    assert "等待更新：0 条；多次失败：0 条" in out
    assert "核对并修复 检索索引与数据库一致。（王敏）" in out


def test_what_is_wrong_is_said_and_the_exit_code_tells(subjects):
    run(REBUILD)
    long_ago = timezone.now() - datetime.timedelta(minutes=7, seconds=5)
    for entry in (OutboxEntry(object_pk="1"), OutboxEntry(object_pk="2", attempts=5, last_error="ValueError: 坏数据")):
        entry.model = "taxonomy.subject"
        entry.save()
    OutboxEntry.objects.update(created_at=long_ago)

    with pytest.raises(CommandError) as said:
        status_command()

    assert str(said.value).splitlines() == [
        "最早的一条更新已经等了 7 分钟：请确认后台任务进程（run_worker）和时钟进程（run_clock）都在运行。",
        "有 1 条内容多次没能编入索引：请看下面的原因，改正后点“核对并修复”。",
    ]
    assert search_status().last_error == "ValueError: 坏数据"


def test_a_damaged_index_is_a_problem_of_the_status_not_an_error(subjects):
    damage()

    status = search_status()

    assert not status.is_healthy
    assert status.problems[0].startswith("检索索引无法使用：")
