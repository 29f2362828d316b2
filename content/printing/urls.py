from django.urls import path

from content.printing import views

app_name = "printing"
urlpatterns = [
    path("pages/<int:pk>.pdf", views.page_pdf, name="page"),
]
