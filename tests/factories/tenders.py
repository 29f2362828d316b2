import factory

from content.importing.models import ImportBatch
from content.tenders.models import TenderProcess
from tests.factories.users import UserFactory


class TenderProcessFactory(factory.django.DjangoModelFactory):
    """An active tender, typed in by hand, whose deadline is not known."""

    class Meta:
        model = TenderProcess

    ocid = factory.Sequence(lambda n: f"ocds-test-{n}")
    project_number = factory.Sequence(lambda n: f"YN-{n:04d}")
    title = factory.Sequence(lambda n: f"玉湖村旅游总体规划（{n}）")
    procuring_entity = "玉湖镇旅游服务中心"


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportBatch

    kind = "tenders"
    file_name = "招标.csv"
    uploaded_by = factory.SubFactory(UserFactory)
