"""The organisation of the demo: a fictional group, fictional people (every employee number begins with 演示)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitData:
    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PostData:
    code: str
    title: str
    unit: str
    superior: str = ""
    groups: tuple[str, ...] = ()
    headcount: int = 1


@dataclass(frozen=True, slots=True)
class PersonData:
    username: str  # the post's code, so that an account is guessed from what its holder does
    name: str


@dataclass(frozen=True, slots=True)
class HoldingData:
    """`since` and `until` in days from the day of seeding; None is «still»."""

    post: str
    person: str
    kind: str = "regular"
    since: int = -900
    until: int | None = None


# Superiors before subordinates in both lists.
UNITS = [
    UnitData("group", "山河文旅集团", "group"),
    UnitData("headquarters", "总部", "headquarters", "group"),
    UnitData("marketing", "市场部", "department", "headquarters"),
    UnitData("institute", "规划设计院", "company", "group"),
    UnitData("plaza", "山河广场", "company", "group"),
    UnitData("hotel", "山河酒店", "company", "group"),
    UnitData("school", "山河学堂", "company", "group"),
    UnitData("lijiang-branch", "丽江分公司", "branch", "group"),
    UnitData("dali-branch", "大理分公司", "branch", "group"),
]

SIGNER, MARKETER, INFORMER, MANAGER = "签批人", "市场专员", "信息助理", "站点管理员"

POSTS = [
    PostData("gm", "总经理", "headquarters", groups=(SIGNER,)),
    PostData("tech-director", "技术总监", "headquarters", "gm", (SIGNER,)),
    PostData("hq-brand", "总部品牌审核", "headquarters", "gm", (SIGNER,)),
    PostData("site-manager", "系统管理员", "headquarters", "gm", (MANAGER,)),
    PostData("marketing-director", "市场总监", "marketing", "gm", (SIGNER,)),
    PostData("regional-manager", "区域经理", "marketing", "marketing-director", (SIGNER,)),
    PostData("account-manager", "客户经理", "marketing", "regional-manager", headcount=2),
    PostData("sales-assistant", "销售助理", "marketing", "regional-manager"),
    PostData("key-account-manager", "大客户经理", "marketing", "marketing-director", (SIGNER,)),
    PostData("product-marketing-manager", "产品营销经理", "marketing", "marketing-director", (SIGNER,)),
    PostData("department-manager", "部门经理", "marketing", "marketing-director", (SIGNER,)),
    PostData("marketer", "市场专员", "marketing", "department-manager", (MARKETER,), headcount=2),
    PostData("info-assistant", "市场信息管理助理", "marketing", "department-manager", (INFORMER,)),
    PostData("marketing-assistant", "市场助理", "marketing", "marketing-director", (MARKETER,)),
    PostData("institute-director", "院长", "institute", "gm", (SIGNER,)),
    PostData("project-manager", "项目经理", "institute", "institute-director", (SIGNER,)),
    PostData("expansion-manager", "项目拓展经理", "institute", "institute-director", (INFORMER,)),
    PostData("plaza-manager", "广场经理", "plaza", "gm", (SIGNER,)),
    PostData("plaza-inspector", "巡查主管", "plaza", "plaza-manager"),
    PostData("hotel-manager", "酒店经理", "hotel", "gm", (SIGNER,)),
    PostData("front-office", "前厅主管", "hotel", "hotel-manager"),
    PostData("school-head", "学堂主任", "school", "gm", (SIGNER,)),
    PostData("sales-specialist", "销售专员", "school", "school-head"),
    PostData("lijiang-manager", "分公司经理", "lijiang-branch", "gm", (SIGNER,)),
    PostData("lijiang-marketer", "市场专员", "lijiang-branch", "lijiang-manager", (MARKETER,)),
    PostData("dali-manager", "分公司经理", "dali-branch", "gm", (SIGNER,)),
]

PEOPLE = [
    PersonData("gm", "岳青山"),
    PersonData("tech-director", "石映川"),
    PersonData("hq-brand", "苏砚秋"),
    PersonData("site-manager", "程以恒"),
    PersonData("marketing-director", "顾远帆"),
    PersonData("regional-manager", "陆知行"),
    PersonData("account-manager", "叶南乔"),
    PersonData("account-manager-2", "韩漱石"),
    PersonData("sales-assistant", "白鹿鸣"),
    PersonData("key-account-manager", "沈云归"),
    PersonData("product-marketing-manager", "方见微"),
    PersonData("department-manager", "林听泉"),
    PersonData("marketer", "许晴柔"),
    PersonData("marketer-2", "江㐂禾"),
    PersonData("info-assistant", "周拾穗"),
    PersonData("marketing-assistant", "何小满"),
    PersonData("institute-director", "严松筠"),
    PersonData("project-manager", "秦越溪"),
    PersonData("expansion-manager", "梁开阔"),
    PersonData("plaza-manager", "罗市明"),
    PersonData("front-office", "温如故"),
    PersonData("school-head", "孟以舟"),
    PersonData("sales-specialist", "唐晓桥"),
    PersonData("lijiang-manager", "和雪峰"),
    PersonData("lijiang-marketer", "木清越"),
    PersonData("dali-manager", "段沧云"),
    PersonData("former-director", "谢长亭"),
]

HOLDINGS = [
    *(
        HoldingData(person.username, person.username)
        for person in PEOPLE
        if person.username not in {"account-manager-2", "marketer-2", "marketing-director", "former-director"}
    ),
    HoldingData("account-manager", "account-manager-2", since=-210),
    HoldingData("marketer", "marketer-2", since=-95),
    HoldingData("marketing-director", "former-director", since=-1500, until=-301),
    HoldingData("marketing-director", "marketing-director", since=-300),
    # The hotel looks for a manager; the plaza's acts for the time being. The plaza's own inspector is being recruited.
    HoldingData("hotel-manager", "plaza-manager", "acting", since=-45),
    # The technical director is on a study journey; the head of the institute signs for him.
    HoldingData("tech-director", "institute-director", "substitute", since=-6, until=21),
]
LEFT = frozenset({"former-director"})

# Titles until the department was drawn anew some ten months ago.
FORMER_TITLES = {"marketing-director": "市场部部长", "info-assistant": "资料员", "expansion-manager": "业务主办"}
