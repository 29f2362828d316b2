"""Releases out of OCDS JSON: release package, record package, single release, a list or lines of these, or a ZIP."""

import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from content.importing.errors import UnreadableFileError
from content.importing.registry import SourceRow

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MAX_JSON = 64 * 1024 * 1024  # of one upload: parsed, it takes some ten times as much memory
NOT_OCDS = "这个 JSON 不是 OCDS 数据（应有 releases、records，或一条带 ocid 的 release）；请检查是否选对了文件。"


def open_json(file: BinaryIO) -> list[SourceRow]:
    """Every release of a JSON file, numbered in the order of the file; UnreadableFileError for anything else."""
    file.seek(0)
    return _numbered(releases_in(_parse(file.read())))


def open_zip_of_json(archive: ZipFile) -> list[SourceRow]:
    """Every release of the .json files of a ZIP, in the order of their names."""
    names = sorted(name for name in archive.namelist() if name.lower().endswith(".json") and "__MACOSX" not in name)
    if sum(archive.getinfo(name).file_size for name in names) > MAX_JSON:
        raise UnreadableFileError(f"压缩包里的 JSON 解压后超过 {MAX_JSON // 1024 // 1024} MB；请分成几个文件导入。")
    found: list[Mapping[str, Any]] = []
    for name in names:
        try:
            found.extend(releases_in(_parse(archive.read(name))))
        except UnreadableFileError as error:
            raise UnreadableFileError(f"压缩包里的 {name}：{error}") from error
        except (BadZipFile, OSError, EOFError) as error:
            raise UnreadableFileError(f"压缩包里的 {name} 已损坏，打不开；请重新下载后再上传。") from error
    return _numbered(found)


def releases_in(data: Any) -> Iterator[Mapping[str, Any]]:
    """Releases of parsed JSON. A record gives its embedded releases, else its compiled one."""
    if isinstance(data, list):
        if not data:
            raise UnreadableFileError("这个 JSON 是空的列表；请检查是否选对了文件。")
        for item in data:
            yield from releases_in(item)
    elif not isinstance(data, Mapping):
        raise UnreadableFileError(NOT_OCDS)
    elif isinstance(data.get("releases"), list) and "ocid" not in data:
        if not data["releases"]:
            raise UnreadableFileError("这个 OCDS 发布包里没有任何公告（releases 为空）。")
        yield from (item if isinstance(item, Mapping) else {} for item in data["releases"])
    elif isinstance(data.get("records"), list):
        if not data["records"]:
            raise UnreadableFileError("这个 OCDS 记录包里没有任何记录（records 为空）。")
        for record in data["records"]:
            yield from _of_record(record if isinstance(record, Mapping) else {})
    elif "ocid" in data and ("releases" in data or "compiledRelease" in data):
        yield from _of_record(data)
    elif "ocid" in data:
        yield data
    else:
        raise UnreadableFileError(NOT_OCDS)


def _of_record(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    releases = record.get("releases")
    embedded = [item for item in releases if isinstance(item, Mapping) and "ocid" in item] if releases else []
    linked = isinstance(releases, list) and len(embedded) < len(releases)
    if embedded and not linked:
        yield from embedded
    elif isinstance(record.get("compiledRelease"), Mapping):
        # Links cannot be followed, so the compiled state is what there is.
        yield {"ocid": record.get("ocid"), **record["compiledRelease"]}
    elif embedded:
        yield from embedded
    else:
        yield {**record, "x_linked_only": True}


def _parse(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030")
        except UnicodeDecodeError as error:
            raise UnreadableFileError("JSON 的文字编码无法识别；请用 UTF-8 编码保存后再上传。") from error
    try:
        return _storable(json.loads(text, parse_constant=_no_constant))
    except RecursionError as error:
        raise UnreadableFileError("JSON 嵌套层数过深，为安全起见没有打开。") from error
    except ValueError as error:
        lines = _parse_lines(text)
        if lines is not None:
            return lines
        where = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else "其中的数字"
        raise UnreadableFileError(f"JSON 格式有误（{where}附近）；请重新导出完整的文件后再上传。") from error


def _parse_lines(text: str) -> list[Any] | None:
    """JSON Lines, or None where the lines are not JSON of their own."""
    try:
        lines = [_storable(json.loads(line, parse_constant=_no_constant)) for line in io.StringIO(text) if line.strip()]
    except (ValueError, RecursionError):
        return None
    return lines if len(lines) > 1 else None


def _no_constant(name: str):
    raise ValueError(name)  # NaN and Infinity are no JSON, and no database stores them


def _storable(value: Any) -> Any:
    """`value` without what no database stores: NUL, halves of surrogate pairs, numbers beyond all bounds."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("", key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


def _numbered(releases) -> list[SourceRow]:
    return [
        SourceRow(number=number, record=release, original=_words(release))
        for number, release in enumerate(releases, start=1)
    ]


def _words(release: Mapping[str, Any]) -> list[tuple[str, str]]:
    tender = release.get("tender") if isinstance(release.get("tender"), Mapping) else {}
    words = {
        "ocid": release.get("ocid"),
        "id": release.get("id"),
        "日期": release.get("date"),
        "名称": tender.get("title"),
    }
    return [(label, str(value)[:500]) for label, value in words.items() if value]
