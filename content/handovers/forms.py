from django import forms

from content.users.models import User


class SuccessorForm(forms.Form):
    """Whom the superior names: typed by account, number or name, as no list of the whole company would be read."""

    person = forms.CharField(label="接手人", max_length=150, help_text="填姓名、工号或用户名。")

    def clean_person(self) -> User:
        """The one active person meant."""
        said = self.cleaned_data["person"].strip()
        people = User.objects.filter(is_active=True)
        for field in ("employee_number", "username", "name"):
            found = list(people.filter(**{field: said})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise forms.ValidationError(f"叫“{said}”的不止一位，请改填工号。")
        raise forms.ValidationError(f"没有找到能登录的“{said}”，请核对姓名或改填工号。")
