"""The worker's side of an import."""

from django_tasks import task

from content.importing.running import run_batch


@task()
def run_import(batch_id: int) -> None:
    """Run an import batch, or go on with one that broke off; a finished one is left alone."""
    run_batch(batch_id)
