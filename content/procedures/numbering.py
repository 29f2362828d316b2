"""Issuing codes: in order, without gaps, never twice."""

from django.db import transaction
from django.utils import timezone

from content.procedures.models.series import CodeSeries, IssuedCode


@transaction.atomic
def issue_code(series: CodeSeries, title: str) -> str:
    """Issue the next code of the series and write it into the register.

    The series' row is locked until the surrounding transaction ends, and a transaction rolled back gives its number
    back with it: that is why there are neither gaps nor doubles.
    """
    series = CodeSeries.objects.select_for_update().get(pk=series.pk)
    number = series.next_number
    code = series.code(number)
    IssuedCode.objects.create(series=series, number=number, code=code, title=title)
    series.next_number = number + 1
    series.save(update_fields=["next_number"])
    return code


def retire_code(code: str) -> None:
    """The procedure of this code is gone; the code stays in the register and is never issued again."""
    IssuedCode.objects.filter(code=code, retired_at=None).update(retired_at=timezone.now())
