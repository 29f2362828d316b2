from django import forms

from content.approvals.models import Verdict
from content.approvals.todo import Filters


class DecisionForm(forms.Form):
    """What a signer sends: the verdict, a comment, and the digest of what was read."""

    verdict = forms.ChoiceField(choices=Verdict)
    comment = forms.CharField(
        label="批注", required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": "批注最多 2000 字，现在有 %(show_value)s 字，请精简后再提交。"},
    )  # fmt: skip
    to = forms.CharField(max_length=10, required=False)
    password = forms.CharField(max_length=128, required=False, strip=False)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ToDoForm(forms.Form):
    """The filters above the to-do list; whatever cannot be read is left out."""

    overdue = forms.BooleanField(required=False)
    kind = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    drafter = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    q = forms.CharField(required=False, max_length=60)

    def filters(self) -> Filters:
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            overdue=bool(data.get("overdue")),
            content_type=data.get("kind"),
            drafter=data.get("drafter"),
            words=data.get("q", "").strip(),
        )
