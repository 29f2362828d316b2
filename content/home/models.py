"""The portal's start page."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from content.core.choices import Audience
from content.core.models import ContentPage
from content.home.dashboard import Dashboard
from content.releases.models import ReleasePage
from search.readers import reader_for

LATEST = 7  # one large and two rows of three


class HomePage(ContentPage):
    """Start page: the public face for outside readers, the day's work for staff."""

    audience = models.CharField("谁可以看", max_length=10, choices=Audience, default=Audience.PUBLIC)
    hero_title = models.CharField(
        "一句话宗旨",
        max_length=60,
        default="把一方山水，做成人们愿意再来的地方",
        help_text="访客打开门户第一眼看到的大字。",
    )
    hero_lead = models.TextField(
        "宗旨说明",
        max_length=200,
        default="山河文旅集团从规划设计做起，经营广场、酒店与学堂。这里发布集团和各所属企业的消息，欢迎媒体与合作伙伴取用、来访。",
    )
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    contact_email = models.EmailField("联系邮箱", blank=True)
    contact_address = models.CharField("地址", max_length=120, blank=True)
    contact_hours = models.CharField("接听时间", max_length=60, blank=True, help_text="例如：工作日 9:00—17:30。")

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel([FieldPanel("hero_title"), FieldPanel("hero_lead")], "对外首页"),
        MultiFieldPanel(["contact_phone", "contact_email", "contact_address", "contact_hours"], "联系我们"),
    ]
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "首页"

    @property
    def has_contact(self) -> bool:
        return any([self.contact_phone, self.contact_email, self.contact_address])

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        reader = reader_for(request.user)
        if "staff" in reader.tokens:
            # The header asks for what waits too (navigation.Shell.waiting).
            request.dashboard = Dashboard(request.user, reader)
            return {**context, "dashboard": request.dashboard}
        releases = list(ReleasePage.objects.readable_by(reader).newest_first().for_cards()[:LATEST])
        return {**context, "large": releases[0] if releases else None, "releases": releases[1:]}

    def get_template(self, request, *args, **kwargs):
        if "staff" in reader_for(request.user).tokens:
            return "home/dashboard.html"
        return super().get_template(request, *args, **kwargs)
