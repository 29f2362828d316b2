from django.urls import path

from content.releases.feeds import ReleaseAtomFeed, ReleaseFeed

app_name = "releases"
urlpatterns = [
    path("feed/", ReleaseFeed(), name="feed"),
    path("feed/atom/", ReleaseAtomFeed(), name="atom"),
]
