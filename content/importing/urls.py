from django.urls import path

from content.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.batch_list, name="list"),
    path("batches/<int:pk>/", views.report, name="report"),
    path("batches/<int:pk>/rejected/", views.rejected, name="rejected"),
    path("batches/<int:pk>/resume/", views.resume, name="resume"),
    path("<slug:kind>/", views.upload, name="upload"),
    path("<slug:kind>/template.xlsx", views.template, name="template"),
]
