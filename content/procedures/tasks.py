"""Work of the background worker."""

from django_tasks import task


@task()
def owe_readings(version_id: int) -> int:
    """Tell everybody concerned that there is a version to read; return how many were told. Idempotent."""
    from content.procedures.models import ProcedureVersion  # noqa: PLC0415 (acts that enqueue this are imported by it)
    from content.procedures.readings import owe  # noqa: PLC0415

    version = ProcedureVersion.objects.filter(pk=version_id).first()
    return owe(version) if version is not None else 0
