"""The acts of a handover: open, name a successor, note, sign, move."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from content.handovers import succession
from content.handovers.leavings import left_by, rooms
from content.handovers.models import HandoverItem, HandoverSheet
from content.handovers.rights import may_sign_as_leaver, stands_above
from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from content.organization.models import Holding, HoldingKind
from content.users.models import User

SPACE_OF = {"title": 255, "detail": 200, "url": 300}


class HandoverError(Exception):
    """Not done; `str(error)` says why and what to do."""


@transaction.atomic
def open_sheet(holding: Holding, by: User | None = None) -> HandoverSheet:
    """The sheet of a holding, made once with what the person has; both sides and the superior are told."""
    found = HandoverSheet.objects.filter(holding=holding).first()
    return found or _open(holding.user, holding, by)


@transaction.atomic
def open_for_account(user: User, by: User) -> HandoverSheet:
    """A sheet for an account with something left: of its latest holding that has none, else without a holding.

    An unfinished sheet of the account is given back instead.
    """
    found = HandoverSheet.objects.filter(leaver=user, completed_at=None).first()
    if found is not None:
        return found
    holdings = Holding.objects.filter(user=user, handover=None).select_related("post__superior", "user")
    latest = max(
        holdings, key=lambda row: (row.kind == HoldingKind.REGULAR, row.until is None, row.since, row.pk), default=None
    )
    return _open(user, latest, by)


def _open(leaver: User, holding: Holding | None, by: User | None) -> HandoverSheet:
    post = holding.post if holding else None
    sheet, created = HandoverSheet.objects.get_or_create(
        **({"holding": holding} if holding else {"holding": None, "leaver": leaver, "completed_at": None}),
        defaults={
            "post": post,
            "leaver": leaver,
            "opened_by": by,
            "superior": succession.superior_of(post, leaver),
            "successor": succession.successor_for(post, leaver, holding),
        },
    )
    if created:
        list_items(sheet)
        _tell_all(sheet)
    return sheet


def _tell_all(sheet: HandoverSheet) -> None:
    above = succession.people_above(sheet.superior, sheet.leaver)
    about = f"{sheet.post}，" if sheet.post else ""
    until = f"离任日 {sheet.ends_on:%Y-%m-%d}。" if sheet.ends_on else ""
    tell = {"kind": NotificationKind.DUTY, "url": sheet.get_absolute_url()}
    notify([sheet.leaver], title="请办理工作交接", body=f"{about}{until}请核对清单、写几句移交说明后签名。", **tell)
    if sheet.successor:
        notify([sheet.successor], title=f"请接手{sheet.leaver}的工作", body=f"{about}{until}请核对清单后签名。", **tell)
    todo = "" if sheet.leaver.is_active else "本人已不能登录，请代为签名。"
    todo += "" if sheet.successor else "还没有接手人，请指定。"
    others = [user for user in above if sheet.successor is None or user.pk != sheet.successor.pk or todo]
    notify(others, title=f"{sheet.leaver}的工作交接", body=f"{about}{until}{todo or '接手人不合适时可以改。'}", **tell)


def list_items(sheet: HandoverSheet) -> None:
    """Bring the list into line with what the person has now; what was moved stays, what was left out stays so.

    Once completed the sheet is a record: only what still has to move is added.
    """
    done = sheet.completed_at is not None
    rows = {(row.room, row.key): row for row in sheet.items.all()}
    seen, new, changed = set(), [], []
    for room, leaving in left_by(sheet.leaver, sheet.post):
        if done and not leaving.moves:
            continue
        told = {name: getattr(leaving, name)[:space] for name, space in SPACE_OF.items()} | {"moves": leaving.moves}
        seen.add((room.name, leaving.key))
        row = rows.get((room.name, leaving.key))
        if row is None:
            new.append(HandoverItem(sheet=sheet, room=room.name, key=leaving.key, **told))
        elif any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    HandoverItem.objects.bulk_create(new)
    HandoverItem.objects.bulk_update(changed, [*SPACE_OF, "moves"])
    gone = [row.pk for key, row in rows.items() if key not in seen and row.moved_at is None and not done]
    HandoverItem.objects.filter(pk__in=gone).delete()


def list_digest(items: Iterable[HandoverItem]) -> str:
    """What a signature is bound to: the things that move, as they were on the screen.

    What is only told (papers on their way, what waits at the post) comes and goes by the hour and binds nobody.
    """
    said = sorted(f"{row.room}\t{row.key}\t{row.title}\t{row.chosen}" for row in items if row.moves)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _held(sheet: HandoverSheet) -> HandoverSheet:
    """The sheet under lock, not yet completed."""
    held = HandoverSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if held.completed_at is not None:
        raise HandoverError("这份交接单已经移交完毕，不能再改。")
    return held


@transaction.atomic
def relist(sheet: HandoverSheet, by: User) -> None:
    """Count anew what there is to hand over. Signatures given for another list are void, and their givers told."""
    sheet = _held(sheet)
    if by.pk not in (sheet.leaver_id, sheet.successor_id) and not stands_above(by, sheet):
        raise HandoverError("只有移交人、接手人和上级可以重新清点。")
    before = list_digest(sheet.items.all())
    list_items(sheet)
    if list_digest(sheet.items.all()) != before:
        _void(sheet, "清单有了变化")


def _void(sheet: HandoverSheet, why: str) -> None:
    signed = [sheet.leaver_signed_by] if sheet.leaver_signed_at else []
    signed += [sheet.successor] if sheet.successor_signed_at else []
    sheet.leaver_signed_at = sheet.leaver_signed_by = sheet.successor_signed_at = None
    sheet.save(update_fields=["leaver_signed_at", "leaver_signed_by", "successor_signed_at"])
    notify(
        [user for user in signed if user],
        kind=NotificationKind.DUTY,
        title=f"请重新签交接单：{sheet.leaver}移交{sheet.successor or ''}",
        body=f"{why}，原来的签名不再有效，请看过再签。",
        url=sheet.get_absolute_url(),
    )


@transaction.atomic
def choose_successor(sheet: HandoverSheet, by: User, successor: User) -> HandoverSheet:
    """Name another successor; what the former one signed does not count."""
    sheet = _held(sheet)
    if not stands_above(by, sheet):
        raise HandoverError("接手人由上级或站点管理员指定，请联系他们。")
    if successor.pk == sheet.leaver_id or not successor.is_active:
        raise HandoverError("接手人要是另一位能登录的同事，请另选。")
    if successor.pk == sheet.successor_id:
        return sheet
    if sheet.successor_signed_at or sheet.leaver_signed_at:
        _void(sheet, f"接手人改为{successor}")
    sheet.successor, sheet.successor_chosen_by = successor, by
    sheet.save(update_fields=["successor", "successor_chosen_by"])
    _tell_successor(sheet)
    return sheet


def _tell_successor(sheet: HandoverSheet) -> None:
    notify(
        [sheet.successor],
        kind=NotificationKind.DUTY,
        title=f"请接手{sheet.leaver}的工作",
        body=f"{sheet.post or ''}　请核对清单后签名。".strip(),
        url=sheet.get_absolute_url(),
    )


@transaction.atomic
def write(sheet: HandoverSheet, by: User, *, note: str, left_out: Iterable[int] = (), at_once: bool = False) -> None:
    """The leaver's side: a note, and which of the things stay with a leaver who goes on working here."""
    sheet = _held(sheet)
    if not may_sign_as_leaver(by, sheet):
        raise HandoverError("移交说明由移交人写；本人不能登录时由上级代写。")
    if sheet.leaver_signed_at:
        raise HandoverError("移交人已经签名，不能再改；需要改时请先收回签名。")
    if len(note) > 4000:
        raise HandoverError(f"移交说明最多 4000 字，现在有 {len(note)} 字，请精简后再存。")
    staying = set(left_out) if sheet.leaver.is_active else set()
    before = list_digest(sheet.items.all())
    sheet.items.filter(pk__in=staying, moves=True).update(chosen=False)
    sheet.items.exclude(pk__in=staying).update(chosen=True)
    sheet.note, sheet.at_once = note.replace("\x00", "").strip(), at_once
    sheet.save(update_fields=["note", "at_once"])
    if sheet.successor_signed_at and list_digest(sheet.items.all()) != before:
        _void(sheet, "要移交的事项有了变化")


@transaction.atomic
def sign(sheet: HandoverSheet, by: User, *, side: str, seen: str, written: dict | None = None) -> HandoverSheet:
    """Sign as «leaver» or «successor» for the list whose digest is `seen`; moves everything if it is time.

    `written` is what the leaver's form says besides (see `write`); it is kept with the signature.
    """
    sheet = _held(sheet)
    list_items(sheet)
    if list_digest(sheet.items.all()) != seen:
        raise HandoverError("清单刚有变化，请点“重新清点”看过新的清单再签。")
    now = timezone.now()
    if sheet.successor is None:
        raise HandoverError("还没有接手人，请上级或站点管理员先指定接手人。")
    if side == "leaver":
        if not may_sign_as_leaver(by, sheet):
            raise HandoverError("这一栏由移交人签；本人不能登录时由上级代签。")
        if sheet.leaver_signed_at is None:
            if written is not None:
                write(sheet, by, **written)
                sheet = _held(sheet)
            sheet.leaver_signed_at, sheet.leaver_signed_by = now, by
    else:
        if by.pk != sheet.successor_id:
            raise HandoverError("这一栏由接手人签。")
        sheet.successor_signed_at = sheet.successor_signed_at or now
    sheet.save(update_fields=["leaver_signed_at", "leaver_signed_by", "successor_signed_at"])
    complete_if_due(sheet)
    return sheet


@transaction.atomic
def recall(sheet: HandoverSheet, by: User) -> None:
    """Take back one's own signature as long as nothing has moved."""
    sheet = _held(sheet)
    if sheet.leaver_signed_by_id == by.pk:
        sheet.leaver_signed_at = sheet.leaver_signed_by = None
    if sheet.successor_id == by.pk:
        sheet.successor_signed_at = None
    sheet.save(update_fields=["leaver_signed_at", "leaver_signed_by", "successor_signed_at"])


@transaction.atomic
def complete_if_due(sheet: HandoverSheet) -> bool:
    """Move everything chosen once both have signed and the holding is over (or at once if asked). Idempotent."""
    sheet = HandoverSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if sheet.completed_at or not sheet.is_signed or not (sheet.has_ended or sheet.at_once):
        return False
    if sheet.successor is None or not sheet.successor.is_active:
        return False
    list_items(sheet)
    moved = _move(sheet)
    sheet.completed_at = timezone.now()
    sheet.save(update_fields=["completed_at"])
    rest = sheet.items.filter(moves=False).count()
    tell = {"kind": NotificationKind.SYSTEM, "url": sheet.get_absolute_url()}
    body = f"已移交 {moved} 项" + (f"；另有 {rest} 项不能过户，请按交接单上的说明跟进。" if rest else "。")
    notify([sheet.successor], title=f"已接手{sheet.leaver}的工作", body=body, **tell)
    above = succession.people_above(sheet.superior, sheet.leaver)
    others = [user for user in [sheet.leaver, *above] if user.pk != sheet.successor_id]
    notify(others, title=f"交接完成：{sheet.leaver}移交{sheet.successor}", body=body, mail=False, **tell)
    return True


def _move(sheet: HandoverSheet) -> int:
    """Let every room move what is chosen; return how many things went."""
    moved = 0
    for room in rooms():
        rows = sheet.items.filter(room=room.name, moves=True, chosen=True, moved_at=None)
        keys = room.move(sheet.leaver, sheet.successor, [row.key for row in rows])
        moved += sheet.items.filter(room=room.name, key__in=list(keys)).update(moved_at=timezone.now())
    return moved


@transaction.atomic
def move_later_leavings(sheet: HandoverSheet) -> int:
    """After the handover: what has turned up since goes to the same successor, if the leaver has left altogether."""
    sheet = HandoverSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if sheet.completed_at is None or not succession.has_left(sheet.leaver):
        return 0
    if sheet.successor is None or not sheet.successor.is_active:
        return 0
    list_items(sheet)
    sheet.items.filter(moves=True, moved_at=None).update(chosen=True)
    moved = _move(sheet)
    if moved:
        notify(
            [sheet.successor],
            kind=NotificationKind.SYSTEM,
            title=f"{sheet.leaver}名下又移交给您 {moved} 项",
            body="交接完成之后才出现的事项，已列在交接单上。",
            url=sheet.get_absolute_url(),
        )
    return moved


@transaction.atomic
def follow_holdings(sheet: HandoverSheet) -> None:
    """Until anybody signs, the proposed successor and the superior follow who is appointed."""
    sheet = _held(sheet)
    if sheet.leaver_signed_at or sheet.successor_signed_at:
        return
    sheet.superior = succession.superior_of(sheet.post, sheet.leaver)
    if sheet.successor_chosen_by_id is None or sheet.successor is None or not sheet.successor.is_active:
        before = sheet.successor_id
        sheet.successor = succession.successor_for(sheet.post, sheet.leaver, sheet.holding)
        if sheet.successor and sheet.successor.pk != before:
            sheet.successor_chosen_by = None
            _tell_successor(sheet)
    sheet.save(update_fields=["superior", "successor", "successor_chosen_by"])
    list_items(sheet)
