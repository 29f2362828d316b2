import factory

from content.alerts.models import SavedSearch
from tests.factories.users import UserFactory


class SavedSearchFactory(factory.django.DjangoModelFactory):
    """A search for 总体规划, told at once and by mail every day."""

    class Meta:
        model = SavedSearch

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"检索{n}")
    query = "q=总体规划"
