"""Pictures and files through the editors' desk."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.models import Collection

from content.media.models import Document, Image

HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.fixture
def desk(client, superuser):
    client.force_login(superuser)
    return client


def png_bytes():
    buffer = io.BytesIO()
    Picture.new("RGB", (60, 40), "green").save(buffer, "PNG")
    return buffer.getvalue()


def collection():
    return Collection.get_first_root_node().pk


def test_a_picture_is_uploaded_with_its_credit_and_rights(desk):
    response = desk.post(
        "/admin/images/add/",
        {
            "title": "古镇清晨",
            "file": SimpleUploadedFile("古镇.png", png_bytes(), "image/png"),
            "collection": collection(),
            "credit": "王敏",
            "rights_note": "可用于新闻稿",
            "rights_until": "2027-12-31",
        },
    )

    assert response.status_code == 302
    [image] = Image.objects.all()
    assert (image.title, image.credit, image.rights_until.isoformat()) == ("古镇清晨", "王敏", "2027-12-31")
    assert (image.width, image.height) == (60, 40)
    assert image.get_rendition("max-30x30|format-jpeg").width == 30


@pytest.mark.parametrize("name", ["假图.png", "假图.jpg", "假图.svg", "假图.html"])
def test_html_dressed_as_a_picture_is_refused_in_chinese(desk, name):
    response = desk.post(
        "/admin/images/add/",
        {"title": "假图", "file": SimpleUploadedFile(name, HTML, "image/png"), "collection": collection()},
    )

    assert response.status_code == 200
    [sentence] = response.context["form"].errors["file"]
    assert "图" in sentence or "文件" in sentence
    assert Image.objects.count() == 0


def test_a_true_pdf_is_uploaded_with_its_description(desk):
    response = desk.post(
        "/admin/documents/add/",
        {
            "title": "企业画册",
            "file": SimpleUploadedFile("画册.pdf", b"%PDF-1.7\n%%EOF", "application/pdf"),
            "collection": collection(),
            "description": "2026 版",
        },
    )

    assert response.status_code == 302
    [document] = Document.objects.all()
    assert (document.title, document.description, document.file_extension) == ("企业画册", "2026 版", "pdf")


def test_html_named_pdf_is_refused_and_the_title_is_kept(desk):
    response = desk.post(
        "/admin/documents/add/",
        {
            "title": "企业画册",
            "file": SimpleUploadedFile("画册.pdf", HTML, "application/pdf"),
            "collection": collection(),
        },
    )

    assert response.status_code == 200
    assert response.context["form"].errors["file"] == [
        "文件名以 .pdf 结尾，内容却不是 PDF 文档（像是网页），请另存为真正的 PDF 文档后再上传。"
    ]
    assert 'value="企业画册"' in response.content.decode()
    assert Document.objects.count() == 0


def test_the_multiple_uploader_refuses_it_too(desk):
    response = desk.post(
        "/admin/documents/multiple/add/",
        {
            "title": "画册",
            "files[]": SimpleUploadedFile("画册.pdf", HTML, "application/pdf"),
            "collection": collection(),
        },
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert response.json()["success"] is False
    assert "像是网页" in response.json()["error_message"]
    assert Document.objects.count() == 0


def test_forbidden_extensions_are_refused(desk):
    response = desk.post(
        "/admin/documents/add/",
        {"title": "程序", "file": SimpleUploadedFile("a.exe", b"MZ", "application/pdf"), "collection": collection()},
    )

    assert response.status_code == 200
    assert Document.objects.count() == 0


def test_a_stored_document_is_edited_without_being_read_again(desk):
    document = Document.objects.create(title="旧件", file=SimpleUploadedFile("旧.pdf", HTML))

    response = desk.post(f"/admin/documents/edit/{document.pk}/", {"title": "新名", "collection": collection()})

    assert response.status_code == 302
    document.refresh_from_db()
    assert document.title == "新名"
