"""What procedures need on a fresh site: the posts that sign, the series, the list, the route of five managers, rights."""

from wagtail.models import Site

from content.approvals.models import Rule
from content.approvals.setting_up import attach_to_page, ensure_route
from content.core.choices import Audience
from content.organization.groups import MARKETERS, SIGNERS, SITE_MANAGERS, grant, grant_page, group_named
from content.organization.models import Post, Unit, UnitKind
from content.procedures.models import CodeSeries, ProcedureIndexPage

# (code, title, superior), superiors first: the five who sign a procedure together (S10), and where they sit.
SIGNING_POSTS = (
    ("gm", "总经理", ""),
    ("tech-director", "技术总监", "gm"),
    ("key-account-manager", "大客户经理", "gm"),
    ("project-manager", "项目经理", "gm"),
    ("product-marketing-manager", "产品营销经理", "gm"),
)
SERIES = (
    ("SC", "市场策划与推广"),
    ("XS", "销售与合同"),
    ("YY", "广场、酒店运营"),
    ("KF", "客户服务"),
)


def set_up() -> None:
    """Create what is missing; what the site has changed stays as it is."""
    posts = set_up_posts()
    for prefix, name in SERIES:
        CodeSeries.objects.get_or_create(prefix=prefix, defaults={"name": name})
    index = set_up_index()
    route = ensure_route(
        "procedure",
        "制度会签",
        nodes=[{"title": "五方会签", "posts": posts, "rule": Rule.ALL, "days": 5}],
        description="总经理、技术总监、大客户经理、项目经理、产品营销经理五位都签准，制度才按施行日期生效。",
    )
    attach_to_page(route, index)
    grant_page(MARKETERS, index, ("add", "change"))
    grant_page(SITE_MANAGERS, index, ("add", "change"))
    grant(SITE_MANAGERS, *(f"procedures.{action}_codeseries" for action in ("add", "change")))


def set_up_posts() -> list[Post]:
    """The five posts, made where the organisation has none under these codes."""
    unit, _ = Unit.objects.get_or_create(code="headquarters", defaults={"name": "总部", "kind": UnitKind.HEADQUARTERS})
    found = []
    for order, (code, title, superior) in enumerate(SIGNING_POSTS, start=1):
        post, created = Post.objects.get_or_create(
            code=code,
            defaults={
                "title": title,
                "unit": unit,
                "superior": Post.objects.filter(code=superior).first(),
                "sort_order": order * 10,
            },
        )
        if created:
            post.groups.add(group_named(SIGNERS))
        found.append(post)
    return found


def set_up_index() -> ProcedureIndexPage:
    """The list below the start page."""
    index = ProcedureIndexPage.objects.first()
    if index is not None:
        return index
    return Site.objects.get(is_default_site=True).root_page.add_child(
        instance=ProcedureIndexPage(
            title="制度流程",
            slug="procedures",
            summary="每项工作谁来做、怎么做、用什么表、退回到哪里。步骤就是流程图，也是办理时走的路。",
            audience=Audience.STAFF,
        )
    )
