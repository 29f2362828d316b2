"""Who one can log in as, and what to try: printed when the portal starts."""

from django.contrib.auth import get_user_model

PASSWORD = "portal-demo-1"  # noqa: S105 (the demo's published password; production has no demo accounts)

# (username, what to try)
TRIALS = (
    ("marketer", "市场专员：编辑后台写一篇新闻稿，预览签批路径，提交签批"),
    ("deptmanager", "部门经理：在“待我签批”里阅读、签准或退回"),
    ("director", "市场总监：会签环节；也可用手机宽度打开"),
    ("hq", "总部品牌审核：确认涉及公司形象与整体数据的稿件"),
    ("info", "信息助理：导入 CSV / XLSX / OCDS 招标信息，填写部门意见"),
    ("expansion", "项目拓展经理：找招标，按地区与截止日期缩小范围"),
    ("gm", "总经理：待办、本周、组织架构"),
    ("staff", "普通员工：岗位说明书、检索（看不到招标信息）"),
    ("reader", "没有岗位的外部读者：只看得到公开内容"),
    ("admin", "系统管理员：单位、岗位、任职、签批路线、确认规则"),
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
        *(f"    {name:<12} {people[name].name}  {what}" for name, what in TRIALS if name in people),
        "",
        "  试一试：检索“总体规划”；导入一份 OCDS 文件；写一篇提到“集团”的软文，看它为什么要送总部。",
        "  按 Ctrl-C 停止。演示中的单位与人物均为虚构。",
        "",
    ]
    return "\n".join(lines)
