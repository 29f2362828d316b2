"""How high the right answer stands: mean reciprocal rank among the first 10, whole way from the text typed.

    python -m bench relevance [--data FOLDER] [--questions 0]

The folder has corpus.tsv.gz (number, title, text), queries.tsv (number, set, question) and qrels.tsv (question,
passage). Questions are asked as written, and again in the other script: traditional ones simplified, simplified ones
in traditional characters.
"""

import argparse
import gzip
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.scratch import ROOT, only_notices, portal

FIRST = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the set it belongs to and the numbers of the passages that answer it."""

    set: str
    text: str
    answers: frozenset[str]


def data_folder() -> Path | None:
    """Return the folder of the development data beside this checkout, or None."""
    return next((f for p in ROOT.parents if (f := p / "shared/data/relevance").exists()), None)


def passages(folder: Path) -> list[tuple[str, str, str]]:
    """Return number, title and text of every passage."""
    with gzip.open(folder / "corpus.tsv.gz", "rt", encoding="utf-8") as file:
        return [(number, title, text) for number, title, text in (line.rstrip("\n").split("\t") for line in file)]


def questions(folder: Path, most: int = 0) -> list[Question]:
    """Return all questions, or `most` of them drawn at random, always the same."""
    answers: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        question, passage = line.split("\t")
        answers.setdefault(question, set()).add(passage)
    found = [
        Question(name, text, frozenset(answers[number]))
        for number, name, text in (
            line.split("\t") for line in (folder / "queries.tsv").read_text(encoding="utf-8").splitlines()
        )
    ]
    return random.Random(1).sample(found, most) if most else found


def fill(engine, of: Iterable[tuple[str, str, str]]) -> None:
    """Put the passages into an engine as public documents «passage:<number>»."""
    from search.documents import SearchDocument  # noqa: PLC0415 (after Django is set up)

    with engine.rebuild() as generation:
        generation.add(
            SearchDocument(f"passage:{number}", "tender", title, "/", frozenset({"public"}), text)
            for number, title, text in of
        )


def reciprocal_rank(question: Question, text: str) -> float:
    """Ask as a visitor types it; 1/rank of the first answer among the first 10, or 0."""
    import search  # noqa: PLC0415 (after Django is set up)
    from search.readers import ANONYMOUS  # noqa: PLC0415

    hits = search.search(text, reader=ANONYMOUS, page_size=FIRST).hits
    keys = [hit.key.removeprefix("passage:") for hit in hits]
    return next((1 / rank for rank, key in enumerate(keys, start=1) if key in question.answers), 0.0)


def mean_reciprocal_ranks(asked: Iterable[Question], write: Callable[[str], str] = str) -> dict[str, float]:
    """Return the mean by set, and of all as «»; `write` changes the script of the questions."""
    ranks: dict[str, list[float]] = {"": []}
    for question in asked:
        rank = reciprocal_rank(question, write(question.text))
        ranks[""].append(rank)
        ranks.setdefault(question.set, []).append(rank)
    return {name: sum(values) / len(values) for name, values in ranks.items() if values}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--questions", type=int, default=0, help="so many drawn at random; 0 asks all")
    options = parser.parse_args()
    if options.data is None:
        print("没有找到评测数据（shared/data/relevance），略过；可用 --data 指明文件夹。")
        return
    with portal(migrated=True), tempfile.TemporaryDirectory() as folder:
        from django.conf import settings  # noqa: PLC0415 (after Django is set up)
        from opencc import OpenCC  # noqa: PLC0415 (loading it takes a while)

        from search.engines import get_engine  # noqa: PLC0415

        only_notices()
        settings.SEARCH_INDEX_DIR = Path(folder)
        fill(get_engine(), passages(options.data))
        asked = questions(options.data, options.questions)
        scripts = {"原样": str, "简体": OpenCC("t2s").convert, "繁体": OpenCC("s2t").convert}
        print(f"{len(asked)} 个问题，首个答案名次倒数的平均（前 {FIRST} 条）：")
        for name, write in scripts.items():
            texts = {question.text: write(question.text) for question in asked}
            begun = time.perf_counter()
            means = mean_reciprocal_ranks(asked, texts.__getitem__)
            took = (time.perf_counter() - begun) * 1000 / len(asked)
            sets = "，".join(f"{of} {mean:.3f}" for of, mean in means.items() if of)
            print(f"{name}：{means['']:.3f}（{sets}），每问 {took:.1f} 毫秒", flush=True)


if __name__ == "__main__":
    main()
