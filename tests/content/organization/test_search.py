from content.organization.models import RoleDescriptionPage
from search.registry import index_for


def test_a_role_description_becomes_a_document(role):
    index = index_for(RoleDescriptionPage)

    document = index.to_document(index.get_queryset().get())

    assert document.kind == "role"
    assert document.title == "市场专员岗位说明书"
    assert document.audience == {"staff"}
    assert document.facets == {"unit": ("市场部",), "year": ("2026年/01月",)}
    assert role.number in document.keywords
    assert {"标题醒目", "产品推广", "每月八篇。", "采访成稿"} <= set(document.body.splitlines())


def test_a_draft_cannot_be_found(role):
    role.unpublish()

    assert index_for(RoleDescriptionPage).to_document(role) is None
    assert not index_for(RoleDescriptionPage).get_queryset().exists()
