import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from content.approvals import deadlines, handing, log, signing, talking
from content.approvals.errors import AlreadyDecided, NotYours, SignOffError, TooSoon
from content.approvals.models import Act, Assignment, LogEntry, LogHead, LogIsFinal, Run, RunState
from content.approvals.queries import pending_for
from content.notifications.models import Notification
from content.organization.setting_up import set_up_working_days
from tests.factories.approvals import sign_everything, sign_mine


@pytest.fixture
def run(paper, people):
    set_up_working_days()
    return signing.submit(paper, people.writer)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def last(user):
    return Notification.objects.filter(recipient=user).order_by("pk").last().title


def test_the_drafter_reminds_but_not_again_at_once(run, people):
    with pytest.raises(NotYours, match="只有起草人可以催办"):
        talking.urge(run, people.tech)
    talking.urge(run, people.writer)
    assert last(people.manager) == "催办：《春游路线上新》"
    with pytest.raises(TooSoon, match="刚催办过，请到"):
        talking.urge(run, people.writer)
    Run.objects.filter(pk=run.pk).update(urged_at=timezone.now() - datetime.timedelta(hours=5))
    assert talking.urge(run, people.writer).text == "催办：李经理。"


def test_copied_to_a_post_its_people_see_the_run_and_that_they_read_it_shows(client, run, people, staff):
    url = f"/sign/runs/{run.pk}/"
    client.force_login(staff)
    assert client.get(url).status_code == 403
    talking.copy(run, people.writer, [staff.holdings.get().post], "请知悉")
    assert run.copies.get().read_at is None
    assert last(staff) == "抄送：《春游路线上新》"
    assert "本周末上新三条路线。" in client.get(url).content.decode()
    assert run.copies.get().read_at is not None
    with pytest.raises(AlreadyDecided, match="不必重复抄送"):
        talking.copy(run, people.writer, [staff.holdings.get().post])
    assert pending_for(staff) == []


def test_those_who_want_to_know_are_told_when_all_have_signed(paper, people, route, staff):
    route.copy_to.add(staff.holdings.get().post)
    route.save()
    sign_everything(signing.submit(paper, people.writer))
    assert last(staff) == "抄送：《春游路线上新》"


def test_a_word_reaches_drafter_and_signers_and_is_no_signature(run, people, outsider):
    talking.comment(run, people.tech, "数字已核对")
    assert (last(people.writer), last(people.manager)) == ("留言：《春游路线上新》",) * 2
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING
    with pytest.raises(NotYours, match="与您无关"):
        talking.comment(run, outsider, "我也说一句")
    with pytest.raises(SignOffError, match="请写下要说的话"):
        talking.comment(run, people.tech, "  ")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("合同.exe", b"MZ", "附件「合同.exe」的类型不能上传"),
        ("合同.pdf", b"<html>", "附件「合同.pdf」：文件名以 .pdf 结尾，内容却不是 PDF 文档（像是网页）"),
        ("空.txt", b"", "附件「空.txt」是空文件"),
        ("../../x.docx", b"PK", "附件「x.docx」：文件名以 .docx 结尾"),
    ],
)
def test_a_file_that_is_not_what_it_says_costs_nothing(run, people, name, content, sentence):
    row = pending_for(people.manager)[0].assignment
    with pytest.raises(SignOffError, match=sentence):
        signing.sign(row, people.manager, digest=run.digest, files=[ContentFile(content, name)])
    assert len(pending_for(people.manager)) == 1


def test_a_file_goes_with_the_signature_to_those_concerned_only(client, run, people, outsider):
    row = pending_for(people.manager)[0].assignment
    signing.sign(row, people.manager, digest=run.digest, files=[ContentFile(b"%PDF-1.4 facts", "facts.pdf")])
    entry = run.log.get(act=Act.SIGNED)
    url = f"/sign/files/{entry.attachments.get().pk}/"
    client.force_login(people.writer)
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"%PDF-1.4 facts"
    assert "attachment" in response["Content-Disposition"]
    client.force_login(outsider)
    assert client.get(url).status_code == 403
    assert list(log.verify()) == []
    with entry.attachments.get().file.open("wb") as file:
        file.write(b"%PDF-1.4 other")
    assert list(log.verify()) == [f"日志第 {entry.number} 行的附件「facts.pdf」换成了别的文件。"]


def test_what_is_due_soon_is_said_once_and_what_is_late_goes_to_the_superior_too(run, people):
    row = pending_for(people.manager)[0].assignment
    now = timezone.now()
    Assignment.objects.filter(pk=row.pk).update(due_at=now + datetime.timedelta(hours=2))
    assert (deadlines.remind(), deadlines.remind(), deadlines.escalate()) == (1, 0, 0)
    assert last(people.manager) == "快到期限：《春游路线上新》"
    assert pending_for(people.gm) == []
    later = now + datetime.timedelta(hours=3)
    assert (deadlines.escalate(later), deadlines.escalate(later)) == (1, 0)
    assert (last(people.gm), last(people.writer)) == ("逾期上报：《春游路线上新》", "签批逾期：《春游路线上新》")
    assert len(pending_for(people.gm)) == len(pending_for(people.manager)) == 1
    decision = sign_mine(people.gm)
    assert decision.post == people.gm_post
    assert pending_for(people.manager) == []


def test_the_log_tells_everything_in_order_and_is_whole(run, people):
    handing.add_before(pending_for(people.manager)[0].assignment, people.manager, people.tech_post)
    sign_everything(run)
    acts = [entry.act for entry in run.log.all()]
    assert acts == ["submitted", "added", "signed", "signed", "signed", "signed", "approved"]
    assert list(log.verify()) == []
    assert list(log.verify(LogHead.objects.get().mark)) == []
    assert list(log.verify("0" * 64)) == [f"找不到摘要值为 {'0' * 64} 的行；它以前的记录可能被整体替换过。"]


def test_rows_of_the_log_are_final(run):
    entry = run.log.first()
    entry.text = "改"
    for forbidden in (entry.save, entry.delete, run.log.all().delete, lambda: run.log.update(text="改")):
        with pytest.raises(LogIsFinal):
            forbidden()


@pytest.fixture
def unlocked(db):
    """Take the database's own lock off, as somebody with the rights could."""
    from django.db import connection

    with connection.cursor() as cursor:
        on = " ON approvals_logentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER approvals_log_is_final{on}")
        yield cursor


def test_the_database_refuses_to_change_a_row(run):
    from django.db import DatabaseError, connection, transaction

    with pytest.raises(DatabaseError, match="签批日志只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE approvals_logentry SET text = '改'")


def test_a_row_changed_is_found(run, people, unlocked):
    sign_mine(people.manager)
    unlocked.execute("UPDATE approvals_logentry SET text = '改' WHERE number = 1")
    assert list(log.verify()) == [f"第 1 行（提交，签批 {run.pk}）被改动过。"]


def test_rows_taken_out_are_found_in_the_middle_and_at_the_end(run, people, unlocked):
    sign_everything(run)
    last_number = LogEntry.objects.count()
    unlocked.execute("DELETE FROM approvals_logentry WHERE number IN (2, 3)")
    assert "第 2–3 行不见了。" in list(log.verify())
    unlocked.execute(f"DELETE FROM approvals_logentry WHERE number = {last_number}")
    assert any(fault.startswith(f"日志应有 {last_number} 行") for fault in log.verify())


def test_a_decision_changed_or_added_beside_the_log_is_found(run, people):
    decision = sign_mine(people.manager, "同意")
    type(decision).objects.filter(pk=decision.pk).update(comment="不同意")
    number = run.log.get(act=Act.SIGNED).number
    assert list(log.verify()) == [f"签批意见 {decision.pk} 与日志第 {number} 行不一致。"]


def test_the_command_says_whether_all_is_well(run, people, capsys):
    from django.core.management import CommandError, call_command

    call_command("verify_decision_log")
    assert "签批日志完整，共 1 行。" in capsys.readouterr().out
    decision = sign_mine(people.manager)
    type(decision).objects.filter(pk=decision.pk).update(verdict="refuse")
    with pytest.raises(CommandError, match="签批日志有 1 处问题"):
        call_command("verify_decision_log")


def test_content_changed_behind_the_signatures_is_noticed_by_the_clock(run, paper, people):
    assert deadlines.void_changed() == 0
    draft = type(paper).objects.get(pk=paper.pk).get_latest_revision_as_object()
    draft.body = "偷偷改了。"
    draft.save_revision(user=people.writer)
    assert deadlines.void_changed() == 1
    assert Run.objects.get(pk=run.pk).state == RunState.VOIDED
    assert last(people.writer) == "签批作废：《春游路线上新》"
