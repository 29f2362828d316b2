import datetime

import factory

from content.organization.models import Holding, HoldingKind, Post, Unit, UnitKind
from tests.factories.users import UserFactory


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit
        django_get_or_create = ("code",)

    name = "市场部"
    code = factory.Sequence(lambda n: f"unit-{n}")
    kind = UnitKind.DEPARTMENT


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post
        django_get_or_create = ("code",)

    title = "市场专员"
    code = factory.Sequence(lambda n: f"post-{n}")
    unit = factory.SubFactory(UnitFactory)


class HoldingFactory(factory.django.DjangoModelFactory):
    """Someone who has held a post since 2020."""

    class Meta:
        model = Holding

    post = factory.SubFactory(PostFactory)
    user = factory.SubFactory(UserFactory)
    kind = HoldingKind.REGULAR
    since = datetime.date(2020, 1, 1)
