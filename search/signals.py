"""Which events of Django and Wagtail change what can be found. Connected by SearchConfig.ready."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from modelsearch.index import get_indexed_models
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished

from search import admin_index, outbox, registry

_followers: list[Callable[[Page], None]] = []


def connect() -> None:
    """Listen to the models readers or editors find, and to the page tree."""
    for model in {*(index.model for index in registry.all_indexes()), *get_indexed_models()}:
        post_save.connect(_saved, sender=model, dispatch_uid="search.saved")
        post_delete.connect(_saved, sender=model, dispatch_uid="search.deleted")
    for source, named, objects_of in admin_index.sources():
        uid = f"search.named.{objects_of.args}"
        post_save.connect(_named_changed(named, objects_of), sender=source, weak=False, dispatch_uid=uid)
    for index in registry.all_indexes():
        model = index.model
        for field in model._meta.many_to_many:
            through = getattr(model, field.name).through
            m2m_changed.connect(
                _relations_changed(model), sender=through, weak=False, dispatch_uid=f"search.{model._meta.label}"
            )
        for source, objects_of in index.related.items():
            handler = _source_changed(objects_of)
            uid = f"search.related.{model._meta.label}"
            post_save.connect(handler, sender=source, weak=False, dispatch_uid=uid)
            post_delete.connect(handler, sender=source, weak=False, dispatch_uid=uid)
    page_published.connect(_saved, dispatch_uid="search.published")
    page_unpublished.connect(_saved, dispatch_uid="search.unpublished")
    pre_save.connect(_page_about_to_be_saved, dispatch_uid="search.address")
    for signal in (post_save, post_delete):
        signal.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid="search.restriction")
        signal.connect(_site_changed, sender=Site, dispatch_uid="search.site")
    m2m_changed.connect(
        _restriction_groups_changed, sender=PageViewRestriction.groups.through, dispatch_uid="search.restriction"
    )


def _saved(
    sender: type[Model],
    instance: Model,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    if raw:
        return
    # Each login saves the user's last_login: what nobody can search for needs no row.
    if registry.index_for(sender) is not None or admin_index.reads(sender, update_fields):
        outbox.touch_keys(sender, [instance.pk])


def _named_changed(named: frozenset[str], objects_of: Callable[[Any], QuerySet]) -> Callable[..., None]:
    """For rows that others name in what editors find of them: a person in a holding, say."""

    def handler(sender, instance, raw=False, created=False, update_fields=None, **kwargs) -> None:
        if not raw and not created and (update_fields is None or not named.isdisjoint(update_fields)):
            outbox.touch(objects_of(instance))

    return handler


def _relations_changed(model: type[Model]) -> Callable[..., None]:
    def handler(sender, instance, action, reverse, pk_set, **kwargs) -> None:
        if action in {"post_add", "post_remove", "post_clear"} and not reverse:
            outbox.touch_keys(model, [instance.pk])
        elif action in {"post_add", "post_remove"}:
            outbox.touch_keys(model, pk_set or ())
        elif action == "pre_clear":  # from the other side: after it nobody knows whom it concerned
            name = next(field.name for field in model._meta.many_to_many if field.remote_field.through is sender)
            outbox.touch(model._default_manager.filter(**{name: instance.pk}))

    return handler


def _source_changed(objects_of: Callable[[Any], Iterable[Model]]) -> Callable[..., None]:
    def handler(sender, instance, raw=False, **kwargs) -> None:
        if not raw:
            outbox.touch(objects_of(instance))

    return handler


def touch_tree(page: Page) -> None:
    """Have a page and everything below it indexed anew: its address or its readers have changed."""
    for index in registry.all_indexes():
        if issubclass(index.model, Page):
            outbox.touch(index.model._default_manager.filter(path__startswith=page.path))
    for follower in _followers:
        follower(page)


def follow_tree(follower: Callable[[Page], None]) -> None:
    """Have a function called with each page below which addresses or readers have changed, in that transaction."""
    if follower not in _followers:
        _followers.append(follower)


def _page_about_to_be_saved(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """A new slug or place changes every address below.

    Wagtail's own signals for both come only after the commit. But Page.save() and a move save the page inside their
    transaction; a move saves it as a plain Page, so nobody listens to its class.
    """
    if raw or not isinstance(instance, Page) or not instance.pk:
        return
    if not (instance.numchild or type(instance) is Page):
        return
    if not Page.objects.filter(pk=instance.pk, url_path=instance.url_path).exists():
        touch_tree(instance)


def _restriction_changed(sender: type[Model], instance: PageViewRestriction, **kwargs: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:  # else it goes with its page
        touch_tree(page)


def _restriction_groups_changed(sender, instance, action, reverse, **kwargs) -> None:
    if not reverse:
        if action.startswith("post_"):
            touch_tree(instance.page)
    elif action in {"post_add", "post_remove", "pre_clear"}:  # instance is a group
        restrictions = PageViewRestriction.objects.select_related("page")
        chosen = {"pk__in": kwargs["pk_set"] or ()} if action != "pre_clear" else {"groups": instance}
        for restriction in restrictions.filter(**chosen):
            touch_tree(restriction.page)


def _site_changed(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    """Addresses of pages begin at the root page of their site."""
    root = Page.objects.filter(pk=instance.root_page_id).first()
    if root is not None:
        touch_tree(root)
