from django.urls import path

from content.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.saved_list, name="list"),
    path("new/", views.create, name="new"),
    path("mail/", views.resume_mail, name="resume_mail"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/follow/", views.follow, name="follow"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
