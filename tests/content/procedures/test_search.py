import datetime

import time_machine

from content.procedures.case_printing import case_html
from content.procedures.cases import start_case
from content.procedures.schedule import follow_dates
from tests.factories.organization import PostFactory
from tests.factories.procedures import change_step, procedure, revise, step


def found(client, words):
    return "/procedures/sc-001/" in client.get("/search/", {"q": words}).text


def test_a_procedure_is_found_by_code_and_by_any_word_of_its_steps(client, index, staff, search_index):
    clerk = PostFactory(code="clerk", title="文员")
    procedure(index, steps=[step("登记来访客户", clerk, document="来访登记表"), step("归档", clerk)])
    search_index()
    client.force_login(staff)

    assert [found(client, words) for words in ("SC-001", "来访登记表", "文员", "并不存在的话")] == [
        True,
        True,
        True,
        False,
    ]


def test_who_may_not_read_it_does_not_find_it(client, index, outsider, search_index):
    procedure(index)
    search_index()
    client.force_login(outsider)

    assert not found(client, "SC-001")


def test_the_new_text_is_found_from_its_day_on(client, index, staff, search_index):
    client.force_login(staff)
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index)

        def change(draft):
            change_step(draft, 2, title="骆驼")
            draft.effective_on = datetime.date(2026, 5, 1)

        revise(page, change)
        search_index()
        before = found(client, "骆驼")
    with time_machine.travel("2026-05-01 10:00+08:00"):
        touched = follow_dates()
        search_index()

        assert (before, touched, found(client, "骆驼")) == (False, 1, True)


def test_a_case_is_printed_with_its_number_and_version(index, staff):
    page = procedure(index)

    html = case_html(start_case(page, staff))

    assert "SC-001-" in html
    assert "《市场调研计划》第 1 版" in html
    assert 'class="flow flow--page-1"' in html
