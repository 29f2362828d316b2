"""The chooser for divisions: 3,347 of them are too many for a select, so editors type a name or a code."""

from django import forms
from django.db.models import Q
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from content.places.models import Division, DivisionType
from content.places.resolver import resolve


class DivisionFilterForm(BaseFilterForm):
    q = forms.CharField(
        label="名称或代码",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如 玉龙、丽江市古城区、530702"}),
    )

    def filter(self, objects):
        """By part of the name or the beginning of the code; a whole place («云南省丽江市古城区») leads to that place."""
        query = self.cleaned_data.get("q", "").strip()
        if not query:
            return objects
        self.is_searching, self.search_query = True, query
        match = resolve(query)
        named = Q(pk=match.division.pk) if match is not None and match.division.name != query else Q()
        return objects.filter(Q(name__icontains=query) | Q(code__startswith=query) | named)


class BaseDivisionChooseView(BaseChooseView):
    filter_form_class = DivisionFilterForm
    per_page = 20

    def get_object_list(self):
        return Division.objects.exclude(type=DivisionType.PSEUDO).select_related("parent__parent")

    @property
    def columns(self):
        return [
            *super().columns,
            Column("type", label="类型", accessor="get_type_display"),
            Column("code", label="代码", accessor="code"),
        ]


class DivisionChooseView(ChooseViewMixin, CreationFormMixin, BaseDivisionChooseView):
    pass


class DivisionChooseResultsView(ChooseResultsViewMixin, CreationFormMixin, BaseDivisionChooseView):
    pass


class DivisionChooserViewSet(ChooserViewSet):
    model = Division
    icon = "site"
    choose_one_text = "选择地区"
    choose_another_text = "换一个地区"
    page_title = "选择地区"
    choose_view_class = DivisionChooseView
    choose_results_view_class = DivisionChooseResultsView


division_chooser_viewset = DivisionChooserViewSet("division_chooser")
