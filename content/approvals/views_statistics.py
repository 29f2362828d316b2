"""The page of figures about signing, for those who manage the routes."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.approvals import plots, subjects
from content.approvals.models import Run, RunState
from content.approvals.statistics import months_since, overdue_now, steps_since

PERIODS = [(30, "近 30 天"), (90, "近 90 天"), (365, "近一年"), (3650, "全部")]


@require_safe
@login_required
def statistics(request: HttpRequest) -> HttpResponse:
    """Time per step, returns, overdue, over one of four periods; four queries for the figures."""
    if not subjects.manages_routes(request.user):
        sentence = "签批统计只对站点管理员开放；需要时请联系系统管理员。"
        return render(request, "approvals/no_access.html", {"sentence": sentence}, status=403)
    asked = request.GET.get("days", "")
    days = next((value for value, _ in PERIODS if str(value) == asked), 90)
    since = timezone.now() - datetime.timedelta(days=days)
    steps, months = steps_since(since), months_since(since)
    rows = [
        {
            "route": step.route,
            "step": step.step,
            "decisions": step.decisions,
            "mean": plots.duration(step.hours),
            "most": plots.duration(step.longest),
            "refused": step.refused,
            "refused_percent": round(step.refused_share * 100),
            "late": step.late,
            "late_percent": round(step.late_share * 100),
        }
        for step in steps
    ]
    return render(
        request,
        "approvals/statistics.html",
        {
            "periods": PERIODS,
            "days": days,
            "steps": steps,
            "rows": rows,
            "bars": plots.bars(steps),
            "columns": plots.columns(months),
            "running": Run.objects.filter(state=RunState.RUNNING).count(),
            "overdue": overdue_now(),
            "decided": sum(step.decisions for step in steps),
            "returned": sum(step.refused for step in steps),
        },
    )
