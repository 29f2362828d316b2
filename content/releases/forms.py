"""Forms of the editors' desk for releases."""

from content.core.forms import ContentPageForm
from content.organization.holders import posts_of


class ReleaseForm(ContentPageForm):
    """A new release is issued by the writer's own unit until the writer says otherwise."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "issuer" in self.fields and self.for_user is not None:
            post = next(iter(posts_of(self.for_user)), None)
            if post is not None:
                self.initial["issuer"] = post.unit_id
