from django.urls import path

from content.approvals import views, views_statistics

app_name = "approvals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("batch/", views.batch, name="batch"),
    path("statistics/", views_statistics.statistics, name="statistics"),
    path("<int:pk>/", views.sign, name="sign"),
    path("runs/<int:pk>/", views.trail, name="run"),
    path("runs/<int:pk>/sheet.pdf", views.sheet, name="sheet"),
    path("files/<int:pk>/", views.attachment, name="attachment"),
    path("path/<int:content_type_id>/<str:object_id>/", views.path, name="path"),
]
