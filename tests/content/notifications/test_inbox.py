import pytest
from django.core import mail
from pytest_django.asserts import assertContains, assertNotContains

from content.notifications.models import Notification, NotificationKind
from content.notifications.queries import unread_count
from content.notifications.sending import forget, notify
from content.notifications.tasks import mail_notifications
from content.notifications.views import inbox_context
from tests.factories.users import UserFactory


@pytest.fixture
def wang(db):
    return UserFactory(name="王敏")


def tell(*users, **kwargs):
    notify(users, kind=NotificationKind.SIGN, **{"title": "请签批：《春游》", "url": "/sign/1/", **kwargs})


def test_each_person_is_told_once_and_the_inactive_not_at_all(wang):
    left = UserFactory(is_active=False)
    tell(wang, wang, left)
    assert list(Notification.objects.values_list("recipient", flat=True)) == [wang.pk]


def test_mail_is_sent_once_after_commit_with_the_address(wang, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(wang, body="王敏提交。")
        assert mail.outbox == []
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        ([wang.email], "请签批：《春游》", "王敏提交。\n\nhttp://localhost:8000/sign/1/")
    ]
    mail_notifications.enqueue([Notification.objects.get().pk])
    assert len(mail.outbox) == 1


def test_news_without_mail_is_only_in_the_inbox(wang, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(wang, mail=False)
    assert (mail.outbox, unread_count(wang)) == ([], 1)


def test_the_inbox_asks_the_anonymous_to_log_in(client, db):
    assert client.get("/inbox/")["Location"] == "/login/?next=/inbox/"


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_costs_the_same_for_one_message_and_for_three(client, wang, django_assert_num_queries, number):
    for index in range(number):
        tell(wang, title=f"消息{index}")
    with django_assert_num_queries(3):
        context = inbox_context(wang)
    assert len(context["messages_shown"]) == number
    client.force_login(wang)
    assertContains(client.get("/inbox/"), "待我签批 ·", count=number)


def test_people_see_and_change_only_their_own_messages(client, wang):
    other = UserFactory(name="李思远")
    tell(other, title="别人的")
    tell(wang, title="我的")
    client.force_login(wang)
    page = client.get("/inbox/")
    assertContains(page, "我的")
    assertNotContains(page, "别人的")
    theirs = Notification.objects.get(recipient=other)
    assert client.post(f"/inbox/{theirs.pk}/").status_code == 404
    client.post("/inbox/read/")
    assert (unread_count(wang), unread_count(other)) == (0, 1)


def test_opening_a_message_marks_it_read_and_leads_on(client, wang):
    tell(wang)
    tell(wang, url="")
    tell(wang, url="//evil.example/")
    client.force_login(wang)
    for message, target in zip(Notification.objects.order_by("pk"), ["/sign/1/", "/inbox/", "/inbox/"], strict=True):
        assert client.post(f"/inbox/{message.pk}/")["Location"] == target
        assert client.get(f"/inbox/{message.pk}/")["Location"] == "/inbox/"  # back from the login page
    assert unread_count(wang) == 0


def test_the_unread_filter_and_the_empty_page(client, wang):
    tell(wang, title="已读过")
    Notification.objects.update(read_at="2026-01-01T00:00:00Z")
    tell(wang, title="还没读")
    client.force_login(wang)
    page = client.get("/inbox/?unread=1")
    assertContains(page, "还没读")
    assertNotContains(page, "已读过")
    Notification.objects.all().delete()
    assertContains(client.get("/inbox/"), "没有消息")


def test_messages_are_paged(client, wang):
    for index in range(31):
        tell(wang, title=f"第{index}条。", mail=False)
    client.force_login(wang)
    assertNotContains(client.get("/inbox/"), "第0条。")
    assertContains(client.get("/inbox/?page=2"), "第0条。")
    assertContains(client.get("/inbox/?page=nonsense"), "第30条。")


def test_a_settled_request_counts_as_read(wang):
    tell(wang)
    tell(wang, url="/sign/2/")
    forget("/sign/1/")
    assert unread_count(wang) == 1


def test_counting_for_the_anonymous_costs_nothing(django_assert_num_queries):
    from django.contrib.auth.models import AnonymousUser

    with django_assert_num_queries(0):
        assert unread_count(AnonymousUser()) == 0
