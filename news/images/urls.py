"""Addresses of renditions, the same on every host of the site."""

from django.urls import re_path

from . import rendition_specs, views

_NAME = rf"(?:{'|'.join(rendition_specs.RATIOS)})-[1-9][0-9]{{0,4}}\.(?:{'|'.join(rendition_specs.FORMATS)})|share\.jpg"

rendition_address = re_path(rf"^media/(?P<key>[0-9a-f]{{32}})/(?P<name>{_NAME})$", views.rendition, name="rendition")
