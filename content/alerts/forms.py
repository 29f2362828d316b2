"""The form of a saved search."""

from django import forms

from content.alerts import conditions
from content.alerts.models import SavedSearch
from content.organization.models import Post
from search.readers import reader_for

MOST = 100  # saved searches of one person


class SavedSearchForm(forms.ModelForm):
    """Name, sharing and reminders of a search; its conditions come from the results page (`query`)."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=conditions.MAX_ADDRESS, required=False)

    class Meta:
        model = SavedSearch
        fields = ["name", "post", "inbox", "mail"]
        widgets = {"mail": forms.RadioSelect}
        help_texts = {"inbox": "每条新内容一条消息，带相符的段落；一次来得多时合成一条。"}

    def __init__(self, *args, owner, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.fields["name"].error_messages = {"required": "请给这个检索起个名字。"}
        posts = Post.objects.select_related("unit") if "staff" in reader_for(owner).tokens else Post.objects.none()
        self.fields["post"].queryset = posts
        self.fields["post"].empty_label = "不共享，只给自己"
        if not posts:
            del self.fields["post"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        same = SavedSearch.objects.filter(owner=self.owner, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("您已经保存过同名的检索，请换个名称，或先删除原来的。")
        return name

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if not self.instance.pk and SavedSearch.objects.filter(owner=self.owner).count() >= MOST:
            raise forms.ValidationError(f"每人最多保存 {MOST} 个检索，请先删除不再需要的。")
        return data
