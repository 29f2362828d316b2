"""One mail a day with all searches of a person, capped, honest about what is refused, never twice."""

import datetime
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pytest_django.asserts import assertContains

from content.alerts import mailing, saving, stopping
from content.alerts.models import Alert, Mailing, MailingState
from content.alerts.tasks import send_mailing
from content.notifications.models import Notification
from content.tenders.models import TenderProcess
from content.users.models import User
from tests.content.alerts.conftest import on, tender
from tests.factories.alerts import SavedSearchFactory

SHANGHAI = timezone.get_default_timezone()


def at(day: int, hour: int = 9) -> datetime.datetime:
    """November 2026; the 2nd, 9th and 16th are Mondays."""
    return datetime.datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def morning(django_capture_on_commit_callbacks):
    """Call it to let the clock come to a time and the worker send what is due."""

    def run(when: datetime.datetime) -> int:
        with time_machine.travel(when, tick=False), django_capture_on_commit_callbacks(execute=True):
            return mailing.queue_due()

    return run


@pytest.fixture
def compare_at(compare):
    def run(when: datetime.datetime) -> None:
        with time_machine.travel(when, tick=False):
            compare()

    return run


def test_all_searches_of_a_person_come_in_one_mail_of_the_morning(assistant, compare_at, morning):
    SavedSearchFactory(owner=assistant, name="总规", query="q=总体规划")
    SavedSearchFactory(owner=assistant, name="城市设计", query="q=城市设计")
    one = tender(description="含<b>总体规划</b>图则。", tender_end=on(2027, 4, 1))
    tender("大理州城市设计")
    compare_at(at(10, 15))

    morning(at(10, 16))
    assert mail.outbox == []
    morning(at(11))
    morning(at(11, 10))
    morning(at(12))

    [message] = mail.outbox
    assert message.to == [assistant.email]
    assert message.subject == "「城市设计」、「总规」有 2 条新内容"
    assert (
        "1. 云南省丽江市旅游发展总体规划\n   招标信息 · 截止 2027年4月1日\n   含<b>总体规划</b>图则。\n" in message.body
    )
    assert f"   http://localhost:8000{one.get_absolute_url()}\n" in message.body
    [(page, kind)] = message.alternatives
    assert kind == "text/html"
    assert "含&lt;b&gt;<mark>总体规划</mark>&lt;/b&gt;图则。" in page
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{stopping.stop_url(assistant, None)}>"
    assert headers["Message-ID"] == f"<saved-searches.{Mailing.objects.get().pk}.20261111@localhost>"


def test_one_search_alone_is_stopped_by_the_button_of_the_mail_program(assistant, compare_at, morning):
    search = SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    morning(at(11))

    assert mail.outbox[0].extra_headers["List-Unsubscribe"] == f"<{stopping.stop_url(assistant, search)}>"


def test_weekly_mail_comes_on_monday_and_never_is_never(assistant, colleague, compare_at, morning):
    SavedSearchFactory(owner=assistant, mail="weekly")
    SavedSearchFactory(owner=colleague, mail="never")
    tender()
    compare_at(at(10))

    for day in range(10, 16):
        morning(at(day))
    assert mail.outbox == []
    morning(at(16))
    morning(at(17))
    assert [message.to for message in mail.outbox] == [[assistant.email]]


def test_a_mail_of_many_names_ten_of_each_search_and_counts_the_rest(assistant, compare_at, morning):
    for number in range(6):
        SavedSearchFactory(owner=assistant, name=f"甲{number}", query=f"q=第{number}类")
    TenderProcess.objects.bulk_create(
        TenderProcess(ocid=f"o-{kind}-{number}", title=f"第{kind}类项目{number}")
        for kind in range(6)
        for number in range(12)
    )
    import search

    search.touch(TenderProcess.objects.all())
    compare_at(at(10))
    morning(at(11))

    [message] = mail.outbox
    assert message.subject == "「甲0」、「甲1」等有 72 条新内容"
    assert message.body.count("项目") == 42  # ten of each of four, and never a search without any
    assert message.body.count("还有 2 条：") == 4
    assert message.body.count("还有 11 条：") == 2


def test_rights_are_asked_again_when_the_mail_is_written(assistant, colleague, compare_at, morning):
    for user in (assistant, colleague):
        SavedSearchFactory(owner=user)
    tender("甲地总体规划")
    gone = tender("乙地总体规划")
    compare_at(at(10))
    gone.delete()
    colleague.user_permissions.clear()
    morning(at(11))

    [message] = mail.outbox
    assert message.to == [assistant.email]
    assert "乙地" not in message.body
    assert message.subject.endswith("有 1 条新内容")
    assert Mailing.objects.get(user=colleague).state == MailingState.EMPTY


@pytest.mark.parametrize("how", ["stopped", "no address", "inactive", "opted out", "paused", "never", "deleted"])
def test_who_wants_or_can_get_no_mail_gets_none(assistant, compare_at, morning, how):
    search = SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    match how:
        case "stopped":
            stopping.stop(assistant, None)
        case "no address":
            User.objects.filter(pk=assistant.pk).update(email="")
        case "inactive":
            User.objects.filter(pk=assistant.pk).update(is_active=False)
        case "opted out":
            stopping.stop(assistant, search)
        case "paused":
            saving.pause(search)
        case "never":
            search.mail = "never"
            saving.save_search(search, assistant)
        case "deleted":
            saving.delete(search)
    morning(at(11))
    stopping.resume(assistant, None)
    morning(at(12))

    assert mail.outbox == []


def test_a_mail_the_server_refuses_is_tried_again_and_then_shown(assistant, compare_at, morning, client, monkeypatch):
    SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))

    def refuse(self, *args, **kwargs):
        raise SMTPRecipientsRefused({assistant.email: (550, b"no such user")})

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        morning(at(11))
        waiting = Mailing.objects.get()
        assert (waiting.state, waiting.attempts) == (MailingState.QUEUED, 1)
        assert waiting.next_try_at == at(11) + mailing.WAITS[0]
        assert morning(at(11)) == 0
        client.force_login(assistant)
        assertContains(client.get("/saved/"), "还没有发出，稍后再试")
        when = at(11)
        for wait in mailing.WAITS:
            when += wait
            assert morning(when) == 1
    assert Mailing.objects.get().state == MailingState.FAILED
    assert Notification.objects.latest("pk").title == "检索提醒的邮件没有发出"
    page = client.get("/saved/")
    assertContains(page, "提醒邮件没有发出")
    assertContains(page, assistant.email)


def test_a_mail_refused_once_goes_out_later_under_the_same_id(assistant, compare_at, morning, monkeypatch):
    SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.mail.EmailMultiAlternatives.send", lambda self: (_ for _ in ()).throw(OSError("weg"))
        )
        morning(at(11))
    morning(at(11, 10))

    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [
        f"<saved-searches.{Mailing.objects.get().pk}.20261111@localhost>"
    ]
    assert Mailing.objects.get().state == MailingState.SENT


def test_a_process_killed_while_sending_leaves_the_mail_to_the_next(assistant, compare_at, morning):
    SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    with time_machine.travel(at(11), tick=False):
        mailing.queue_due()  # the worker is not there
        Mailing.objects.update(state=MailingState.SENDING, claimed_at=at(11))
    assert morning(at(11, 9)) == 0
    assert morning(at(11, 10)) == 1
    assert len(mail.outbox) == 1


def test_two_workers_send_one_mail(assistant, compare_at, morning):
    SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    morning(at(11))
    pk = Mailing.objects.get().pk

    assert send_mailing.enqueue(pk).return_value == MailingState.SENT
    assert len(mail.outbox) == 1


def test_a_clock_set_back_or_wrong_for_a_while_sends_nothing_twice(assistant, compare_at, morning):
    SavedSearchFactory(owner=assistant)
    tender()
    compare_at(at(10))
    morning(at(11))
    morning(at(3))
    morning(at(11))
    assert len(mail.outbox) == 1

    tender("另一个总体规划")
    compare_at(at(11, 12))
    morning(at(12))
    assert len(mail.outbox) == 2


def test_a_new_deadline_goes_with_the_next_mail(assistant, compare_at, morning):
    SavedSearchFactory(owner=assistant)
    one = tender(tender_end=on(2027, 4, 1))
    compare_at(at(10))
    morning(at(11))
    one.tender_end = on(2027, 4, 20)
    one.save()
    compare_at(at(11, 12))
    morning(at(12))

    assert len(mail.outbox) == 2
    assert "截止日期由2027年4月1日改为2027年4月20日" in mail.outbox[1].body


def test_another_rhythm_holds_for_what_waits_already(assistant, compare_at, morning):
    search = SavedSearchFactory(owner=assistant, mail="daily")
    tender()
    compare_at(at(10))
    search.mail = "weekly"
    saving.save_search(search, assistant)
    morning(at(11))
    assert mail.outbox == []
    morning(at(16))
    assert len(mail.outbox) == 1
    assert Alert.objects.get().mailing is not None
