"""Tenders from a file to the reader, and nothing of them to anybody without the right, in a real browser."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from content.demo import tenders as demo_tenders

pytestmark = pytest.mark.browser

SAMPLES = Path(demo_tenders.__file__).parent / "samples"
OURS = "永胜县程海湖片区旅游总体规划"


def workbook(path: Path) -> Path:
    """An XLSX as a colleague sends it: a title row above the headings, one row that cannot be right."""
    deadline = datetime.date.today() + datetime.timedelta(days=20)  # noqa: DTZ011 (written as a person writes it)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "本周招标"
    sheet.append(["项目编号", "项目名称", "招标人", "预算金额（万元）", "公告时间", "投标截止时间", "地区", "资质要求"])
    sheet.append(
        [
            "YN-LJ-2026-0990",
            OURS,
            "永胜县旅游服务中心",
            "约120万元",
            "2026-11-20",
            deadline,
            "云南省丽江市永胜县",
            "旅游规划设计乙级及以上",
        ]
    )
    sheet.append(
        [
            "YN-QJ-2026-0991",
            "罗平县油菜花海城市设计",
            "罗平县旅游服务中心",
            88,
            "2026-11-20",
            "2026-02-30",
            "云南省曲靖市罗平县",
            "",
        ]
    )
    sheet.append(
        [
            "YN-ZT-2026-0992",
            "=cmd|' /C calc'!A0",
            "昭阳区旅游服务中心",
            66,
            "2026-11-20",
            deadline,
            "云南省昭通市昭阳区",
            "",
        ]
    )
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def bring(assistant, file: Path) -> str:
    """Upload a file, wait for the worker to finish it, and return what the report says."""
    assistant.go("/import/tenders/")
    assistant.page.set_input_files("input[type=file]", file)
    assistant.page.get_by_role("button", name="开始导入").click()
    for _ in range(60):
        report = assistant.page.locator("main").inner_text()
        if "已完成" in report or "未能读完" in report:
            return report
        assistant.page.wait_for_timeout(1000)
        assistant.page.reload()
    raise AssertionError(report)


def test_an_assistant_imports_finds_narrows_and_reads_and_nobody_else_sees_any_of_it(person, tmp_path):
    assistant = person("info-assistant")

    report = bring(assistant, SAMPLES / "uk-contracts-finder.json")
    assert "已完成" in report
    # Brought a second time it changes nothing.
    again = bring(assistant, SAMPLES / "uk-contracts-finder.json")
    assert "100" in again
    assert assistant.page.locator("main").get_by_text("无变化").count() > 0

    report = bring(assistant, workbook(tmp_path / "本周招标.xlsx"))
    assert "2026-02-30" in report  # the row that was sent back, with its reason
    assert "已完成" in report

    # Found by words inside the title, narrowed by place and by deadline, opened.
    assistant.go("/search/?q=总体规划")
    titles = assistant.page.locator("main").inner_text()
    assert OURS in titles
    assert assistant.page.locator("main mark", has_text="总体规划").count() >= 10
    assistant.page.get_by_label("云南省").first.check() if assistant.page.get_by_label(
        "云南省"
    ).count() else assistant.page.locator(".facet a, .facets a", has_text="云南省").first.click()
    assistant.page.wait_for_load_state("networkidle")
    narrowed = assistant.page.locator("main").inner_text()
    assert OURS in narrowed
    assert "东江湖旅游区" not in narrowed  # Hunan
    assistant.page.get_by_role("link", name="尚未截止").first.click()
    assistant.page.wait_for_load_state("networkidle")
    assert OURS in assistant.page.locator("main").inner_text()
    assistant.page.locator("main a", has_text="程海湖").first.click()
    assistant.page.wait_for_url("**/tenders/*/")
    detail = assistant.page.locator("main").inner_text()
    for said in (OURS, "120", "永胜县旅游服务中心", "旅游规划设计乙级", "未说明"):
        assert said in detail
    address = assistant.page.url

    # A formula stayed text: shown as it was written, started by nobody.
    assistant.go("/search/?q=昭阳区旅游服务中心")
    assert "cmd" in assistant.page.locator("main").inner_text()

    # Whoever lacks the right: by address, in search, suggestions and feed.
    for username in ("account-manager", "reader", None):
        other = person(username)
        response = other.go(address)
        assert response.status == 403 if username else "/login/" in other.page.url
        assert OURS not in other.page.content()
        response = other.go("/tenders/")
        assert response.status == 403 if username else "/login/" in other.page.url
        other.go("/search/?q=程海湖")
        assert "程海湖片区" not in other.page.locator("main").inner_text()
        suggestions = other.context.request.get(f"{other.portal.url}/search/suggest/?q=程海湖&format=json").text()
        assert "片区" not in suggestions
        feed = other.context.request.get(f"{other.portal.url}/releases/feed/").text()
        assert "程海湖" not in feed
        response = other.context.request.get(f"{other.portal.url}/tenders/export.xlsx", max_redirects=0)
        assert response.status in (302, 403)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.csv", b"", "空"),
        ("照片.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 200, "xlsx"),
        ("坏.json", b'{"releases": [', "JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(person, tmp_path, name, content, sentence):
    assistant = person("info-assistant")
    file = tmp_path / name
    file.write_bytes(content)

    assistant.go("/import/tenders/")
    assistant.page.set_input_files("input[type=file]", file)
    assistant.page.get_by_role("button", name="开始导入").click()
    for _ in range(30):
        said = assistant.page.locator("main").inner_text()
        if sentence.lower() in said.lower() and ("未能" in said or "请" in said):
            return
        assistant.page.wait_for_timeout(1000)
        assistant.page.reload() if "/batches/" in assistant.page.url else None
    raise AssertionError(said)
