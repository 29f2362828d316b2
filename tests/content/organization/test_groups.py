import pytest
from wagtail.models import GroupPagePermission

from content.organization.groups import UnknownPermission, grant, grant_page


def test_granting_twice_is_granting_once(home):
    grant("信息助理", "organization.view_post", "organization.change_post")
    group = grant("信息助理", "organization.change_post")
    grant_page("信息助理", home, ["add", "change"])
    grant_page("信息助理", home, ["change_page"])

    assert sorted(group.permissions.values_list("codename", flat=True)) == ["change_post", "view_post"]
    granted = GroupPagePermission.objects.filter(group=group, page=home).values_list("permission__codename", flat=True)
    assert sorted(granted) == ["add_page", "change_page"]


def test_a_misspelt_permission_says_how_to_write_it(db):
    with pytest.raises(UnknownPermission, match="请写成"):
        grant("信息助理", "organization.view_pots")
