from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "news.images"
    label = "images"
    verbose_name = _("Photos")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (checks registers itself)
