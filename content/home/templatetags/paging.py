"""Which page numbers a pager shows."""

from django import template

register = template.Library()


@register.simple_tag
def elided_pages(page_obj, around: int = 2) -> list[int | None]:
    """Page numbers to link: the first, the last and those around the current one; None stands for a gap.

    Takes anything with `number` and `paginator.num_pages`, so that search results page like any list.
    """
    last = page_obj.paginator.num_pages
    shown = {1, last, *range(page_obj.number - around, page_obj.number + around + 1)}
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(n for n in shown if 1 <= n <= last):
        if number - previous == 2:
            numbers.append(number - 1)
        elif number - previous > 2:
            numbers.append(None)
        numbers.append(number)
        previous = number
    return numbers
