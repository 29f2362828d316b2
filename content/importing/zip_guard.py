"""Look at a ZIP (an XLSX is one) before anything in it is unpacked."""

import zipfile
from typing import BinaryIO

from content.importing.errors import UnreadableFileError

MAX_ENTRIES = 2_000
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 250  # spreadsheets of repeated rows reach about 60; a bomb starts at 1,000
SMALL_ENTRY = 5 * 1024 * 1024  # below this a high ratio harms nobody


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open a ZIP that is safe to unpack; UnreadableFileError for a bomb, a broken or an encrypted one.

    Sizes are those the directory states; zipfile never unpacks more of an entry than its stated size.
    """
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError("文件已损坏，打不开；请在 Excel 里重新另存为 .xlsx 后再上传。") from error
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFileError(f"文件里包含 {len(entries)} 个部件，不像正常的表格，为安全起见没有打开。")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableFileError("文件解压后过大，像是压缩炸弹，为安全起见没有打开；数据很多时请分成几个文件。")
    for entry in entries:
        if entry.file_size > SMALL_ENTRY and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnreadableFileError("文件压缩比异常，像是压缩炸弹，为安全起见没有打开；请在 Excel 里重新另存后再试。")
        if entry.flag_bits & 0x1:
            raise UnreadableFileError("文件设有密码，无法读取；请先去掉密码，另存后再上传。")
    return archive
