from django.urls import path

from content.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.sign, name="sign"),
    path("path/<int:content_type_id>/<str:object_id>/", views.path, name="path"),
]
