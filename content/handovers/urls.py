from django.urls import path

from content.handovers import views

app_name = "handovers"
urlpatterns = [
    path("", views.sheet_list, name="list"),
    path("check/", views.check, name="check"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>.pdf", views.sheet_pdf, name="pdf"),
    path("<int:pk>/successor/", views.successor, name="successor"),
]
