"""Who may do what in which regions. The newsroom and the workflow ask only this module.

Roles are rows (`Assignment`: user, region, role). They are read once for each user object, which means once per
request, so taking a role away or disabling a person takes effect with the next request. A role covers its region and
all below. Permissions to change what readers see, or what others may do, also require a second factor
(REQUIRE_SECOND_FACTOR).
"""

from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from regions import tree
from regions.models import Assignment, Region, RegionQuerySet

Role = Assignment.Role
_ROLES = "_pekon_roles"  # attribute of user objects: the roles as (role, region's path)
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_SECOND_FACTOR = "_pekon_second_factor"  # attribute of user objects: whether there is a second factor


class Permission(StrEnum):
    """What a role allows. The names are newsroom verbs, not Django's add, change and delete."""

    WRITE = "write"  # write, and edit and submit one's own drafts and returned articles
    EDIT = "edit"  # edit everybody's articles
    PUBLISH = "publish"  # return, approve, schedule
    WITHDRAW = "withdraw"
    MANAGE = "manage"  # people and pages of the region
    ADMINISTER = "administer"  # regions, sections and tags: part of no role, only for the network's administrators


_WRITER = frozenset({Permission.WRITE})
_EDITOR = _WRITER | {Permission.EDIT, Permission.PUBLISH}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.CONTRIBUTOR: _WRITER,
    Role.REPORTER: _WRITER,
    Role.EDITOR: _EDITOR,
    Role.CHIEF_EDITOR: _EDITOR | {Permission.WITHDRAW, Permission.MANAGE},
}
_BY_PASSWORD_ALONE = _WRITER


def branches_for(user: User | AnonymousUser, permission: Permission) -> list[str]:
    """The paths of the branches in which `user` has `permission`. `regions_for` and `allowed` are based on it."""
    if not user.is_active or not user.is_staff:
        return []
    if permission not in _BY_PASSWORD_ALONE and not _may_use_power(user):
        return []
    return _branches_by_role(user, permission)


def regions_for(user: User | AnonymousUser, permission: Permission) -> RegionQuerySet:
    """The regions, open or closed, where `user` has `permission`."""
    branches = Q(pk__in=())
    for path in branches_for(user, permission):
        branches |= Q(path__startswith=path)
    return Region.objects.filter(branches)


def allowed(user: User | AnonymousUser, permission: Permission, region: Region) -> bool:
    """Whether `user` has `permission` in `region`."""
    return any(tree.contains(path, region.path) for path in branches_for(user, permission))


def people_for(permission: Permission, region: Region) -> QuerySet[User]:
    """The people who have `permission` in `region`: all whom `allowed` answers with yes, in one query."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    assigned = Assignment.objects.filter(role__in=roles, region__path__in=tree.lineage(region.path))
    people = User.objects.filter(
        Q(is_superuser=True) | Q(pk__in=assigned.values("user")), is_active=True, is_staff=True
    )
    if settings.REQUIRE_SECOND_FACTOR and permission not in _BY_PASSWORD_ALONE:
        people = people.filter(pk__in=Authenticator.objects.filter(type__in=_SECOND_FACTORS).values("user"))
    return people


def nearest_people_for(permission: Permission, region: Region, *, besides: User | AnonymousUser | None) -> list[User]:
    """The people who have `permission` in `region` by a role given exactly there, or else in the nearest region above
    where somebody has one; network administrators if nobody has. `besides` is left out. In two queries."""
    able = people_for(permission, region)
    if besides and besides.pk:
        able = able.exclude(pk=besides.pk)
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    held = Assignment.objects.filter(role__in=roles, region__path__in=tree.lineage(region.path), user__in=able)
    by_path: dict[str, set[int]] = {}
    for path, person in held.order_by().values_list("region__path", "user"):
        by_path.setdefault(path, set()).add(person)
    if by_path:
        return list(User.objects.filter(pk__in=by_path[max(by_path, key=len)]))
    return list(able.filter(is_superuser=True))


def awaits_second_factor(user: User | AnonymousUser) -> bool:
    """Whether a role of this person has no effect until they set up a second factor."""
    powers = set(Permission) - _BY_PASSWORD_ALONE
    return not _may_use_power(user) and any(_branches_by_role(user, power) for power in powers)


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Whether the account has a passkey or an authenticator app. If so, its sessions have begun with it."""
    if not hasattr(user, _SECOND_FACTOR):
        setattr(user, _SECOND_FACTOR, Authenticator.objects.filter(user=user.pk, type__in=_SECOND_FACTORS).exists())
    return bool(getattr(user, _SECOND_FACTOR))


def _may_use_power(user: User | AnonymousUser) -> bool:
    return not settings.REQUIRE_SECOND_FACTOR or has_second_factor(user)


def _branches_by_role(user: User | AnonymousUser, permission: Permission) -> list[str]:
    if user.is_superuser:
        return [tree.ROOT]
    if not hasattr(user, _ROLES):
        assigned = Assignment.objects.filter(user=user.pk).values_list("role", "region__path")
        setattr(user, _ROLES, list(assigned))
    return [path for role, path in getattr(user, _ROLES) if permission in ROLE_PERMISSIONS[role]]
