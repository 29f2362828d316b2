from django.db import models


class ReleaseKind(models.TextChoices):
    PRESS_RELEASE = "press_release", "新闻稿"
    SOFT_ARTICLE = "soft_article", "软文"


class RuleKind(models.TextChoices):
    """What a headquarters rule guards."""

    IMAGE = "image", "公司形象"
    FIGURES = "figures", "整体数据"
