from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdvertsConfig(AppConfig):
    name = "news.adverts"
    label = "adverts"
    verbose_name = _("Advertising")

    def ready(self) -> None:
        from . import cache_dependencies

        cache_dependencies.register()
