"""Addresses that readers see, on every edition's host."""

from django.urls import include, path

handler404 = "news.views.errors.page_not_found"

urlpatterns = [path("", include("news.urls"))]
