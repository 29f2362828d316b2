from django import forms

from content.procedures.models import ProposalState

TOO_LONG = "最多 %(limit_value)d 字，现在有 %(show_value)d 字，请精简后再提交。"


class ProposalForm(forms.Form):
    """What a reader would like to be different."""

    text = forms.CharField(
        label="建议", max_length=2000, widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "请写下您的修改建议，再提交。", "max_length": TOO_LONG},
    )  # fmt: skip
    step_key = forms.CharField(required=False, max_length=16)


class AnswerForm(forms.Form):
    """The owner's answer."""

    state = forms.ChoiceField(
        label="结果",
        choices=[(ProposalState.ACCEPTED, "采纳"), (ProposalState.DECLINED, "不采纳")],
        error_messages={"required": "请选择采纳或不采纳。", "invalid_choice": "请选择采纳或不采纳。"},
    )
    text = forms.CharField(
        label="答复", max_length=2000, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写一句答复，提出建议的人才知道结果和理由。", "max_length": TOO_LONG},
    )  # fmt: skip


class CopyForm(forms.Form):
    """To whom a numbered copy goes."""

    holder = forms.CharField(
        label="发给", max_length=80, help_text="单位、岗位或姓名。",
        error_messages={"required": "请写明这份副本发给谁（单位、岗位或姓名）。", "max_length": TOO_LONG},
    )  # fmt: skip
    place = forms.CharField(
        label="张贴或存放处", max_length=80, required=False, error_messages={"max_length": TOO_LONG}
    )
