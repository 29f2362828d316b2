from django.urls import path

from content.procedures import views

app_name = "procedures"
# Whatever is not here, the list and every procedure included, is a page (Wagtail's catch-all).
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("register/", views.register, name="register"),
    path("proposals/", views.proposal_list, name="proposals"),
    path("proposals/<int:pk>/answer/", views.answer_proposal, name="answer"),
    path("readings/<int:pk>/confirm/", views.confirm_reading, name="confirm"),
    path("copies/<int:pk>.pdf", views.copy_pdf, name="copy_pdf"),
    path("copies/<int:pk>/return/", views.take_back, name="take_back"),
    path("<slug:code>/versions/<int:number>/", views.version, name="version"),
    path("<slug:code>/versions/<int:number>/propose/", views.propose, name="propose"),
    path("<slug:code>/compare/", views.compare, name="compare"),
    path("<slug:code>/readers/", views.readers, name="readers"),
    path("<slug:code>/copies/", views.copy_list, name="copies"),
]
