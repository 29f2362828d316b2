"""Reading the text of files in the background, keeping it, and finding in it the place a search matched."""

import datetime
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from content.media.models import Document, DocumentPart, DocumentText, TextState
from content.media.text_extraction import Extraction, extract
from search import text as texts
from search.passages import FilePart
from search.registry import key_of

MAX_FILE = 200 * 1024 * 1024  # bytes; larger files are not even opened
STALE_AFTER = datetime.timedelta(minutes=15)  # a text still waiting then has lost its task
MAX_ATTEMPTS = 3  # by themselves; an editor may ask again
_PARTS_PER_FILE = 3  # read for the passages of one search
_ROWS = 2_000
_PDF_PAGE = re.compile(r"第 (\d+) 页")
_TOO_LARGE = f"文件大于 {MAX_FILE // 1024 // 1024} MB"


def ask_for_text(document: Document, *, again: bool = False) -> DocumentText | None:
    """Have the text of a file read after the commit, if it is another file than was read last (or `again`).

    Returns its row, or None where nothing is to be done.
    """
    source = document.source()
    with transaction.atomic():
        row = DocumentText.objects.select_for_update().filter(document=document).first()
        if row is not None and row.source == source and not again:
            return None
        row = row or DocumentText(document=document)
        row.state, row.detail, row.source = TextState.WAITING, "", source
        row.asked_at, row.attempts = timezone.now(), 0
        row.save()
        transaction.on_commit(partial(_queue, document.pk), robust=True)
    return row


def ask_for_missing_texts() -> int:
    """Queue files nobody has asked for yet and those whose task was lost; returns how many."""
    asked = 0
    for document in Document.objects.filter(text=None).iterator():
        asked += ask_for_text(document) is not None
    lost = DocumentText.objects.filter(state=TextState.WAITING, asked_at__lt=timezone.now() - STALE_AFTER)
    for row in lost:
        if row.attempts >= MAX_ATTEMPTS:
            row.state, row.detail = TextState.FAILED, "读取程序多次中途退出"
            row.save()
            continue
        DocumentText.objects.filter(pk=row.pk).update(asked_at=timezone.now())
        _queue(row.document_id)
        asked += 1
    return asked


def _queue(document_pk: int) -> None:
    from content.media.tasks import read_text  # noqa: PLC0415 (the task imports this module)

    read_text.enqueue(document_pk)


def read_and_keep(document_pk: int) -> str:
    """Read the text of a file and keep it; returns the state, "" where there was nothing to do. Idempotent.

    A file replaced meanwhile has a task of its own: what was read of the old one is thrown away.
    """
    document = Document.objects.filter(pk=document_pk).first()
    if document is None:
        return ""
    row = DocumentText.objects.filter(document=document, state=TextState.WAITING).first()
    if row is None or row.source != document.source():
        return ""
    DocumentText.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    found = _read(document)
    with transaction.atomic():
        row = DocumentText.objects.select_for_update().filter(document_id=document_pk, source=row.source).first()
        if row is None:
            return ""
        DocumentPart.objects.filter(text_of=row).delete()
        DocumentPart.objects.bulk_create(
            [
                DocumentPart(text_of=row, number=number, place=place, text=text, folded=texts.fold(text))
                for number, (place, text) in enumerate(_storable(found))
            ],
            batch_size=200,
        )
        row.state, row.detail, row.characters = found.state, found.detail[:200], found.characters
        row.read_at = timezone.now()
        row.save()
    return row.state


def _read(document: Document) -> Extraction:
    try:
        if (document.file.size or 0) > MAX_FILE:
            return Extraction("limited", _TOO_LARGE)
        with document.open_file() as file:
            if document.is_stored_locally():
                return extract(file.file)
            with tempfile.TemporaryFile() as copy:
                shutil.copyfileobj(file, copy)
                copy.seek(0)
                return extract(_raw(copy))
    except FileNotFoundError:
        return Extraction("failed", "文件不在服务器上")
    except OSError as error:
        return Extraction("failed", f"文件读不出来（{error.strerror or type(error).__name__}）")


def _raw(file) -> BinaryIO:
    return file


def _storable(found: Extraction) -> Iterator[tuple[str, str]]:
    """The parts without characters a database refuses."""
    for place, text in found.parts:
        yield texts.clean(place), texts.clean(text)


def parts_with(keys: Collection[str], words: Collection[str]) -> Iterator[FilePart]:
    """Yield the parts of files («media.document:7») that hold one of the folded words: the first few of each file.

    A finder of search.passages: two queries, however many files and words.
    """
    label, pks = Document._meta.label_lower, set()
    for key in keys:
        model, _, pk = key.partition(":")
        if model == label and pk.isdigit():
            pks.add(int(pk))
    if not pks or not words:
        return
    holding = Q()
    for word in words:
        holding |= Q(folded__contains=word)
    chosen: dict[int, list[int]] = {}
    matching = DocumentPart.objects.filter(holding, text_of__document__in=pks).order_by("text_of", "number")
    for text_pk, pk in matching.values_list("text_of", "pk")[:_ROWS]:
        of_file = chosen.setdefault(text_pk, [])
        if len(of_file) < _PARTS_PER_FILE:
            of_file.append(pk)
    wanted = [pk for of_file in chosen.values() for pk in of_file]
    parts = DocumentPart.objects.filter(pk__in=wanted).select_related("text_of__document").defer("folded")
    for part in parts.order_by("text_of", "number"):
        document = part.text_of.document
        yield FilePart(
            key_of(Document, document.pk), document.title, _address(document, part.place), part.place, part.text
        )


def _address(document: Document, place: str) -> str:
    """Where a part is read: browsers open a PDF at the page the address names."""
    page = _PDF_PAGE.fullmatch(place)
    return f"{document.url}#page={page[1]}" if page and document.file_extension.lower() == "pdf" else document.url
