from django.db import models


class Audience(models.TextChoices):
    """Who may read a published page. Enforced in one place: search.readers.Reader.may_read."""

    PUBLIC = "public", "公开（客户、媒体也能看到）"
    STAFF = "staff", "本集团员工"
