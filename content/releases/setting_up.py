"""What releases need on a fresh site: posts that sign, the newsroom, the headquarters rules, rights, and the routes."""

from dataclasses import dataclass

from wagtail.models import Site

from content.approvals.models import Rule
from content.approvals.setting_up import attach_to_model, attach_to_page, ensure_route
from content.core.choices import Audience
from content.organization.groups import MARKETERS, SIGNERS, SITE_MANAGERS, grant, grant_page, group_named
from content.organization.models import Post, Unit, UnitKind
from content.releases.headquarters import CONDITION
from content.releases.models import Boilerplate, HeadquartersRule, NewsroomPage
from content.releases.shipped_rules import RULES

HEADQUARTERS = "headquarters"
MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class StandardPost:
    """A post the routes name. Sites rename it and put it elsewhere; the code stays."""

    code: str
    title: str
    unit: str
    superior: str = ""
    group: str = SIGNERS


# Superiors first.
POSTS = (
    StandardPost("gm", "总经理", HEADQUARTERS),
    StandardPost("hq-brand", "总部品牌审核", HEADQUARTERS, "gm"),
    StandardPost("marketing-director", "市场总监", MARKETING, "gm"),
    StandardPost("product-marketing-manager", "产品营销经理", MARKETING, "marketing-director"),
    StandardPost("department-manager", "部门经理", MARKETING, "marketing-director"),
    StandardPost("marketer", "市场专员", MARKETING, "department-manager", MARKETERS),
)


def set_up() -> None:
    """Create what is missing; what the site has changed stays as it is."""
    set_up_posts()
    newsroom = set_up_newsroom()
    set_up_rules()
    set_up_routes(newsroom)
    grant_page(MARKETERS, newsroom, ("add", "change"))
    grant(MARKETERS, "releases.add_boilerplate", "releases.change_boilerplate")
    grant(
        SITE_MANAGERS,
        *(
            f"releases.{action}_{model}"
            for model in ("headquartersrule", "boilerplate")
            for action in ("add", "change")
        ),
        "releases.delete_headquartersrule",
    )


def set_up_posts() -> None:
    """Units and posts the routes name, where the organisation has none under these codes yet."""
    headquarters, _ = Unit.objects.get_or_create(
        code=HEADQUARTERS, defaults={"name": "总部", "kind": UnitKind.HEADQUARTERS}
    )
    Unit.objects.get_or_create(
        code=MARKETING, defaults={"name": "市场部", "kind": UnitKind.DEPARTMENT, "parent": headquarters}
    )
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[HEADQUARTERS, MARKETING])}
    for order, standard in enumerate(POSTS, start=1):
        post, created = Post.objects.get_or_create(
            code=standard.code,
            defaults={
                "title": standard.title,
                "unit": units[standard.unit],
                "superior": Post.objects.filter(code=standard.superior).first(),
                "sort_order": order * 10,
            },
        )
        if created:
            post.groups.add(group_named(standard.group))


def set_up_newsroom() -> NewsroomPage:
    """The newsroom below the start page."""
    newsroom = NewsroomPage.objects.first()
    if newsroom is not None:
        return newsroom
    return Site.objects.get(is_default_site=True).root_page.add_child(
        instance=NewsroomPage(
            title="新闻中心",
            slug="newsroom",
            summary="集团与各单位的新闻稿、专题文章和媒体资料。",
            audience=Audience.PUBLIC,
            contact_post=Post.objects.get(code="hq-brand"),
        )
    )


def set_up_rules() -> None:
    """The shipped rules, by name; a rule the site manager has edited or switched off is left alone."""
    for order, rule in enumerate(RULES, start=1):
        HeadquartersRule.objects.get_or_create(
            name=rule.name,
            defaults={
                "kind": rule.kind,
                "patterns": "\n".join(rule.patterns),
                "exceptions": "\n".join(rule.exceptions),
                "reason": rule.reason,
                "example": rule.example,
                "sort_order": order * 10,
            },
        )


def set_up_routes(newsroom: NewsroomPage) -> None:
    """Releases: department, joint sign-off, headquarters where a rule asks. Introductions: always headquarters."""
    post = {post.code: post for post in Post.objects.filter(code__in=[standard.code for standard in POSTS])}
    department = {"title": "部门审核", "posts": [post["department-manager"]], "days": 2}
    headquarters = {"title": "总部确认", "posts": [post["hq-brand"]], "days": 2}
    release = ensure_route(
        "release",
        "新闻稿签批",
        nodes=[
            department,
            {
                "title": "会签",
                "posts": [post["marketing-director"], post["product-marketing-manager"]],
                "rule": Rule.ALL,
                "days": 2,
            },
            {**headquarters, "condition": CONDITION},
        ],
        description="部门经理审核，市场总监与产品营销经理会签；涉及公司形象或整体数据的，再由总部确认。签完自动发布。",
    )
    attach_to_page(release, newsroom)
    boilerplate = ensure_route(
        "boilerplate",
        "公司简介签批",
        nodes=[department, headquarters],
        description="公司简介会出现在许多稿件里，每次修改都由总部确认。",
    )
    attach_to_model(boilerplate, Boilerplate)
