"""What a person may leave behind, told by the rooms that keep it: each registers itself in its AppConfig.ready."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from content.organization.models import Post
from content.users.models import User


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing of a person's. `key` names it within its room; `moves` where the room can give it to somebody else,
    otherwise `detail` says what becomes of it."""

    key: str
    title: str
    url: str = ""
    detail: str = ""
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """`find(user, post)` lists in a fixed number of queries what the user has; the post may be None.

    `move(user, successor, keys)` gives those of the keys that are still the user's to the successor and returns them;
    called again with the same keys it moves nothing.
    """

    name: str
    label: str
    find: Callable[[User, Post | None], list[Leaving]]
    move: Callable[[User, User, Iterable[str]], list[str]]


_rooms: dict[str, Room] = {}


def _moves_nothing(user: User, successor: User, keys: Iterable[str]) -> list[str]:
    return []


def register(
    room: str,
    label: str,
    find: Callable[[User, Post | None], list[Leaving]],
    move: Callable[[User, User, Iterable[str]], list[str]] = _moves_nothing,
) -> None:
    """Let a room be asked; `label` is the heading on the sheet."""
    _rooms[room] = Room(room, label, find, move)


def rooms() -> tuple[Room, ...]:
    return tuple(_rooms.values())


def left_by(user: User, post: Post | None = None) -> list[tuple[Room, Leaving]]:
    """Everything of this person's, room by room."""
    return [(room, leaving) for room in rooms() for leaving in room.find(user, post)]
