import pytest
from django.core.management import call_command
from django.urls import reverse

from content.approvals.subjects import route_of
from content.organization.models import Post, Unit
from content.releases.models import Boilerplate, HeadquartersRule, NewsroomPage
from content.releases.setting_up import POSTS, set_up
from content.releases.shipped_rules import RULES
from tests.factories import releases
from tests.factories.organization import PostFactory


def test_setting_up_again_changes_nothing_and_keeps_the_site_s_own_changes(portal):
    HeadquartersRule.objects.filter(name="荣誉与资质").update(patterns="银奖", active=False)
    Post.objects.filter(code="hq-brand").update(title="品牌总监")
    counts = [model.objects.count() for model in (Unit, Post, HeadquartersRule, NewsroomPage)]

    set_up()

    assert [model.objects.count() for model in (Unit, Post, HeadquartersRule, NewsroomPage)] == counts
    assert HeadquartersRule.objects.get(name="荣誉与资质").patterns == "银奖"
    assert Post.objects.get(code="hq-brand").title == "品牌总监"
    assert HeadquartersRule.objects.count() == len(RULES)


def test_posts_the_organisation_already_has_are_used(home):
    existing = PostFactory(code="hq-brand", title="品牌审核岗")

    call_command("setup_portal", verbosity=0)

    assert Post.objects.get(code="hq-brand") == existing
    assert Post.objects.filter(code__in=[post.code for post in POSTS]).count() == len(POSTS)


def test_releases_and_introductions_have_their_routes(portal):
    release_route = route_of(releases.draft(portal))
    introduction_route = route_of(Boilerplate.objects.create(title="关于", unit=Unit.objects.first(), live=False))

    def steps(route):
        return [(n.title, [p.code for p in n.posts.order_by("code")], n.condition) for n in route.nodes.all()]

    assert steps(release_route) == [
        ("部门审核", ["department-manager"], ""),
        ("会签", ["marketing-director", "product-marketing-manager"], ""),
        ("总部确认", ["hq-brand"], "headquarters"),
    ]
    assert steps(introduction_route) == [
        ("部门审核", ["department-manager"], ""),
        ("总部确认", ["hq-brand"], ""),
    ]


def test_a_marketer_may_write_but_never_publish(portal, marketer):
    release = releases.draft(portal)

    assert portal.permissions_for_user(marketer).can_add_subpage()
    assert release.permissions_for_user(marketer).can_edit()
    assert not release.permissions_for_user(marketer).can_publish()
    assert not portal.permissions_for_user(marketer).can_publish_subpage()
    assert marketer.has_perm("releases.change_boilerplate")
    assert not marketer.has_perm("releases.change_headquartersrule")


def test_the_editor_lists_what_goes_to_headquarters_with_the_words_marked(portal, marketer, client):
    release = releases.draft(portal, "本市首家绿色商场")
    release.save_revision(user=marketer)
    client.force_login(marketer)

    html = client.get(reverse("wagtailadmin_pages:edit", args=[release.pk])).content.decode()

    assert "本市<mark>首家</mark>绿色商场" in html
    assert "公司形象：领先与唯一" in html
    assert HeadquartersRule.objects.get(name="领先与唯一").reason in html
    assert "还没有图片" in html


def test_the_path_page_explains_why_headquarters_signs(portal, marketer, client):
    from django.contrib.contenttypes.models import ContentType

    release = releases.draft(portal, "本市首家绿色商场<script>")
    release.save_revision(user=marketer)
    client.force_login(marketer)

    url = reverse("approvals:path", args=[ContentType.objects.get_for_model(release).pk, release.pk])
    html = client.get(url).content.decode()

    assert "有 1 处涉及公司形象，按规定须经总部确认后才能发布。" in html
    assert "标题：本市<mark>首家</mark>绿色商场&lt;script&gt;" in html


def test_a_new_release_is_issued_by_the_writer_s_own_unit(portal, marketer, client):
    client.force_login(marketer)

    response = client.get(reverse("wagtailadmin_pages:add", args=["releases", "releasepage", portal.pk]))

    assert response.context["form"].initial["issuer"] == Unit.objects.get(code="marketing").pk


def test_a_new_release_is_written_in_the_editor_and_script_typed_into_it_stays_text(portal, marketer, client):
    """Draftail sends its own JSON; Wagtail turns it into database HTML by the block's whitelist of features."""
    import json

    from wagtail.test.utils.form_data import nested_form_data, streamfield

    content = {
        "entityMap": {},
        "blocks": [
            {
                "key": "a",
                "text": "正文<script>alert(1)</script>重点",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [{"offset": 27, "length": 2, "style": "BOLD"}],
                "entityRanges": [],
            },
        ],
    }
    client.force_login(marketer)
    response = client.post(
        reverse("wagtailadmin_pages:add", args=["releases", "releasepage", portal.pk]),
        nested_form_data(
            {
                "title": "夜游路线开放",
                "slug": "",
                "summary": "今晚开放。",
                "kind": "press_release",
                "issuer": Unit.objects.get(code="marketing").pk,
                "audience": "public",
                "body": streamfield([("paragraphs", json.dumps(content))]),
                "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            }
        ),
    )
    assert response.status_code == 302, response.context["form"].errors
    release = releases.ReleasePage.objects.get()

    (block,) = release.get_latest_revision_as_object().body
    assert "<script>" not in block.value.source
    assert "正文&lt;script&gt;alert(1)&lt;/script&gt;<b>重点</b>" in block.value.source
    assert not release.live
    assert release.slug == "ye-you-lu-xian-kai-fang"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("release_listing:index", []),
        ("wagtailsnippets_releases_boilerplate:list", []),
        ("wagtailsnippets_releases_boilerplate:add", []),
    ],
)
def test_the_marketer_s_desk_opens(portal, marketer, client, name, args):
    client.force_login(marketer)

    assert client.get(reverse(name, args=args)).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_listing_costs_the_same_for_one_release_and_for_three(
    number, portal, superuser, client, django_assert_num_queries
):
    # For others Wagtail asks of each row whether it may be deleted.
    for index in range(number):
        issuer = Unit.objects.create(code=f"unit-{index}", name=f"第{index}分公司", kind="branch")
        releases.draft(portal, f"稿件{index}", issuer=issuer)
    client.force_login(superuser)
    client.get(reverse("release_listing:index"))

    with django_assert_num_queries(18):
        response = client.get(reverse("release_listing:index"))

    assert response.content.decode().count("分公司</") == number


def test_the_rules_are_the_site_manager_s(portal, marketer, client, superuser):
    url = reverse("wagtailsnippets_releases_headquartersrule:list")
    client.force_login(marketer)
    assert client.get(url).status_code == 302
    client.force_login(superuser)
    assert "领先与唯一" in client.get(url).content.decode()
    assert client.get(reverse("wagtailsnippets_releases_headquartersrule:add")).status_code == 200
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
