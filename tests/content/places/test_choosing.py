import pytest

ADDRESS = "/admin/division_chooser/results/"


@pytest.fixture
def desk(client, superuser, home, divisions):
    client.force_login(superuser)
    return client


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ("玉龙", "云南省丽江市玉龙纳西族自治县", "云南省丽江市古城区"),
        ("5307", "云南省丽江市古城区", "云南省大理白族自治州"),
        ("丽江市古城区", "云南省丽江市古城区", "云南省丽江市玉龙纳西族自治县"),
        ("云南丽江", "云南省丽江市", "云南省丽江市古城区"),
    ],
)
def test_a_division_is_found_by_name_code_or_whole_place(desk, query, found, left_out):
    text = desk.get(ADDRESS, {"q": query}).content.decode()

    assert found in text
    assert left_out not in text


def test_rows_that_only_hold_the_code_tree_together_are_not_offered(desk):
    assert "省直辖县级行政区划" not in desk.get(ADDRESS, {"q": "直辖"}).content.decode()


def test_the_list_costs_the_same_however_many_are_found(desk, django_assert_num_queries):
    desk.get(ADDRESS)

    with django_assert_num_queries(6):
        one = desk.get(ADDRESS, {"q": "530702"})
    with django_assert_num_queries(6):
        many = desk.get(ADDRESS, {"q": "5307"})

    assert one.content.decode().count("<tr") == 2
    assert many.content.decode().count("<tr") == 7
