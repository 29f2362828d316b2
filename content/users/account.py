"""«My account» in the admin: the mail address only; name and employee number belong to the organisation's records."""

from django import forms
from django.contrib.auth import get_user_model
from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import NameEmailSettingsPanel


class EmailForm(forms.ModelForm):
    email = forms.EmailField(label="电子邮箱", help_text="签批提醒等消息寄到这里。姓名、工号有变请找站点管理员。")

    class Meta:
        model = get_user_model()
        fields = ["email"]


class EmailSettingsPanel(NameEmailSettingsPanel):
    title = "邮箱"
    form_class = EmailForm


class AccountView(WagtailAccountView):
    def get_panels(self):
        return [
            EmailSettingsPanel(self.request, panel.user, panel.profile)
            if type(panel) is NameEmailSettingsPanel
            else panel
            for panel in super().get_panels()
        ]
