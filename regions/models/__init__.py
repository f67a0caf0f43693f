"""The tree of regions, and people's roles in it."""

from .editions import Edition
from .masthead import Masthead
from .people import Assignment, Invitation
from .regions import Region, RegionQuerySet, SubdomainAlias, validate_label

__all__ = [
    "Assignment",
    "Edition",
    "Invitation",
    "Masthead",
    "Region",
    "RegionQuerySet",
    "SubdomainAlias",
    "validate_label",
]
