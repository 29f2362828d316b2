from content.places import setting_up
from content.places.models import Division, DivisionType


def test_all_divisions_are_loaded_with_their_parents(divisions):
    assert Division.objects.count() == 3347
    assert Division.objects.filter(parent__isnull=True).count() == 31
    assert Division.objects.get(code="530702").full_name == "云南省丽江市古城区"


def test_rows_that_only_hold_the_code_tree_together_are_not_said(divisions):
    assert Division.objects.get(code="110108").full_name == "北京市海淀区"
    assert Division.objects.get(code="429004").full_name == "湖北省仙桃市"


def test_only_shennongjia_is_a_forestry_district(divisions):
    forestry = Division.objects.filter(type=DivisionType.FORESTRY_DISTRICT)

    assert [division.name for division in forestry] == ["神农架林区"]
    assert Division.objects.get(name="碑林区").type == DivisionType.DISTRICT


def test_a_second_run_reads_but_writes_nothing(divisions, django_assert_num_queries):
    with django_assert_num_queries(3):  # savepoint, read, release
        setting_up.set_up()


def test_a_changed_name_is_mended_and_its_id_kept(divisions):
    before = Division.objects.get(code="530700")
    Division.objects.filter(code="530700").update(name="丽江地区", type=DivisionType.PREFECTURE)

    setting_up.set_up()

    after = Division.objects.get(code="530700")
    assert (after.pk, after.name, after.type) == (before.pk, "丽江市", DivisionType.PREFECTURE_LEVEL_CITY)
