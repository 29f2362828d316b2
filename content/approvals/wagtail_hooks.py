from django import forms
from django.contrib import messages
from django.db.models import Model
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.approvals import comparisons, conditions, definitions, desk, editions, signing, subjects
from content.approvals.errors import SignOffError, SignOffRequired
from content.approvals.guard import SignOffGuard, revision_is_signed
from content.approvals.models import Route, Run, RunState
from content.approvals.notices import path_url
from content.approvals.reports import RunReportView


class RouteViewSet(SnippetViewSet):
    """Routes and their nodes, for site managers. Changes count for runs started later."""

    model = Route
    icon = "tasks"
    menu_label = "签批路线"
    menu_order = 700
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "code", "description"]
    search_fields = ["name", "code"]
    search_backend_name = None
    panels = [
        MultiFieldPanel(["name", "code", "description"], "路线"),
        MultiFieldPanel(
            [
                FieldPanel("own_work", widget=forms.RadioSelect),
                FieldPanel("vacancy", widget=forms.RadioSelect),
                FieldPanel("fallback", widget=forms.Select),
                FieldPanel("repeat", widget=forms.RadioSelect),
                FieldPanel("resubmit", widget=forms.RadioSelect),
                FieldPanel("copy_to", widget=forms.CheckboxSelectMultiple),
            ],
            "规则",
            classname="collapsed",
        ),
        InlinePanel(
            "nodes",
            heading="环节",
            label="环节",
            min_num=1,
            help_text="从上到下依次签批。修改只影响以后提交的内容，正在签批的仍按原路线走完。",
            panels=[
                FieldPanel("title"),
                FieldPanel("posts", widget=forms.CheckboxSelectMultiple),
                FieldRowPanel(["level", "rule", "count"]),
                FieldPanel("veto_posts", widget=forms.CheckboxSelectMultiple),
                FieldPanel("condition", widget=forms.Select(choices=conditions.choices)),
                FieldRowPanel(
                    [
                        "when_field",
                        "when_label",
                        FieldPanel("when_operator", widget=forms.Select(choices=comparisons.choices)),
                        "when_value",
                    ],
                    heading="按表单的值决定",
                ),
                FieldRowPanel(["clause", "days", "on_refusal"]),
                FieldRowPanel(["reauth", "batch"]),
                FieldRowPanel(
                    ["own_work", "vacancy", FieldPanel("fallback", widget=forms.Select)],
                    heading="本环节另有规定",
                    help_text="留空即按路线的规则。",
                ),
            ],
        ),
    ]


register_snippet(RouteViewSet)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def keep_the_edition(request, route):
    """From the day a route asks for something else, runs name that day; what is odd about it is said at once."""
    if isinstance(route, Route):
        route = editions.keep(Route.objects.get(pk=route.pk))
        for sentence in definitions.shortcomings(definitions.from_route(route)):
            messages.warning(request, sentence)


@hooks.register("register_page_action_menu_item")
def offer_submitting_a_page():
    return desk.SubmitPage(order=60)


@hooks.register("register_page_action_menu_item")
def offer_following_a_page():
    return desk.FollowPage(order=10)


@hooks.register("register_snippet_action_menu_item")
def offer_submitting_a_snippet(model):
    return desk.SubmitSnippet(order=60)


@hooks.register("register_snippet_action_menu_item")
def offer_following_a_snippet(model):
    return desk.FollowSnippet(order=10)


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def replace_moderation_buttons(menu_items, request, context):
    """No button that goes round the preview, and none to publish by hand what needs signatures."""
    if not desk.takes_a_route(context):
        return
    unwanted = set(desk.REPLACED)
    model = context.get("model")
    if isinstance(model, type) and issubclass(model, SignOffGuard):
        unwanted.add("action-publish")
    menu_items[:] = [item for item in menu_items if item.name not in unwanted]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def lead_to_the_path(request, subject):
    """«提交签批…» has saved the draft; now show who will sign."""
    if request.POST.get(desk.SUBMIT):
        return redirect(path_url(subject.specific if isinstance(subject, Page) else subject))
    return None


@hooks.register("before_publish_page")
def say_why_it_is_not_published(request, page):
    """A way of publishing that does not ask the page's own rights: nothing is lost, the draft is saved."""
    page = page.specific
    if isinstance(page, SignOffGuard) and not revision_is_signed(page.get_latest_revision()):
        messages.error(request, str(SignOffRequired(page)))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def only_the_drafter_withdraws(request, subject):
    """Wagtail lets every reviewer cancel; that would be a refusal without a reason."""
    if request.method != "POST" or not request.POST.get("action-cancel-workflow"):
        return None
    subject: Model = subject.specific if isinstance(subject, Page) else subject
    run = Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING).first()
    if run is None:
        return None
    if run.drafter_id != request.user.pk and not subjects.manages_routes(request.user):
        messages.error(request, "只有起草人可以撤回；您若不同意，请在签批页退回并写明理由。")
        return redirect(path_url(subject))
    try:
        # Our act, not Wagtail's: it takes the run first, as signing does, so that neither waits for the other.
        signing.withdraw(run, request.user)
    except SignOffError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "已撤回，收到签批请求的人都已得到通知；现在可以继续修改。")
    return redirect(path_url(subject))


@hooks.register("register_admin_urls")
def report_addresses():
    return [
        path("reports/sign-off/", RunReportView.as_view(), name="approvals_runs"),
        path("reports/sign-off/results/", RunReportView.as_view(results_only=True), name="approvals_runs_results"),
    ]


class RunsMenuItem(MenuItem):
    def is_shown(self, request):
        return subjects.manages_routes(request.user)


@hooks.register("register_reports_menu_item")
def report_menu_item():
    return RunsMenuItem("签批记录", reverse("approvals_runs"), name="sign-off", icon_name="tasks", order=790)
