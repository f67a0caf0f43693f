from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = _("Regions")

    def ready(self) -> None:
        from . import (
            checks,  # noqa: F401  (checks registers itself)
            generations,
        )
        from .models import Region, SubdomainAlias

        # Pages of all regions depend on each region's name, zone and whether it is open.
        generations.register(Region, lambda region: [generations.EVERYWHERE, region.pk])
        generations.register(SubdomainAlias, lambda alias: [generations.EVERYWHERE])
