"""Where renditions are served: the same path on every host of the site."""

from django.urls import re_path

from . import plans, views

_NAME = rf"(?:{'|'.join(plans.RATIOS)})-[1-9][0-9]{{0,4}}\.(?:{'|'.join(plans.FORMATS)})|share\.jpg"

rendition_address = re_path(rf"^media/(?P<key>[0-9a-f]{{32}})/(?P<name>{_NAME})$", views.rendition, name="rendition")
