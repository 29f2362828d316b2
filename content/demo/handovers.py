"""One handover of the demo: the former director's saved search and case go to the director of today."""

from django.utils import timezone

from content.alerts.models import SavedSearch
from content.alerts.saving import save_search
from content.handovers import sheets
from content.handovers.models import HandoverSheet
from content.organization.models import Holding
from content.procedures.models import Case, ProcedurePage
from content.users.models import User

NOTE = """客户名册和历年合同在部门档案柜第三层，电子版已交给市场助理。
丽江古城二期的报价还在谈，联系人是项目方的赵工，月底前要回话。
媒体拜访每季度一次，下一次原定在下月初。"""


def load() -> None:
    """The sheet, signed by the superior, as the former director's account is closed; the successor signs in the demo."""
    holding = Holding.objects.filter(user__username="former-director").select_related("post__superior", "user").first()
    if holding is None or HandoverSheet.objects.filter(holding=holding).exists():
        return
    leaver, above = holding.user, User.objects.get(username="gm")
    save_search(SavedSearch(name="丽江古城二期的招标"), leaver, "q=丽江+古城&kind=tender")
    page = ProcedurePage.objects.filter(title="市场调研计划编制与审批").first()
    version = page.version_in_force() if page else None
    if version is not None:
        today = timezone.localdate()
        Case.objects.create(
            version=version, number=f"{page.code}-{today.year - 1}-0001", title="媒体关系年度调研", drafter=leaver
        )
    sheet = sheets.open_sheet(holding)
    written = {"note": NOTE}
    sheets.sign(sheet, above, side="leaver", seen=sheets.list_digest(sheet.items.all()), written=written)
