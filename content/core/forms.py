"""Forms of the editors' desk shared by all page types."""

from wagtail.admin.forms import WagtailAdminPageForm


class ContentPageForm(WagtailAdminPageForm):
    """Asks for no address: left empty, it is made from the title in pinyin when the page is saved."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The typed address, else the one the page has already."""
        return self.cleaned_data["slug"] or self.instance.slug
