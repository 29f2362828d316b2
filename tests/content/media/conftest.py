"""Files as they are once their text has been read."""

import pytest
from django.core.files.base import ContentFile

from content.media.models import Document
from content.media.texts import read_and_keep
from tests.factories import releases


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def newsroom(home):
    return releases.newsroom_below(home)


@pytest.fixture
def filed(db):
    """Call it to put a file into the library and read its text: ``filed("价目表", "price.txt", "三百元")``."""

    def make(title: str, name: str, content: bytes | str, **values) -> Document:
        content = content.encode() if isinstance(content, str) else content
        document = Document.objects.create(title=title, file=ContentFile(content, name), **values)
        read_and_keep(document.pk)
        return Document.objects.get(pk=document.pk)

    return make


def carrying(*documents) -> list:
    """The body of a release that offers these files."""
    return [("download", {"document": document, "title": "", "note": ""}) for document in documents]
