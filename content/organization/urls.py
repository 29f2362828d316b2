from django.urls import path

from content.organization import role_views, views

app_name = "organization"
urlpatterns = [
    path("", views.chart, name="chart"),
    path("chart.pdf", views.chart_pdf, name="chart_pdf"),
    path("mine/", views.mine, name="mine"),
    path("roles/<int:page_id>/versions/", role_views.versions, name="role_versions"),
    path("roles/<int:page_id>/versions/<int:number>/", role_views.version, name="role_version"),
    path("posts/<slug:code>/", views.post, name="post"),
]
