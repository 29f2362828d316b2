"""A release and a company introduction on their way: written, routed by what they say, signed, published."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from content.approvals import signing, subjects
from content.approvals.errors import SignOffError, SignOffRequired
from content.approvals.models import Run, RunState
from content.organization.models import Unit
from content.releases.models import Boilerplate, ReleasePage
from tests.factories import approvals, releases

PLAIN = "夜游路线开放"
TOUCHING = "夜游路线开放，全年营业收入突破3.2亿元"


def written(portal, marketer, title, **fields):
    release = releases.draft(portal, title, issuer=Unit.objects.get(code="marketing"), **fields)
    release.save_revision(user=marketer)
    return release


def titles_and_people(path):
    return [(step.title, step.skipped, [str(user) for user in step.people]) for step in path.steps]


def test_a_plain_release_skips_headquarters_and_says_why(portal, marketer, signers):
    path = signing.preview(written(portal, marketer, PLAIN), marketer)

    assert titles_and_people(path) == [
        ("部门审核", False, ["刘芳"]),
        ("会签", False, ["张伟", "李思远"]),
        ("总部确认", True, []),
    ]
    assert path.steps[2].reason == "没有发现涉及公司形象或整体数据的内容，不需要总部确认。"


def test_a_release_with_blocks_left_empty_is_not_submitted_and_each_gap_is_named(portal, marketer, signers):
    release = written(
        portal,
        marketer,
        PLAIN,
        body=[("quote", {"text": "", "who": "", "post": ""}), ("picture", {"image": None, "alt": ""})],
    )

    with pytest.raises(SignOffError) as refused:
        signing.submit(release, marketer)

    assert subjects.shortcomings(release) == [
        "正文第 1 块（引语）“引语”：此项必填。",
        "正文第 1 块（引语）“谁说的”：此项必填。",
        "正文第 2 块（图片）“图片”：此项必填。",
        "正文第 2 块（图片）“替代文字”：此项必填。",
    ]
    assert "正文第 1 块（引语）" in str(refused.value)
    assert not Run.objects.exists()


def test_a_release_with_overall_figures_is_published_only_after_headquarters_signed(portal, marketer, signers, client):
    release = written(portal, marketer, TOUCHING)
    signing.submit(release, marketer)

    for code in ("department-manager", "marketing-director", "product-marketing-manager"):
        approvals.sign_mine(signers[code])
    release.refresh_from_db()
    assert not release.live
    approvals.sign_mine(signers["hq-brand"], "数字已核对")
    release.refresh_from_db()

    assert release.live
    assert client.get(release.url).status_code == 200
    assert client.get(portal.url).context["large"].title == TOUCHING


def test_a_plain_release_is_published_without_headquarters(portal, marketer, signers):
    release = written(portal, marketer, PLAIN)
    signing.submit(release, marketer)

    for code in ("department-manager", "marketing-director", "product-marketing-manager"):
        approvals.sign_mine(signers[code])
    release.refresh_from_db()

    assert release.live


def test_words_added_after_signing_begin_a_new_path(portal, marketer, signers):
    release = releases.published(portal, PLAIN)
    release.summary = "我们是行业第一。"
    revision = release.save_revision(user=marketer)

    with pytest.raises(SignOffRequired):
        revision.publish()

    path = signing.preview(release, marketer)
    assert [step.skipped for step in path.steps] == [False, False, False]
    assert ReleasePage.objects.get(pk=release.pk).summary == "新路线今晚开放，游客凭当日门票可乘接驳车。"


def test_the_signer_reads_the_release_and_what_the_rules_found(portal, marketer, signers, client):
    signing.submit(
        written(portal, marketer, TOUCHING, body=[("quote", {"text": "很好。", "who": "林见山", "post": ""})]), marketer
    )
    client.force_login(signers["department-manager"])

    html = client.get(f"/sign/{Run.objects.get().assignments.first().pk}/").content.decode()

    assert "夜游路线开放，<mark>全年营业收入突破3.2亿元</mark>" in html
    assert "很好。" in html
    assert "签准后立即发布" in html


def test_a_release_with_a_time_waits_for_it_after_the_last_signature(portal, marketer, signers):
    later = timezone.now() + datetime.timedelta(days=2)
    release = written(portal, marketer, PLAIN, go_live_at=later)

    run = approvals.sign_everything(signing.submit(release, marketer))
    release.refresh_from_db()
    assert (run.state, release.live) == (RunState.APPROVED, False)

    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        call_command("publish_scheduled")
    release.refresh_from_db()
    assert release.live


def test_an_introduction_always_goes_to_headquarters(portal, marketer, signers):
    introduction = Boilerplate(
        title="关于", unit=Unit.objects.get(code="headquarters"), body="<p>简介。</p>", live=False
    )
    introduction.save()
    introduction.save_revision(user=marketer)

    path = signing.preview(introduction, marketer)
    run = approvals.sign_everything(signing.submit(introduction, marketer))
    introduction.refresh_from_db()

    assert titles_and_people(path) == [("部门审核", False, ["刘芳"]), ("总部确认", False, ["赵磊"])]
    assert (run.state, introduction.live) == (RunState.APPROVED, True)
