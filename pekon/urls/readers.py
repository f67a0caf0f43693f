"""Addresses on readers' hosts."""

from django.urls import include, path

from .developer import developer_tools

handler404 = "news.readers.views.errors.page_not_found"
handler500 = "pekon.errors.internal_error"

urlpatterns = [*developer_tools(), path("", include("news.readers.urls"))]
