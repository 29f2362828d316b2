from django import forms


class PostCheckboxes(forms.CheckboxSelectMultiple):
    """Posts to tick, in the columns the desk's style sheet gives this class."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"class": "post-checkboxes", **(attrs or {})}, choices)
