"""Fields shared by all content types."""

from wagtail import fields as wagtail_fields


class StreamField(wagtail_fields.StreamField):
    """StreamField that keeps its block definitions out of migrations.

    Blocks change weekly while the product is young and Wagtail reads stored content with the blocks of today's code,
    so a frozen copy in every migration is only weight. Price: MigrateStreamData reaches top-level blocks only
    (docs/decisions/0005).
    """

    def __init__(self, block_types=None, **kwargs):
        # Migrations call the field with the arguments deconstruct() kept: no blocks, and none are needed there.
        super().__init__(block_types if block_types is not None else [], **kwargs)

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        kwargs.pop("block_types", None)
        return name, path, [], kwargs
