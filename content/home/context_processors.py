"""What the shell (header and navigation) needs on every page."""


def shell(request):
    """Reader of this request, for navigation; nothing here may cost a query on a public page."""
    return {}
