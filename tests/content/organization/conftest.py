import pytest
from wagtail.models import Site

from content.core.choices import Audience
from content.organization.models import RoleIndexPage
from tests.factories.organization import RoleDescriptionPageFactory


@pytest.fixture
def role_index(home):
    """The list of role descriptions below the start page."""
    return Site.objects.get(is_default_site=True).root_page.add_child(
        instance=RoleIndexPage(title="岗位说明书", slug="roles", audience=Audience.STAFF)
    )


@pytest.fixture
def role(role_index, staff):
    """The published role description of the post that `staff` holds."""
    return RoleDescriptionPageFactory(parent=role_index, post=staff.holdings.get().post)
