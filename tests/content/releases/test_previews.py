"""What the writer sees before anything is saved: the page as it will be, and an example of each block."""

import pytest
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.media.models import Image
from content.organization.models import Unit
from content.releases.models import Boilerplate, ReleasePage
from tests.factories import releases


def typed(**fields):
    return nested_form_data(
        {
            "title": "",
            "slug": "",
            "summary": "",
            "kind": "press_release",
            "issuer": Unit.objects.get(code="marketing").pk,  # filled in by the form (see ReleaseForm)
            "audience": "public",
            "body": streamfield(fields.pop("body", [])),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            **fields,
        }
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "夜游开放", "summary": "今晚开放。", "body": [("section_heading", "灯光")]},
        {"body": [("picture", {"image": "", "alt": "", "caption": "", "credit": "", "rights": ""})]},
    ],
)
def test_a_release_begun_a_moment_ago_can_be_previewed(fields, portal, marketer, client):
    client.force_login(marketer)
    url = reverse("wagtailadmin_pages:preview_on_add", args=["releases", "releasepage", portal.pk])

    assert client.post(url, typed(**fields)).json() == {"is_valid": True, "is_available": True}
    html = client.get(url).content.decode()

    assert 'class="release__title"' in html
    assert fields.get("title", "") in html


def test_a_draft_can_be_previewed_with_everything_that_was_saved(portal, marketer, client):
    release = releases.draft(portal, dateline="丽江")
    release.save_revision(user=marketer)
    client.force_login(marketer)

    html = client.get(reverse("wagtailadmin_pages:view_draft", args=[release.pk])).content.decode()

    assert "尚未发布" in html
    assert "丽江" in html


@pytest.mark.parametrize("library", ["empty", "filled"])
@pytest.mark.parametrize("name", list(ReleasePage.body.field.stream_block.child_blocks))
def test_the_block_picker_shows_an_example(name, library, portal, marketer, client):
    if library == "filled":
        Image.objects.create(title="城门", file=get_test_image_file())
        releases.boilerplate()
    block = ReleasePage.body.field.stream_block.child_blocks[name]
    client.force_login(marketer)

    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert response.status_code == 200
    html = response.content.decode()
    assert "css/newsroom.css" in html
    assert (library == "empty" or name == "download") or f"block-{name}" in html


def test_an_introduction_can_be_previewed(portal, marketer, client):
    introduction = Boilerplate.objects.create(title="关于", unit=releases.UnitFactory(), body="<p>旧。</p>", live=False)
    introduction.save_revision(user=marketer)
    client.force_login(marketer)
    url = reverse("wagtailsnippets_releases_boilerplate:preview_on_edit", args=[introduction.pk])

    client.post(url, {"title": "关于我们", "unit": introduction.unit_id, "body": rich_text("<p>简介。</p>")})
    html = client.get(url).content.decode()

    assert "简介。" in html
    assert "关于我们" in html
