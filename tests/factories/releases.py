"""Releases as they are once everybody has signed: published by the guard's own rule, not around it."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from content.approvals.digests import digest_of_content
from content.approvals.models import Route, Run, RunState
from content.core.choices import Audience
from content.releases.models import Boilerplate, NewsroomPage, ReleasePage
from tests.factories.organization import UnitFactory
from tests.factories.users import UserFactory


def sign_and_publish(subject):
    """Record an approved run for the latest content and publish it."""
    revision = subject.get_latest_revision() or subject.save_revision()
    route, _ = Route.objects.get_or_create(code="release", defaults={"name": "新闻稿签批"})
    Run.objects.create(
        route=route,
        definition={},
        content_type=ContentType.objects.get_for_model(subject),
        object_id=str(subject.pk),
        title=str(subject)[:255],
        digest=digest_of_content(revision.content, type(subject)),
        revision_id=revision.pk,
        drafter=UserFactory(username="drafter"),
        state=RunState.APPROVED,
    )
    revision.publish(skip_permission_checks=True)
    subject.refresh_from_db()
    return subject


def newsroom_below(home) -> NewsroomPage:
    """The newsroom of the start page, made when missing."""
    newsroom = NewsroomPage.objects.first()
    if newsroom is None:
        newsroom = home.add_child(
            instance=NewsroomPage(title="新闻中心", slug="newsroom", summary="集团新闻。", audience=Audience.PUBLIC)
        )
    return newsroom


def draft(newsroom, title="古城夜游路线开放", **fields) -> ReleasePage:
    """A release nobody has signed."""
    fields.setdefault("issuer", UnitFactory(code="plaza", name="山河广场", kind="company"))
    fields.setdefault("summary", "新路线今晚开放，游客凭当日门票可乘接驳车。")
    return newsroom.add_child(instance=ReleasePage(title=title, live=False, **fields))


def published(newsroom, title="古城夜游路线开放", *, days_ago=0, **fields) -> ReleasePage:
    """A signed and published release, first published so many days ago."""
    release = sign_and_publish(draft(newsroom, title, **fields))
    first = timezone.now() - datetime.timedelta(days=days_ago)
    ReleasePage.objects.filter(pk=release.pk).update(first_published_at=first)
    release.first_published_at = first
    return release


def boilerplate(*, signed=True, **fields) -> Boilerplate:
    """A company introduction, signed unless told otherwise."""
    fields.setdefault("unit", UnitFactory(code="headquarters", name="总部", kind="headquarters"))
    fields.setdefault("title", "关于山河文旅集团")
    fields.setdefault("body", "<p>山河文旅集团是一家虚构的文旅企业，全年营业收入 9 亿元。</p>")
    subject = Boilerplate(live=False, **fields)
    subject.save()
    return sign_and_publish(subject) if signed else subject
