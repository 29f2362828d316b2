"""People and acts of the tender room."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile

from content.importing.models import ImportBatch
from content.importing.starting import start_import
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory


@pytest.fixture
def assistant(department):
    """Holds a post and may see, import and change tenders."""
    user = UserFactory(username="assistant", name="李思远")
    HoldingFactory(post=PostFactory(code="assistant", title="市场信息管理助理", unit=department), user=user)
    rights = Permission.objects.filter(content_type__app_label="tenders", content_type__model="tenderprocess")
    user.user_permissions.add(*rights.exclude(codename__startswith="delete"))
    return user


@pytest.fixture
def bring(assistant, django_capture_on_commit_callbacks):
    """Import content as tenders and return the finished batch."""

    def _bring(content: bytes | str, name: str = "招标.csv") -> ImportBatch:
        content = content.encode() if isinstance(content, str) else content
        with django_capture_on_commit_callbacks(execute=True):
            batch = start_import("tenders", ContentFile(content, name), assistant)
        batch.refresh_from_db()
        return batch

    return _bring
