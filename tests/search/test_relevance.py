"""Answers to natural questions stand near the top: a part of `make bench BENCH=relevance`."""

import pytest
from opencc import OpenCC

from bench.relevance import data_folder, fill, mean_reciprocal_ranks, passages, questions
from search.engines import get_engine
from tests.search.documents import document

FOLDER = data_folder()
# Of all kinds of things a portal holds: what is asked for, and the one title or text among others that tells it.
ASKED = {
    "丽江的旅游总体规划什么时候截止投标": "丽江市旅游发展总体规划编制项目公开招标公告",
    "投標保證金要交多少": "关于投标保证金缴纳与退还的说明",
    "谁来审核软文": "软文审核流程",
    "C++程序员的岗位职责": "C++工程师岗位说明书",
    "2026年春季研学活动怎么报名": "2026年春季研学报名通知",
}
OTHERS = [
    "大理州城市设计招标公告",
    "会议室使用说明",
    "年终总结写作要点",
    "2025年秋季团建通知",
    "采购流程",
    "工程师招聘公告",
]


@pytest.mark.usefixtures("db", "kinds")
def test_a_question_in_plain_words_leads_to_what_answers_it():
    import search

    titles = [*ASKED.values(), *OTHERS]
    get_engine().write(document(number, title=title) for number, title in enumerate(titles))

    for question, title in ASKED.items():
        found = search.search(question, reader=search.readers.ANONYMOUS)
        assert found.hits[0].title == title, question
        assert found.widened, question


@pytest.mark.shared_data
@pytest.mark.skipif(FOLDER is None, reason="the development data is not beside this checkout")
@pytest.mark.usefixtures("db", "kinds")
def test_answers_to_questions_stand_high_whatever_the_script():
    assert FOLDER is not None
    fill(get_engine(), passages(FOLDER))
    asked = questions(FOLDER, 600)

    means = mean_reciprocal_ranks(asked)
    other_script = mean_reciprocal_ranks(asked, OpenCC("t2s").convert)

    assert means[""] >= 0.93
    assert min(means.values()) >= 0.92
    assert abs(means[""] - other_script[""]) < 0.005
