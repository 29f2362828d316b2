"""Tell who asked for it that a long export is done, or why there is none."""

from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from search.export_jobs import KEPT, asked_of
from search.models import ExportState, SearchExport


def tell_owner(export: SearchExport) -> None:
    """One message in the inbox; no mail, for whoever waits for it is here."""
    text = asked_of(export).text
    what = f"“{text[:40]}”的检索结果" if text else "检索结果"
    if export.state == ExportState.DONE:
        title = f"{what}已导出，共 {export.rows_total:,} 条"
        body = f"文件保留 {KEPT.days} 天，只有您能下载。"
    else:
        title, body = f"{what}没有导出", export.message
    notify(
        [export.owner], kind=NotificationKind.SYSTEM, title=title, body=body, url=export.get_absolute_url(), mail=False
    )
