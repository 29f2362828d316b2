"""The page that tells what one may type."""

import re
from html import unescape

import pytest
from django.urls import reverse

from search.engines import get_engine
from search.query import Choice, Span, parse
from tests.search.documents import DALI, LIJIANG, RELEASE


@pytest.fixture(autouse=True)
def documents(kinds, home):
    get_engine().write([LIJIANG, DALI, RELEASE])


def examples(client) -> list[str]:
    response = client.get(reverse("search:help"))
    assert response.status_code == 200
    return [unescape(found) for found in re.findall(r"<a [^>]*><code>(.*?)</code>", response.content.decode())]


@pytest.mark.django_db
def test_every_example_is_read_as_it_is_meant(client):
    read = {text: parse(text) for text in examples(client)}

    assert all(str(parsed) == text.replace(" 或 ", " | ") for text, parsed in read.items())
    kinds = {type(part) for parsed in read.values() for group in parsed.groups for part in group}
    assert {Choice, Span} <= kinds
    assert not any(parsed.unread or parsed.cut for parsed in read.values())


@pytest.mark.django_db
def test_values_are_those_the_reader_may_see(client, staff):
    assert "类别:公告" in examples(client)
    assert "类别:新闻稿" not in examples(client)
    assert "地区:丽江市" in examples(client)
    client.force_login(staff)
    assert "类别:新闻稿" in examples(client)
