"""Every page at a desk and on a phone: nothing blocked, nothing wider than the screen, everything named."""

import pytest

pytestmark = pytest.mark.browser

WIDTHS = [1280, 390]
PUBLIC = ["/", "/newsroom/", "/search/?q=规划", "/login/", "/meiyou/"]
STAFF = [
    "/",
    "/newsroom/",
    "/search/?q=规划",
    "/search/?q=规划&place=火星&amount_from=99",
    "/search/history/",
    "/search/exports/",
    "/sign/",
    "/inbox/",
    "/organization/",
    "/organization/posts/marketer/",
    "/roles/",
    "/password/",
]
ASSISTANT = ["/", "/tenders/", "/import/", "/import/tenders/"]
# (who, listing, selector of its first link): pages whose address depends on the data
BEHIND = [
    (None, "/newsroom/", "h2 a[href*='/newsroom/']"),
    ("info-assistant", "/tenders/", "main td a[href*='/tenders/']"),
    ("department-manager", "/sign/", "main a[href*='/sign/']"),
    ("marketer", "/roles/", "main h3 a"),
]

FAULTS = """() => {
    const faults = [];
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) faults.push(`页面比屏幕宽 ${wide} 像素`);
    if (document.querySelectorAll("h1").length !== 1) faults.push("不是恰好一个 h1");
    for (const image of document.querySelectorAll("img:not([alt])")) faults.push(`图片没有 alt：${image.src}`);
    const named = (field) => field.labels?.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
    for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
        if (!named(field)) faults.push(`没有标签：${field.outerHTML.slice(0, 90)}`);
    for (const link of document.querySelectorAll("a[href], button"))
        if (!link.textContent.trim() && !link.getAttribute("aria-label") && !link.hasAttribute("aria-hidden"))
            faults.push(`没有名字：${link.outerHTML.slice(0, 90)}`);
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) faults.push(`重复的 id：${id}`);
    for (const name of ["header", "main", "footer"])
        if (document.querySelectorAll(`body > ${name}`).length !== 1) faults.push(`地标 ${name} 不是一个`);
    return faults;
}"""


def faults_of(someone, path, width) -> list[str]:
    """What is wrong with one page at one width; an empty list where all is well."""
    said = []
    someone.page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    someone.page.on("pageerror", lambda error: said.append(str(error)))
    someone.page.set_viewport_size({"width": width, "height": 844})
    response = someone.go(path)
    someone.page.wait_for_load_state("networkidle")
    expected = 404 if path == "/meiyou/" else 200
    found = [] if response.status == expected else [f"状态 {response.status}"]
    # Chromium reports the 404 itself as an error.
    found += [text for text in said if not (expected == 404 and "status of 404" in text)]
    return [f"{path} @ {width}: {fault}" for fault in [*found, *someone.page.evaluate(FAULTS)]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("username", "paths"),
    [(None, PUBLIC), ("department-manager", STAFF), ("info-assistant", ASSISTANT)],
    ids=["visitor", "manager", "assistant"],
)
def test_pages_are_whole_and_nothing_on_them_is_blocked(person, username, paths, width):
    someone = person(username, width=width)

    assert [fault for path in paths for fault in faults_of(someone, path, width)] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("username", "listing", "link"), BEHIND, ids=["release", "tender", "sign", "role"])
def test_single_pages_are_whole(person, username, listing, link, width):
    someone = person(username, width=width)
    someone.go(listing)
    path = someone.page.locator(link).first.get_attribute("href")

    assert faults_of(someone, path, width) == []


def test_the_portal_can_be_read_and_walked_without_scripts(chromium, portal):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    try:
        page.goto(f"{portal.url}/")
        page.locator(".nav-toggle > summary").click()
        page.locator(".nav-toggle a", has_text="新闻中心").click()
        assert page.locator("h1").inner_text() == "新闻中心"
        page.locator(".site-search input").fill("市集")
        page.locator(".site-search button").click()
        assert page.locator(".search-hit").count() >= 1
    finally:
        context.close()


def test_the_keyboard_reaches_the_text_first(person):
    someone = person(None)
    someone.go("/newsroom/")

    someone.page.keyboard.press("Tab")

    assert someone.page.evaluate("document.activeElement.textContent") == "跳到正文"
    someone.page.keyboard.press("Enter")
    assert someone.page.evaluate("document.activeElement.id") == "main"


def test_the_editors_desk_works_under_its_policy(person):
    someone = person("marketer")
    said = []
    someone.page.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )

    for path in ("/admin/", "/admin/pages/", "/admin/images/"):
        assert someone.go(path).status == 200
        someone.page.wait_for_load_state("networkidle")
    someone.go("/")
    someone.page.locator("a", has_text="写新闻稿或软文").click()
    someone.page.wait_for_load_state("networkidle")

    assert someone.page.locator("#id_title").is_visible()
    assert said == []
