import datetime

import pytest

from content.approvals.conditions import evaluate
from content.media.models import Document
from content.releases.choices import RuleKind
from content.releases.headquarters import CONDITION, findings
from content.releases.models import HeadquartersRule, ReleasePage
from tests.factories import releases


def found_in(**fields):
    """(rule, words) of each finding in an unsaved release."""
    release = ReleasePage(**{"title": "夜游路线开放", **fields})
    return [(finding.rule, finding.text) for finding in findings(release)]


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("山河文旅集团将把夜游路线推广到更多城市。", [("以集团名义", "山河文旅集团")]),
        ("总部已于上周发出通知。", [("以集团名义", "总部")]),
        ("广场成为本市首家通过认证的绿色商场。", [("领先与唯一", "首家")]),
        ("服务水平在省内领先。", [("领先与唯一", "领先")]),
        ("酒店入住率位居第一。", [("领先与唯一", "位居第一")]),
        ("再次跻身 TOP 50 强。", [("领先与唯一", "TOP 50 强")]),
        ("连续三年进入５００强。", [("领先与唯一", "５００强")]),
        ("规划设计院荣获年度优秀规划项目奖。", [("荣誉与资质", "荣获")]),
        ("项目组入选省级示范名单。", [("荣誉与资质", "入选")]),
        ("董事长在启动仪式上宣布新路线开放。", [("高层人物", "董事长")]),
        ("公司 CEO 出席了活动。", [("高层人物", "CEO")]),
        ("公司正在筹备上市。", [("资本与上市", "上市")]),
        ("双方完成并购。", [("资本与上市", "并购")]),
        ("双方签署战略合作协议。", [("战略与品牌", "战略合作")]),
        ("学堂启用新LOGO。", [("战略与品牌", "新LOGO")]),
        ("针对网上的不实传言，酒店作出说明。", [("事故与纠纷", "不实传言")]),
        ("对顾客的投诉，我们当天回复。", [("事故与纠纷", "投诉")]),
        ("全年实现营业收入 3.2 亿元。", [("经营业绩", "全年实现营业收入 3.2 亿元"), ("投资与金额", "3.2 亿元")]),
        ("销售总额同比增长一成。", [("经营业绩", "销售总额同比增长")]),
        ("上半年合同额约二点五亿。", [("经营业绩", "上半年合同额约二点五亿")]),
        ("目前门店总数达到 46 家。", [("规模总量", "门店总数")]),
        ("我们拥有1,280名员工。", [("规模总量", "拥有1,280名员工")]),
        ("会员突破三十万。", [("规模总量", "会员突破")]),
        ("开业以来累计接待游客二百万人次。", [("规模总量", "累计接待")]),
        ("在本地研学市场的占有率接近四成。", [("市场份额", "占有率")]),
        ("二期工程总投资约 5 亿元。", [("投资与金额", "总投资约 5 亿元")]),
        ("集 团 上下一心。", [("以集团名义", "集 团")]),
        ("古城夜游路线今晚开放。", []),
        ("游客凭当日门票可以免费乘坐接驳车。", []),
        ("节日期间商场营业到晚上十点。", []),
        ("首个周末迎来客流高峰，最好提前预约。", []),
        ("新茶上市，应季的春笋上市，三层设有试吃台。", []),
        ("投诉电话：0888-1234567。", []),
        ("商场组织了一次消防事故演练。", []),
        ("东巴画是国家级非物质文化遗产。", []),
        ("本周八折，满三百减五十。", []),
        ("三名讲解员带领三十位学员走进古城。", []),
        ("场馆内唯一出口在东侧，请按指引离场。", []),
    ],
)
def test_a_sentence_is_found_or_left_alone(sentence, expected):
    assert found_in(summary=sentence) == expected


@pytest.mark.usefixtures("rules")
def test_every_shipped_rule_finds_its_own_example():
    for rule in HeadquartersRule.objects.all():
        rule.full_clean()
        assert rule.name in {finding.rule for finding in findings(ReleasePage(title=rule.example))}


def test_findings_are_read_in_every_field_and_every_kind_of_block(rules, db):
    document = Document.objects.create(title="集团简介", file="documents/a.pdf")
    introduction = releases.boilerplate()
    release = ReleasePage(
        title="集团消息一",
        seo_title="集团消息二",
        search_description="集团消息三",
        summary="集团消息四",
        cover_alt="集团大楼",
        cover_caption="集团大楼外景",
        body=[
            ("section_heading", "集团动向"),
            ("paragraphs", "<p>先看<b>集</b>团。</p><p>没有别的。</p><ul><li>集团要点</li></ul>"),
            ("picture", {"alt": "集团旗帜", "caption": "集团升旗", "credit": "集团宣传处", "rights": "集团保留权利"}),
            ("quote", {"text": "集团会支持我们。", "who": "林见山", "post": "集团顾问"}),
            (
                "key_figures",
                {
                    "figures": [
                        {
                            "label": "集团人数",
                            "value": "9",
                            "unit": "人",
                            "source": "集团人事",
                            "as_of": datetime.date(2026, 1, 1),
                        }
                    ]
                },
            ),
            ("download", {"document": document, "title": "", "note": "集团版"}),
            ("boilerplate", introduction),
        ],
    )

    found = findings(release)

    assert {finding.rule for finding in found} == {"以集团名义"}
    assert [(finding.where, finding.excerpt) for finding in found] == [
        ("标题", "集团消息一"),
        ("搜索引擎标题", "集团消息二"),
        ("搜索引擎描述", "集团消息三"),
        ("导语", "集团消息四"),
        ("头图替代文字", "集团大楼"),
        ("头图图说", "集团大楼外景"),
        ("正文第 1 块（小标题）", "集团动向"),
        ("正文第 2 块（正文）", "先看集团。"),
        ("正文第 2 块（正文）", "集团要点"),
        ("正文第 3 块（图片）", "集团升旗"),
        ("正文第 3 块（图片）", "集团旗帜"),
        ("正文第 3 块（图片）", "集团宣传处"),
        ("正文第 3 块（图片）", "集团保留权利"),
        ("正文第 4 块（引语）", "集团会支持我们。"),
        ("正文第 4 块（引语）", "林见山，集团顾问"),
        ("正文第 5 块（关键数据）", "集团人数：9人"),
        ("正文第 5 块（关键数据）", "集团人事"),
        ("正文第 6 块（媒体资料）", "集团简介"),
        ("正文第 6 块（媒体资料）", "集团版"),
    ]


@pytest.mark.usefixtures("rules")
def test_a_figure_block_is_read_as_one_line():
    figure = {"label": "全年签约", "value": "3.2", "unit": "亿元", "source": "合同台账", "as_of": None}

    found = findings(ReleasePage(title="周报", body=[("key_figures", {"figures": [figure]})]))

    assert [(finding.rule, finding.text) for finding in found] == [
        ("经营业绩", "全年签约：3.2亿元"),
        ("投资与金额", "3.2亿元"),
    ]


@pytest.mark.usefixtures("rules")
def test_an_excerpt_marks_the_words_in_the_original_text():
    text = (
        "这一段话很长，先说古城的天气、古城的石板路和古城的灯，再说到首家绿色商场已经通过认证并且准备在年底开业迎客。"
    )

    (finding,) = findings(ReleasePage(title="短讯", summary=text))

    assert (finding.before, finding.text, finding.after) == (
        "…" + text[text.index("首家") - 18 : text.index("首家")],
        "首家",
        text[text.index("首家") + 2 : text.index("首家") + 20] + "…",
    )
    assert finding.evidence == f"导语：{finding.before}【首家】{finding.after}（公司形象·领先与唯一）"


@pytest.mark.usefixtures("rules")
def test_a_rule_that_is_switched_off_finds_nothing():
    HeadquartersRule.objects.update(active=False)

    assert found_in(title="集团荣获五百强第一名") == []


@pytest.mark.usefixtures("rules")
def test_the_condition_holds_with_reason_and_evidence():
    outcome = evaluate(CONDITION, ReleasePage(title="首家绿色商场", summary="目前门店总数达到 46 家。"))

    assert outcome.holds
    assert outcome.reason == "有 2 处涉及公司形象和整体数据，按规定须经总部确认后才能发布。"
    assert outcome.evidence[:2] == (
        "标题：【首家】绿色商场（公司形象·领先与唯一）",
        "导语：目前【门店总数】达到 46 家。（整体数据·规模总量）",
    )


@pytest.mark.usefixtures("rules")
def test_the_condition_says_why_headquarters_is_skipped():
    outcome = evaluate(CONDITION, ReleasePage(title="夜游路线开放"))

    assert (outcome.holds, outcome.reason, outcome.evidence) == (
        False,
        "没有发现涉及公司形象或整体数据的内容，不需要总部确认。",
        (),
    )


@pytest.mark.usefixtures("rules")
def test_headquarters_own_text_is_held_to_the_same_rule():
    headquarters = releases.UnitFactory(code="headquarters", name="总部", kind="headquarters")

    assert found_in(title="净利润创新高", issuer=headquarters) == [("经营业绩", "净利润")]


def test_a_rule_with_an_unusable_pattern_or_a_missing_example_is_refused(db):
    from django.core.exceptions import ValidationError

    rule = HeadquartersRule(name="试", kind=RuleKind.IMAGE, patterns="…\n名牌", reason="因为", example="这里没有")
    with pytest.raises(ValidationError) as error:
        rule.full_clean()
    assert error.value.message_dict == {"patterns": ["“…”太宽：除了“#”和“…”，至少要有两个相连的字。"]}

    rule.patterns = "名牌"
    with pytest.raises(ValidationError) as error:
        rule.full_clean()
    assert error.value.message_dict == {"example": ["例句没有命中本规则：请改例句，或者改词语和例外。"]}
