"""Directories of an embedded index: one per generation, a pointer file naming the one in use, one writer lock.

::

    <root>/CURRENT            name of the generation in use, replaced atomically
    <root>/write.lock         held (flock) by whoever writes or rebuilds
    <root>/drain.lock         held (flock) by whoever reads documents from the database to write them
    <root>/<generation>/      the index; generation.json says which analysis made it

Readers of other processes may still have the generation before open, so it is removed only one swap later.
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Generator
from pathlib import Path

from search.engines.base import EngineBusy, EngineUnavailable

_POINTER = "CURRENT"
WRITING = "write.lock"
DRAINING = "drain.lock"
_MANIFEST = "generation.json"


def _unreadable(error: OSError) -> EngineUnavailable:
    return EngineUnavailable(f"检索索引的目录无法读取（{error.strerror or error}），请检查磁盘和目录权限。")


@contextlib.contextmanager
def _writable() -> Generator[None]:
    """Turn what a directory without rights or a full disk throws into EngineUnavailable."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(
            f"检索索引的目录无法写入（{error.strerror or error}），请检查磁盘空间和目录权限。"
        ) from error


class Generations:
    """The generations under one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = str(root / _POINTER)

    def current(self) -> str:
        """Return the name of the generation in use, or "" before the first."""
        try:
            return (self.root / _POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise _unreadable(error) from error

    def pointer_state(self) -> tuple[int, int]:
        """Return numbers that change whenever another generation comes into use."""
        try:
            stat = os.stat(self._pointer)  # noqa: PTH116 (every query passes here: Path costs more)
        except FileNotFoundError:
            return (0, 0)
        except OSError as error:
            raise _unreadable(error) from error
        return (stat.st_mtime_ns, stat.st_ino)

    def path(self, name: str) -> Path:
        return self.root / name

    def create(self, manifest: dict[str, int]) -> str:
        """Make an empty directory for a new generation and return its name; the caller holds the lock."""
        name = f"{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
        with _writable():
            self.path(name).mkdir(parents=True)
            (self.path(name) / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        return name

    def manifest(self, name: str) -> dict[str, int]:
        """Return what `create` was given, or {} where it cannot be read."""
        try:
            return json.loads((self.path(name) / _MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}

    def use(self, name: str) -> None:
        """Point everybody at this generation and remove those older than the one before; the caller holds the lock."""
        before = self.current()
        fresh = self.root / f"{_POINTER}.{uuid.uuid4().hex}"
        with _writable():
            with fresh.open("w", encoding="utf-8") as file:
                file.write(name)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.root / _POINTER)
        for directory in self.root.iterdir():
            if directory.is_dir() and directory.name not in {name, before}:
                shutil.rmtree(directory, ignore_errors=True)

    def discard(self, name: str) -> None:
        """Remove a generation that was never used."""
        shutil.rmtree(self.path(name), ignore_errors=True)

    @contextlib.contextmanager
    def lock(self, wait: float, name: str = WRITING) -> Generator[None]:
        """Hold a lock; EngineBusy if others hold it for `wait` seconds. It dies with its process."""
        until = time.monotonic() + wait
        with _writable():
            self.root.mkdir(parents=True, exist_ok=True)
            held = (self.root / name).open("w")
        with held as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= until:
                        raise EngineBusy("检索索引正在由另一个进程写入。") from error
                    time.sleep(0.01)
            yield

    def bytes(self, name: str) -> int:
        """Return the size of a generation on disk."""
        return sum(path.stat().st_size for path in self.path(name).iterdir() if path.is_file())
