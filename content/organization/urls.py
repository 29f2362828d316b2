from django.urls import path

from content.organization import views

app_name = "organization"
urlpatterns = [
    path("", views.chart, name="chart"),
    path("chart.pdf", views.chart_pdf, name="chart_pdf"),
    path("mine/", views.mine, name="mine"),
    path("posts/<slug:code>/", views.post, name="post"),
]
