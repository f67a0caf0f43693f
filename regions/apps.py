from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = _("Regions")

    def ready(self) -> None:
        from . import checks, editions  # noqa: F401  (checks registers itself)
        from .models import Region, SubdomainAlias

        # A region's name, zone and openness are on pages of all regions.
        editions.seen_by_readers(Region, lambda region: [editions.EVERYWHERE, region.pk])
        editions.seen_by_readers(SubdomainAlias, lambda alias: [editions.EVERYWHERE])
