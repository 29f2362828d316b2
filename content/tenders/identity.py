"""Which process a notice belongs to, by structured keys: similar text proves nothing (national templates are all alike).

First storey: the ocid where one is given; else the project number with the procuring entity; else title and entity
within a time. Lots of one number are processes of their own.
"""

import datetime
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

OWN_PREFIX = "ocds-shanhe"
# Notices of one title and entity further apart than this are different procurements (the same street, next year).
SAME_PROCUREMENT = datetime.timedelta(days=120)

_NOISE = re.compile(r"[\s\-_—–·.,、，。:：;；/\\()\[\]{}（）【】〔〕《》<>「」“”\"'‘’*#№]+")
_STAGE = re.compile(
    r"(?:公开招标|竞争性磋商|竞争性谈判|询价|邀请招标|单一来源|招标|采购|比选|磋商|谈判)*"
    r"(?:更正|变更|澄清|补充|延期|终止|废标|流标|中标|成交|结果|候选人|合同|资格预审|意向|预)*(?:公示|公告|通知|书)$"
)
_LOT = re.compile(
    r"第?([一二三四五六七八九十\d]{1,3}|[a-z])(?:标段|标包|分标|包件|包)(?!括|含|装)"
    r"|(?:标段|包件|标包)([一二三四五六七八九十\d]{1,3}|[a-z])"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """How a notice finds its process: by `ocid` if one is given, else by `match_key` among those of its entity.

    Matched `by_title`, the notices must also lie near each other in time.
    """

    ocid: str
    match_key: str
    entity_key: str
    by_title: bool


def identity_of(
    *, ocid: str = "", number: str = "", entity: str = "", title: str, day: datetime.date | None
) -> Identity:
    """Keys of a notice; the same whatever blanks, width or brackets it is written with.

    Where no ocid is given one is made with our own prefix. A running number («12») is no project number.
    """
    number_key, entity_key = _key(number), _key(entity)
    if number_key and not (number_key.isdigit() and len(number_key) < 5):
        match_key = _digest("number", number_key, _lot_of(title))
        own = _digest(match_key, entity_key)
        return Identity(ocid or f"{OWN_PREFIX}-{own[:20]}", match_key, entity_key, by_title=False)
    match_key = _digest("title", core_title(title))
    own = _digest(match_key, entity_key, day.isoformat() if day else "")
    return Identity(ocid or f"{OWN_PREFIX}-{own[:20]}", match_key, entity_key, by_title=True)


def entities_agree(one: str, two: str) -> bool:
    """Whether two names may be one entity: the same, or one of them not given."""
    one, two = _key(one), _key(two)
    return not one or not two or one == two


def core_title(title: str) -> str:
    """The title without the kind of notice at its end: «…总体规划公开招标公告» and «…总体规划中标公告» have one core."""
    return _STAGE.sub("", _key(title)) or _key(title)


def payload_hash(payload) -> str:
    """SHA-256 of a JSON value, the same whatever the order of its keys."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _lot_of(title: str) -> str:
    match = _LOT.search(unicodedata.normalize("NFKC", title).lower())
    return (match[1] or match[2]) if match else ""


def _key(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
