"""Bring notices in: find the process of each, keep the notice as it came, bring the process up to date."""

import datetime
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

import search
from content.importing.cells import cell_text
from content.importing.errors import UNFORESEEN, RowRejectedError
from content.importing.registry import Importer, Outcome, SourceFormat, SourceRow, register
from content.places.models import Division
from content.places.resolver import resolve
from content.taxonomy.classifying import classify
from content.taxonomy.models import Subject
from content.tenders import ocds, table
from content.tenders.identity import OWN_PREFIX, SAME_PROCUREMENT, Identity, entities_agree, identity_of, payload_hash
from content.tenders.merging import FIELDS, apply_changes, latest_copies, merge
from content.tenders.models import OPINION_FIELDS, QualificationRequirement, ReleaseTag, TenderProcess, TenderRelease
from content.tenders.qualifications import parse_qualifications

log = logging.getLogger(__name__)

PLACE_FIELDS = frozenset({"place_text", "title", "procuring_entity"})


@dataclass(frozen=True, slots=True)
class Notice:
    """A row or OCDS release, understood: ready to be filed under its process."""

    identity: Identity
    release_id: str
    tag: ReleaseTag
    date: datetime.datetime | None
    facts: Mapping[str, Any]
    payload: Mapping[str, Any]
    hash: str


@register
class TenderImporter(Importer):
    """Tenders from the department's own tables and from OCDS."""

    code = "tenders"
    label = "招标信息"
    lead = "从 CSV、XLSX 表格或 OCDS 数据导入招标公告；更正、结果等后续公告会并入同一个项目。"
    permission = "tenders.add_tenderprocess"
    columns = table.COLUMNS
    formats = frozenset({SourceFormat.TABLE, SourceFormat.OCDS})
    list_url_name = "tenders:list"

    def __init__(self, batch):
        super().__init__(batch)
        self.subjects = list(Subject.objects.all())
        self.notices: dict[int, Notice | RowRejectedError] = {}
        self.by_ocid: dict[str, TenderProcess] = {}
        self.by_key: dict[str, list[TenderProcess]] = {}
        self.releases: dict[int, list[TenderRelease]] = {}
        self.touched: dict[int, TenderProcess] = {}
        self.divisions: dict[str, Division | None] = {}
        self.rows: Sequence[SourceRow] = ()
        self.is_stale = False

    def prepare(self, rows: Sequence[SourceRow]) -> None:
        """Understand the rows, then fetch the processes and releases they may belong to."""
        self.rows, self.is_stale = rows, False
        self.notices = {row.number: _understand(row) for row in rows}
        notices = [notice for notice in self.notices.values() if isinstance(notice, Notice)]
        ocids = {notice.identity.ocid for notice in notices}
        keys = {notice.identity.match_key for notice in notices}
        found = {process.pk: process for process in TenderProcess.objects.filter(ocid__in=ocids)}
        found |= {process.pk: process for process in TenderProcess.objects.filter(match_key__in=keys)}
        self.by_ocid = {process.ocid: process for process in found.values()}
        self.by_key = {}
        for process in found.values():
            self.by_key.setdefault(process.match_key, []).append(process)
        self.releases = {pk: [] for pk in found}
        for release in TenderRelease.objects.filter(process__in=found).order_by("pk"):
            self.releases[release.process_id].append(release)

    def import_row(self, row: SourceRow) -> Outcome:
        if self.is_stale:
            self.prepare(self.rows)
        notice = self.notices[row.number]
        if isinstance(notice, RowRejectedError):
            raise notice
        try:
            return self._take(notice, row)
        except RowRejectedError:
            raise
        except Exception:
            self.is_stale = True  # what was undone in the database is still remembered here
            raise

    def _take(self, notice: Notice, row: SourceRow) -> Outcome:
        process = self._process_of(notice)
        known = self.releases.get(process.pk, []) if process else []
        if any(r.release_id == notice.release_id and r.payload_hash == notice.hash for r in known):
            return Outcome.UNCHANGED
        self._refuse_contradiction(notice, known)
        release = TenderRelease(
            release_id=notice.release_id, tag=notice.tag, date=notice.date or timezone.now(),
            is_dated=notice.date is not None, facts=dict(notice.facts), payload=dict(notice.payload),
            payload_hash=notice.hash, batch=self.batch, row_number=row.number,
        )  # fmt: skip
        if process is None:
            return self._create(notice, release, row)
        return self._update(process, known, release, row)

    def finish_portion(self) -> None:
        search.touch(list(self.touched.values()))  # bulk writes send no signals
        self.touched = {}

    def _process_of(self, notice: Notice) -> TenderProcess | None:
        identity = notice.identity
        if process := self.by_ocid.get(identity.ocid):
            return process
        if not identity.ocid.startswith(OWN_PREFIX):
            return None  # publishers' ocids are what they are
        entity = notice.facts.get("procuring_entity") or ""
        found = [p for p in self.by_key.get(identity.match_key, []) if entities_agree(p.procuring_entity, entity)]
        if identity.by_title:
            found = [process for process in found if _near(process.published_at, notice.date)]
        # Several are left only where the notice names no entity: which one is meant cannot be told.
        return found[0] if len(found) == 1 else None

    def _refuse_contradiction(self, notice: Notice, known: Sequence[TenderRelease]) -> None:
        """Two rows of one file that say different things under one number, kind and date: a person must decide."""
        for release in known:
            if release.batch_id == self.batch.pk and release.release_id == notice.release_id:
                raise RowRejectedError(
                    f"与第 {release.row_number} 行的编号、公告类型和时间都相同，内容却不同；"
                    "请核对后只留一行，或改正编号、公告时间。"
                )

    def _create(self, notice: Notice, release: TenderRelease, row: SourceRow) -> Outcome:
        if not notice.facts.get("title"):
            raise RowRejectedError("这条公告没有项目名称，门户里也没有同一过程的公告；请补上名称后再导入。")
        process = TenderProcess(ocid=notice.identity.ocid, match_key=notice.identity.match_key)
        touched = apply_changes(process, {}, merge([notice.facts]))
        self._complete(process, touched)
        self._take_opinion(process, row)
        # bulk_create: one statement and no signals; finish_portion tells the index.
        TenderProcess.objects.bulk_create([process])
        self._write_related(process, notice.facts, touched)
        self._file(process, release)
        self.by_ocid[process.ocid] = process
        self.by_key.setdefault(process.match_key, []).append(process)
        return Outcome.CREATED

    def _update(self, process: TenderProcess, known, release: TenderRelease, row: SourceRow) -> Outcome:
        before = merge(r.facts for r in latest_copies(known))
        self._file(process, release)
        after = merge(r.facts for r in latest_copies(self.releases[process.pk]))
        touched = apply_changes(process, before, after)
        self._complete(process, touched)
        if self._take_opinion(process, row):
            touched.add("opinion")
        if touched:
            process.updated_at = timezone.now()
            names = {*touched & set(FIELDS), "updated_at"}
            names |= {"division"} if touched & PLACE_FIELDS else set()
            names |= {*OPINION_FIELDS, "opinion_by", "opinion_at"} if "opinion" in touched else set()
            # Only what changed, so that what somebody edits meanwhile stays; and no signals.
            TenderProcess.objects.filter(pk=process.pk).update(**{name: getattr(process, name) for name in names})
            self._write_related(process, after, touched)
        return Outcome.UPDATED  # a notice was filed, whether or not it changed what is shown

    def _file(self, process: TenderProcess, release: TenderRelease) -> None:
        release.process = process
        TenderRelease.objects.bulk_create([release])
        self.releases.setdefault(process.pk, []).append(release)
        self.touched[process.pk] = process

    def _complete(self, process: TenderProcess, touched: set[str]) -> None:
        """The division follows from the place stated, else from what title and entity speak of."""
        if touched & PLACE_FIELDS:
            texts = (process.place_text, f"{process.procuring_entity} {process.title}")
            process.division = next(filter(None, map(self._division, texts)), process.division)

    def _division(self, text: str) -> Division | None:
        """The division a text certainly means; a table says the same place many times."""
        if text not in self.divisions:
            match = resolve(text) if text else None
            self.divisions[text] = match.division if match else None
        return self.divisions[text]

    def _write_related(self, process: TenderProcess, facts: Mapping[str, Any], touched: set[str]) -> None:
        if touched & {"title", "description"}:
            subjects = classify(f"{process.title}\n{process.description}", subjects=self.subjects)
            process.subjects.set(subjects)
        if "qualifications" in touched:
            QualificationRequirement.objects.filter(process=process).delete()
            QualificationRequirement.objects.bulk_create(
                QualificationRequirement(process=process, **item) for item in facts["qualifications"] or ()
            )

    def _take_opinion(self, process: TenderProcess, row: SourceRow) -> bool:
        """A table may bring the department's opinion; what a person wrote in the portal is never overwritten."""
        if process.has_opinion:
            return False
        for field in OPINION_FIELDS:
            setattr(process, field, cell_text(row.values.get(field)))
        if process.has_opinion:
            process.opinion_by, process.opinion_at = self.batch.uploaded_by, timezone.now()
        return process.has_opinion


def _near(one: datetime.datetime | None, two: datetime.datetime | None) -> bool:
    return one is None or two is None or abs(one - two) <= SAME_PROCUREMENT


def _understand(row: SourceRow) -> Notice | RowRejectedError:
    try:
        return _of_release(row.record) if row.record is not None else _of_row(row)
    except RowRejectedError as error:
        return error
    except Exception:
        # One row nobody foresaw must not cost the other rows of its portion.
        log.exception("row %s could not be understood", row.number)
        return RowRejectedError(UNFORESEEN)


def _of_row(row: SourceRow) -> Notice:
    facts = table.facts_of_row(row)
    payload = table.payload_of(row)
    tag = table.row_tag(row)
    date = datetime.datetime.fromisoformat(facts["published_at"]) if "published_at" in facts else None
    identity = identity_of(
        ocid=cell_text(row.values.get("ocid"))[:200],
        number=facts.get("project_number", ""),
        entity=facts.get("procuring_entity", ""),
        title=facts["title"],
        day=timezone.localdate(date) if date else None,
    )
    release_id = f"{tag}-{timezone.localtime(date):%Y%m%d%H%M}" if date else f"{tag}-undated"
    return Notice(identity, release_id, tag, date, facts, payload, payload_hash(payload))


def _of_release(record: Mapping[str, Any]) -> Notice:
    if record.get("x_linked_only"):
        raise RowRejectedError("这条记录只有各公告的链接，没有内容；请上传含 compiledRelease 或完整 releases 的文件。")
    ocid = record.get("ocid")
    if not isinstance(ocid, str) or not ocid.strip():
        raise RowRejectedError("这条公告缺少 ocid，无法判断属于哪个项目。")
    if len(ocid) > 200:
        raise RowRejectedError("这条公告的 ocid 超过 200 个字符，不合规范。")
    facts = ocds.facts_of(record)
    if "qualification_text" in facts and (found := parse_qualifications(facts["qualification_text"] or "")):
        facts["qualifications"] = [
            {"kind": item.kind, "grade": str(item.grade), "and_above": item.and_above, "group": item.group}
            for item in found
        ]
    stated = ocds.moment_of(record)
    if stated is None:
        raise RowRejectedError("这条公告缺少日期（date），无法排定先后。")
    payload = {name: value for name, value in record.items() if name != "x_reason"}
    digest = payload_hash(payload)
    identity = identity_of(
        ocid=ocid.strip(),
        number=facts.get("project_number") or "",
        entity=facts.get("procuring_entity") or "",
        title=facts.get("title") or "",
        day=None,
    )
    release_id = str(record.get("id") or "").strip()[:200] or digest[:40]
    return Notice(identity, release_id, ocds.release_tag(record), stated, facts, payload, digest)
