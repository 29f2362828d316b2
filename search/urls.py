from django.urls import path

from search import syntax_help, views

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("help/", syntax_help.page, name="help"),
    path("suggest/", views.suggest, name="suggest"),
]
