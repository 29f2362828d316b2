"""The search box and the results page in a real browser: keyboard, part of the page changed, and without scripts."""

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect, sync_playwright

from search.engines import get_engine
from tests.search.documents import DALI, LIJIANG, RELEASE

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
    page.locator("summary", has_text="自己定起止日期").click()
    page.get_by_label("发布日期从").fill("2026-02-15")
    page.get_by_role("button", name="按日期筛选").click()
    expect(page.locator(".empty__title")).to_have_text("没有找到“公告”")
    page.get_by_role("link", name="清除全部条件").click()
    expect(page.locator(".search-hit")).to_have_count(2)
