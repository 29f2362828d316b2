"""The subjects the department watches: those of tenders (S40) and those of news (S41)."""

from content.taxonomy.models import Subject

# (name, slug, core, keywords). Core are the three that matter most to the institute: tourism planning, city planning, urban design.
SUBJECTS: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    ("旅游规划", "tourism-planning", True, (
        "旅游…规划", "旅游总体规划", "旅游发展规划", "旅游专项规划", "全域旅游规划", "乡村旅游规划", "文旅规划", "文化旅游规划",
        "旅游控制性详细规划", "旅游修建性详细规划", "旅游产业规划", "文旅融合规划", "红色旅游规划",
    )),
    ("城市规划", "city-planning", True, (
        "城镇…规划", "社区规划", "老街…规划", "城乡规划", "国土空间规划", "国土空间总体规划", "城市总体规划", "城镇总体规划", "控制性详细规划", "控规",
        "修建性详细规划", "村庄规划", "村镇规划", "城市更新规划", "片区规划", "城镇体系规划",
    )),
    ("城市设计", "urban-design", True, ("城区设计", "街区设计", "街道设计", "城市风貌设计", "城市形象设计", "风貌规划")),
    ("景区规划", "scenic-area-planning", False, (
        "景区总体规划", "景区详细规划", "风景名胜区", "旅游区规划", "旅游度假区", "5A级景区", "4A级景区", "国家公园规划",
        "景区提升", "景区创建", "森林公园规划", "湿地公园规划", "地质公园规划",
    )),
    ("旅游策划", "tourism-strategy", False, (
        "旅游…战略", "旅游…策划", "古城…策划", "旅游区策划", "旅游发展战略", "旅游概念规划", "旅游营销策划", "旅游项目策划", "文旅策划", "旅游品牌策划", "旅游形象策划", "旅游创意策划",
    )),
    ("景观设计", "landscape-design", False, (
        "景观…设计", "园林设计", "园林景观", "景观规划", "景观提升", "景观绿化", "环境景观", "绿化设计", "景观方案", "滨水景观",
    )),
    ("城市公园", "city-parks", False, ("公园设计", "公园规划", "口袋公园", "湿地公园", "郊野公园", "体育公园", "公园建设")),
    ("旅游发展", "tourism-development", False, (
        "全域旅游", "文旅融合", "旅游产业", "旅游消费", "旅游强县", "旅游示范区", "乡村旅游", "夜间旅游", "旅游综合收入",
    )),
    ("城市风貌改造", "townscape-renewal", False, (
        "风貌整治", "风貌改造", "风貌提升", "老旧小区改造", "古城保护", "历史文化街区", "城市更新", "街区改造", "立面改造", "特色小镇",
    )),
    ("景区发展目标", "scenic-area-targets", False, (
        "创建5A", "创建国家5A级", "5A级旅游景区创建", "创建4A", "国家级旅游度假区创建", "景区提档升级", "接待游客", "年接待量",
    )),
)  # fmt: skip


def set_up() -> None:
    """Create missing subjects; those there stay as the department has edited them."""
    for order, (name, slug, is_core, keywords) in enumerate(SUBJECTS, start=1):
        Subject.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "keywords": "\n".join(keywords),
                "is_core": is_core,
                "sort_order": order * 10,
            },
        )
