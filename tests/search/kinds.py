"""Two kinds of documents that exist in tests only, so that these tests know every kind and facet there is."""

from content.taxonomy.models import Subject
from content.users.models import User
from search.registry import Facet, SearchIndex

PLACE = "place"
ISSUER = "issuer"


class NoticeIndex(SearchIndex):
    model = Subject
    kind = "notice"
    label = "公告"
    facets = (Facet(PLACE, "地区", tree=True), Facet("qualification", "资质"))
    has_deadline = True
    has_amount = True


class ReleaseIndex(SearchIndex):
    model = User
    kind = "release"
    label = "新闻稿"
    facets = (Facet(ISSUER, "发布单位"), Facet(PLACE, "地区", tree=True))
