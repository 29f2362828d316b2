"""Errors of an import; every message is one Chinese sentence for the person who brought the file."""


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


class RowRejectedError(Exception):
    """One row cannot be taken; the message says which value is wrong and what is expected."""


UNFORESEEN = "程序没能处理这一行，已记入日志；请联系系统管理员，其余各行不受影响。"
