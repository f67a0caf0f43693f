"""Addresses that readers see, on every edition's host."""

from django.urls import include, path

from .developer import developer_tools

handler404 = "news.views.errors.page_not_found"

urlpatterns = [*developer_tools(), path("", include("news.urls"))]
