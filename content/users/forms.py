"""The user forms of the admin: one Chinese name and an employee number in place of first and last name."""

from django import forms
from wagtail.users.forms import UserCreationForm as WagtailUserCreationForm
from wagtail.users.forms import UserEditForm as WagtailUserEditForm


class PersonFields(forms.Form):
    """What both forms ask besides Wagtail's own fields; Wagtail declares the two English name fields as required."""

    first_name = None
    last_name = None
    name = forms.CharField(label="姓名", max_length=60, help_text="与身份证件一致，签批记录和页面上都显示这个名字。")
    employee_number = forms.CharField(label="工号", max_length=20, required=False)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_employee_number(self) -> str:
        number = self.cleaned_data["employee_number"].strip()
        others = type(self.instance)._default_manager.exclude(pk=self.instance.pk)
        taken = others.filter(employee_number=number).first() if number else None
        if taken is not None:
            raise forms.ValidationError(f"工号 {number} 已属于{taken}，请核对后重填。")
        return number


class UserCreationForm(PersonFields, WagtailUserCreationForm):
    class Meta(WagtailUserCreationForm.Meta):
        fields = (WagtailUserCreationForm.Meta.fields - {"first_name", "last_name"}) | {"name", "employee_number"}


class UserEditForm(PersonFields, WagtailUserEditForm):
    class Meta(WagtailUserEditForm.Meta):
        fields = (WagtailUserEditForm.Meta.fields - {"first_name", "last_name"}) | {"name", "employee_number"}
