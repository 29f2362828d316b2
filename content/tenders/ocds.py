"""An OCDS 1.1 release → facts of the process (merging.py). What is not understood stays in the payload."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from content.importing.cells import plain_text
from content.importing.errors import RowRejectedError
from content.tenders.models import ReleaseTag, TenderStatus
from content.tenders.values import MAX_AMOUNT, PLACEHOLDERS, DateError, parse_moment

# The tag that says most about a release with several, first.
_TAGS = (
    ("contractTermination", ReleaseTag.CONTRACT), ("contractAmendment", ReleaseTag.CONTRACT),
    ("contractUpdate", ReleaseTag.CONTRACT), ("implementationUpdate", ReleaseTag.CONTRACT),
    ("implementation", ReleaseTag.CONTRACT), ("contract", ReleaseTag.CONTRACT),
    ("awardCancellation", ReleaseTag.AWARD_UPDATE), ("awardUpdate", ReleaseTag.AWARD_UPDATE),
    ("award", ReleaseTag.AWARD), ("tenderCancellation", ReleaseTag.TENDER_CANCELLATION),
    ("tenderAmendment", ReleaseTag.TENDER_AMENDMENT), ("tenderUpdate", ReleaseTag.TENDER_UPDATE),
    ("tender", ReleaseTag.TENDER), ("planningUpdate", ReleaseTag.PLANNING), ("planning", ReleaseTag.PLANNING),
)  # fmt: skip
_STATUSES = {
    "planning": TenderStatus.PLANNED, "planned": TenderStatus.PLANNED, "active": TenderStatus.ACTIVE,
    "cancelled": TenderStatus.CANCELLED, "unsuccessful": TenderStatus.UNSUCCESSFUL,
    "complete": TenderStatus.COMPLETE, "withdrawn": TenderStatus.WITHDRAWN,
}  # fmt: skip
_BY_TAG = {
    ReleaseTag.PLANNING: TenderStatus.PLANNED, ReleaseTag.TENDER: TenderStatus.ACTIVE,
    ReleaseTag.TENDER_CANCELLATION: TenderStatus.CANCELLED, ReleaseTag.AWARD: TenderStatus.COMPLETE,
    ReleaseTag.CONTRACT: TenderStatus.COMPLETE,
}  # fmt: skip


def release_tag(release: Mapping[str, Any]) -> ReleaseTag:
    """The one kind of notice shown for a release; a compiled one counts by what it holds."""
    tags = {str(tag) for tag in _list(release.get("tag"))}
    for name, tag in _TAGS:
        if name in tags:
            return tag
    if "compiled" in tags:
        for part, tag in (
            ("contracts", "CONTRACT"),
            ("awards", "AWARD"),
            ("tender", "TENDER"),
            ("planning", "PLANNING"),
        ):
            if release.get(part):
                return ReleaseTag[tag]
    return ReleaseTag.OTHER


def facts_of(release: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a release; RowRejectedError where a date cannot be. Absent members say nothing, null ones make void."""
    tender = _mapping(release.get("tender"))
    tag = release_tag(release)
    facts: dict[str, Any] = {}
    if title := _text(tender.get("title")) or _text(release.get("title")) or _planned_title(release):
        facts["title"] = title[:500]
    _take(facts, "description", tender, "description")
    _take(facts, "project_number", tender, "id", limit=120)
    _take(facts, "procurement_method_details", tender, "procurementMethodDetails", limit=200)
    _take(facts, "registration_documents", tender, "submissionMethodDetails")
    _take(facts, "qualification_text", tender, "eligibilityCriteria")
    if documents := _documents(tender):
        facts["registration_documents"] = "\n".join(filter(None, (facts.get("registration_documents"), documents)))
    facts.update(_status(tender, tag))
    facts.update(_parties(release, tender))
    facts.update(_value(release, tender))
    facts.update(_awards(release))
    if place := _place(release, tender):
        facts["place_text"] = place[:200]
    published = _moment(tender.get("datePublished"), "tender.datePublished") or _moment(release.get("date"), "date")
    if published:
        facts["published_at"] = published
    for name, part, member in (
        ("tender_end", "tenderPeriod", "endDate"), ("enquiry_end", "enquiryPeriod", "endDate"),
        ("opening_at", "bidOpening", "date"), ("opening_at", "openingPeriod", "startDate"),
        ("registration_end", "documentsPeriod", "endDate"),
    ):  # fmt: skip
        period = tender.get(part)
        if isinstance(period, Mapping) and member in period:
            facts[name] = _moment(period[member], f"tender.{part}.{member}")
    if url := _notice_url(release, tender):
        facts["source_url"] = url
        facts["source_name"] = (urlsplit(url).hostname or "")[:120]
    return facts


def _take(facts: dict, name: str, source: Mapping, member: str, *, limit: int | None = None) -> None:
    if member in source:
        facts[name] = _text(source[member])[:limit] or None


def _text(value: Any) -> str:
    return plain_text(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return (item for item in _list(value) if isinstance(item, Mapping))


def _planned_title(release: Mapping) -> str:
    """A planning release may name its project nowhere but in the budget."""
    planning = _mapping(release.get("planning"))
    return _text(_mapping(planning.get("budget")).get("project")) or _text(planning.get("rationale"))


def _status(tender: Mapping, tag: ReleaseTag) -> dict[str, str]:
    stated = _STATUSES.get(str(tender.get("status") or "").lower())
    if tag is ReleaseTag.TENDER_CANCELLATION and stated in (None, TenderStatus.ACTIVE):
        stated = TenderStatus.CANCELLED
    status = stated or _BY_TAG.get(tag)
    return {"status": str(status)} if status else {}


def _parties(release: Mapping, tender: Mapping) -> dict[str, str]:
    """Procuring entity (else buyer) and agency, by reference or by role."""
    parties = list(_mappings(release.get("parties")))

    def by_role(role: str) -> str:
        return next((_text(party.get("name")) for party in parties if role in _list(party.get("roles"))), "")

    entity = (
        _text(_mapping(tender.get("procuringEntity")).get("name"))
        or by_role("procuringEntity")
        or _text(_mapping(release.get("buyer")).get("name"))
        or by_role("buyer")
    )
    agency = by_role("procurementAgency") or by_role("agency")
    found = {"procuring_entity": entity[:300], "agency": agency[:300]}
    return {name: value for name, value in found.items() if value}


def _value(release: Mapping, tender: Mapping) -> dict[str, Any]:
    """Value of the tender, else the budget of its planning; placeholders count as unknown."""
    source = tender.get("value") if "value" in tender else _mapping(
        _mapping(release.get("planning")).get("budget")
    ).get("amount")  # fmt: skip
    if not isinstance(source, Mapping) or source.get("amount") is None:
        return {}
    currency = _text(source.get("currency")).upper()[:3] or "CNY"
    amount = _decimal(source["amount"])
    if amount is None or amount in PLACEHOLDERS:
        note = f"原文为「{source['amount']}」，视为未公布"[:200]
        return {"value_amount": None, "value_currency": currency, "value_note": note}
    lowest = _decimal(_mapping(tender.get("minValue")).get("amount"))
    note = f"最低 {lowest:,.2f}" if lowest and lowest != amount else None
    return {"value_amount": str(amount), "value_currency": currency, "value_note": note}


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < MAX_AMOUNT else None


def _awards(release: Mapping) -> dict[str, Any]:
    """Suppliers and sum of the awards that stand."""
    awards = [
        award
        for award in _mappings(release.get("awards"))
        if str(award.get("status") or "active") not in ("cancelled", "unsuccessful", "pending")
    ]
    if not awards:
        return {}
    names = dict.fromkeys(
        name
        for award in awards
        for supplier in _mappings(award.get("suppliers"))
        if (name := _text(supplier.get("name")))
    )
    amounts = [
        amount for award in awards if (amount := _decimal(_mapping(award.get("value")).get("amount"))) is not None
    ]
    facts: dict[str, Any] = {}
    if names:
        facts["awarded_to"] = "、".join(names)[:500]
    if amounts and sum(amounts) not in PLACEHOLDERS:
        facts["award_amount"] = str(sum(amounts))
    return facts


def _place(release: Mapping, tender: Mapping) -> str:
    """Where the work is (delivery addresses), else where the procuring entity sits; most general part last."""
    addresses = [
        address
        for item in _mappings(tender.get("items"))
        for address in (*_mappings(item.get("deliveryAddresses")), *_mappings([item.get("deliveryAddress")]))
    ]
    words = _address_words(addresses)
    if not words:
        buyers = (
            party
            for party in _mappings(release.get("parties"))
            if {"buyer", "procuringEntity"} & {str(role) for role in _list(party.get("roles"))}
        )
        words = _address_words(_mapping(party.get("address")) for party in buyers)
    return "；".join(words)


def _address_words(addresses: Iterable[Mapping]) -> list[str]:
    words = {}
    for address in addresses:
        parts = dict.fromkeys(
            text for member in ("countryName", "region", "locality") if (text := _text(address.get(member)))
        )
        if parts:
            words["，".join(parts)] = None
    return list(words)


def _documents(tender: Mapping) -> str:
    """Titles of the documents one needs to bid, one a line."""
    wanted = {
        "biddingDocuments",
        "tenderNotice",
        "technicalSpecifications",
        "eligibilityCriteria",
        "submissionDocuments",
    }
    lines = {}
    for document in _mappings(tender.get("documents")):
        title = _text(document.get("title")) or _text(document.get("description"))
        if title and document.get("documentType") in wanted:
            lines[title[:300]] = None
    return "\n".join(lines)


def _notice_url(release: Mapping, tender: Mapping) -> str:
    """Address of the notice itself, else of the first document with one."""
    found = [
        (document.get("documentType"), str(document["url"]).strip())
        for part in (tender, *_mappings(release.get("awards")), _mapping(release.get("planning")))
        for document in _mappings(part.get("documents"))
        if str(document.get("url") or "").strip().lower().startswith(("http://", "https://"))
    ]
    notices = [url for kind, url in found if str(kind).endswith("Notice")]
    url = next(iter(notices or [url for _, url in found]), "")
    try:
        return url if len(url) <= 1000 and urlsplit(url).hostname else ""
    except ValueError:
        return ""


def _moment(value: Any, where: str) -> str | None:
    if value in (None, ""):
        return None
    try:
        moment = parse_moment(str(value), end_of_day=where.endswith("endDate"))
    except DateError as error:
        raise RowRejectedError(f"{where}：{error}") from error
    return moment.isoformat() if moment else None


def moment_of(release: Mapping[str, Any]):
    """Date of the release as an aware datetime, None where it has none; RowRejectedError where it cannot be."""
    stated = _moment(release.get("date"), "date")
    return datetime.datetime.fromisoformat(stated) if stated else None
