"""What the shell (header and navigation) needs on every page."""

from content.home.navigation import Shell


def shell(request):
    """The frame of this request, as `shell`; it asks the database only for what the template prints."""
    return {"shell": Shell(request)}
