from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "content.organization"
    verbose_name = "组织"
