"""A few cases of the demo: one finished, two under way, one sent back, and an inspection with open findings."""

import datetime

from django.http import QueryDict
from django.utils import timezone

from content.approvals import signing
from content.approvals.models import AssignmentState, Run, RunState
from content.approvals.staffing import Staffing
from content.procedures import cases
from content.procedures.models import Case, ProcedurePage
from content.users.models import User

_today = timezone.localdate

# title of the procedure, who starts it, title of the case, answers by label, how far it goes
CASES = (
    (
        "市场调研计划编制与审批", "department-manager", "古城夜游客源调研计划",
        {
            "计划名称": "古城夜游客源调研", "计划类型": "重大专项计划", "调研起止日期": (5, 35),
            "调研内容": "夜游客源构成、停留时间、消费意愿；周边三家竞争景区的夜间产品。",
            "调研方法": ["问卷", "实地走访"], "预算合计": "46800",
            "预算明细": [["问卷印制与礼品", "12", "900", "10800"], ["走访差旅", "1800", "20", "36000"]],
        },
        2,
    ),
    (
        "业务费用与提成", "account-manager", "三月接待古城项目客户",
        {
            "类别": "业务招待", "事由": "接待古城保护规划项目客户一行四人，洽谈二期合作。", "发生日期": (-12, -11),
            "金额合计": "4260", "费用明细": [["用餐", "当日", "2660", "2"], ["交通", "当日", "1600", "3"]],
        },
        9,
    ),
    (
        "报价审批", "account-manager", "高原湖滨酒店团队接待报价",
        {
            "客户名称": "高原湖滨酒店（虚构）", "报价明细": [["会议团队套餐", "两天一晚", "60", "780", "46800"]],
            "报价金额": "46800", "折扣（折）": "8.5", "特价理由": "淡季首单，客户承诺秋季两次返场。", "有效期至": 30,
        },
        -1,
    ),
    (
        "广场每日巡查", "plaza-manager", "今日开门前巡查",
        {
            "巡查日期": 0, "天气": "晴",
            "巡查清单": [
                ("ok", ""), ("problem", "东门外堆放三只空货箱，挡住半边台阶。"), ("ok", ""), ("ok", ""), ("ok", ""),
                ("ok", ""), ("problem", "负一层三号灭火器压力不足，指针在红区。"), ("ok", ""), ("ok", ""),
            ],
        },
        1,
    ),
)  # fmt: skip


def load() -> None:
    """Fill in, submit and sign as far as each case goes; a negative number sends it back at once."""
    for procedure, username, title, answers, signatures in CASES:
        user = User.objects.get(username=username)
        page = ProcedurePage.objects.get(title=procedure)
        case = cases.start_case(page, user)
        case = cases.save_values(case, user, _typed(case, title, answers), by_itself=True)
        # Once more: the first answers have brought further fields onto the form.
        case = cases.save_values(case, user, _typed(case, title, answers))
        cases.note_findings(case)
        _carry_on(case, signing.submit(case, user), signatures)


def _typed(case: Case, title: str, answers: dict) -> QueryDict:
    """The answers as the form would send them; days are counted from today."""
    post = QueryDict(mutable=True)
    post["title"] = title
    for field in case.version.content["fields"]:
        if field["label"] not in answers:
            continue
        name, said, kind = f"f-{field['key']}", answers[field["label"]], field["kind"]
        if kind == "daterange":
            post[f"{name}-from"], post[f"{name}-to"] = (_day(number) for number in said)
        elif kind == "date":
            post[name] = _day(said)
        elif kind == "checkboxes":
            post.setlist(name, said)
        elif kind == "table":
            for row, cells in enumerate(said):
                for place, cell in enumerate(cells):
                    post[f"{name}-{row}-{place}"] = cell
        elif kind == "checklist":
            for number, (state, note) in enumerate(said):
                post[f"{name}-{number}"], post[f"{name}-{number}-note"] = state, note
        else:
            post[name] = said
    return post


def _day(number: int) -> str:
    return (_today() + datetime.timedelta(days=number)).isoformat()


def _carry_on(case: Case, run: Run, signatures: int) -> None:
    for _ in range(max(signatures, 1) if signatures else 0):
        run.refresh_from_db()
        assignment = run.assignments.filter(state=AssignmentState.PENDING).select_related("named_post").first()
        if run.state != RunState.RUNNING or assignment is None:
            return
        people = Staffing().seat_of(assignment, run.authors).people
        if not people:
            return
        if signatures < 0:
            comment = "折扣已到八五折，请补上同期给其他客户的价格再报。"
            signing.refuse(assignment, people[0], digest=run.digest, comment=comment)
            return
        signing.sign(assignment, people[0], digest=run.digest)
