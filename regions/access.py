"""Who may do what, where: the one answer that the newsroom and the workflow ask for.

Roles are rows (`Assignment`: user, region, role), read afresh at every question, so that taking a role away or
disabling a person holds from the next request on. A role holds for its region's whole subtree.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from .models import Assignment, Region, RegionQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Role = Assignment.Role


class Permission(StrEnum):
    """What a role allows. Names are the desk's verbs, not the database's."""

    WRITE = "write"  # write, and edit and submit one's own drafts and returned stories
    EDIT = "edit"  # edit everybody's stories
    PUBLISH = "publish"  # return, approve, schedule
    WITHDRAW = "withdraw"
    MANAGE = "manage"  # people, sections and pages of the region


_WRITER = frozenset({Permission.WRITE})
_EDITOR = _WRITER | {Permission.EDIT, Permission.PUBLISH}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.CONTRIBUTOR: _WRITER,
    Role.REPORTER: _WRITER,
    Role.EDITOR: _EDITOR,
    Role.CHIEF_EDITOR: _EDITOR | {Permission.WITHDRAW, Permission.MANAGE},
}


def regions_for(user: "User | AnonymousUser", permission: Permission) -> RegionQuerySet:
    """The regions, open or closed, where `user` has `permission`."""
    if not user.is_active or not user.is_staff:
        return Region.objects.none()
    if user.is_superuser:
        return Region.objects.all()
    roles = [role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed]
    branches = Q(pk__in=())
    for path in Assignment.objects.filter(user=user, role__in=roles).values_list("region__path", flat=True):
        branches |= Q(path__startswith=path)
    return Region.objects.filter(branches)


def allowed(user: "User | AnonymousUser", permission: Permission, region: Region) -> bool:
    """Whether `user` has `permission` in `region`."""
    return regions_for(user, permission).filter(pk=region.pk).exists()
