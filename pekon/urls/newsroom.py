"""Addresses on the newsroom's host."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.i18n import set_language

from news.images.views import rendition
from news.newsroom import joining

from .developer import developer_tools


def handler404(request, exception):  # type: ignore[no-untyped-def]
    return page_not_found(request, exception, template_name="admin/404.html")


urlpatterns = [
    *developer_tools(),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("akun/", include("pekon.urls.account")),
    path("undangan/<str:token>/", joining.join, name="invitation"),
    re_path(r"^media/(?P<key>[0-9a-f]{32})/(?P<width>[1-9][0-9]{0,4})\.webp$", rendition, name="rendition"),
    path("", admin.site.urls),
]
