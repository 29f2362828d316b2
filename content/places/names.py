"""What a division is called besides its official name: 丽江, 大理州, 玉龙县, 内蒙古."""

import re

from content.places.models import DivisionType

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
# Xinjiang's names leave 族 out: 伊犁哈萨克自治州; elsewhere it stands behind each people.
_AUTONOMOUS = re.compile(rf"^(?P<short>.{{2,}}?)(?:(?:{_PEOPLES})族)*(?:(?:{_PEOPLES})族?)自治(?P<kind>区|州|县|旗)$")
_PLAIN_SUFFIX = {
    DivisionType.MUNICIPALITY: "市",
    DivisionType.PROVINCE: "省",
    DivisionType.AUTONOMOUS_REGION: "自治区",
    DivisionType.PREFECTURE_LEVEL_CITY: "市",
    DivisionType.LEAGUE: "盟",
    DivisionType.PREFECTURE: "地区",
    DivisionType.COUNTY_LEVEL_CITY: "市",
    DivisionType.COUNTY: "县",
    DivisionType.FORESTRY_DISTRICT: "林区",
    DivisionType.SPECIAL_DISTRICT: "特区",
    DivisionType.AUTONOMOUS_BANNER: "自治旗",
}
# Names people use that no rule gives, by code.
EXTRA_NAMES: dict[str, tuple[str, ...]] = {
    "150000": ("内蒙",),
    "130000": ("雄安新区", "雄安"),
    "500000": ("两江新区",),
    "610000": ("西咸新区",),
    "510100": ("天府新区",),
    "520000": ("贵安新区",),
}


def short_name(name: str, type_: str) -> str:
    """The name without what it is: 丽江市 → 丽江, 广西壮族自治区 → 广西; empty where less than two characters remain."""
    autonomous = _AUTONOMOUS.match(name)
    if autonomous:
        return autonomous["short"]
    if type_ == DivisionType.DISTRICT:
        short = re.sub(r"(新区|矿区|区)$", "", name)
    else:
        short = name.removesuffix(_PLAIN_SUFFIX.get(DivisionType(type_), "")) if type_ in _PLAIN_SUFFIX else ""
    return short if len(short) >= 2 and short != name else ""


def middle_name(name: str) -> str:
    """Autonomous divisions as they are mostly called: 大理白族自治州 → 大理州, 玉龙纳西族自治县 → 玉龙县; else empty."""
    autonomous = _AUTONOMOUS.match(name)
    if autonomous and autonomous["kind"] != "区":
        return autonomous["short"] + autonomous["kind"]
    return ""
