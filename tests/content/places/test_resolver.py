import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.places.models import Division, DivisionType
from content.places.names import middle_name, short_name
from content.places.resolver import resolve

CERTAIN = {
    # official names, whole and in part
    "云南省丽江市古城区": "云南省丽江市古城区",
    "丽江市古城区": "云南省丽江市古城区",
    "云南省": "云南省",
    "新疆维吾尔自治区": "新疆维吾尔自治区",
    "重庆市酉阳土家族苗族自治县": "重庆市酉阳土家族苗族自治县",
    "大理白族自治州": "云南省大理白族自治州",
    "内蒙古自治区兴安盟阿尔山市": "内蒙古自治区兴安盟阿尔山市",
    "三沙市西沙群岛": "海南省三沙市西沙群岛",
    # short forms
    "丽江": "云南省丽江市",
    "云南丽江": "云南省丽江市",
    "昆山": "江苏省苏州市昆山市",
    "西双版纳": "云南省西双版纳傣族自治州",
    "广西桂林阳朔": "广西壮族自治区桂林市阳朔县",
    "内蒙呼伦贝尔": "内蒙古自治区呼伦贝尔市",
    "恩施州利川市": "湖北省恩施土家族苗族自治州利川市",
    "丽江市玉龙县": "云南省丽江市玉龙纳西族自治县",
    "酉阳县": "重庆市酉阳土家族苗族自治县",
    # municipalities and counties directly below a province
    "北京市海淀区": "北京市海淀区",
    "北京海淀": "北京市海淀区",
    "上海市浦东新区": "上海市浦东新区",
    "天津滨海新区": "天津市滨海新区",
    "重庆忠县": "重庆市忠县",
    "仙桃市": "湖北省仙桃市",
    "济源": "河南省济源市",
    "神农架林区": "湖北省神农架林区",
    "石河子市城市设计": "新疆维吾尔自治区石河子市",
    # cities without districts
    "东莞市松山湖": "广东省东莞市",
    "儋州": "海南省儋州市",
    # the same name on two levels: the upper one is certain
    "大理": "云南省大理白族自治州",
    "吉林": "吉林省",
    "吉林市": "吉林省吉林市",
    "长沙": "湖南省长沙市",
    "长沙县": "湖南省长沙市长沙县",
    "海南": "海南省",
    "青海省海南州": "青海省海南藏族自治州",
    # the same name in several places: what stands before it decides
    "北京市朝阳区": "北京市朝阳区",
    "长春市朝阳区": "吉林省长春市朝阳区",
    "南京鼓楼区": "江苏省南京市鼓楼区",
    "云南省朝阳区": "云南省",
    # several places: the one above them
    "昆明市、丽江市": "云南省",
    "丽江市古城区、玉龙县": "云南省丽江市",
    # inside a sentence
    "关于丽江市古城区旅游总体规划编制项目的公开招标公告": "云南省丽江市古城区",
    "凤凰古城旅游规划": "湖南省湘西土家族苗族自治州凤凰县",
    "都江堰景区详细规划": "四川省成都市都江堰市",
    "河南省会郑州": "河南省郑州市",
    "荆州公安县": "湖北省荆州市公安县",
    "杭州西湖风景区提升": "浙江省杭州市西湖区",
    "上海市南京路改造": "上海市",
    "北京清源规划设计研究院有限公司承接丽江市规划": "云南省丽江市",
    "江苏省苏州市昆山市周庄镇": "江苏省苏州市昆山市",
    "云南 丽江": "云南省丽江市",
    "云南-丽江市-古城区": "云南省丽江市古城区",
    "云南省／丽江市": "云南省丽江市",
    "雄安新区": "河北省",
}
UNCERTAIN = [
    "", "  ", "朝阳区", "鼓楼区", "西湖区", "城区", "矿区", "市辖区", "北京市、丽江市", "提高县域经济", "黄河南岸景观设计",
    "中山东路改造", "四川大学校园规划", "公安局大楼", "资源普查", "合作协议", "和平友谊", "某某公司", "全国", "Lijiang", "云",
]  # fmt: skip


@pytest.mark.parametrize(("text", "full_name"), CERTAIN.items())
def test_a_place_is_recognised(divisions, text, full_name):
    match = resolve(text)

    assert match is not None
    assert match.division.full_name == full_name


@pytest.mark.parametrize("text", UNCERTAIN)
def test_nothing_is_claimed_where_nothing_is_certain(divisions, text):
    assert resolve(text) is None


def test_the_evidence_is_the_words_of_the_text(divisions):
    assert resolve("关于云南丽江旅游规划的公告").evidence == "云南丽江"


def test_resolving_costs_one_query_once_the_names_are_read(divisions, django_assert_num_queries):
    resolve("丽江")

    with django_assert_num_queries(1):
        match = resolve("云南省丽江市古城区")
        full_name = match.division.full_name

    assert full_name == "云南省丽江市古城区"


def test_every_division_is_found_by_its_full_name(divisions):
    rows = list(Division.objects.exclude(type=DivisionType.PSEUDO).select_related("parent__parent"))

    wrong = [row.full_name for row in rows if getattr(resolve(row.full_name), "division", None) != row]

    assert wrong == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_no_text_breaks_it(divisions, text):
    match = resolve(text)

    assert match is None or match.evidence


@pytest.mark.parametrize(
    ("name", "kind", "short", "middle"),
    [
        ("丽江市", DivisionType.PREFECTURE_LEVEL_CITY, "丽江", ""),
        ("广西壮族自治区", DivisionType.AUTONOMOUS_REGION, "广西", ""),
        ("内蒙古自治区", DivisionType.AUTONOMOUS_REGION, "内蒙古", ""),
        ("伊犁哈萨克自治州", DivisionType.AUTONOMOUS_PREFECTURE, "伊犁", "伊犁州"),
        ("黔东南苗族侗族自治州", DivisionType.AUTONOMOUS_PREFECTURE, "黔东南", "黔东南州"),
        ("积石山保安族东乡族撒拉族自治县", DivisionType.AUTONOMOUS_COUNTY, "积石山", "积石山县"),
        ("龙胜各族自治县", DivisionType.AUTONOMOUS_COUNTY, "龙胜", "龙胜县"),
        ("赵县", DivisionType.COUNTY, "", ""),
        ("浦东新区", DivisionType.DISTRICT, "浦东", ""),
        ("西沙群岛", DivisionType.OTHER, "", ""),
    ],
)
def test_short_names(name, kind, short, middle):
    assert (short_name(name, kind), middle_name(name)) == (short, middle)
