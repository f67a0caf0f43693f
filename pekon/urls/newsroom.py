"""Addresses on the newsroom's host."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseNotFound
from django.urls import include, path
from django.views.defaults import page_not_found
from django.views.i18n import set_language

from news.images.urls import rendition_address
from news.newsroom import joining
from news.newsroom.schedule import feed

from .developer import developer_tools

handler500 = "pekon.errors.internal_error"


def handler404(request: HttpRequest, exception: Exception) -> HttpResponseNotFound:
    return page_not_found(request, exception, template_name="admin/404.html")


urlpatterns = [
    *developer_tools(),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("akun/", include("pekon.urls.account")),
    path("undangan/<str:token>/", joining.join, name="invitation"),
    path("kalender/<str:token>.ics", feed.feed, name="calendar_feed"),
    rendition_address,
    path("", admin.site.urls),
]
