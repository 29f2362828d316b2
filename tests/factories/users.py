import factory
from django.contrib.auth import get_user_model

NAMES = ["王敏", "李思远", "张伟", "刘芳", "陈静", "杨帆", "赵磊", "黄丽", "周强", "吴桐", "徐喆", "孙㐂"]


class UserFactory(factory.django.DjangoModelFactory):
    """An active person with a Chinese name; password «portal-demo-1»."""

    class Meta:
        model = get_user_model()
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: NAMES[n % len(NAMES)])
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.django.Password("portal-demo-1")
