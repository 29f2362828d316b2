"""What may go wrong in signing; each message is one sentence for the person who acted."""

from wagtail.actions.publish_revision import PublishPermissionError


class SignOffError(Exception):
    """The act was not done; `str(error)` is a Chinese sentence saying why and what to do."""


class AlreadyDecided(SignOffError):
    """The same thing was asked for twice; nothing is wrong and nothing was done again."""


class NotYours(SignOffError):
    """The person may not do this."""


class ContentChanged(SignOffError):
    """The content is not what the signer saw; the signature does not count."""


class PasswordNeeded(SignOffError):
    """The node asks for the password once more before a signature."""


class TooSoon(SignOffError):
    """Asked again before the time is up."""


class SignOffRequired(PublishPermissionError):
    """Publishing was tried without the signatures."""

    def __init__(self, title: object = ""):
        name = f"「{title}」" if title else "这份内容"
        super().__init__(f"{name}还没有按签批路线签完，不能发布；请先提交签批。")
