"""A case on paper: what was filled in, every signature, and the chart with the way it took."""

from django.conf import settings
from django.template.loader import render_to_string

from content.approvals.print_trail import print_context
from content.approvals.staffing import Staffing
from content.printing import engine
from content.procedures.case_view import content_context, run_with_stages, step_states
from content.procedures.chart_svg import pages_of
from content.procedures.models import Case
from content.procedures.snapshots import ProcedureText


def case_html(case: Case) -> str:
    """The HTML a case is printed from."""
    run = run_with_stages(case)
    text = ProcedureText(case.version.content)
    address = f"{settings.WAGTAILADMIN_BASE_URL}{case.get_absolute_url()}"
    context = {
        **content_context(case),
        **(print_context(run) if run is not None else {}),
        "run": run,
        "text": text,
        "charts": pages_of(text, step_states(case, run, Staffing())),
        "findings": list(case.findings.select_related("closed_by")),
        "page": {"title": str(case), "summary": ""},
        "site_name": settings.WAGTAIL_SITE_NAME,
        "page_url": address,
        "printing": True,
    }
    return render_to_string("print/case.html", context)


def case_pdf(case: Case) -> bytes:
    """Raises engine.PrintingUnavailable."""
    return engine.html_to_pdf(case_html(case), base_url=f"{settings.WAGTAILADMIN_BASE_URL}/")
