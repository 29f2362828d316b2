"""HTML to PDF: paper, fonts, text, and what may be loaded."""

import io

import pytest
from PIL import Image as Picture
from pypdf import PdfReader

from content.printing import engine, pango

BASE = "http://testserver/"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT / "documents").mkdir()
    return settings.MEDIA_ROOT


def png(path):
    Picture.new("RGB", (40, 30), "red").save(path)


def pdf(html, **options):
    return PdfReader(io.BytesIO(engine.html_to_pdf(html, base_url=BASE, **options)))


def pictures(reader):
    return sum(len(page.images) for page in reader.pages)


def fonts(reader):
    """Base font name → whether it is embedded, over all pages."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            found[font.get_object()["/BaseFont"]] = "/FontFile2" in descriptor
    return found


def test_a_document_is_a4_and_its_text_reads_in_order():
    reader = pdf("<style>@page{size:A4}</style><p>第一段，￥1,280。</p><p>第二段</p>")

    [page] = reader.pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    text = page.extract_text()
    assert text.index("第一段，￥1,280。") < text.index("第二段")


def test_the_bundled_fonts_are_embedded_as_subsets():
    reader = pdf(
        "<style>body{font-family:'Noto Serif SC'} b{font-family:'Noto Sans SC'}</style><p>宋体<b>黑体粗</b></p>"
    )

    found = fonts(reader)
    assert all(found.values())
    assert sorted(name.split("+")[1] for name in found) == ["Noto-Sans-SC-Bold", "Noto-Serif-SC"]
    assert all(len(name.split("+")[0]) == 7 for name in found)  # «/ABCDEF»: the mark of a subset


def test_generic_families_are_the_bundled_fonts():
    reader = pdf("<p style='font-family:serif'>宋</p><p style='font-family:sans-serif'>黑</p>")

    assert sorted(name.split("+")[1] for name in fonts(reader)) == ["Noto-Sans-SC", "Noto-Serif-SC"]


def test_rare_characters_and_emoji_leave_no_empty_boxes():
    text = pdf("<p>𠮷野与㐂多，重磅🎉发布</p>").pages[0].extract_text()

    assert "㐂多，重磅" in text
    assert "发布" in text
    assert "\ufffd" not in text


def test_a_picture_of_the_media_library_is_drawn(media):
    png(media / "images" / "a.png")

    assert pictures(pdf('<img src="/media/images/a.png">')) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/media/documents/secret.png",
        "/media/images/../documents/secret.png",
        "/media/images/%2e%2e/documents/secret.png",
        "http://elsewhere.example/media/images/a.png",
        "/static/../../etc/passwd",
        "/etc/hostname",
        "ftp://testserver/a.png",
    ],
)
def test_nothing_else_is_loaded(media, address):
    png(media / "images" / "a.png")
    png(media / "documents" / "secret.png")

    reader = pdf(f'<p>正文</p><img alt="" src="{address}">')

    assert pictures(reader) == 0
    assert "正文" in reader.pages[0].extract_text()


def test_a_file_address_is_not_loaded(media):
    png(media / "images" / "a.png")

    assert pictures(pdf(f'<img alt="" src="file://{media}/images/a.png">')) == 0


def test_data_addresses_are_drawn():
    dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"

    assert pictures(pdf(f'<img src="{dot}">')) == 1


def test_status_names_what_is_missing_and_the_line_to_type(monkeypatch):
    monkeypatch.setattr(pango, "prepare", lambda var_dir: ("libdatrie.so.1", "libpango-1.0.so.0"))

    status = engine.status()

    assert status == engine.Status(
        ok=False,
        reason="这台服务器缺少排版组件（libpango-1.0.so.0），暂时不能生成 PDF。",
        remedy="sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    )
    with pytest.raises(engine.PrintingUnavailable):
        engine.html_to_pdf("<p>文</p>", base_url=BASE)


def test_a_weasyprint_that_cannot_use_the_libraries_is_unavailable_too(monkeypatch):
    def fail():
        raise OSError("cannot load library 'pango-1.0'")

    monkeypatch.setattr(engine, "_weasy", fail)

    with pytest.raises(engine.PrintingUnavailable) as caught:
        engine.html_to_pdf("<p>文</p>", base_url=BASE)

    assert caught.value.status.reason == "这台服务器的排版组件版本不合用，暂时不能生成 PDF。"
