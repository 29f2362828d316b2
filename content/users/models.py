"""The portal's own user: a person with a Chinese name and an employee number."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from wagtail.search import index


class User(index.Indexed, AbstractUser):
    """One account for one person; what the person may do comes from the posts held, never from the account."""

    name = models.CharField("姓名", max_length=60, blank=True)
    employee_number = models.CharField("工号", max_length=20, blank=True)

    # Found in the admin by name, number, account and address; Wagtail's own search knows only Western name fields.
    search_fields = [
        index.AutocompleteField("name"),
        index.AutocompleteField("username"),
        index.AutocompleteField("employee_number"),
        index.SearchField("email"),
        index.SearchField("first_name"),
        index.SearchField("last_name"),
    ]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        constraints = [
            models.UniqueConstraint(
                fields=["employee_number"],
                condition=~models.Q(employee_number=""),
                name="unique_employee_number",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args, **kwargs):
        # Wagtail's menu and mails greet by first name; the form asks for one name only.
        self.first_name = self.name
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Chinese names are one field; Wagtail and Django ask here for what to show."""
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
