import pytest
from django.utils import timezone

from content.alerts.models import SavedSearch
from content.handovers import leavings, sheets
from content.handovers.models import HandoverSheet
from content.handovers.schedule import carry_on, look_at_accounts, open_sheets_in_time
from content.notifications.models import Notification
from content.organization.models import HoldingKind
from tests.content.handovers.conftest import days, end
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory


def sign(sheet, user, side, **written):
    sheet.refresh_from_db()
    seen = sheets.list_digest(sheet.items.all())
    return sheets.sign(sheet, user, side=side, seen=seen, written=written or None)


def titles(user) -> list[str]:
    return sorted(Notification.objects.filter(recipient=user).values_list("title", flat=True))


def test_the_clock_opens_a_sheet_once_and_tells_all_three(holding, successor, above, leaver, saved):
    assert (open_sheets_in_time(), open_sheets_in_time()) == (1, 0)

    sheet = HandoverSheet.objects.get()
    assert (sheet.leaver, sheet.successor, sheet.superior) == (leaver, successor, holding.post.superior)
    assert [(row.room, row.title, row.moves) for row in sheet.items.all()] == [("searches", "丽江招标", True)]
    assert titles(leaver) == ["请办理工作交接"]
    assert titles(successor) == ["请接手谢长亭的工作"]
    assert titles(above) == ["谢长亭的工作交接"]


@pytest.mark.parametrize(("until", "opened"), [(14, 1), (15, 0), (-60, 1), (-61, 0), (None, 0)])
def test_sheets_are_opened_two_weeks_ahead_and_for_what_ended_lately(holding, until, opened):
    holding.until = None if until is None else days(until)
    holding.save()

    assert open_sheets_in_time() == opened


def test_a_holding_that_goes_on_in_the_next_needs_no_sheet(holding, leaver):
    HoldingFactory(post=holding.post, user=leaver, since=days(11))

    assert open_sheets_in_time() == 0


def test_a_sheet_of_a_prolonged_holding_is_withdrawn(holding):
    sheets.open_sheet(holding)
    holding.until = None
    holding.save()
    carry_on()

    assert not HandoverSheet.objects.exists()


def test_without_a_next_holder_the_acting_one_then_the_superior_takes_over(holding, above):
    assert sheets.open_sheet(holding).successor == above

    acting = HoldingFactory(post=holding.post, kind=HoldingKind.ACTING, since=days(11)).user
    carry_on()
    assert HandoverSheet.objects.get().successor == acting


def test_a_chosen_successor_stays_when_somebody_is_appointed(holding, above, post):
    sheet = sheets.open_sheet(holding)
    chosen = UserFactory(username="chosen")
    sheets.choose_successor(sheet, above, chosen)
    HoldingFactory(post=post, since=days(11))
    carry_on()

    assert HandoverSheet.objects.get().successor == chosen


def test_nothing_moves_before_the_last_day_and_everything_after(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="月底前回话。")
    sign(sheet, successor, "successor")
    carry_on()
    assert SavedSearch.objects.get().owner == leaver

    end(holding)
    assert (carry_on(), carry_on()) == (1, 0)
    sheet.refresh_from_db()
    assert SavedSearch.objects.get().owner == successor
    assert sheet.completed_at is not None
    assert sheet.note == "月底前回话。"
    assert sheet.items.get().moved_at is not None


def test_at_once_moves_with_the_second_signature(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="", at_once=True)
    sign(sheet, successor, "successor")

    assert SavedSearch.objects.get().owner == successor


def test_who_goes_on_working_here_may_keep_things(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="", left_out=[sheet.items.get().pk], at_once=True)
    sign(sheet, successor, "successor")

    assert SavedSearch.objects.get().owner == leaver


def test_the_superior_signs_for_who_can_no_longer_log_in(holding, leaver, successor, above, saved):
    sheet = sheets.open_sheet(holding)
    with pytest.raises(sheets.HandoverError, match="由移交人签"):
        sign(sheet, above, "leaver")

    leaver.is_active = False
    leaver.save()
    sign(HandoverSheet.objects.get(), above, "leaver")
    sheet.refresh_from_db()
    assert (sheet.leaver_signed_by, sheet.is_signed_for) == (above, True)


def test_the_successor_alone_signs_as_successor(holding, leaver, successor, above):
    sheet = sheets.open_sheet(holding)

    with pytest.raises(sheets.HandoverError, match="由接手人签"):
        sign(sheet, above, "successor")


def test_a_signature_counts_only_for_the_list_that_was_seen(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    seen = sheets.list_digest(sheet.items.all())
    SavedSearch.objects.create(owner=leaver, name="大理招标", query="q=大理")

    with pytest.raises(sheets.HandoverError, match="清单刚有变化"):
        sheets.sign(sheet, leaver, side="leaver", seen=seen)


def test_what_is_only_told_may_come_and_go_between_two_signatures(holding, leaver, successor, saved, monkeypatch):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="", at_once=True)
    seen = sheets.list_digest(sheet.items.all())
    told = leavings.Room(
        "told", "听说的", lambda user, post: [leavings.Leaving("1", "一份在签的文件")], lambda *said: []
    )
    monkeypatch.setitem(leavings._rooms, "told", told)
    sheets.sign(sheet, successor, side="successor", seen=seen)

    sheet.refresh_from_db()
    assert sheet.completed_at is not None
    assert [row.title for row in sheet.items.filter(moves=False)] == ["一份在签的文件"]
    monkeypatch.delitem(leavings._rooms, "told")
    end(holding)
    look_at_accounts()
    assert sheet.items.filter(moves=False).count() == 1


def test_counting_anew_voids_what_was_signed_for_another_list(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    sign(sheet, successor, "successor")
    sheets.relist(sheet, leaver)
    sheet.refresh_from_db()
    assert sheet.successor_signed_at is not None

    SavedSearch.objects.create(owner=leaver, name="大理招标", query="q=大理")
    sheets.relist(sheet, leaver)
    sheet.refresh_from_db()
    assert sheet.successor_signed_at is None
    assert titles(successor)[-1].startswith("请重新签交接单")


def test_another_successor_voids_the_signatures(holding, leaver, successor, above):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver")
    sign(sheet, successor, "successor")
    with pytest.raises(sheets.HandoverError, match="由上级或站点管理员指定"):
        sheets.choose_successor(sheet, leaver, above)
    sheets.choose_successor(sheet, above, UserFactory(username="other"))

    sheet.refresh_from_db()
    assert (sheet.leaver_signed_at, sheet.successor_signed_at) == (None, None)


def test_a_signature_can_be_taken_back_until_things_have_moved(holding, leaver, successor):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver")
    sheets.recall(sheet, leaver)
    sheet.refresh_from_db()
    assert sheet.leaver_signed_at is None

    sign(sheet, leaver, "leaver", note="", at_once=True)
    sign(sheet, successor, "successor")
    with pytest.raises(sheets.HandoverError, match="已经移交完毕"):
        sheets.recall(sheet, leaver)


def test_what_turns_up_later_goes_to_the_same_successor_once_the_leaver_has_left(holding, leaver, successor):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="", at_once=True)
    sign(sheet, successor, "successor")
    SavedSearch.objects.create(owner=leaver, name="后来的", query="q=丽江")
    look_at_accounts()
    assert SavedSearch.objects.get().owner == leaver

    end(holding)
    look_at_accounts()
    look_at_accounts()
    assert SavedSearch.objects.get().owner == successor
    assert titles(successor).count("谢长亭名下又移交给您 1 项") == 1


def test_nothing_goes_to_a_successor_who_cannot_log_in(holding, leaver, successor, saved):
    sheet = sheets.open_sheet(holding)
    sign(sheet, leaver, "leaver", note="", at_once=True)
    successor.is_active = False
    successor.save()
    HandoverSheet.objects.update(successor_signed_at=timezone.now())
    carry_on()

    assert SavedSearch.objects.get().owner == leaver
