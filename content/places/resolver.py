"""From free text («关于丽江市古城区旅游总体规划的公告») to the division it is about, or nothing where that is not certain."""

import re
import unicodedata
from dataclasses import dataclass

from content.places.gazetteer import Gazetteer, Name, gazetteer
from content.places.models import Division, DivisionLevel

# Behind a short name these make it something else: 南京路, 四川大学, 北京西路, 兴业银行.
_NOT_A_PLACE = re.compile(
    r"[东西南北中]{0,2}(?:一|二|三)?(?:路|街|大道|大街|巷|胡同)|.{0,4}?(?:大学|学院|银行|证券|保险|信托|师范)|菜|话|籍"
)
# Rivers and mountains that hold a division's name or whose bank does: 黄河南岸 is not 河南.
_NATURE = re.compile(
    r"黄河|长江|淮河|珠江|湘江|汉江|嘉陵江|松花江|渭河|太行山|泰山|秦岭|大别山|洞庭湖|鄱阳湖|太湖|青海湖|运河"
)
# A firm's name says where the firm sits, not where the work is; half the weight is left to it.
_FIRM = re.compile(r"[^，。；、,;（）()]{0,14}?(?:有限公司|有限责任公司|研究院|设计院|事务所|集团)")
_SEPARATORS = re.compile(r"[\s·,，、/\-—>|（(]*")
_BEFORE_A_NAME = frozenset("在于和与及由从到赴至驻对为的是国省市州县区盟：:")
_FULL, _SHORT = 4, 2


@dataclass(frozen=True, slots=True)
class Match:
    """The division, and the words of the text that speak for it."""

    division: Division
    evidence: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """One name found in the text."""

    text: str
    names: tuple[Name, ...]
    in_firm: bool

    def weight(self, name: Name, *, supported: bool) -> float:
        weight: float = _FULL if name.full else _SHORT
        if not supported:
            weight /= len(self.names)  # «朝阳区» alone: half a sign for each of two
        return weight / 2 if self.in_firm else weight


def resolve(text: str) -> Match | None:
    """Return the most exact division the text certainly means.

    Longer names win, names that fit together («云南»+«丽江»+«古城区») support each other. Where two divisions are named
    with equal right the result is the one above both, and None where there is none. No query but one small count.
    """
    text = unicodedata.normalize("NFKC", text or "").strip()
    mentions = _mentions(text, gazetteer()) if text else []
    scores: dict[int, tuple[float, Division, list[str]]] = {}
    for mention in mentions:
        for name in mention.names:
            scored = _score(name, mention, mentions)
            if scored is not None and scored[0] > scores.get(name.division.pk, (0,))[0]:
                scores[name.division.pk] = (scored[0], name.division, scored[1])
    if not scores:
        return None
    best = max(score for score, _division, _evidence in scores.values())
    winners = [(division, evidence) for score, division, evidence in scores.values() if score == best]
    if len(winners) == 1:
        division, evidence = winners[0]
    else:
        division, evidence = _settle(winners)
    return Match(division, "".join(evidence)) if division is not None else None


def _score(name: Name, own: _Mention, mentions: list[_Mention]) -> tuple[float, list[str]] | None:
    """Weight of all mentions that are this division or one above it, and their words; None where it may not count.

    A word cannot support itself: «大理» is prefecture and city, and says no more of the city for it.
    """
    line = {division.pk for division in name.division.ancestors_and_self()}
    above = line - {name.division.pk}
    supported = any(
        other.division.pk in above for mention in mentions if mention.text != own.text for other in mention.names
    )
    if name.needs_parent and not supported:
        return None
    total, evidence = 0.0, []
    for mention in mentions:
        fitting = [other for other in mention.names if other.division.pk in line]
        if fitting and mention.text not in evidence:
            total += max(mention.weight(other, supported=supported) for other in fitting)
            evidence.append(mention.text)
    return total, evidence


def _settle(winners: list[tuple[Division, list[str]]]) -> tuple[Division | None, list[str]]:
    """Of divisions with equal right: the one above all, else the only one of the highest level for one and the same word."""
    lines = [division.ancestors_and_self() for division, _evidence in winners]
    common = [division for division in lines[0] if all(division in line for line in lines[1:])]
    if common:
        evidence = [word for _division, words in winners for word in words]
        return common[-1], list(dict.fromkeys(evidence))
    if len({tuple(evidence) for _division, evidence in winners}) == 1:  # 海南: the province, not the prefecture in 青海
        for level in DivisionLevel.values:
            of_level = [winner for winner in winners if winner[0].level == level]
            if of_level:
                return of_level[0] if len(of_level) == 1 and level != DivisionLevel.COUNTY else (None, [])
    return None, []


def _mentions(text: str, names: Gazetteer) -> list[_Mention]:
    """Names in the text from left to right, the longest at each place, none inside another."""
    found: list[_Mention] = []
    position, previous_end = 0, 0
    while position < len(text) - 1:
        nature = _NATURE.match(text, position)
        size = _longest_at(text, position, names)
        if nature and nature.end() - position >= size:
            position = nature.end()
            continue
        if not size:
            position += 1
            continue
        word, end = text[position : position + size], position + size
        gap = _SEPARATORS.match(text, previous_end)
        follows = bool(found) and gap is not None and gap.end() == position
        bounded = (
            follows or position == 0 or not _is_chinese(text[position - 1]) or text[position - 1] in _BEFORE_A_NAME
        )
        fitting = tuple(name for name in names.names[word] if _stands(name, word, text, end, follows, bounded))
        if not fitting and not bounded:
            position += 1  # not a name here: «提高县域» hides 高县, the next character may begin a real one
            continue
        if fitting:
            found.append(_Mention(word, fitting, in_firm=_FIRM.match(text, end) is not None))
            previous_end = end
        position = end
    return found


def _longest_at(text: str, position: int, names: Gazetteer) -> int:
    """Length of the longest name that begins here, 0 without one."""
    for size in range(min(names.longest, len(text) - position), 1, -1):
        if text[position : position + size] in names.names:
            return size
    return 0


def _stands(name: Name, word: str, text: str, end: int, follows: bool, bounded: bool) -> bool:
    """Tell whether the word may be this division where it stands."""
    if name.full:
        return len(word) > 2 or bounded
    if _NOT_A_PLACE.match(text, end):
        return False
    if name.division.level == DivisionLevel.COUNTY:
        # A district without 区 is only meant right behind what it belongs to: 昆明五华, not «中心五华».
        return follows or (bounded and not name.needs_parent)
    if name.division.level == DivisionLevel.PROVINCE and word[0] in "河湖江山海":
        return bounded
    return True


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
