from django.urls import path

from search import export_views, suggest_views, syntax_help, views

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("help/", syntax_help.page, name="help"),
    path("suggest/", suggest_views.suggestions, name="suggest"),
    path("history/", suggest_views.history, name="history"),
    path("export/", export_views.start, name="start_export"),
    path("exports/", export_views.exports, name="exports"),
    path("exports/<int:pk>/", export_views.export, name="export"),
    path("exports/<int:pk>/file/", export_views.export_file, name="export_file"),
    path("exports/<int:pk>/delete/", export_views.delete, name="delete_export"),
    path("exports/<int:pk>/resume/", export_views.resume, name="resume_export"),
]
