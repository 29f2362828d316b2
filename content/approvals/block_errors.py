"""What is missing in the blocks of a text. Saving a draft lets it pass; a signature must not."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.blocks import Block, ListBlockValidationError, StreamBlockValidationError, StructBlockValidationError
from wagtail.fields import StreamField


def missing_in_blocks(content: models.Model) -> list[str]:
    """Sentences such as «正文第 2 块（引语）“谁说的”：此项必填。», in the order of the text."""
    lines: list[str] = []
    for field in content._meta.get_fields():
        if not isinstance(field, StreamField):
            continue
        value = field.value_from_object(content)
        try:
            value.stream_block.clean(value)
        except StreamBlockValidationError as error:
            lines += [f"{field.verbose_name}：{' '.join(said.messages)}" for said in error.non_block_errors.as_data()]
            for index, wrong in sorted(error.block_errors.items()):
                block = value[index].block
                place = f"{field.verbose_name}第 {index + 1} 块（{block.label}）"
                lines += [place + line for line in _lines(block, wrong)]
    return lines


def _lines(block: Block, error: ValidationError) -> Iterator[str]:
    """What is wrong inside one block, each line beginning with the part it is about."""
    if not isinstance(error, (StructBlockValidationError, ListBlockValidationError, StreamBlockValidationError)):
        yield f"：{' '.join(error.messages)}"
        return
    for said in error.non_block_errors.as_data():
        yield f"：{' '.join(said.messages)}"
    for part, wrong in error.block_errors.items():
        if isinstance(error, StructBlockValidationError):
            child, name = block.child_blocks[part], f"“{block.child_blocks[part].label}”"
        else:
            child, name = getattr(block, "child_block", block), f"第 {part + 1} 项"
        for line in _lines(child, wrong):
            yield name + line
