"""The PDF of a page: content, rights, store."""

import io
import re

import pytest
from django.contrib.auth.models import Permission
from pypdf import PdfReader
from wagtail.models import GroupPagePermission

from content.core.choices import Audience
from content.organization.models import RoleDescriptionPage
from content.printing import engine, pages, tasks
from tests.factories.organization import HoldingFactory


@pytest.fixture
def editor(staff, home, django_user_model):
    """Staff who may also edit every page."""
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="说明书编辑")
    GroupPagePermission.objects.create(
        group=group, page=home, permission=Permission.objects.get(codename="change_page")
    )
    staff.groups.add(group)
    return django_user_model.objects.get(pk=staff.pk)


@pytest.fixture
def count_made(monkeypatch):
    """Counts how often a PDF is really made."""
    made = []
    original = engine.html_to_pdf

    def count(html, **options):
        made.append(html)
        return original(html, **options)

    monkeypatch.setattr(engine, "html_to_pdf", count)
    return made


def address(page, query=""):
    return f"/print/pages/{page.pk}.pdf{query}"


def text_of(response):
    reader = PdfReader(io.BytesIO(response.content))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def test_the_form_shows_every_part_of_a_role_description_in_order(client, staff, role_page):
    client.force_login(staff)

    text = text_of(client.get(address(role_page)))

    parts = [
        "岗位说明书", "GW-006", "市场信息管理助理", "市场部", "市场部经理", "实习专员", "及时、准确、完整地收集",
        "岗位职责", "招标信息", "补全资质与报名材料", "考核指标", "专业质量", "错漏一条扣一分。", "工作流程",
        "编制", "何静", "2026年9月1日",
    ]  # fmt: skip
    positions = [text.find(part) for part in parts]
    assert -1 not in positions, parts[positions.index(-1)]
    assert "第1页，共1页" in text
    assert "草稿" not in text


def test_the_response_opens_in_the_browser_under_the_chinese_title(client, staff, role_page):
    client.force_login(staff)

    response = client.get(address(role_page))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "inline; filename*=utf-8''%E5%B8%82%E5%9C%BA%E4%BF%A1%E6%81%AF%E7%AE%A1%E7%90%86%E5%8A%A9%E7%90%86"
        "%E5%B2%97%E4%BD%8D%E8%AF%B4%E6%98%8E%E4%B9%A6.pdf"
    )
    assert response["Cache-Control"] == "private, no-cache"
    assert client.get(address(role_page, "?download=1"))["Content-Disposition"].startswith("attachment; ")


def test_an_unchanged_file_is_not_sent_twice(client, staff, role_page):
    client.force_login(staff)
    first = client.get(address(role_page))

    second = client.get(address(role_page), headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")


def test_anonymous_readers_are_sent_to_the_login(client, role_page):
    response = client.get(address(role_page))

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={address(role_page)}")


def test_readers_without_a_post_are_refused(client, outsider, role_page):
    client.force_login(outsider)

    assert client.get(address(role_page)).status_code == 403


def test_a_public_page_is_printed_for_everyone(client, role_page):
    role_page.audience = Audience.PUBLIC
    role_page.save_revision().publish()

    assert client.get(address(role_page)).status_code == 200


@pytest.mark.parametrize("who", ["anonymous", "outsider", "staff", "editor"])
def test_an_unpublished_page_has_no_published_pdf(client, request, role_page, who):
    if who != "anonymous":
        client.force_login(request.getfixturevalue(who))
    role_page.unpublish()

    assert client.get(address(role_page)).status_code == 404


def test_a_page_type_without_print_template_has_no_pdf(client, home, superuser):
    client.force_login(superuser)

    assert client.get(address(home)).status_code == 404
    assert client.get("/print/pages/999999.pdf").status_code == 404


def test_editors_print_the_draft_and_it_says_so(client, editor, role_page):
    client.force_login(editor)
    role_page.purpose = "草拟中的新目的。"
    role_page.save_revision()

    draft = text_of(client.get(address(role_page, "?draft=1")))

    assert "草拟中的新目的。" in draft
    assert "未经批准，不得外传" in draft
    assert "草拟中的新目的。" not in text_of(client.get(address(role_page)))


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("outsider", 403), ("staff", 403), ("editor", 200)])
def test_drafts_are_for_those_who_may_edit(client, request, role_page, who, status):
    if who != "anonymous":
        client.force_login(request.getfixturevalue(who))

    assert client.get(address(role_page, "?draft=1")).status_code == status


def test_another_room_may_open_drafts_to_its_signers(client, staff, role_page, monkeypatch):
    monkeypatch.setattr(pages, "_draft_readers", [])
    pages.register_draft_reader(lambda user, page: user == staff and page.pk == role_page.pk)
    client.force_login(staff)

    assert client.get(address(role_page, "?draft=1")).status_code == 200


def test_publishing_makes_the_pdf_ahead(role_page, store, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        role_page.save_revision().publish()

    [made] = (store / str(role_page.pk)).iterdir()
    assert made.name == f"{pages.key_of(pages.html_of(RoleDescriptionPage.objects.get()))}.pdf"


def test_a_pdf_is_made_once_until_something_on_it_changes(client, staff, role_page, count_made):
    client.force_login(staff)
    client.get(address(role_page))
    client.get(address(role_page))
    assert len(count_made) == 1

    # Not part of the page itself, yet printed on it.
    role_page.post.superior.title = "市场总监"
    role_page.post.superior.save()

    assert "市场总监" in text_of(client.get(address(role_page)))
    assert len(count_made) == 2


def test_only_a_few_files_a_page_are_kept(role_page, store):
    for number in range(pages.KEPT_FILES + 3):
        role_page.purpose = f"目的{number}。"
        pages.pdf_of(role_page)

    assert len(list((store / str(role_page.pk)).iterdir())) == pages.KEPT_FILES


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_the_file_goes_with_the_page(role_page, store, act, django_capture_on_commit_callbacks):
    pages.pdf_of(role_page)
    folder = store / str(role_page.pk)
    assert folder.exists()

    with django_capture_on_commit_callbacks(execute=True):
        getattr(role_page, act)()

    assert not folder.exists()


def test_a_failing_layout_leaves_no_file(role_page, store, monkeypatch):
    def fail(html, **options):
        raise RuntimeError("layout failed")

    monkeypatch.setattr(engine, "html_to_pdf", fail)

    with pytest.raises(RuntimeError):
        pages.pdf_of(role_page)

    assert not store.exists()


def test_a_full_disk_still_gives_the_reader_the_pdf(client, staff, role_page, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setattr(pages, "store_dir", lambda: tmp_path / "file")
    client.force_login(staff)

    assert client.get(address(role_page)).content.startswith(b"%PDF")


def test_without_pango_the_reader_is_told_what_to_do(client, staff, role_page, monkeypatch):
    missing = engine.Status(ok=False, reason="这台服务器缺少排版组件。", remedy="sudo apt install libpango-1.0-0")
    monkeypatch.setattr(engine, "status", lambda: missing)
    client.force_login(staff)

    response = client.get(address(role_page))

    assert response.status_code == 503
    html = response.content.decode()
    assert "暂时不能生成 PDF" in html
    assert "sudo apt install libpango-1.0-0" in html
    assert f"返回《{role_page.title}》" in html


def test_without_pango_the_worker_gives_up_quietly(role_page, monkeypatch):
    missing = engine.Status(ok=False, reason="缺少排版组件。", remedy="sudo apt install libpango-1.0-0")
    monkeypatch.setattr(engine, "status", lambda: missing)

    assert tasks.make_pdf.func(role_page.pk) == ""


def test_the_task_does_nothing_for_pages_that_are_gone_or_not_printable(home, role_page):
    assert tasks.make_pdf.func(999999) == ""
    assert tasks.make_pdf.func(home.pk) == ""


def test_a_second_run_of_the_task_makes_nothing_new(role_page, count_made):
    assert tasks.make_pdf.func(role_page.pk) == tasks.make_pdf.func(role_page.pk)
    assert len(count_made) == 1


def test_titles_become_names_every_file_system_takes(role_page):
    from content.printing.views import file_name

    role_page.title = ' 一/二:三*"四"\n.. '
    assert file_name(role_page, draft=False) == "一 二 三 四.pdf"
    assert file_name(role_page, draft=True) == "一 二 三 四（草稿）.pdf"
    role_page.title = "..."
    assert file_name(role_page, draft=False) == "文件.pdf"


def test_long_descriptions_run_over_pages_with_running_titles(role_page):
    role_page.duty_groups.create(
        title="更多职责",
        duties="\n".join(f"第{n}项：" + "按制度登记并在当日归档。" * 4 for n in range(60)),
        sort_order=1,
    )

    _key, content = pages.pdf_of(role_page)

    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 3
    last = reader.pages[-1].extract_text()
    assert "GW-006 市场信息管理助理岗位说明书" in last
    assert f"第 {len(reader.pages)} 页，共 {len(reader.pages)} 页" in last


def test_holders_of_a_post_read_it_and_lose_it_with_the_post(client, outsider, role_page, department):
    holding = HoldingFactory(user=outsider, post=role_page.post)
    client.force_login(outsider)
    assert client.get(address(role_page)).status_code == 200

    holding.delete()

    assert client.get(address(role_page)).status_code == 403
