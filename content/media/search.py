"""Files are found by what is in them, by their titles and their names."""

from pathlib import PurePath

from django.utils import timezone

from content.media.attachments import files_of
from content.media.models import Document, DocumentText
from content.media.readers import audience_of, carriers_of
from content.media.texts import parts_with
from search.documents import FileText, SearchDocument
from search.passages import register_finder
from search.registry import Facet, SearchIndex, key_of, register, register_files
from search.shared_facets import PUBLISHED, month_path

FORMATS = {
    "pdf": "PDF", "docx": "Word", "xlsx": "Excel", "pptx": "幻灯片", "csv": "表格（CSV）", "txt": "纯文本",
    "html": "网页", "htm": "网页", "zip": "压缩包",
}  # fmt: skip


@register
class DocumentIndex(SearchIndex):
    model = Document
    kind = "file"
    label = "文件"
    icon = "doc-full-inverse"
    facets = (Facet("file_format", "文件格式"), Facet("tag", "标签"), PUBLISHED)
    related = {DocumentText: lambda row: [row.document, *carriers_of(row.document)]}

    def get_queryset(self):
        return Document.objects.select_related("collection").prefetch_related("tags")

    def to_document(self, obj: Document) -> SearchDocument:
        key = key_of(Document, obj.pk)
        date = timezone.localdate(obj.created_at)
        return SearchDocument(
            key=key,
            kind=self.kind,
            title=obj.title,
            url=obj.url,
            audience=audience_of(obj),
            body=obj.description,
            keywords=" ".join([PurePath(obj.filename).stem, *(tag.name for tag in obj.tags.all())]),
            date=date,
            facets={
                "file_format": (FORMATS.get(obj.file_extension.lower(), obj.file_extension.upper()),),
                "tag": tuple(tag.name for tag in obj.tags.all()),
                PUBLISHED.name: month_path(date),
            },
            files=(FileText(key, obj.title, obj.text_read),),
        )


register_files(files_of)
register_finder(parts_with)
