import pytest

from content.taxonomy import setting_up

ADDRESS = "/admin/snippets/taxonomy/subject/"


def test_subjects_are_kept_at_the_desk_and_found_by_keyword(client, superuser, home):
    setting_up.set_up()
    client.force_login(superuser)

    text = client.get(ADDRESS, {"q": "口袋公园"}).content.decode()

    assert "城市公园" in text
    assert "景观设计" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(client, superuser, home, count, django_assert_num_queries):
    for number in range(count):
        setting_up.Subject.objects.create(name=f"主题{number}", slug=f"s{number}")
    client.force_login(superuser)
    client.get(ADDRESS)

    with django_assert_num_queries(8):
        client.get(ADDRESS)
