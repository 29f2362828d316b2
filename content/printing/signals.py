"""When Wagtail publishes, unpublishes or deletes a page, its finished PDF follows."""

from functools import partial

from django.db import transaction
from wagtail.models import Page

from content.printing import pages
from content.printing.tasks import make_pdf


def make_on_publish(sender, instance, **kwargs):
    if pages.is_printable(instance):
        transaction.on_commit(partial(make_pdf.enqueue, instance.pk))


def forget_on_unpublish(sender, instance, **kwargs):
    if pages.is_printable(instance):
        transaction.on_commit(partial(pages.forget, instance.pk))


def forget_on_delete(sender, instance, **kwargs):
    if isinstance(instance, Page) and pages.is_printable(instance):
        transaction.on_commit(partial(pages.forget, instance.pk))
