"""Brings a migrated database to a working portal: start page, sections, groups, routes, divisions, subjects."""

from importlib import import_module

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from content.home.setting_up import set_up as set_up_home
from search.maintenance import make_current


def other_set_ups():
    """(app, set_up) of every content app that has one, lower rooms first; INSTALLED_APPS lists the highest first."""
    for config in reversed(list(apps.get_app_configs())):
        is_content = config.name.startswith("content.") and config.label not in {"home", "demo"}
        if is_content and module_has_submodule(config.module, "setting_up"):
            yield config, import_module(f"{config.name}.setting_up").set_up


class Command(BaseCommand):
    help = "建立门户运行所需的一切：首页与栏目、权限组、签批路线、行政区划、主题。可重复执行，已有的不会被改动。"

    def add_arguments(self, parser):
        parser.add_argument("--site-name", help="门户名称")
        parser.add_argument("--hostname", help="域名")
        parser.add_argument("--port", type=int, help="端口")

    def handle(self, *args, site_name=None, hostname=None, port=None, **options):
        say = self.stdout.write if options["verbosity"] else lambda line: None
        with transaction.atomic():
            # The start page comes first although home is the highest room: the sections of all others hang below it.
            set_up_home(site_name=site_name, hostname=hostname, port=port)
            say("  · 首页")
            for config, set_up in other_set_ups():
                set_up()
                say(f"  · {config.verbose_name}")
        if make_current():  # after the commit: the index is made from what others see
            say("  · 检索索引")
        say(self.style.SUCCESS("门户已就绪。"))
