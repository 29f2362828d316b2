"""System checks: whatever has a page of its own can be found, or somebody has said why not."""

from collections.abc import Iterable

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model
from wagtail.models import Page

from search import registry

_ROOTS = ("content.",)


def has_own_page(model: type[Model]) -> bool:
    """Tell whether objects of a model are read at an address of their own."""
    if model._meta.abstract or model._meta.proxy or model._meta.swapped:
        return False
    return issubclass(model, Page) or "get_absolute_url" in dir(model)


@register("search")
def everything_with_a_page_is_findable(app_configs=None, **kwargs: object) -> list[CheckMessage]:
    """Every page type and every model with get_absolute_url is registered or excluded."""
    known = {index.model for index in registry.all_indexes()} | set(registry.excluded())
    return [
        Error(
            f"{model._meta.label}（{model._meta.verbose_name}）有自己的页面，却没有说明能否检索到。",
            hint=(
                f"在 {model._meta.app_config.name.replace('.', '/')}/search.py 里用 @search.registry.register 登记一个 SearchIndex；"
                f'不该检索到的，写 search.registry.exclude({model.__name__}, "原因")。'
            ),
            obj=model,
            id="search.E001",
        )
        for model in _models()
        if model not in known and has_own_page(model)
    ]


def _models() -> Iterable[type[Model]]:
    for config in apps.get_app_configs():
        if f"{config.name}.".startswith(_ROOTS):
            yield from config.get_models()
