"""The child process that reads one file: its limits, what the file really is, one line of JSON a part.

Run by content.media.text_extraction as ``python -m content.media.text_extraction_child``, the file as standard input.
It knows neither Django nor the database, so a hostile file that takes it over finds nothing there; it is killed when
it takes too long, and limits itself before it looks at the first byte. Macros, scripts and links are never followed.
"""

import contextlib
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from content.media.text_extraction_outcome import OUT_OF_MEMORY, Part, UnreadableError

MEMORY = 1024 * 1024 * 1024  # bytes of address space
CPU_SECONDS = 60
PART_CHARS = 20_000  # longer pages are split, so that showing a passage stays cheap


def limit() -> None:
    """Give up everything a reader of text does not need; what goes beyond is an error or the end of this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def parts_of(file: BinaryIO) -> Iterator[Part]:
    """Yield the parts of a file by what its bytes say it is; UnreadableError for what holds no text we read."""
    # Each library is loaded only for the files that need it: the process lives for one file.
    from content.media import text_extraction_plain as plain  # noqa: PLC0415

    kind = plain.kind_of(file)
    if kind == "pdf":
        from content.media.text_extraction_pdf import pdf_parts  # noqa: PLC0415

        return pdf_parts(file)
    if kind == "zip":
        from content.media.text_extraction_office import office_parts  # noqa: PLC0415

        return office_parts(file)
    return plain.html_parts(file) if kind == "html" else plain.text_parts(file)


def in_portions(parts: Iterable[Part]) -> Iterator[Part]:
    """Tidy blanks, leave out empty parts and split long ones, at a line's end where there is one."""
    for place, text in parts:
        text = "\n".join(line for line in (" ".join(one.split()) for one in text.splitlines()) if line)
        while len(text) > PART_CHARS:
            at = text.rfind("\n", PART_CHARS // 2, PART_CHARS)
            at = at if at > 0 else PART_CHARS
            yield place, text[:at]
            text = text[at:].lstrip("\n")
        if text:
            yield place, text


def main() -> None:
    limit()
    # What libraries print must not get between the lines.
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    end: dict[str, str] = {"end": "done"}
    try:
        for place, text in in_portions(parts_of(sys.stdin.buffer)):
            line = json.dumps({"place": place, "text": text.encode("utf-8", "replace").decode()}, ensure_ascii=False)
            out.write(line.encode() + b"\n")
    except UnreadableError as error:
        end = {"end": error.state, "detail": str(error)}
    except MemoryError:
        end = {"end": "limited", "detail": OUT_OF_MEMORY}
    except RecursionError:
        end = {"end": "failed", "detail": "内部层层嵌套，读不下去"}
    except Exception as error:
        end = {"end": "failed", "detail": "文件已损坏或不完整", "log": f"{type(error).__name__}: {error}"[:500]}
    with contextlib.suppress(BrokenPipeError):
        out.write(json.dumps(end, ensure_ascii=False).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
