from django import forms

from content.approvals.models import Verdict


class DecisionForm(forms.Form):
    """What a signer sends: the verdict, a comment, and the digest of what was read."""

    verdict = forms.ChoiceField(choices=Verdict)
    comment = forms.CharField(
        label="批注", required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": "批注最多 2000 字，现在有 %(show_value)s 字，请精简后再提交。"},
    )  # fmt: skip
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
