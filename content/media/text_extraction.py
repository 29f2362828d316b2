"""The text of a file, read in a process of its own that may take only so much time, memory and output.

Whatever a file does to its reader, an endless loop, gigabytes unpacked, a crash of a library, costs that process and
ends in a sentence for the editor.
"""

import json
import logging
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from content.media import text_extraction_child
from content.media.text_extraction_outcome import OUT_OF_MEMORY, Part

logger = logging.getLogger("content.media")

SECONDS = 120.0  # by the clock; the child's own limit is processor time
MAX_CHARS = 500_000  # of one file: some 400 full pages
MAX_PARTS = 5_000
_MAX_OUTPUT = 8 * MAX_CHARS  # bytes read from the child in all
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Extraction:
    """What was read: `parts` are places and texts in their order, `state` one of TextState, `detail` why not (all)."""

    state: str
    detail: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def characters(self) -> int:
        return sum(len(text) for _, text in self.parts)


def extract(file: BinaryIO, *, seconds: float = SECONDS) -> Extraction:
    """Read a file that lies on this machine's disk; it never raises for what is in it.

    What was read before a limit was met is kept.
    """
    process = subprocess.Popen(  # noqa: S603 (this interpreter, a module of ours)
        [sys.executable, "-B", "-m", text_extraction_child.__name__],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
        start_new_session=True,
    )
    found = Extraction("")
    try:
        _read(process, found, time.monotonic() + seconds)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if not found.state:
        _name_end(process.returncode, found)
    if found.state == "done" and not found.parts:
        found.state, found.detail = "empty", "没有文字，可能是扫描件或图片"
    return found


def _read(process: subprocess.Popen, found: Extraction, until: float) -> None:
    """Take lines from the child until it ends, says how it ended, or a limit is met."""
    assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
    pipe = process.stdout.fileno()
    rest, size, characters = b"", 0, 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, until - time.monotonic())):
                found.state, found.detail = "limited", "读取时间过长，已停止"
                return
            piece = os.read(pipe, 1 << 16)
            if not piece:
                process.wait(5)
                return
            size += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                told = json.loads(line)
                if "end" in told:
                    found.state, found.detail = told["end"], told.get("detail", "")
                    if told.get("log"):
                        logger.info("A file could not be read: %s", told["log"])
                    return
                room = MAX_CHARS - characters
                characters += len(told["text"])
                if len(found.parts) == MAX_PARTS or room <= 0:
                    found.state, found.detail = "limited", f"文字过多，只收录了前 {MAX_CHARS // 10_000} 万字"
                    return
                found.parts.append((told["place"][:80], told["text"][:room]))
            if size > _MAX_OUTPUT:
                found.state, found.detail = "limited", f"文字过多，只收录了前 {MAX_CHARS // 10_000} 万字"
                return


def _name_end(code: int, found: Extraction) -> None:
    """Say why a child ended without saying so itself."""
    if code in (-24, 152):  # SIGXCPU
        found.state, found.detail = "limited", "读取时间过长，已停止"
    elif code == -9:
        found.state, found.detail = "limited", OUT_OF_MEMORY
    else:
        found.state, found.detail = "failed", "文件已损坏，读取程序中途退出"
        logger.warning("The process reading a file ended with %s", code)
