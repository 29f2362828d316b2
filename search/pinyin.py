"""Pinyin of titles for suggestions: «lijiang» and «lj» find 丽江, from any word of the title on."""

from functools import lru_cache

import rjieba
from pypinyin import Style, lazy_pinyin, load_phrases_dict

from search import text as texts

MAX_SYLLABLES = 32  # of a title; suggestions show no more of it
WINDOW = 8  # syllables one may type in a row

# Place names that general dictionaries read wrongly.
load_phrases_dict(
    {
        "单县": [["shàn"], ["xiàn"]],
        "六安": [["lù"], ["ān"]],
        "蚌埠": [["bèng"], ["bù"]],
        "台州": [["tāi"], ["zhōu"]],
        "丽水": [["lí"], ["shuǐ"]],
        "乐清": [["yuè"], ["qīng"]],
        "乐亭": [["lào"], ["tíng"]],
        "洪洞": [["hóng"], ["tóng"]],
        "涡阳": [["guō"], ["yáng"]],
        "浚县": [["xùn"], ["xiàn"]],
        "莘县": [["shēn"], ["xiàn"]],
        "荥阳": [["xíng"], ["yáng"]],
        "荥经": [["yíng"], ["jīng"]],
        "番禺": [["pān"], ["yú"]],
        "东阿": [["dōng"], ["ē"]],
        "大埔": [["dà"], ["bù"]],
        "黄陂": [["huáng"], ["pí"]],
        "尉氏": [["wèi"], ["shì"]],
        "铅山": [["yán"], ["shān"]],
        "歙县": [["shè"], ["xiàn"]],
        "黟县": [["yī"], ["xiàn"]],
        "郫都": [["pí"], ["dū"]],
        "侯马": [["hóu"], ["mǎ"]],
        "会稽": [["kuài"], ["jī"]],
        "枞阳": [["zōng"], ["yáng"]],
        "闽侯": [["mǐn"], ["hòu"]],
        "睢县": [["suī"], ["xiàn"]],
        "泌阳": [["bì"], ["yáng"]],
        "中牟": [["zhōng"], ["mù"]],
        "盱眙": [["xū"], ["yí"]],
    }
)
_jieba = rjieba.Jieba()


@lru_cache(maxsize=65536)
def _syllables_of(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def of_each(run: str) -> list[str]:
    """Return the toneless pinyin of every character of a Han run, read in its words; empty for what has none."""
    out: list[str] = []
    for word in _jieba.cut(run, False):
        read = _syllables_of(word)
        if len(read) != len(word):  # a character without a reading: the others keep their places
            read = tuple("".join(_syllables_of(character)) for character in word)
        out.extend(read)
    return out


def syllables(folded: str) -> list[list[str]]:
    """Return the toneless syllables of a folded text, one list per run; a word of another script is one syllable."""
    out: list[list[str]] = []
    for run in texts.runs(folded):
        if texts.is_han(run):
            # Word by word: a dictionary tells 重庆 from 重新, and words repeat, so most come from the cache.
            out.append([syllable for word in _jieba.cut(run, False) for syllable in _syllables_of(word)])
        elif run.isascii():
            out.append([run])
    return out


def keys(folded: str) -> list[str]:
    """Return what one may begin to type: for every word, the syllables and the initials from there on.

    Long words are taken for several («总体规划» is begun at 规 too): nobody begins to type inside a word of two.
    """
    line: list[str] = []
    starts: list[int] = []
    for run in texts.runs(folded):
        if texts.is_han(run):
            for word in _jieba.cut(run, False):
                starts.append(len(line))
                starts.extend(range(len(line) + 2, len(line) + len(word) - 1, 2))
                line.extend(_syllables_of(word))
        elif run.isascii():
            starts.append(len(line))
            line.append(run)
        if len(line) >= MAX_SYLLABLES:
            break
    line = line[:MAX_SYLLABLES]
    found: dict[str, None] = {}
    for start in starts:
        window = line[start : start + WINDOW]
        if window:
            found["".join(window)] = None
            found["".join([syllable[0] for syllable in window])] = None
    return list(found)
