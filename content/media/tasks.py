"""Work of the background worker: read the text of an uploaded file."""

from django_tasks import task

from content.media.texts import read_and_keep


@task()
def read_text(document_pk: int) -> str:
    """Read and keep the text of a file; returns the state. Idempotent."""
    return read_and_keep(document_pk)
