import datetime
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from content.core.choices import Audience
from content.media.models import Document, Image
from content.organization.models import Unit
from content.releases.models import ReleasePage
from tests.factories import releases
from tests.factories.organization import PostFactory

LONG = "山河广场与古城保护管理机构联合推出全长三公里的夜间步行游览路线并同步上线预约小程序与多语种讲解服务" * 2


def picture(number=0, **fields):
    return Image.objects.create(
        title=f"图{number}", file=get_test_image_file(filename=f"p{number}.png", size=(32, 24)), **fields
    )


def every_block(introduction=None, image=None, document=None):
    blocks = [
        ("section_heading", "灯光亮起"),
        ("paragraphs", "<p>第一段，有<b>重点</b>。</p>"),
        ("quote", {"text": "愿意住上一晚。", "who": "林见山", "post": "规划设计院院长"}),
        (
            "key_figures",
            {
                "figures": [
                    {
                        "label": "讲解点",
                        "value": "6",
                        "unit": "处",
                        "source": "项目组",
                        "as_of": datetime.date(2026, 10, 7),
                    }
                ]
            },
        ),
    ]
    if image:
        blocks.append(("picture", {"image": image, "alt": "夜色里的城门", "caption": "南门夜景"}))
    if document:
        blocks.append(("download", {"document": document, "title": "媒体资料包", "note": "高清图片"}))
    if introduction:
        blocks.append(("boilerplate", introduction))
    return blocks


def test_a_release_shows_every_block(newsroom, client):
    newsroom.contact_post = PostFactory(code="hq-brand", title="总部品牌审核")
    newsroom.contact_phone = "0888-123 4567"
    newsroom.save_revision().publish()
    document = Document.objects.create(title="资料", file="documents/a.pdf", file_size=2048)
    release = releases.published(
        newsroom,
        dateline="丽江",
        body=every_block(releases.boilerplate(), picture(credit="李思远", rights_note="仅限报道"), document),
    )

    html = client.get(release.url).content.decode()

    for text in (
        '<h2 class="section-heading">灯光亮起</h2>',
        "第一段，有<b>重点</b>。",
        "愿意住上一晚。",
        "规划设计院院长",
        "来源：项目组（截至 2026年10月7日）",
        'alt="夜色里的城门"',
        "摄影 / 作者：李思远；仅限报道",
        "媒体资料包",
        "PDF · 2.0",
        "关于山河文旅集团",
        "总部品牌审核",
        "tel:0888-1234567",
        "丽江",
    ):
        assert text in html
    assert html.count("<h1") == 1


def test_an_unsigned_introduction_is_not_shown(newsroom, client):
    unsigned = releases.boilerplate(signed=False, body="<p>未经确认的简介</p>")
    release = releases.published(newsroom, body=[("boilerplate", unsigned)])

    assert "未经确认的简介" not in client.get(release.url).content.decode()


def test_who_may_open_a_release(newsroom, client, staff, outsider, superuser):
    public = releases.published(newsroom, "公开稿")
    internal = releases.published(newsroom, "内部稿", audience=Audience.STAFF)
    draft = releases.draft(newsroom, "草稿")

    def statuses():
        return [client.get(page.url).status_code for page in (public, internal, draft)]

    assert statuses() == [200, 302, 404]
    assert client.get(internal.url).url.startswith("/login/?next=")
    client.force_login(outsider)
    assert statuses() == [200, 403, 404]
    client.force_login(staff)
    assert statuses() == [200, 200, 404]
    client.force_login(superuser)
    assert statuses() == [200, 200, 404]


@pytest.mark.parametrize("number", [1, 3])
def test_a_body_costs_the_same_for_one_block_of_each_kind_and_for_three(
    number, newsroom, client, django_assert_num_queries
):
    blocks = []
    for index in range(number):
        blocks += every_block(
            releases.boilerplate(title=f"关于{index}"),
            picture(index),
            Document.objects.create(title=f"资料{index}", file=f"documents/{index}.pdf"),
        )
    release = releases.published(newsroom, body=blocks)
    client.get(release.url)

    with django_assert_num_queries(17):
        response = client.get(release.url)

    assert response.content.decode().count("夜色里的城门") == number


@pytest.mark.parametrize("number", [1, 3])
def test_related_releases_cost_the_same_for_one_and_for_three(number, newsroom, client, django_assert_num_queries):
    release = releases.published(newsroom, "本篇")
    for index in range(number):
        releases.published(newsroom, f"别篇{index}", cover=picture(index), cover_alt="图", days_ago=index)
    client.get(release.url)

    with django_assert_num_queries(14):
        response = client.get(release.url)

    assert [other.title for other in response.context["related"]] == [f"别篇{index}" for index in range(number)]


def test_related_releases_are_of_the_same_issuer_first_and_readable_only(newsroom, client):
    hotel = Unit.objects.create(code="hotel", name="山河酒店", kind="company")
    release = releases.published(newsroom, "本篇", issuer=hotel)
    releases.published(newsroom, "别家的新稿", days_ago=1)
    releases.published(newsroom, "本店旧稿", issuer=hotel, days_ago=9)
    releases.published(newsroom, "本店内部稿", issuer=hotel, audience=Audience.STAFF)

    related = client.get(release.url).context["related"]

    assert [other.title for other in related] == ["本店旧稿", "别家的新稿"]


def test_metadata_describes_the_release_and_cannot_break_out_of_its_element(newsroom, client):
    release = releases.published(
        newsroom, "标题</script><script>alert(1)</script>", cover=picture(), cover_alt="城门", dateline="丽江"
    )

    html = client.get(release.url).content.decode()

    assert "<script>alert(1)</script>" not in html
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["headline"] == "标题</script><script>alert(1)</script>"
    assert data["author"] == {"@type": "Organization", "name": "山河广场"}
    assert data["image"][0].startswith("http://testserver/media/images/")
    assert f'<meta property="og:image" content="{data["image"][0]}">' in html


def test_a_long_chinese_title_is_kept_whole_and_its_address_short(newsroom, client):
    release = releases.published(newsroom, LONG)

    assert LONG in client.get(release.url).content.decode()
    assert len(release.slug) <= 80


def test_html_typed_into_a_plain_field_is_shown_as_text(newsroom, client):
    release = releases.published(
        newsroom, summary="<img src=x onerror=alert(1)>", body=[("section_heading", "<b>粗</b>")]
    )

    html = client.get(release.url).content.decode()

    assert "<img src=x" not in html
    assert "&lt;b&gt;粗&lt;/b&gt;" in html


def test_a_cover_needs_a_text_for_those_who_cannot_see_it(newsroom):
    release = releases.draft(newsroom)
    release.cover = picture()

    with pytest.raises(ValidationError) as error:
        release.full_clean()

    assert list(error.value.message_dict) == ["cover_alt"]


def test_a_release_signed_with_a_time_is_published_by_the_worker(newsroom, client):
    from django.core.management import call_command

    later = timezone.now() + datetime.timedelta(hours=1)
    release = releases.sign_and_publish(releases.draft(newsroom, go_live_at=later))
    assert (release.live, client.get(release.url).status_code) == (False, 404)

    import time_machine

    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        call_command("publish_scheduled")

    release.refresh_from_db()
    assert (release.live, client.get(release.url).status_code) == (True, 200)


def test_the_address_is_the_release_s_own_contact_before_the_newsroom_s(newsroom):
    newsroom.contact_phone = "1"
    newsroom.save_revision().publish()
    own = releases.draft(newsroom, contact_phone="2")
    without = releases.draft(newsroom, "另一篇")

    assert [own.contact.contact_phone, without.contact.contact_phone] == ["2", "1"]


def test_advice_asks_for_what_the_house_style_wants():
    words = "字" * 501
    bare = ReleasePage(title="很" * 33, body=[("paragraphs", f"<p>{words}</p>")])
    good = ReleasePage(title="夜游开放", summary="导语", cover_id=1, body=[("paragraphs", "<p>短</p>")])

    assert [sentence[:4] for sentence in bare.advice()] == ["标题有 ", "还没有导", "还没有图", "正文有 "]
    assert good.advice() == []
