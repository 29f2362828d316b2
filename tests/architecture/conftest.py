"""A small portal with one account of every kind, one of everything that has an address, and helpers to ask for them."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client

from content.alerts.models import SavedSearch
from content.alerts.stopping import stop_url
from content.approvals import signing, talking
from content.handovers.sheets import open_sheet
from content.home.management.commands.setup_portal import other_set_ups
from content.home.setting_up import set_up as set_up_home
from content.importing.models import ImportState, RejectedRow
from content.media.models import Document
from content.notifications.models import Notification
from content.organization.groups import INFO_ASSISTANTS, SITE_MANAGERS, group_named
from content.organization.models import Post, RoleIndexPage
from content.organization.role_versions import keep
from content.procedures.cases import start_case
from content.procedures.copies import issue_copy
from content.procedures.models import CaseFile, Finding, ProcedureIndexPage
from content.procedures.proposals import propose
from content.procedures.readings import owe
from content.releases.models import NewsroomPage
from search.models import SearchExport
from tests.factories.organization import HoldingFactory, PostFactory, RoleDescriptionPageFactory
from tests.factories.procedures import procedure
from tests.factories.releases import draft, published
from tests.factories.tenders import ImportBatchFactory, TenderProcessFactory
from tests.factories.users import UserFactory

# Every kind of reader, in the order of the columns of the tables.
READERS = ("anonymous", "outsider", "staff", "marketer", "assistant", "signer", "manager", "superuser")


def holder_of(code: str, group: str = "", **post):
    """An account holding the post of this code, made when missing."""
    found = Post.objects.filter(code=code).first() or PostFactory(code=code, **post)
    if group:
        found.groups.add(group_named(group))
    return HoldingFactory(post=found, user=UserFactory(username=f"holds-{code}")).user


@pytest.fixture
def world(home, settings, tmp_path):
    """A portal set up as a fresh site is, with a reader of every kind and a record behind every address."""
    settings.MEDIA_ROOT = tmp_path / "media"
    set_up_home()
    for config, set_up in other_set_ups():
        if config.label != "places":  # 3,300 divisions nobody here reads
            set_up()
    readers = {
        "anonymous": None,
        "outsider": UserFactory(username="outsider"),
        "staff": holder_of("driver", title="司机"),
        "marketer": holder_of("marketer"),
        "assistant": holder_of("info-assistant", INFO_ASSISTANTS, title="信息助理"),
        "signer": holder_of("department-manager"),
        "manager": holder_of("site-manager", SITE_MANAGERS, title="站点管理员"),
        "superuser": UserFactory(username="root", is_superuser=True, is_staff=True),
    }
    for code in ("marketing-director", "product-marketing-manager", "hq-brand"):
        holder_of(code)
    newsroom = NewsroomPage.objects.get()
    release = published(newsroom, "古城夜游路线开放")
    paper = draft(newsroom, "待签的稿件", owner=readers["marketer"])
    paper.save_revision(user=readers["marketer"])
    run = signing.submit(paper, readers["marketer"])
    said = talking.comment(run, readers["marketer"], "", [ContentFile(b"%PDF-1.4 facts", "facts.pdf")])
    batch = ImportBatchFactory(uploaded_by=readers["assistant"], state=ImportState.DONE, rows_done=1, rejected_count=1)
    RejectedRow.objects.create(batch=batch, number=2, reason="缺少项目名称。", original=[["项目编号", "A-1"]])
    role = RoleDescriptionPageFactory(parent=RoleIndexPage.objects.get(), post=Post.objects.get(code="marketer"))
    keep(role)
    regulation = procedure(ProcedureIndexPage.objects.get(), "夜航船调度", owner_post=Post.objects.get(code="marketer"))
    version = regulation.versions.get()
    owe(version)
    copy = issue_copy(version, readers["marketer"], "码头值班室")
    proposal = propose(version, readers["staff"], "时限太短。")
    case = start_case(regulation, readers["marketer"])
    receipt = CaseFile.objects.create(
        case=case, field_key="k", file=ContentFile(b"%PDF-1.4", "bill.pdf"), name="bill.pdf", size=8,
        digest="0" * 64, uploaded_by=readers["marketer"],
    )  # fmt: skip
    finding = Finding.objects.create(case=case, field_key="k", item=0, text="消防通道")
    document = Document.objects.create(title="价目表", file=ContentFile(b"%PDF-1.4 prices", "prices.pdf"))
    saved = SavedSearch.objects.create(
        owner=readers["assistant"], name="总规", query="q=总体规划", post=Post.objects.get(code="department-manager")
    )
    return SimpleNamespace(
        home=home,
        handover=open_sheet(readers["marketer"].holdings.get()),
        newsroom=newsroom,
        release=release,
        role=role,
        paper=paper,
        paper_type=ContentType.objects.get_for_model(paper),
        run=run,
        file=said.attachments.get(),
        assignment=run.assignments.get(node_index=0),
        tender=TenderProcessFactory(),
        saved=saved,
        stop_address=urlsplit(stop_url(readers["assistant"], saved)).path,
        batch=batch,
        document=document,
        version=version,
        copy=copy,
        case=case,
        receipt=receipt,
        finding=finding,
        proposal=proposal,
        reading=version.readings.get(user=readers["marketer"]),
        export=SearchExport.objects.create(owner=readers["assistant"], address="?q=古城", format="csv"),
        message=Notification.objects.filter(recipient=readers["signer"]).latest("pk"),
        readers=readers,
    )


@pytest.fixture
def ask(world):
    """Call it to fetch an address as one kind of reader: ``ask("staff", "/tenders/")``."""

    def fetch(reader: str, address: str, method: str = "get"):
        client = Client(raise_request_exception=True)
        if world.readers[reader] is not None:
            client.force_login(world.readers[reader])
        return getattr(client, method)(address)

    return fetch


def verdict(response) -> str:
    """The answer in one word: the status, or «login» where the reader is sent to log in."""
    if response.status_code == 302 and response["Location"].startswith(("/login/", "/_util/login/")):
        return "login"
    return str(response.status_code)
