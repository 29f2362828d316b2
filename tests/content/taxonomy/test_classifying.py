import pytest

from content.taxonomy import setting_up
from content.taxonomy.classifying import classify
from content.taxonomy.models import Subject


@pytest.fixture
def subjects(db):
    setting_up.set_up()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("丽江市全域旅游规划编制服务采购", ["旅游规划"]),
        ("某县国土空间总体规划（2021—2035年）", ["城市规划"]),
        ("滨江片区城市设计及景观设计", ["城市设计", "景观设计"]),
        ("老旧小区改造与城市更新", ["城市风貌改造"]),
        ("创建国家５Ａ级旅游景区", ["景区发展目标"]),
        ("城市 设计", ["城市设计"]),
        ("湿地公园规划", ["景区规划"]),
        ("口袋公园", ["城市公园"]),
        ("手术室更衣柜采购", []),
        ("", []),
    ],
)
def test_a_text_is_classified_by_the_keywords_of_the_subjects(subjects, text, names):
    assert [subject.name for subject in classify(text)] == names


def test_core_subjects_are_the_three_that_matter_most(subjects):
    core = Subject.objects.filter(is_core=True).values_list("name", flat=True)

    assert list(core) == ["旅游规划", "城市规划", "城市设计"]


def test_set_up_again_leaves_what_the_department_edited(subjects):
    Subject.objects.filter(slug="city-parks").update(keywords="绿道")

    setting_up.set_up()

    assert Subject.objects.get(slug="city-parks").keywords == "绿道"
    assert Subject.objects.count() == len(setting_up.SUBJECTS)


def test_many_texts_are_classified_without_asking_the_database_again(subjects, django_assert_num_queries):
    known = list(Subject.objects.all())

    with django_assert_num_queries(0):
        found = [classify(text, subjects=known) for text in ("城市设计", "旅游规划")]

    assert [[subject.name for subject in row] for row in found] == [["城市设计"], ["旅游规划"]]
