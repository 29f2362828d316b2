"""A release from the first word to the newsroom, by the people of the demo, in a real browser."""

import re

import pytest

pytestmark = pytest.mark.browser

TITLE = "束河雪后开市，三十家铺子一起扫雪迎客"
HEAD = "束河雪后开市"  # headlines may break between phrases
FIRST_LEAD = "雪停了，束河的三十家铺子约好早起一小时，把整条街扫出来。"
FIRST_TEXT = "山河文旅集团今年市场占有率第一，全年接待游客超过二百万人次。"
MENDED_TEXT = "清晨六点，铺子老板们带着扫帚出门。山河文旅集团丽江分公司备好了姜汤，扫完雪一人一碗。"


def draft(marketer) -> str:
    """Write the release in the editor as the branch's marketer does; return the address of its editor."""
    page = marketer.page
    marketer.go("/")
    page.get_by_role("link", name=re.compile("写新闻稿或软文")).click()
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=title], input[name=title]").first.fill(TITLE)
    page.locator("select[name=kind]").select_option(label="软文")
    page.locator("input[name=dateline]").fill("云南丽江")
    page.locator("textarea[name=summary]").fill(FIRST_LEAD)
    add_paragraph(page, FIRST_TEXT)
    save(page)
    return page.url


def add_paragraph(page, text: str) -> None:
    """Add a block of running text at the end of the body and type into it."""
    page.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option").filter(has_text="正文").first.click()
    type_into(page, text)


def type_into(page, text: str) -> None:
    """Replace the words of the last rich text of the body, as somebody at a keyboard does."""
    words = page.locator("[data-streamfield-child] .public-DraftEditor-content").last
    words.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.wait_for_function("text => document.querySelector(\"[name='body-0-value']\").value.includes(text)", arg=text)


def save(page) -> None:
    page.get_by_role("button", name=re.compile("保存草稿")).first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    page.wait_for_load_state("networkidle")


def sign(person, title: str, *, comment: str = "", refuse: bool = False) -> None:
    """Open what waits for this person and decide, on the page made for it."""
    person.go("/sign/")
    person.page.get_by_role("link", name=title).first.click()
    if comment:
        person.page.fill("textarea[name=comment]", comment)
    person.page.locator(f"button[name=verdict][value={'refuse' if refuse else 'sign'}]").click()
    person.page.wait_for_load_state()
    said = person.page.locator("main").inner_text() + person.page.locator("body").inner_text()
    assert ("退回" if refuse else "签准") in said


def test_a_release_is_drafted_refused_mended_signed_confirmed_published_found_and_printed(person):
    marketer = person("lijiang-marketer")
    editor = draft(marketer)

    # The path, with the reason why headquarters is on it, before anything is sent.
    marketer.page.locator("a[href*='/sign/path/']").first.click()
    path = marketer.page.locator("main")
    assert "总部确认" in path.inner_text()
    assert "苏砚秋" in path.inner_text()
    assert "集团" in path.inner_text()
    marketer.page.locator("button[name=act][value=submit]").click()
    marketer.page.wait_for_load_state()
    assert "签批中" in path.inner_text()

    # The manager refuses with a reason; it reaches the writer's inbox.
    manager = person("department-manager", width=390, height=844)
    sign(manager, TITLE, comment="“市场占有率第一”没有出处，请删去或写明来源。", refuse=True)
    marketer.go("/inbox/")
    assert "没有出处" in marketer.page.locator("main").inner_text()

    # Nothing of it is to be seen outside meanwhile.
    visitor = person(None)
    visitor.go("/newsroom/")
    assert HEAD not in visitor.page.locator("main").inner_text()

    # The writer mends the text and submits again: everybody signs anew.
    marketer.go(editor)
    type_into(marketer.page, MENDED_TEXT)
    save(marketer.page)
    marketer.page.locator("a[href*='/sign/path/']").first.click()
    marketer.page.locator("button[name=act][value=submit]").click()
    marketer.page.wait_for_load_state()
    assert (
        "第 2 次" in marketer.page.locator("main").inner_text()
        or "签批中" in marketer.page.locator("main").inner_text()
    )

    sign(manager, TITLE)
    sign(person("marketing-director"), TITLE, comment="可以。")
    sign(person("product-marketing-manager"), TITLE)
    visitor.go("/newsroom/")
    assert HEAD not in visitor.page.locator("main").inner_text()  # headquarters has still to confirm
    headquarters = person("hq-brand", width=390, height=844)
    sign(headquarters, TITLE, comment="口径无误。")

    # On the newsroom, in search, as a PDF, in the feed.
    visitor.go("/newsroom/")
    visitor.page.locator("main a", has_text=HEAD).first.click()
    visitor.page.wait_for_load_state()
    article = visitor.page.locator("main").inner_text()
    assert MENDED_TEXT in article
    assert "市场占有率" not in article
    address = visitor.page.url
    pdf_link = visitor.page.locator("a[href*='/print/pages/']").first.get_attribute("href")
    pdf = visitor.context.request.get(f"{visitor.portal.url}{pdf_link}")
    assert pdf.status == 200
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF")
    visitor.go("/search/?q=扫雪迎客")
    assert visitor.page.locator("main a", has_text=HEAD).count() == 1
    assert visitor.page.locator("main mark").first.inner_text() == "扫雪迎客"
    feed = visitor.context.request.get(f"{visitor.portal.url}/releases/feed/").text()
    assert TITLE in feed
    assert address.split("localhost")[1].split("/", 1)[1] in feed

    # The writer is told.
    marketer.go("/inbox/")
    assert "发布" in marketer.page.locator("main").inner_text()
