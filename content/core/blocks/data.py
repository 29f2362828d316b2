"""Blocks of figures."""

from wagtail.blocks import CharBlock, DateBlock, ListBlock, StructBlock

from content.core.blocks.reading import Readable


class FigureBlock(StructBlock):
    """One figure: what it counts, how much, in which unit, from where and as of which day."""

    label = CharBlock(label="指标", max_length=40)
    value = CharBlock(label="数值", max_length=20, help_text="例如 3.6、1,280、八成。")
    unit = CharBlock(label="单位", max_length=20, required=False, help_text="例如 亿元、人次、%。")
    source = CharBlock(label="数据来源", max_length=60)
    as_of = DateBlock(label="截至日期")

    class Meta:
        label = "数据"
        icon = "table"


class KeyFiguresBlock(Readable, StructBlock):
    """Key figures side by side, each with its source and date."""

    figures = ListBlock(FigureBlock(), label="数据", min_num=1, max_num=6)

    def paragraphs(self, value) -> list[str]:
        lines = []
        for figure in value["figures"]:
            amount = f"{figure['value'] or ''}{figure['unit'] or ''}"
            line = "：".join(part for part in ((figure["label"] or "").strip(), amount.strip()) if part)
            lines += [text for text in (line, (figure["source"] or "").strip()) if text]
        return lines

    class Meta:
        label = "关键数据"
        icon = "table"
        group = "数据"
        template = "blocks/key_figures.html"
        preview_value = {
            "figures": [
                {
                    "label": "开放首周接待",
                    "value": "1.2",
                    "unit": "万人次",
                    "source": "景区闸机统计",
                    "as_of": "2026-10-07",
                },
                {
                    "label": "讲解点",
                    "value": "6",
                    "unit": "处",
                    "source": "项目组",
                    "as_of": "2026-10-07",
                },
            ]
        }
        description = "几个关键数字，写明单位、来源和截至日期。"
