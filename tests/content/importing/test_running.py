"""A run keeps what is good, goes on where it stopped, and does nothing twice."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from content.importing.models import ImportBatch, ImportState
from content.importing.running import run_batch
from content.importing.starting import is_stalled, resume_import, start_import
from content.tenders.importer import TenderImporter
from content.tenders.models import TenderProcess

ROWS = "项目编号,项目名称\n" + "".join(f"NO-{number},第 {number} 个项目\n" for number in range(1, 11))


@pytest.fixture
def queued(assistant) -> ImportBatch:
    """A batch that waits: its task was never run."""
    return start_import("tenders", ContentFile(ROWS.encode(), "十行.csv"), assistant)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    monkeypatch.setattr("content.importing.running.PORTION", 4)


def test_a_run_killed_in_the_middle_goes_on_after_its_last_portion(queued, monkeypatch):
    class KilledError(BaseException):
        """What kill -9 looks like from inside: nothing is caught, nothing tidied up."""

    seen = []

    def die_at_the_sixth(self, row, take=TenderImporter.import_row):
        seen.append(row.number)
        if len(seen) == 6:
            raise KilledError
        return take(self, row)

    with monkeypatch.context() as patch:
        patch.setattr(TenderImporter, "import_row", die_at_the_sixth)
        with pytest.raises(KilledError):
            run_batch(queued.pk)
    queued.refresh_from_db()
    assert (queued.state, queued.rows_done, TenderProcess.objects.count()) == (ImportState.RUNNING, 4, 4)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.rows_done, queued.created_count) == (ImportState.DONE, 10, 10)
    assert TenderProcess.objects.count() == 10


def test_a_finished_batch_is_not_run_again(queued):
    run_batch(queued.pk)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.rows_done, queued.created_count) == (10, 10)


def test_a_worker_whose_batch_another_took_over_stops(queued, monkeypatch):
    def overtake(self, rows, prepare=TenderImporter.prepare):
        if not overtaken:
            overtaken.append(True)
            run_batch(queued.pk)
        prepare(self, rows)

    overtaken: list[bool] = []
    monkeypatch.setattr(TenderImporter, "prepare", overtake)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, TenderProcess.objects.count()) == (ImportState.DONE, 10)


def test_a_row_nobody_foresaw_costs_only_itself(queued, monkeypatch):
    def fail_at_the_third(self, notice, row, take=TenderImporter._take):
        if row.number == 4:
            take(self, notice, row)
            raise ZeroDivisionError
        return take(self, notice, row)

    monkeypatch.setattr(TenderImporter, "_take", fail_at_the_third)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.created_count, queued.rejected_count) == (ImportState.DONE, 9, 1)
    row = queued.rejected_rows.get()
    assert (row.number, row.reason) == (4, "程序没能处理这一行，已记入日志；请联系系统管理员，其余各行不受影响。")
    assert not TenderProcess.objects.filter(project_number="NO-3").exists()


def test_a_file_with_too_many_rows_keeps_what_was_read(queued, monkeypatch):
    monkeypatch.setattr("content.importing.reading.MAX_ROWS", 6)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.created_count) == (ImportState.FAILED, 6)
    assert queued.message == "数据超过 6 行；请把后面的行另存成一个文件再导入。此前的 6 行已经处理并保留。"


def test_a_lost_file_is_told(queued):
    queued.file.storage.delete(queued.file.name)

    run_batch(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.message) == (ImportState.FAILED, "上传的文件已不在服务器上；请重新上传。")


def test_a_stalled_import_can_be_resumed(queued, django_capture_on_commit_callbacks):
    assert not is_stalled(queued)
    ImportBatch.objects.filter(pk=queued.pk).update(
        state=ImportState.RUNNING, progressed_at=timezone.now() - datetime.timedelta(minutes=10)
    )
    queued.refresh_from_db()
    assert is_stalled(queued)

    with django_capture_on_commit_callbacks(execute=True):
        resume_import(queued)

    queued.refresh_from_db()
    assert queued.state == ImportState.DONE


def test_who_may_not_import_starts_nothing(staff):
    with pytest.raises(PermissionDenied):
        start_import("tenders", ContentFile(b"x", "x.csv"), staff)

    assert not ImportBatch.objects.exists()


def test_the_name_of_a_file_never_becomes_a_path(assistant):
    batch = start_import("tenders", ContentFile(ROWS.encode()), assistant, name="..\\..\\三月 <招标>.csv")

    assert batch.file_name == "三月 <招标>.csv"
    assert batch.file.name.startswith("imports/")
    assert ".." not in batch.file.name
