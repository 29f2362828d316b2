"""Who is told of what: new matches, once each, only what may be read, nothing lost and nothing twice."""

import datetime

import pytest
from django.utils import timezone

import search
from content.alerts import matching, saving, stopping
from content.alerts.models import Alert, OptOut, WaitingDocument
from content.notifications.models import Notification, NotificationKind
from content.notifications.passages import to_html
from content.organization.models import Holding
from content.tenders.models import TenderProcess
from content.users.models import User
from search import outbox
from tests.content.alerts.conftest import alerts, on, reads_tenders, tender, told
from tests.factories.alerts import SavedSearchFactory
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory


def test_a_new_match_is_told_at_once_with_its_passage(assistant, compare):
    SavedSearchFactory(owner=assistant, name="云南总规", query="q=总体规划+云南")

    tender(
        description="项目位于滇西。规划范围内的古城按《云南省历史文化名城保护条例》执行。", tender_end=on(2027, 4, 1)
    )
    tender("大理州城市设计")
    assert compare() == 2

    message = Notification.objects.get(recipient=assistant)
    assert message.kind == NotificationKind.ALERT
    assert message.title == "「云南总规」有新内容：云南省丽江市旅游发展总体规划"
    assert message.body == "招标信息 · 截止 2027年4月1日"
    assert to_html(message.passage) == (
        "项目位于滇西。规划范围内的古城按《<mark>云南</mark>省历史文化名城保护条例》执行。"
    )
    assert message.url == TenderProcess.objects.get(title__startswith="云南").get_absolute_url()
    assert not WaitingDocument.objects.exists()


def test_what_was_there_when_the_search_was_saved_is_known_even_when_it_is_edited(assistant, compare):
    old = tender()
    compare()
    SavedSearchFactory(owner=assistant)

    old.description = "补充说明。"
    old.save()
    compare()

    assert told(assistant) == []


def test_an_edit_that_makes_a_document_match_is_news_and_later_edits_are_not(assistant, compare):
    SavedSearchFactory(owner=assistant, query="q=保护条例")
    one = tender()
    compare()
    assert told(assistant) == []

    one.description = "按保护条例执行。"
    one.save()
    compare()
    assert len(told(assistant)) == 1

    for text in ("按保护条例和技术导则执行。", "", "又按保护条例执行。"):
        one.description = text
        one.save()
        compare()
    assert len(told(assistant)) == 1


def test_names_that_are_only_in_the_codes_are_compared_with_what_they_were(assistant, compare):
    one = tender(procuring_entity="玉龙县文化和旅游局")
    compare()
    SavedSearchFactory(owner=assistant, query="q=玉龙县文化和旅游局")

    one.description = "写上部门意见。"
    one.save()
    other = tender(procuring_entity="")
    compare()
    assert told(assistant) == []

    other.procuring_entity = "玉龙县文化和旅游局"
    other.save()
    compare()
    assert alerts(assistant) == [f"tenders.tenderprocess:{other.pk}"]


def test_a_document_several_searches_mean_is_told_once(assistant, compare):
    SavedSearchFactory(owner=assistant, name="总规", mail="never")
    SavedSearchFactory(owner=assistant, name="丽江", query="q=丽江", inbox=False, mail="weekly")

    tender()
    compare()

    assert told(assistant) == ["「总规」有新内容：云南省丽江市旅游发展总体规划"]
    assert "另有 1 个检索也符合" in Notification.objects.get().body
    assert list(Alert.objects.values_list("mail", flat=True)) == ["weekly"]


def test_only_what_may_be_read_at_that_moment_is_told(staff, assistant, superuser, compare):
    for user in (staff, assistant, superuser):
        SavedSearchFactory(owner=user)

    tender()
    compare()
    assert {user.username: len(alerts(user)) for user in (staff, assistant, superuser)} == {
        "staff": 0,
        "assistant": 1,
        "root": 1,
    }

    Holding.objects.filter(user=assistant).update(until=datetime.date(2020, 2, 1))
    assistant.user_permissions.clear()
    reads_tenders(staff)
    tender()
    compare()
    assert [len(alerts(user)) for user in (staff, assistant)] == [1, 1]


def test_what_is_opened_to_somebody_later_is_news_to_that_person(home, staff, outsider, compare):
    from content.releases.models import NewsroomPage
    from tests.factories.releases import published

    newsroom = home.add_child(instance=NewsroomPage(title="新闻中心", slug="newsroom", audience="public"))
    SavedSearchFactory(owner=staff, query="q=夜游路线")
    SavedSearchFactory(owner=outsider, query="q=夜游路线")
    page = published(newsroom, "古城夜游路线开放", audience="staff")
    compare()
    assert (len(alerts(staff)), len(alerts(outsider))) == (1, 0)

    type(page).objects.filter(pk=page.pk).update(audience="public")
    search.touch([page])
    compare()
    assert (len(alerts(staff)), len(alerts(outsider))) == (1, 1)


def test_holders_of_the_post_are_told_of_a_shared_search_and_stop_it_each_for_himself(assistant, colleague, compare):
    second = reads_tenders(HoldingFactory(post=colleague.holdings.get().post, user=UserFactory(name="刘芳")).user)
    left = UserFactory(is_active=False)
    HoldingFactory(post=colleague.holdings.get().post, user=left)
    search = SavedSearchFactory(owner=assistant, post=colleague.holdings.get().post)
    stopping.stop(second, search)

    tender()
    compare()
    assert [len(alerts(user)) for user in (assistant, colleague, second, left)] == [1, 1, 0, 0]

    stopping.resume(second, search)
    stopping.stop(assistant, search)
    tender()
    compare()
    assert [len(alerts(user)) for user in (assistant, colleague, second, left)] == [1, 2, 1, 0]


def test_a_disabled_owner_ends_the_own_searches_and_leaves_the_shared_to_the_post(assistant, colleague, compare):
    SavedSearchFactory(owner=assistant)
    SavedSearchFactory(owner=assistant, post=colleague.holdings.get().post)
    User.objects.filter(pk=assistant.pk).update(is_active=False)

    tender()
    compare()

    assert [len(alerts(user)) for user in (assistant, colleague)] == [0, 1]


def test_who_holds_the_post_later_is_told_of_what_comes_later(assistant, department, compare):
    post = PostFactory(code="gm", title="总经理", unit=department)
    SavedSearchFactory(owner=assistant, post=post)
    tender()
    compare()
    new = reads_tenders(HoldingFactory(post=post).user)
    assert alerts(new) == []

    tender()
    compare()
    assert len(alerts(new)) == 1


def test_a_paused_search_tells_nothing_and_does_not_catch_up(assistant, compare):
    search = SavedSearchFactory(owner=assistant)
    SavedSearchFactory(owner=assistant, query="q=没有人找的词")
    saving.pause(search)
    during = tender()
    compare()
    saving.go_on(search)
    during.description = "改了一个字。"
    during.save()
    compare()
    assert told(assistant) == []

    tender()
    compare()
    assert len(told(assistant)) == 1


def test_a_new_deadline_of_a_document_already_told_is_told(assistant, colleague, compare):
    search = SavedSearchFactory(owner=assistant, name="总规")
    one = tender(tender_end=on(2027, 4, 1))
    compare()
    SavedSearchFactory(owner=colleague)
    Alert.objects.update(mail="never")

    one.tender_end = on(2027, 4, 20)
    one.save()
    compare()
    one.description = "别的改动。"
    one.save()
    compare()

    assert told(assistant)[1:] == ["截止日期改为2027年4月20日：云南省丽江市旅游发展总体规划"]
    last = Notification.objects.filter(recipient=assistant).latest("pk")
    assert last.body == "原为2027年4月1日。符合您保存的检索「总规」。"
    alert = Alert.objects.get(user=assistant)
    assert (alert.deadline, alert.deadline_before) == (datetime.date(2027, 4, 20), datetime.date(2027, 4, 1))
    assert alert.mail == "daily"
    assert told(colleague) == []

    saving.pause(search)
    one.tender_end = on(2027, 5, 1)
    one.save()
    compare()
    assert len(told(assistant)) == 2


def test_an_import_of_many_gives_one_message(assistant, compare):
    SavedSearchFactory(owner=assistant, name="总规")
    for number in range(7):
        tender(f"第{number}个总体规划")
    compare()

    message = Notification.objects.get(recipient=assistant)
    assert message.title == "「总规」有 7 条新内容"
    assert message.body.splitlines()[-1] == "还有 2 条"
    assert message.url == f"/saved/{Alert.objects.first().search_id}/"
    assert len(alerts(assistant)) == 7


def test_after_twenty_messages_a_day_one_counts_on(assistant, compare):
    SavedSearchFactory(owner=assistant, query="q=")
    for number in range(23):
        tender(f"第{number}个项目")
        compare()

    messages = Notification.objects.filter(recipient=assistant).order_by("pk")
    assert messages.count() == 21
    assert messages.last().title == "今天已有 23 条内容符合您保存的检索"
    assert len(alerts(assistant)) == 23


def test_a_search_that_means_everything_takes_everything_that_may_be_read(assistant, staff, compare):
    SavedSearchFactory(owner=assistant, query="")
    SavedSearchFactory(owner=staff, query="")
    tender("大理州城市设计")
    compare()

    assert (len(alerts(assistant)), len(alerts(staff))) == (1, 0)


@pytest.mark.parametrize("query", ["kind=gone&q=规划", "q=规划&gone=x", "q=%25%25%25"])
def test_an_address_that_has_lost_a_part_finds_nothing_instead_of_more(assistant, compare, query):
    SavedSearchFactory(owner=assistant, query=query)
    tender()
    compare()

    assert told(assistant) == []


def test_without_saved_searches_nothing_is_written_down(search_index, db):
    tender()
    search_index()

    assert not WaitingDocument.objects.exists()


def test_a_touch_without_a_change_is_no_change(assistant, search_index):
    one = tender()
    search_index()
    SavedSearchFactory(owner=assistant)
    outbox.touch([one])
    search_index()

    assert not WaitingDocument.objects.exists()


def test_what_was_deleted_meanwhile_is_left_out(assistant, search_index):
    SavedSearchFactory(owner=assistant)
    one = tender()
    search_index()
    one.delete()

    assert matching.match_batch() == 1
    assert told(assistant) == []


def test_an_undone_transaction_leaves_all_to_the_next_and_tells_once(assistant, search_index, monkeypatch):
    SavedSearchFactory(owner=assistant)
    tender()
    search_index()

    def crash(*args):
        raise RuntimeError("gone")

    with monkeypatch.context() as patch:
        patch.setattr("content.alerts.telling.tell", crash)
        with pytest.raises(RuntimeError):
            matching.match_batch()
    assert (told(assistant), alerts(assistant)) == ([], [])

    assert matching.match_batch() == 1
    assert matching.match_batch() == 0
    assert len(told(assistant)) == 1


def test_two_who_compare_the_same_rows_tell_once(assistant, search_index):
    SavedSearchFactory(owner=assistant)
    one = tender()
    search_index()
    rows = list(WaitingDocument.objects.all())
    matching.match_batch()
    WaitingDocument.objects.bulk_create(rows)  # as the second process has read them
    matching.match_batch()

    assert told(assistant) == [f"「{Alert.objects.get().search}」有新内容：{one.title}"]


def test_a_document_that_cannot_be_compared_holds_up_no_other(assistant, search_index, caplog):
    SavedSearchFactory(owner=assistant)
    broken, fine = tender("第一个总体规划"), tender("第二个总体规划")
    search_index()
    WaitingDocument.objects.filter(key__endswith=f":{broken.pk}").update(before=b"no such bytes")
    matching.match_batch()

    assert alerts(assistant) == [f"tenders.tenderprocess:{fine.pk}"]
    assert "could not be compared" in caplog.text


def test_deleting_and_saving_again_tells_nothing_twice(assistant, compare):
    search = SavedSearchFactory(owner=assistant)
    one = tender()
    compare()
    saving.delete(search)
    SavedSearchFactory(owner=assistant)
    one.title = "丽江市总体规划（更正）"
    one.save()
    compare()

    assert len(told(assistant)) == 1
    assert Alert.objects.get().search is None


@pytest.mark.parametrize("number", [1, 3])
def test_telling_costs_the_same_for_one_search_and_for_three(
    assistant, search_index, django_assert_num_queries, number
):
    for at in range(number):
        SavedSearchFactory(owner=assistant, name=f"检索{at}")
    tender("预热的总体规划")
    search_index()
    matching.match_batch()
    for at in range(number):
        tender(f"第{at}个总体规划")
    search_index()

    with django_assert_num_queries(21):
        matching.match_batch()
    assert len(alerts(assistant)) == number + 1


def test_a_clock_set_back_changes_nothing(assistant, compare, time_machine_back):
    SavedSearchFactory(owner=assistant)
    with time_machine_back():
        tender()
        compare()

    assert len(told(assistant)) == 1


@pytest.fixture
def time_machine_back():
    import time_machine

    return lambda: time_machine.travel(timezone.now() - datetime.timedelta(days=400), tick=True)


def test_opt_outs_go_with_their_search(assistant):
    search = SavedSearchFactory(owner=assistant)
    stopping.stop(assistant, search)
    saving.delete(search)

    assert not OptOut.objects.exists()


def test_what_a_rebuild_indexes_before_it_is_drained_is_told_too(assistant, compare):
    from search.maintenance import rebuild

    SavedSearchFactory(owner=assistant, query="q=保护条例")
    one, known = tender(), tender(description="按保护条例执行。")
    compare()
    one.description = "按保护条例执行。"
    one.save()
    known.description = "仍按保护条例执行。"
    known.save()
    new = tender(description="新的，按保护条例执行。")
    rebuild()
    compare()

    assert sorted(alerts(assistant)) == [f"tenders.tenderprocess:{tender.pk}" for tender in (one, known, new)]


def test_a_rebuild_of_an_index_nobody_can_read_loses_nothing(assistant, compare, settings):
    from search.engines import get_engine
    from search.maintenance import rebuild

    SavedSearchFactory(owner=assistant)
    tender("预先的城市设计")
    compare()
    new = tender()
    (get_engine().generations.path(get_engine().generations.current()) / "meta.json").write_text("{")
    rebuild()
    compare()

    assert alerts(assistant) == [f"tenders.tenderprocess:{new.pk}"]
