"""Who one can log in as, and what to try: printed when the portal starts."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

READER = "reader"
PASSWORD = "portal-demo-1"  # noqa: S105 (the demo's published password; production has no demo accounts)

# (username, what to try)
TRIALS = (
    ("marketer", "市场专员：在编辑后台写新闻稿，预览签批路径，提交签批"),
    ("lijiang-marketer", "分公司市场专员：写一篇提到集团的软文，看它为什么要送总部"),
    ("department-manager", "部门经理：在“待我签批”里阅读、签准或退回"),
    ("marketing-director", "市场总监：会签；用手机宽度也可以签；在“交接单”里接手前任留下的事"),
    ("hq-brand", "总部品牌审核：确认涉及公司形象与整体数据的稿件"),
    ("gm", "总经理：待办、部门本周、组织架构"),
    ("info-assistant", "信息助理：导入 CSV / XLSX / OCDS 招标信息，填写部门意见"),
    ("expansion-manager", "项目拓展经理：找招标，按地区与截止日期缩小范围"),
    ("account-manager", "客户经理：在“办事”里发起报销或报价，看路径、跟踪；“制度流程”里看我的步骤"),
    ("plaza-manager", "广场经理：每日巡查表、未整改问题"),
    ("site-manager", "系统管理员：单位、岗位、任职、签批路线、确认规则"),
    (READER, "没有岗位的外部读者：只看得到公开内容"),
)


def load() -> None:
    """The outside reader's account; the people of the posts come with the organisation."""
    get_user_model().objects.get_or_create(
        username=READER,
        defaults={"name": "外部读者（演示）", "email": "reader@example.com", "password": make_password(PASSWORD)},
    )


def welcome_text(address: str) -> str:
    """The address, one account a line with what to try; only accounts that exist."""
    people = {
        user.username: user for user in get_user_model().objects.filter(username__in=[name for name, _ in TRIALS])
    }
    lines = [
        "",
        f"  门户已启动：{address}",
        f"  编辑后台：  {address}/admin/",
        f"  演示账号（密码都是 {PASSWORD}）：",
        "",
        *(f"    {name:<20} {people[name].name}  {what}" for name, what in TRIALS if name in people),
        "",
        "  试一试：检索“总体规划”；导入一份 OCDS 文件；写一篇提到“集团”的软文，看它为什么要送总部。",
        "  按 Ctrl-C 停止。演示中的单位与人物均为虚构。",
        "",
    ]
    return "\n".join(lines)
