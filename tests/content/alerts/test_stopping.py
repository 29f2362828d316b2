"""The link in a mail: works without logging in, asks first, ends only what it names."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from content.alerts import saving
from content.alerts.models import MailStop, OptOut
from content.alerts.stopping import stop_url
from tests.factories.alerts import SavedSearchFactory


def path(user, search) -> str:
    return urlsplit(stop_url(user, search)).path


@pytest.fixture
def anonymous() -> Client:
    """Somebody who reads mail, or a mail program, without our cookies and without a token in a form."""
    return Client(enforce_csrf_checks=True)


def test_looking_at_the_link_stops_nothing_and_the_button_does(anonymous, assistant):
    search, other = SavedSearchFactory(owner=assistant, name="总规"), SavedSearchFactory(owner=assistant)
    address = path(assistant, search)

    page = anonymous.get(address)
    assertContains(page, "不再为「总规」提醒您？")
    anonymous.head(address)
    assert not OptOut.objects.exists()
    assert page["Referrer-Policy"] == "no-referrer"

    assertContains(anonymous.post(address, {"List-Unsubscribe": "One-Click"}), "不再为「总规」提醒您")
    anonymous.post(address)
    assert list(OptOut.objects.values_list("user", "search")) == [(assistant.pk, search.pk)]
    assert other.pk != search.pk
    assertContains(anonymous.get(address), "此前已停止")

    assertContains(anonymous.post(address, {"undo": "1"}), "从现在起的新内容会告诉您")
    assert not OptOut.objects.exists()


def test_all_mail_can_be_stopped_and_taken_up_again(anonymous, client, assistant):
    assertContains(anonymous.get(path(assistant, None)), "停收所有检索邮件？")
    anonymous.post(path(assistant, None))
    assert MailStop.objects.filter(user=assistant).exists()

    client.force_login(assistant)
    assertContains(client.get("/saved/"), "您已停收检索邮件")
    client.post("/saved/mail/")
    assert not MailStop.objects.exists()
    client.post("/saved/mail/", {"stop": "1"})
    assert MailStop.objects.exists()


def test_a_link_cannot_be_made_into_that_of_another_search_or_person(anonymous, assistant, colleague):
    mine, theirs = SavedSearchFactory(owner=assistant), SavedSearchFactory(owner=colleague)
    good, other = path(assistant, mine).split("/")[-2], path(colleague, theirs).split("/")[-2]
    value, signature = good.split(":")
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        ":".join([other.split(":")[0], signature]),
        value,
        "x",
        "1:2",
    ]
    for token in forged:
        response = anonymous.post(f"/saved/stop/{token}/")
        assert response.status_code == 404
        assertContains(response, "这个链接不对", status_code=404)
    assert not OptOut.objects.exists()


def test_the_link_of_a_search_that_is_gone_says_so(anonymous, assistant):
    search = SavedSearchFactory(owner=assistant)
    address = path(assistant, search)
    saving.delete(search)

    assertContains(anonymous.get(address), "已经删除")
    assertContains(anonymous.post(address), "已经删除")
