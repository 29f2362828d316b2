import datetime

import factory
import wagtail_factories

from content.organization.models import (
    DutyGroup,
    Holding,
    HoldingKind,
    Indicator,
    Post,
    RoleDescriptionPage,
    RoleIndicator,
    Unit,
    UnitKind,
)
from tests.factories.users import UserFactory


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit
        django_get_or_create = ("code",)

    name = "市场部"
    code = factory.Sequence(lambda n: f"unit-{n}")
    kind = UnitKind.DEPARTMENT
    established_on = None


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post
        django_get_or_create = ("code",)

    title = "市场专员"
    code = factory.Sequence(lambda n: f"post-{n}")
    unit = factory.SubFactory(UnitFactory)
    established_on = None


class HoldingFactory(factory.django.DjangoModelFactory):
    """Someone who has held a post since 2020."""

    class Meta:
        model = Holding

    post = factory.SubFactory(PostFactory)
    user = factory.SubFactory(UserFactory)
    kind = HoldingKind.REGULAR
    since = datetime.date(2020, 1, 1)


class IndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indicator
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"指标{n}")
    explanation = "按期完成。"


class RoleDescriptionPageFactory(wagtail_factories.PageFactory):
    """A live role description with two groups of duties, one indicator and a complete trail; give `parent`."""

    class Meta:
        model = RoleDescriptionPage
        skip_postgeneration_save = True

    title = factory.LazyAttribute(lambda page: f"{page.post.title}岗位说明书")
    slug = factory.Sequence(lambda n: f"role-{n}")
    number = factory.Sequence(lambda n: f"GW-{n:03d}")
    post = factory.SubFactory(PostFactory)
    purpose = "撰写并发布新闻稿，维护媒体关系。"
    working_flow = "报选题\n\n采访成稿\n送审发布"
    audience = "staff"
    prepared_on = datetime.date(2026, 1, 5)
    reviewed_on = datetime.date(2026, 1, 12)
    approved_on = datetime.date(2026, 1, 20)

    @factory.post_generation
    def rows(self, create, extracted, **kwargs):
        self.duty_groups = [
            DutyGroup(sort_order=0, title="采写", duties="每周收集素材\n\n标题醒目"),
            DutyGroup(sort_order=1, title="送审", duties="发稿前查看签批路线"),
        ]
        self.indicators = [
            RoleIndicator(sort_order=0, indicator=IndicatorFactory(name="产品推广"), explanation="每月八篇。")
        ]
        self.save()
