from django.urls import path

from content.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.open_message, name="open"),
    path("read/", views.mark_read, name="mark_read"),
]
