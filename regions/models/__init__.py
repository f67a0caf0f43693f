"""The models of regions, and of people's roles in them."""

from .form_keys import FormKey
from .generations import Generation
from .masthead import Masthead
from .people import Assignment, Invitation
from .regions import Region, RegionQuerySet, SubdomainAlias, validate_label

__all__ = [
    "Assignment",
    "FormKey",
    "Generation",
    "Invitation",
    "Masthead",
    "Region",
    "RegionQuerySet",
    "SubdomainAlias",
    "validate_label",
]
