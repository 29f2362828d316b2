"""The PDF of a release: every block in reading order, pictures sharp enough for paper."""

import io
import re

import pytest
from django.core.files.images import ImageFile
from pypdf import PdfReader

from content.demo.pictures import paint
from content.media.models import Image
from content.printing import pages
from tests.factories import releases


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    file = ImageFile(io.BytesIO(paint("trail")), name="trail.jpg")
    return Image.objects.create(title="步道", file=file, credit="何静")


@pytest.fixture
def release(home, picture):
    """A published release with every kind of block."""
    boilerplate = releases.boilerplate(body="<p>山河文旅集团业务涵盖规划设计、商业运营、酒店与培训。</p>")
    sentence = (
        "踏勘组每隔五百米记录一次坡度、路面、手机信号和最近的水源，遇到岔路就做三维点位标记，全程使用 GNSS 设备。"
    )
    newsroom = releases.newsroom_below(home)
    newsroom.contact_phone, newsroom.contact_email = "0871-6000 0000", "press@example.com"
    newsroom.save()
    return releases.published(
        newsroom,
        "规划设计院完成苍山西坡步道踏勘：三百公里，一步步量出来",
        summary="历时二十六天，十一人的踏勘组走完苍山西坡全部既有步道，采集路况、水源与救援点位两千余条。",
        dateline="云南大理",
        cover=picture,
        cover_alt="晨雾里的步道",
        cover_caption="踏勘组走在漾濞县境内的牧道上",
        body=[
            ("paragraphs", f"<p>{sentence * 3}</p><p>{sentence * 2}</p>"),
            ("section_heading", "为什么一定要走"),
            ("paragraphs", f"<p>{sentence * 3}</p><ul><li>步道分级</li><li>驿站选址</li></ul>"),
            ("quote", {"text": "图上一厘米，脚下半天。", "who": "段立峰", "post": "规划设计院项目经理"}),
            ("key_figures", {"figures": [
                {"value": "26", "unit": "天", "label": "踏勘时间", "source": "踏勘日志", "as_of": None},
                {"value": "312", "unit": "公里", "label": "步道里程", "source": "踏勘日志", "as_of": None},
                {"value": "2,140", "unit": "条", "label": "点位记录", "source": "踏勘日志", "as_of": None},
            ]}),
            ("section_heading", "数据怎么用"),
            ("paragraphs", f"<p>{sentence * 3}</p>"),
            ("picture", {"image": picture, "alt": "步道", "caption": "西坡步道起点", "credit": "", "rights": "媒体可免费用于报道"}),
            ("boilerplate", boilerplate),
        ],
    )  # fmt: skip


def test_every_block_stands_in_reading_order(release):
    _key, content = pages.pdf_of(release)

    reader = PdfReader(io.BytesIO(content))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    parts = [
        "新闻稿", "规划设计院完成苍山西坡步道踏勘：三百公里，一步步量出来", "山河广场", "云南大理", "历时二十六天",
        "踏勘组走在漾濞县境内的牧道上", "摄影/作者：何静", "踏勘组每隔五百米", "为什么一定要走", "驿站选址",
        "图上一厘米，脚下半天。", "段立峰", "踏勘时间", "2,140条", "数据怎么用", "西坡步道起点", "关于山河文旅集团",
        "业务涵盖规划设计", "媒体联系", "0871-60000000", "press@example.com",
    ]  # fmt: skip
    at = -1
    for part in parts:
        at = text.find(part, at + 1)
        assert at != -1, part
    assert len(reader.pages) == 3


def test_pictures_are_printed_from_their_largest_file(release):
    html = pages.html_of(release)

    assert "srcset" not in html
    assert re.findall(r'src="[^"]*\.(max-1800x1800|width-1280)[^"]*"', html) == ["max-1800x1800", "width-1280"]


def test_largest_pictures_leaves_other_pictures_alone():
    html = '<img alt="甲" src="/a.png"><img srcset="/s.png 640w, /l.png 1280w" src="/s.png" alt="乙"><img srcset="x" src="/b.png">'

    assert pages.largest_pictures(html) == (
        '<img alt="甲" src="/a.png"><img src="/l.png" alt="乙"><img srcset="x" src="/b.png">'
    )


def test_the_public_downloads_it(client, release):
    response = client.get(f"/print/pages/{release.pk}.pdf")

    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")


def test_an_unsigned_release_has_no_pdf_for_the_public(client, home):
    draft = releases.draft(releases.newsroom_below(home))

    assert client.get(f"/print/pages/{draft.pk}.pdf").status_code == 404
