"""Who may do what, where: the one answer that the newsroom and the workflow ask for.

Roles are rows (`Assignment`: user, region, role), read once for each user object and so once a request: taking a role
away or disabling a person holds from the next request on. A role holds for its region's whole subtree. Whatever
changes what readers see, or what others may do, also needs a second factor (REQUIRE_SECOND_FACTOR).
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from . import tree
from .models import Assignment, Region, RegionQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Role = Assignment.Role
_ROLES = "_pekon_roles"  # where a user object keeps its roles, as (role, region's path)
_SECOND_FACTOR = "_pekon_second_factor"  # and whether it has a second factor


class Permission(StrEnum):
    """What a role allows. Names are the desk's verbs, not the database's."""

    WRITE = "write"  # write, and edit and submit one's own drafts and returned stories
    EDIT = "edit"  # edit everybody's stories
    PUBLISH = "publish"  # return, approve, schedule
    WITHDRAW = "withdraw"
    MANAGE = "manage"  # people and pages of the region
    ADMINISTER = "administer"  # regions, sections and tags: the network's administrators', no role's


_WRITER = frozenset({Permission.WRITE})
_EDITOR = _WRITER | {Permission.EDIT, Permission.PUBLISH}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.CONTRIBUTOR: _WRITER,
    Role.REPORTER: _WRITER,
    Role.EDITOR: _EDITOR,
    Role.CHIEF_EDITOR: _EDITOR | {Permission.WITHDRAW, Permission.MANAGE},
}
_BY_PASSWORD_ALONE = _WRITER


def branches_for(user: "User | AnonymousUser", permission: Permission) -> list[str]:
    """The paths of the branches where `user` has `permission`; the answer behind the two questions below."""
    if not user.is_active or not user.is_staff:
        return []
    if permission not in _BY_PASSWORD_ALONE and not _may_use_power(user):
        return []
    return _branches_by_role(user, permission)


def regions_for(user: "User | AnonymousUser", permission: Permission) -> RegionQuerySet:
    """The regions, open or closed, where `user` has `permission`."""
    branches = Q(pk__in=())
    for path in branches_for(user, permission):
        branches |= Q(path__startswith=path)
    return Region.objects.filter(branches)


def allowed(user: "User | AnonymousUser", permission: Permission, region: Region) -> bool:
    """Whether `user` has `permission` in `region`."""
    return any(tree.contains(path, region.path) for path in branches_for(user, permission))


def awaits_second_factor(user: "User | AnonymousUser") -> bool:
    """Whether a role of this person is idle until they set up a second factor."""
    powers = set(Permission) - _BY_PASSWORD_ALONE
    return not _may_use_power(user) and any(_branches_by_role(user, power) for power in powers)


def has_second_factor(user: "User | AnonymousUser") -> bool:
    """Whether the account has a passkey or an authenticator app; its sessions then began with one."""
    if not hasattr(user, _SECOND_FACTOR):
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        setattr(user, _SECOND_FACTOR, Authenticator.objects.filter(user=user.pk, type__in=kinds).exists())
    return bool(getattr(user, _SECOND_FACTOR))


def _may_use_power(user: "User | AnonymousUser") -> bool:
    return not settings.REQUIRE_SECOND_FACTOR or has_second_factor(user)


def _branches_by_role(user: "User | AnonymousUser", permission: Permission) -> list[str]:
    if user.is_superuser:
        return [tree.ROOT]
    if not hasattr(user, _ROLES):
        assigned = Assignment.objects.filter(user=user.pk).values_list("role", "region__path")
        setattr(user, _ROLES, list(assigned))
    return [path for role, path in getattr(user, _ROLES) if permission in ROLE_PERMISSIONS[role]]
