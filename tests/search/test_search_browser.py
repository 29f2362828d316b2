"""The search box and the results page in a real browser: keyboard, part of the page changed, and without scripts."""

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect, sync_playwright

from search.engines import get_engine
from tests.search.documents import DALI, LIJIANG, RELEASE, document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("kinds"),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


@pytest.fixture
def address(live_server, home) -> str:
    get_engine().write([LIJIANG, DALI, RELEASE])
    return f"{live_server.url}/search/"


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield started
        started.close()


def open_page(browser, address: str, **options) -> BrowserPage:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    return page


def test_suggestions_are_walked_with_the_keyboard(address, browser):
    page = open_page(browser, address)
    box = page.get_by_role("combobox", name="检索全站").last
    options = page.locator("#results-search-suggestions [role=option]")

    box.press_sequentially("公告")
    expect(options).to_have_count(3)  # two titles, and «all results»
    expect(page.get_by_role("group", name="标题")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "results-search-suggestions-0")
    box.press("ArrowUp")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("公告")

    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**{LIJIANG.url}")


def test_enter_without_a_choice_searches(address, browser):
    page = open_page(browser, address)
    box = page.get_by_role("combobox", name="检索全站").last

    box.press_sequentially("总体规划")
    box.press("Enter")

    expect(page.locator(".search-hit mark").first).to_have_text("总体规划")


def test_a_facet_changes_the_hits_and_the_address_but_not_the_document(address, browser):
    page = open_page(browser, f"{address}?q=公告")
    page.evaluate("window.stillHere = true")

    page.get_by_role("link", name="旅游规划乙级").click()
    expect(page.locator(".search-hit")).to_have_count(1)
    expect(page.locator(".search-chips")).to_contain_text("资质：旅游规划乙级")
    assert page.evaluate("window.stillHere") is True
    assert "qualification=" in page.url
    assert page.evaluate("document.activeElement.id") == "qualification-旅游规划乙级"

    page.go_back()
    expect(page.locator(".search-hit")).to_have_count(2)


def test_everything_works_without_scripts_on_a_phone(address, browser):
    page = open_page(browser, f"{address}?q=公告", java_script_enabled=False, viewport={"width": 390, "height": 844})

    page.get_by_role("link", name="城市规划甲级").click()
    expect(page.locator(".search-hit")).to_have_count(1)
    page.locator("summary", has_text="自己定起止").click()
    page.get_by_label("发布日期从").fill("2026-02-15")
    page.get_by_role("button", name="按起止筛选").click()
    expect(page.locator(".empty__title")).to_have_text("没有找到“公告”")
    assert "date_to" not in page.url  # the address is the short one
    expect(page.locator(".search-ways-out .chip")).to_have_count(2)
    page.get_by_role("link", name="清除全部条件").click()
    expect(page.locator(".search-hit")).to_have_count(2)


def test_a_slash_goes_to_the_search_box_and_stays_a_slash_inside_it(address, browser):
    page = open_page(browser, address)
    box = page.locator("#results-search")

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")


def test_after_turning_the_page_one_goes_on_from_the_top_of_the_results(address, browser):
    get_engine().write([document(number, title=f"批量公告{number}") for number in range(100, 150)])
    page = open_page(browser, f"{address}?q=批量公告", viewport={"width": 1280, "height": 500})
    page.evaluate("window.stillHere = true")

    page.get_by_role("link", name="下一页").click()

    expect(page.locator("#search-total")).to_contain_text("第 2 / 3 页")
    expect(page.locator("#search-total")).to_be_focused()
    expect(page).to_have_title("“批量公告”的检索结果 · 山河文旅集团市场部门户")
    assert "page=2" in page.url
    assert page.evaluate("window.stillHere") is True
    page.reload()
    expect(page.locator("#search-total")).to_contain_text("第 2 / 3 页")


@pytest.fixture
def session(address, client, staff) -> dict[str, str]:
    """The cookie of a member of staff who has searched for 总体规划 before."""
    client.force_login(staff)
    client.get("/search/?q=总体规划")
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}


def test_own_searches_wait_in_the_empty_box_and_the_result_is_downloaded(address, session, browser):
    context = browser.new_context()
    context.add_cookies([session])
    page = context.new_page()
    page.goto(address)

    page.locator("#results-search").focus()
    expect(page.locator("#results-search-suggestions [role=option]").first).to_have_text("总体规划")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#search-total")).to_contain_text("找到 1 条")

    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel 表格").click()
    assert download.value.suggested_filename.startswith("检索-总体规划-")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_what_is_no_markup_stays_text_in_the_page_and_in_the_list(address, browser):
    get_engine().write([document(9, title="<script>document.title='x'</script>公告\u202e🏔️")])
    page = open_page(browser, f"{address}?q=<script>")
    said = []
    page.on("dialog", lambda dialog: said.append(dialog.message))

    expect(page.locator(".search-hit")).to_have_count(1)
    expect(page.locator(".search-hit .list__title")).to_contain_text("<script>document.title='x'</script>公告")
    page.locator("#results-search").press_sequentially(" 公")
    expect(page).to_have_title("“<script>”的检索结果 · 山河文旅集团市场部门户")
    assert page.locator(".search-hit script").count() == 0
    assert said == []
