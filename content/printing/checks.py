"""Say at start-up what printing lacks. Warnings: everything else of the portal works without it."""

from django.core.checks import Warning as CheckWarning

from content.printing import engine, pango


def check_engine(**kwargs) -> list[CheckWarning]:
    """printing.W001: no PDFs. printing.W002: PDFs cost six times the work."""
    found = engine.status()
    no_root = "没有管理员权限时执行：python -m content.printing.fetch_pango"
    if not found.ok:
        return [CheckWarning(found.reason, hint=f"{found.remedy}（{no_root}）", id="printing.W001")]
    if engine.subsetting_is_slow():
        return [
            CheckWarning(
                "缺少 libharfbuzz-subset，生成 PDF 会慢好几倍。",
                hint=f"{pango.APT_LINE}（{no_root}）",
                id="printing.W002",
            )
        ]
    return []
