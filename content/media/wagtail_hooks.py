"""Files of the media library are not open to everybody who knows their address."""

from wagtail import hooks

from content.media.readers import ask_who_reads

hooks.register("before_serve_document", ask_who_reads)
