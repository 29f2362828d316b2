"""What reading a file comes to: parts, or why there are none. Shared by both processes."""

Part = tuple[str, str]  # what the place is called («第 3 页», may be empty) and its text
OUT_OF_MEMORY = "需要的内存过多"


class UnreadableError(Exception):
    """A file that cannot be read; `state` is one of content.media.models.TextState, the message a Chinese clause."""

    def __init__(self, state: str, message: str = "") -> None:
        super().__init__(message)
        self.state = state
