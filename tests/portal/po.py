"""Reads gettext catalogues (.po) for the tests of the Chinese catalogue."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(".*")$')


@dataclass
class Entry:
    context: str | None
    message: str
    plural: str | None
    translations: list[str] = field(default_factory=list)


def entries(path: Path) -> list[Entry]:
    """All entries but the header and the obsolete ones."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        parts: dict[str, str] = {}
        current = None
        for line in block.splitlines():
            match = _LINE.match(line)
            if match:
                current = match[1]
                parts[current] = ast.literal_eval(match[2])
            elif line.startswith('"') and current:
                parts[current] += ast.literal_eval(line)
        if parts.get("msgid"):
            translations = [text for key, text in parts.items() if key.startswith("msgstr")]
            found.append(Entry(parts.get("msgctxt"), parts["msgid"], parts.get("msgid_plural"), translations))
    return found
