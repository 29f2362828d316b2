"""The upload form."""

from django import forms
from django.core.exceptions import ValidationError

from content.importing.detecting import FileType, detect
from content.importing.errors import UnreadableFileError
from content.importing.reading import open_source
from content.importing.registry import Importer
from content.importing.zip_guard import open_zip

MAX_BYTES = 64 * 1024 * 1024
# Smaller files are opened at once, so that a wrong one is told on the form; larger ones by the worker.
OPENED_AT_ONCE = 3 * 1024 * 1024
TYPICAL_RATIO = 10  # of a packed table; what unpacks to more is the worker's too


class UploadForm(forms.Form):
    """One file, looked at before it is taken."""

    file = forms.FileField(
        label="文件",
        allow_empty_file=True,  # told in our own words below
        error_messages={"required": "请先选择要导入的文件。", "invalid": "没有收到文件；请重新选择后上传。"},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.zip,.txt", "aria-describedby": "file-help"}),
    )

    def __init__(self, *args, importer: type[Importer], **kwargs):
        super().__init__(*args, **kwargs)
        self.importer = importer

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB；请分成几个文件导入。")
        try:
            unpacked = file.size
            if detect(file) is FileType.ZIP:
                unpacked = sum(entry.file_size for entry in open_zip(file).infolist()) / TYPICAL_RATIO
            if unpacked <= OPENED_AT_ONCE:
                open_source(file, self.importer)
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error
        return file
