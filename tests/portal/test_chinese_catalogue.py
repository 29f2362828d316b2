"""Nothing in the editors' desk is left in English, and nothing is translated so that it breaks."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from tests.portal.po import entries

OWN = Path(settings.BASE_DIR) / "portal" / "locale" / "zh_Hans" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]+\}")
TAG = re.compile(r"</?[a-z][^>]*>")

# The same in Chinese, each for its reason.
SAME_IN_CHINESE = {
    "Wagtail API v2": "name of an interface",
    "Wagtail API v3": "name of an interface",
    "IPv4": "name of a protocol",
    "%(range_start)s - %(range_end)s": "two numbers and a dash",
}


def english_catalogues(domain):
    """The lists of everything that can be translated, of every part of Wagtail that is installed."""
    for config in apps.get_app_configs():
        path = Path(config.path) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if config.name.startswith(("wagtail", "taggit")) and path.exists():
            yield path


def translated(entry):
    """What Django shows for the entry in Chinese, for one and for three."""
    if entry.plural and entry.context:
        return [npgettext(entry.context, entry.message, entry.plural, number) for number in (1, 3)]
    if entry.plural:
        return [ngettext(entry.message, entry.plural, number) for number in (1, 3)]
    return [pgettext(entry.context, entry.message) if entry.context else gettext(entry.message)]


def test_every_string_of_wagtail_is_shown_in_chinese():
    paths = list(english_catalogues("django"))
    with translation.override("zh-hans"):
        untranslated = {
            entry.message
            for path in paths
            for entry in entries(path)
            for shown in translated(entry)
            if shown in (entry.message, entry.plural) and entry.message not in SAME_IN_CHINESE
        }

    assert len(paths) == 14
    assert untranslated == set()


def test_every_string_of_wagtails_scripts_is_shown_in_chinese(client, superuser):
    client.force_login(superuser)

    source = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()

    catalog = json.loads(re.search(r"const newcatalog = (\{.*?\});?\n", source, re.DOTALL)[1])
    paths = list(english_catalogues("djangojs"))
    messages = {entry.message for path in paths for entry in entries(path)}
    assert len(messages) > 80
    assert {message for message in messages if catalog.get(message, message) == message} == set()


def test_the_allow_list_names_only_what_is_really_the_same():
    with translation.override("zh-hans"):
        assert [message for message in SAME_IN_CHINESE if gettext(message) != message] == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_placeholders_and_plural_forms_of_our_catalogue_are_right(domain):
    wrong = []
    for entry in entries(OWN / f"{domain}.po"):
        # Chinese has one form; it must serve many, so it carries the placeholders of the plural.
        expected = sorted(PLACEHOLDER.findall(entry.plural or entry.message))
        if len(entry.translations) != 1 or sorted(PLACEHOLDER.findall(entry.translations[0])) != expected:
            wrong.append(entry.message)

    assert wrong == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_markup_of_our_catalogue_is_that_of_the_original(domain):
    wrong = [
        entry.message
        for entry in entries(OWN / f"{domain}.po")
        if sorted(TAG.findall(entry.translations[0])) != sorted(TAG.findall(entry.plural or entry.message))
    ]

    # The original has its term between tags; in Chinese the tags stand elsewhere, but all of them are there.
    assert wrong == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_one_term_for_one_thing(domain):
    ours = [text for entry in entries(OWN / f"{domain}.po") for text in entry.translations]

    for other in ("工作流", "片段", "你", "文档", "帐", "图像", "登陆", "...", " ，", "， ", "''"):
        assert [text for text in ours if other in text and "Word 文档" not in text] == [], other


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_catalogue_is_that_of_the_source(domain):
    import gettext as gnu

    with (OWN / f"{domain}.mo").open("rb") as file:
        compiled = gnu.GNUTranslations(file)._catalog

    for entry in entries(OWN / f"{domain}.po"):
        key = f"{entry.context}\x04{entry.message}" if entry.context else entry.message
        assert compiled[(key, 0) if entry.plural else key] == entry.translations[0], "run manage.py compilemessages"


def test_messages_of_wagtail_read_naturally():
    with translation.override("zh-hans"):
        assert gettext("Page '%(page_title)s' has been submitted for moderation.") % {"page_title": "开业"} == (
            "页面“开业”已送审。"
        )
        assert gettext("Dashboard") == "工作台"
        assert ngettext("%(total)s Page", "%(total)s Pages", 3) == "%(total)s Pages"
