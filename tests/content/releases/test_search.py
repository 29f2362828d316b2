from content.core.choices import Audience
from content.places.models import Division
from search.registry import index_for
from tests.factories import releases


def test_a_published_release_is_a_document_with_all_its_words(newsroom):
    release = releases.published(
        newsroom,
        dateline="丽江",
        cover_caption="南门夜景",
        body=[
            ("section_heading", "灯光亮起"),
            ("paragraphs", "<p>接驳<b>车</b>免费。</p>"),
            ("quote", {"text": "愿意住上一晚。", "who": "林见山", "post": "院长"}),
            ("boilerplate", releases.boilerplate()),
        ],
    )

    document = index_for(type(release)).to_document(release)

    assert document.key == f"releases.releasepage:{release.pk}"
    assert (document.kind, document.title, document.url) == ("release", release.title, release.url)
    assert document.body.split("\n") == [
        release.summary, "南门夜景", "灯光亮起", "接驳车免费。", "愿意住上一晚。", "林见山，院长",
    ]  # fmt: skip
    assert document.audience == {"public"}
    assert document.place == "丽江"
    assert document.facets == {
        "release_kind": ("新闻稿",),
        "place": (),
        "unit": ("山河广场",),
        "year": (f"{document.date.year}年/{document.date:%m}月",),
    }


def test_a_draft_is_no_document_and_a_staff_article_is_for_staff(newsroom):
    index = index_for(releases.ReleasePage)

    assert index.to_document(releases.draft(newsroom, "草稿")) is None
    assert index.to_document(releases.published(newsroom, "内部", audience=Audience.STAFF)).audience == {"staff"}


def test_the_dateline_of_a_release_stands_in_the_tree_of_places(newsroom):
    yunnan = Division.objects.create(code="530000", name="云南省", level="province", type="province")
    Division.objects.create(
        code="530700", name="丽江市", level="prefecture", type="prefecture_level_city", parent=yunnan
    )
    release = releases.published(newsroom, "古城夜游", dateline="云南丽江")

    assert index_for(type(release)).to_document(release).facets["place"] == ("云南省/丽江市",)
