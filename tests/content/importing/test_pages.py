"""Upload, report, template and the list of imports, for every kind of reader."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from content.importing.models import ImportBatch, ImportState
from content.tenders.importer import TenderImporter
from content.tenders.models import TenderProcess
from tests.factories.tenders import ImportBatchFactory

BAD_ROWS = "项目编号,项目名称,公告时间\nA-1,甲规划,2026-03-02\nA-2,乙规划,2026-02-30\n"


@pytest.fixture
def batch(bring):
    return bring(BAD_ROWS, "三月.csv")


PAGES = [
    "/import/", "/import/tenders/", "/import/tenders/template.xlsx", "/import/batches/{pk}/",
    "/import/batches/{pk}/rejected/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_anonymous_are_asked_to_log_in(client, batch, page):
    url = page.format(pk=batch.pk)

    response = client.get(url)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={url}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["outsider", "staff"])
def test_without_the_right_everything_is_refused(client, request, batch, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=batch.pk)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["assistant", "superuser"])
def test_with_the_right_everything_opens(client, request, home, batch, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=batch.pk)).status_code == 200


def test_an_unknown_kind_or_batch_is_not_found(client, home, assistant):
    client.force_login(assistant)

    assert client.get("/import/unknown/").status_code == 404
    assert client.get("/import/batches/999/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, home, assistant, count, django_assert_num_queries):
    ImportBatchFactory.create_batch(count, uploaded_by=assistant)
    client.force_login(assistant)
    client.get("/import/")

    with django_assert_num_queries(11):
        response = client.get("/import/")

    assert response.text.count("招标.csv") == count


def test_mine_shows_only_my_imports(client, home, assistant, superuser):
    ImportBatchFactory(file_name="我的.csv", uploaded_by=assistant)
    ImportBatchFactory(file_name="别人的.csv", uploaded_by=superuser)
    client.force_login(assistant)

    text = client.get("/import/?whose=mine").text

    assert "我的.csv" in text
    assert "别人的.csv" not in text


def test_an_upload_is_imported_and_its_report_says_what_became_of_each_row(
    client, home, assistant, django_capture_on_commit_callbacks
):
    client.force_login(assistant)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/import/tenders/", {"file": SimpleUploadedFile("三月.csv", BAD_ROWS.encode("gbk"))})

    batch = ImportBatch.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/import/batches/{batch.pk}/")
    text = client.get(response["Location"]).text
    assert "有 1 行被退回，没有写入；其余各行已经保存" in text
    assert "「公告时间」「2026-02-30」不是真实存在的日期；请改正后再导入。" in text
    assert "http-equiv" not in text
    assert TenderProcess.objects.get().title == "甲规划"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.csv", b"", "文件是空的；请确认选对了文件，并且里面有表头和数据。"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 99, "这是图片，不是表格；请上传 CSV、XLSX 或 OCDS 的 JSON 文件。"),
        ("表.csv", "姓名,电话\n甲,1\n".encode(), "没有找到含「项目名称」的表头；请下载模板对照列名，或检查是否选对了文件。"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_on_the_form_and_leaves_no_batch(client, home, assistant, name, content, sentence):
    client.force_login(assistant)

    response = client.post("/import/tenders/", {"file": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert sentence in response.text
    assert not ImportBatch.objects.exists()


def test_no_file_is_told_on_the_form(client, home, assistant):
    client.force_login(assistant)

    response = client.post("/import/tenders/", {})

    assert (response.status_code, "请先选择要导入的文件。" in response.text) == (422, True)


def test_a_running_import_refreshes_itself_with_and_without_scripts(client, home, assistant):
    batch = ImportBatchFactory(uploaded_by=assistant, state=ImportState.RUNNING, total_rows=400, rows_done=200)
    client.force_login(assistant)

    text = client.get(f"/import/batches/{batch.pk}/").text

    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in text
    assert 'hx-trigger="every 2s"' in text
    assert 'max="100" value="50"' in text
    assert client.get(f"/import/batches/{batch.pk}/rejected/").status_code == 404


def test_resuming_is_a_post_and_leaves_a_moving_import_alone(client, home, assistant):
    batch = ImportBatchFactory(uploaded_by=assistant, state=ImportState.RUNNING)
    client.force_login(assistant)

    assert client.get(f"/import/batches/{batch.pk}/resume/")["Location"] == f"/import/batches/{batch.pk}/"
    assert client.post(f"/import/batches/{batch.pk}/resume/").status_code == 302
    batch.refresh_from_db()
    assert batch.state == ImportState.RUNNING


def test_rows_written_below_the_templates_example_are_imported_without_the_example(client, home, assistant, bring):
    client.force_login(assistant)
    content = client.get("/import/tenders/template.xlsx").content
    filled = load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in filled.active[1]]
    filled.active.append(["白沙村旅游总体规划" if heading == "项目名称" else None for heading in headings])
    file = io.BytesIO()
    filled.save(file)

    assert bring(file.getvalue(), "填好的模板.xlsx").created_count == 1
    assert [tender.title for tender in TenderProcess.objects.all()] == ["白沙村旅游总体规划"]
    untouched = bring(content, "模板.xlsx")
    assert (untouched.created_count, untouched.message) == (0, "文件里只有表头，没有数据行；请填好数据后再上传。")


def test_every_heading_and_synonym_names_one_column_only():
    names = [name for column in TenderImporter.columns for name in (column.label, *column.synonyms)]

    assert len(names) == len(set(names))


def test_the_rejected_rows_are_a_workbook_with_the_reason_first(client, home, assistant, batch):
    client.force_login(assistant)

    response = client.get(f"/import/batches/{batch.pk}/rejected/")

    heading, line = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    assert heading == ("退回原因", "原行号", "项目编号", "项目名称", "公告时间")
    assert line[1:] == (3, "A-2", "乙规划", "2026-02-30")
