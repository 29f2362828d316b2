"""The form for the department's opinion."""

from django import forms

from content.tenders.models import OPINION_FIELDS, TenderProcess

_HELP = {
    "first_understanding": "这是什么样的项目，关键在哪里，值不值得跟。",
    "technical_strength": "我方的技术力量、资质和人员能否胜任。",
    "comparable_cases": "做过的同类项目，可以写进业绩的案例。",
    "bidding_field": "可能有哪些竞争者，我方处在什么位置。",
}


class OpinionForm(forms.ModelForm):
    """First understanding and advantages; all may be empty."""

    class Meta:
        model = TenderProcess
        fields = OPINION_FIELDS
        help_texts = _HELP
        widgets = dict.fromkeys(OPINION_FIELDS, forms.Textarea(attrs={"rows": 4, "maxlength": 4000}))

    def clean(self):
        data = super().clean()
        for name in OPINION_FIELDS:
            if len(data.get(name) or "") > 4000:
                self.add_error(name, "这一项超过 4,000 字，请精简后再保存。")
        return data
