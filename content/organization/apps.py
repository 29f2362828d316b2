from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "content.organization"
    verbose_name = "组织"

    def ready(self) -> None:
        from django.db.models.signals import m2m_changed, post_delete, post_save
        from wagtail.signals import page_published

        from content.organization.models import Holding, Post, RoleDescriptionPage
        from content.organization.signal_handlers import follow_holding, follow_post_groups, keep_role_version

        page_published.connect(keep_role_version, sender=RoleDescriptionPage)

        post_save.connect(follow_holding, sender=Holding)
        post_delete.connect(follow_holding, sender=Holding)
        m2m_changed.connect(follow_post_groups, sender=Post.groups.through)
