"""The screens of the editors' desk, as a person sees them: no English words."""

import io
import re

import pytest
from bs4 import BeautifulSoup, Comment
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageLogEntry, Site

from content.demo.pictures import paint
from content.home.models import HomePage
from content.media.models import Document, Image
from tests.factories import releases

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")

# Words that stay, each for its reason.
ALLOWED = {
    **dict.fromkeys(["AVIF", "GIF", "JPEG", "JPG", "PNG", "TSV", "WEBP"], "name of a file format"),
    **dict.fromkeys(["KB", "MB"], "unit"),
    **dict.fromkeys(["root", "drafter", "localhost"], "data: accounts and host of the test"),
    **dict.fromkeys(["Shelf", "shelf", "Open", "Page", "page"], "data: page types that exist only in tests"),
    "JavaScript": "name of a technique",
    "Wagtail": "name of the software, in «Wagtail 8.0.1 编辑指南»",
    "CSV": "name of a file format",
    "XLSX": "name of a file format",
    "API": "name of a technique",
    "PDF": "name of a file format",
    "Ctrl": "name of a key",
    "Shift": "name of a key",
    "Alt": "name of a key",
    "Esc": "name of a key",
}


def visible_words(html):
    """Latin words in the text of a page and in what is read out or shown on hovering."""
    soup = BeautifulSoup(html, "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in [*soup(["script", "style", "svg", "code", "kbd"]), *soup.find_all(hidden=True)]:
        element.decompose()
    texts = [text for text in soup.find_all(string=True) if text.parent.name != "[document]"]
    for element in soup.find_all(True):
        texts += [element[name] for name in ("title", "placeholder", "aria-label", "alt") if element.get(name)]
    words = set()
    for text in texts:
        # Addresses, mail addresses, names of files and models are data.
        plain = re.sub(r"\S+@\S+|https?://\S+|/\S*/|[\w-]+\.[a-z]+\b", " ", str(text))
        words |= set(WORD.findall(plain))
    return words - set(ALLOWED)


@pytest.fixture
def site(db, settings, tmp_path):
    """A site with one of everything."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("setup_portal", verbosity=0, stdout=io.StringIO())
    PageLogEntry.objects.all().delete()  # tells of the removal of Wagtail's welcome page by its English title
    home = HomePage.objects.get()
    newsroom = releases.newsroom_below(home)
    release = releases.draft(newsroom)
    release.save_revision()
    boilerplate = releases.boilerplate(signed=False)
    image = Image.objects.create(title="步道", file=SimpleUploadedFile("步道.jpg", paint("trail"), "image/jpeg"))
    document = Document.objects.create(title="画册", file=SimpleUploadedFile("画册.pdf", b"%PDF-1.7"))
    group = Group.objects.create(name="编辑组")
    return {
        "home": home.pk,
        "newsroom": newsroom.pk,
        "release": release.pk,
        "boilerplate": boilerplate.pk,
        "image": image.pk,
        "document": document.pk,
        "group": group.pk,
        "site": Site.objects.get().pk,
    }


SCREENS = [
    ("wagtailadmin_home", []),
    ("wagtailadmin_account", []),
    ("wagtailadmin_explore_root", []),
    ("wagtailadmin_explore", ["home"]),
    ("wagtailadmin_explore", ["newsroom"]),
    ("wagtailadmin_pages:add_subpage", ["home"]),
    ("wagtailadmin_pages:edit", ["release"]),
    ("wagtailadmin_pages:edit", ["newsroom"]),
    ("wagtailadmin_pages:history", ["release"]),
    ("wagtailadmin_pages:usage", ["release"]),
    ("wagtailadmin_pages:copy", ["release"]),
    ("wagtailadmin_pages:move", ["release"]),
    ("wagtailadmin_pages:delete", ["release"]),
    ("wagtailadmin_pages:search", []),
    ("wagtailsnippets:index", []),
    ("wagtailsnippets_releases_boilerplate:list", []),
    ("wagtailsnippets_releases_boilerplate:add", []),
    ("wagtailsnippets_releases_boilerplate:edit", ["boilerplate"]),
    ("wagtailsnippets_releases_boilerplate:history", ["boilerplate"]),
    ("wagtailimages:index", []),
    ("wagtailimages:add", []),
    ("wagtailimages:add_multiple", []),
    ("wagtailimages:edit", ["image"]),
    ("wagtailimages:delete", ["image"]),
    ("wagtaildocs:index", []),
    ("wagtaildocs:add", []),
    ("wagtaildocs:add_multiple", []),
    ("wagtaildocs:edit", ["document"]),
    ("wagtailadmin_workflows:index", []),
    ("wagtailadmin_workflows:add", []),
    ("wagtailadmin_workflows:task_index", []),
    ("wagtailadmin_workflows:select_task_type", []),
    ("wagtailusers_users:index", []),
    ("wagtailusers_users:add", []),
    ("wagtailusers_groups:index", []),
    ("wagtailusers_groups:edit", ["group"]),
    ("wagtailsites:index", []),
    ("wagtailsites:edit", ["site"]),
    ("wagtailadmin_collections:index", []),
    ("wagtailadmin_collections:add", []),
    ("wagtailredirects:index", []),
    ("wagtailredirects:add", []),
    ("wagtailredirects:start_import", []),
    ("wagtailsearchpromotions:index", []),
    ("wagtailsearchpromotions:add", []),
    ("wagtailforms:index", []),
    ("wagtailadmin_reports:locked_pages", []),
    ("wagtailadmin_reports:workflow", []),
    ("wagtailadmin_reports:workflow_tasks", []),
    ("wagtailadmin_reports:site_history", []),
    ("wagtailadmin_reports:aging_pages", []),
    ("wagtailadmin_reports:page_types_usage", []),
]


def test_no_english_words_are_left(client, superuser, site):
    client.force_login(superuser)
    left = {}

    # One test for all of them: setting the portal up takes longer than opening every screen.
    for name, arguments in SCREENS:
        response = client.get(reverse(name, args=[site[argument] for argument in arguments]))
        html = response.content.decode()
        assert response.status_code == 200, name
        assert " - 市场部门户</title>" in html, name
        if words := visible_words(html):
            left[name, *arguments] = words

    assert left == {}


def test_permissions_are_named_in_chinese(db):
    names = dict(Permission.objects.values_list("codename", "name"))

    assert names["add_releasepage"] == "新增新闻稿 / 软文"
    assert names["publish_boilerplate"] == "发布公司简介段落"
    assert names["unlock_page"] == "解锁任意页面"
    assert names["access_admin"] == "可以进入管理后台"
    assert [name for name in names.values() if name.startswith("Can ")] == []


def test_the_login_of_the_desk_is_the_portals_own(client):
    assert client.get("/admin/")["Location"] == "/login/?next=/admin/"


def test_the_words_of_a_screen_are_found():
    html = '<p>标题 Save</p><button title="Close">关</button><script>var hidden</script><code>apt</code> a@b.cn'

    assert visible_words(html) == {"Save", "Close"}
