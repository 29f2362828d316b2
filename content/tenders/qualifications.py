"""Read what a notice asks of bidders: qualifications with grade, and whether consortia may bid."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from content.tenders.models import Consortium, QualificationGrade

# Words of notices → the kind as the department says it. Longer words first. Legal names have changed over the years
# (城市规划编制 → 城乡规划编制), so several words lead to one kind.
KINDS: tuple[tuple[str, str], ...] = (
    ("旅游规划设计", "旅游规划设计"), ("旅游规划", "旅游规划设计"), ("旅游发展规划", "旅游规划设计"),
    ("国土空间规划", "城乡规划编制"), ("城乡规划编制", "城乡规划编制"), ("城乡规划", "城乡规划编制"),
    ("城市规划编制", "城乡规划编制"), ("城市规划", "城乡规划编制"), ("城规", "城乡规划编制"), ("土地规划", "土地规划"),
    ("风景园林工程设计专项", "风景园林工程设计专项"), ("风景园林工程设计", "风景园林工程设计专项"),
    ("风景园林", "风景园林工程设计专项"), ("园林景观设计", "风景园林工程设计专项"), ("园林设计", "风景园林工程设计专项"),
    ("建筑行业(建筑工程)", "建筑行业（建筑工程）设计"), ("建筑工程设计", "建筑行业（建筑工程）设计"), ("建筑设计", "建筑行业（建筑工程）设计"),
    ("建筑行业", "建筑行业（建筑工程）设计"), ("市政行业", "市政工程设计"), ("市政公用工程", "市政工程设计"),
    ("市政工程设计", "市政工程设计"), ("工程设计综合", "工程设计综合"), ("工程咨询", "工程咨询"),
    ("工程勘察", "工程勘察"), ("测绘", "测绘"), ("文物保护工程勘察设计", "文物保护工程勘察设计"),
    ("林业调查规划", "林业调查规划设计"), ("环境工程设计", "环境工程设计"), ("水利行业", "水利工程设计"),
)  # fmt: skip
_KIND_OF = dict(KINDS)
_WORD = re.compile("|".join(re.escape(word) for word, _ in sorted(KINDS, key=lambda pair: -len(pair[0]))))
_GRADE = re.compile(r"(?:[(]?)([甲乙丙])\s*级?")
_ABOVE = re.compile(r"及\s*其?\s*以上|或\s*以上|\(?含\)?\s*以上|以上|不低于|不得低于|含[甲乙丙]级?|[)]?含本级")
_EITHER = re.compile(r"或者?|之一|任一|其一|/|任意一项")
_BOTH = re.compile(r"同时(?:具备|具有)?|且|和|及(?!以上|其以上)|与|、")
_NONE = re.compile(r"无(?:特殊)?(?:资质)?要求|不限|不要求资质|无资质要求|^无$|^[/\\—-]+$")

_GRADES = {"甲": QualificationGrade.A, "乙": QualificationGrade.B, "丙": QualificationGrade.C}


@dataclass(frozen=True, slots=True)
class Required:
    """One qualification asked for; those of one `group` are alternatives, every group must be met."""

    kind: str
    grade: str = ""
    and_above: bool = False
    group: int = 0


def parse_qualifications(text: str) -> tuple[Required, ...]:
    """Read «旅游规划乙级及以上», «城乡规划编制甲级且风景园林乙级», «旅游规划甲级或城乡规划甲级».

    Kinds nobody knows are left out (the text itself is kept beside). One kind twice in an alternative («甲级或乙级»)
    becomes its lower grade. Never raises.
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if not text or (_NONE.search(text) and not _WORD.search(text)):
        return ()
    found: dict[tuple[int, str], Required] = {}
    for group, kind, grades, above in _mentions(text):
        # «甲级或乙级» asks for the lower one at least.
        grade = max(grades, default="")
        key = (group, kind)
        earlier = found.get(key)
        above = above or len(set(grades)) > 1
        if earlier:
            above = above or earlier.and_above or bool(grade and earlier.grade and grade != earlier.grade)
            grade = max(grade, earlier.grade)
        found[key] = Required(kind, grade, above, group)
    # The same demand in two groups says nothing new.
    unique: dict[tuple[str, str], Required] = {}
    for item in found.values():
        unique.setdefault((item.kind, item.grade), item)
    numbers = {group: index for index, group in enumerate(sorted({item.group for item in unique.values()}))}
    return tuple(Required(i.kind, i.grade, i.and_above, numbers[i.group]) for i in unique.values())


def _mentions(text: str) -> Iterator[tuple[int, str, list[QualificationGrade], bool]]:
    words = list(_WORD.finditer(text))
    group = 0
    one_of = bool(re.search(r"之一|任一|其一|任意一项", text))
    for index, word in enumerate(words):
        end = words[index + 1].start() if index + 1 < len(words) else len(text)
        rest = text[word.end() : end]
        if index:
            between = text[words[index - 1].end() : word.start()]
            same_kind = _KIND_OF[word[0]] == _KIND_OF[words[index - 1][0]]
            # Between two kinds: «或» joins alternatives; «且», «、», a new sentence begin another demand.
            joined = _ABOVE.sub("", between)
            if not (one_of or same_kind or (_EITHER.search(joined) and not re.search(r"同时|且|;|。", joined))):
                group += 1
        rest = re.split(r"[;。]", rest)[0]
        grades = [_GRADES[letter] for letter in _GRADE.findall(rest)]
        before = text[max(0, word.start() - 6) : word.start()]
        above = bool(_ABOVE.search(rest)) or bool(re.search(r"不(?:得)?低于$", before))
        yield group, _KIND_OF[word[0]], grades, above


_PER_LOT = re.compile(
    r"分标段|按标段|各标段|(?:部分|第?[一二三四五六七八九十\d]+)(?:标段|标包|分标|包).{0,12}(?:不?接受|允许)"
)
_NO = re.compile(
    r"不\s*(?:接受|允许|得|可|能|支持|采用)|谢绝|拒绝|禁止|非联合体|^\s*(?:否|不|无|n|no|×|false)\s*$", re.IGNORECASE
)
_YES = re.compile(r"接受|允许|可以?|支持|同意|^\s*(?:是|有|y|yes|√|true)\s*$", re.IGNORECASE)


def parse_consortium(text: str) -> tuple[str, str]:
    """State of «是否接受联合体» and what else the text says: («no», ""), («yes», "不超过 2 家"), («unstated», …)."""
    text = unicodedata.normalize("NFKC", text).strip()
    note = text[:300] if len(text) > 8 else ""
    if not text or re.fullmatch(r"[-/\\—–_.]+", text):
        return Consortium.UNSTATED, ""
    if _PER_LOT.search(text):
        return Consortium.PER_LOT, note or text[:300]
    if re.search(r"是否\S*(?:接受|允许)", text):  # a form: the answer stands after the question
        answer = re.split(r"[:：?？]", text)[-1] if re.search(r"[:：?？]", text) else ""
        text = answer.strip() or ""
    if _NO.search(text):
        return Consortium.NO, note
    if _YES.search(text):
        return Consortium.YES, note
    return Consortium.UNSTATED, note or text[:300]
