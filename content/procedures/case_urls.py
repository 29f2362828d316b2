from django.urls import path

from content.procedures import case_views

app_name = "cases"
urlpatterns = [
    path("", case_views.case_list, name="list"),
    path("start/<slug:code>/", case_views.start, name="start"),
    path("try/<slug:code>/", case_views.dry_run, name="try"),
    path("findings/", case_views.findings, name="findings"),
    path("findings/<int:pk>/close/", case_views.close_finding, name="close_finding"),
    path("<int:pk>/", case_views.detail, name="detail"),
    path("<int:pk>.pdf", case_views.pdf, name="pdf"),
    path("<int:pk>/edit/", case_views.edit, name="edit"),
    path("<int:pk>/save/", case_views.autosave, name="autosave"),
    path("<int:pk>/discard/", case_views.discard, name="discard"),
    path("<int:pk>/files/<int:file_pk>/", case_views.file, name="file"),
    path("<int:pk>/files/<int:file_pk>/remove/", case_views.remove_file, name="remove_file"),
]
