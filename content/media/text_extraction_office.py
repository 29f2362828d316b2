"""Text of Word, Excel and PowerPoint files (Office Open XML), streamed: no tree of a whole file is ever built."""

import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from content.media.text_extraction_outcome import Part, UnreadableError

MAX_ENTRIES = 20_000
MAX_UNPACKED = 2**30  # bytes an archive may state for all it holds
MAX_RATIO = 400  # sheets of repeated rows reach about 60; a bomb starts at 1,000
SMALL_ENTRY = 8 * 1024 * 1024  # below this a high ratio harms nobody
MAX_SHEETS = 500
MAX_CELLS = 2_000_000
SHEET_CHARS = 15_000  # of one sheet after which a new part begins, so that hits say the row
_BOMB = "解压后异常膨胀，像是压缩炸弹，没有打开"
_BROKEN = "文件已损坏或不完整"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def office_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the parts of whichever kind of Office file this archive is."""
    archive = _open(file)
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return _word_parts(archive, names)
    if "xl/workbook.xml" in names:
        return _sheet_parts(file)
    if "ppt/presentation.xml" in names:
        return _slide_parts(archive, names)
    raise UnreadableError("unsupported", "压缩包里的文件不提取文字")


def _open(file: BinaryIO) -> zipfile.ZipFile:
    """Look at an archive before anything in it is unpacked."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnreadableError("failed", _BROKEN) from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UnreadableError("limited", f"里面有 {len(entries)} 个部件，不像正常的文件，没有打开")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableError("limited", _BOMB)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise UnreadableError("encrypted", "设有打开密码")
        if entry.file_size > SMALL_ENTRY and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnreadableError("limited", _BOMB)
    return archive


def _events(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, object]]:
    """Yield («start» or «end», tag without its namespace, element) of one XML part; nothing it names is loaded."""
    from lxml import etree  # noqa: PLC0415 (not needed for workbooks)  # ty: ignore[missing-module-member] (a compiled module)

    try:
        with archive.open(name) as part:
            parsed = etree.iterparse(
                part, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                remove_comments=True, remove_pis=True,
            )  # fmt: skip
            first = True
            for event, element in parsed:
                if first and element.getroottree().docinfo.internalDTD is not None:
                    raise UnreadableError("failed", "内含实体声明，正常的 Office 文件里没有，为安全起见没有读取")
                first = False
                tag = element.tag if isinstance(element.tag, str) else ""
                yield event, tag.rpartition("}")[2], element
                if event == "end":
                    element.clear(keep_tail=False)
                    # What has been read hangs on its parent still.
                    while element.getprevious() is not None:
                        del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableError("failed", _BROKEN) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, KeyError) as error:
        raise UnreadableError("failed", _BROKEN) from error


# --- Word ------------------------------------------------------------------------------------------------------------


def _word_parts(archive: zipfile.ZipFile, names: Iterable[str]) -> Iterator[Part]:
    """Yield the pages as Word last laid them out (one part without a place where it never did), then what stands
    around the text: headers, footers, notes."""
    pages: list[list[str]] = [[]]
    for piece in _word_text(archive, "word/document.xml"):
        if piece == "\f":
            pages.append([])
        else:
            pages[-1].append(piece)
    for number, page in enumerate(pages, start=1):
        yield (f"第 {number} 页" if len(pages) > 1 else ""), "".join(page)
    for start, place in (
        ("word/header", "页眉"),
        ("word/footer", "页脚"),
        ("word/footnotes", "脚注"),
        ("word/endnotes", "尾注"),
    ):
        seen: dict[str, None] = {}
        for name in sorted(one for one in names if one.startswith(start) and one.endswith(".xml")):
            seen["".join(piece for piece in _word_text(archive, name) if piece != "\f").strip()] = None
        yield place, "\n".join(seen)


def _word_text(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Yield pieces of text, with line breaks, tabs and «\\f» where a page begins. Deleted and moved text, field codes and
    the second form of shapes (for old programs) are left out."""
    skipped = 0
    paragraph_has_text = False
    for event, tag, element in _events(archive, name):
        if tag in ("Fallback", "moveFrom"):
            skipped += 1 if event == "start" else -1
        if skipped:
            continue
        if event == "start":
            if tag == "lastRenderedPageBreak":
                yield "\f"
            continue
        if tag == "t":
            text = getattr(element, "text", None) or ""
            paragraph_has_text = paragraph_has_text or bool(text)
            yield text
        elif tag == "tab":
            yield "\t"
        elif tag in ("br", "cr"):
            yield "\n"
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "p" and paragraph_has_text:
            paragraph_has_text = False
            yield "\n"


# --- PowerPoint ------------------------------------------------------------------------------------------------------


def _slide_parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[Part]:
    """Yield the slides in the order they are shown, the notes with each."""
    for number, name in enumerate(_slides_in_order(archive, names), start=1):
        targets = _targets(archive, names, name)
        notes = [target for target in targets.values() if target.startswith("ppt/notesSlides/")]
        texts = ["".join(_slide_text(archive, one)) for one in (name, *notes) if one in names]
        yield f"第 {number} 张", "\n".join(texts)


def _slides_in_order(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    targets = _targets(archive, names, "ppt/presentation.xml")
    order = []
    for event, tag, element in _events(archive, "ppt/presentation.xml"):
        if event == "start" and tag == "sldId":
            relation = next((value for key, value in element.items() if key.endswith("}id")), "")
            order.append(targets.get(relation, ""))
    found = [name for name in dict.fromkeys(order) if name in names]
    numbered = sorted((name for name in names if _SLIDE.fullmatch(name)), key=lambda name: int(re.sub(r"\D", "", name)))
    return found or numbered


def _slide_text(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    for event, tag, element in _events(archive, name):
        if event == "end":
            if tag == "t":
                yield getattr(element, "text", None) or ""
            elif tag in ("p", "br"):
                yield "\n"


def _targets(archive: zipfile.ZipFile, names: set[str], name: str) -> dict[str, str]:
    """Return what the relations of a part point to inside the archive, by their ids."""
    folder, _, base = name.rpartition("/")
    relations = f"{folder}/_rels/{base}.rels"
    found: dict[str, str] = {}
    if relations not in names:
        return found
    for event, tag, element in _events(archive, relations):
        if event == "start" and tag == "Relationship" and element.get("TargetMode") != "External":
            target = element.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[element.get("Id") or ""] = path
    return found


# --- Excel -----------------------------------------------------------------------------------------------------------


def _sheet_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the sheets, long ones in portions that name their first row; values as last computed, no formula is run."""
    from openpyxl import load_workbook  # noqa: PLC0415 (only workbooks need it)

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing styles and dates beyond the calendar mean nothing to us
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        cells = 0
        for sheet in sheets[:MAX_SHEETS]:
            sheet.reset_dimensions()  # the size a file states for a sheet is not believed
            place, lines, length = f"工作表「{sheet.title}」", [], 0
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells += sum(value is not None for value in row)
                if cells > MAX_CELLS:
                    yield place, "\n".join(lines)
                    raise UnreadableError("limited", f"表格过大，只读了前 {MAX_CELLS // 10_000} 万格")
                line = "\t".join(_shown(value) for value in row if value is not None)
                if not line:
                    continue
                if length + len(line) > SHEET_CHARS:
                    yield place, "\n".join(lines)
                    place, lines, length = f"工作表「{sheet.title}」第 {number} 行起", [], 0
                lines.append(line)
                length += len(line)
            yield place, "\n".join(lines)
        if len(sheets) > MAX_SHEETS:
            raise UnreadableError("limited", f"只读了前 {MAX_SHEETS} 个工作表，共 {len(sheets)} 个")


def _shown(value: object) -> str:
    """A cell as people read it: whole numbers without «.0», dates without midnight."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")
