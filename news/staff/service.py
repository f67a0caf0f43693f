"""Invites people, gives and takes roles, ends and restores accounts. No other module does so.

Nobody can give more than they have: giving a role in a region requires MANAGE there. A person with roles elsewhere also
belongs to other chief editors, so only network administrators may change such an account as a whole. Nobody changes
their own roles. Every act is one transaction together with its journal entry.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Author, Event
from news.publishing import journal
from regions import generations
from regions.accounts import names
from regions.models import Assignment, Invitation, Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import calendar_addresses

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Actor = User | AnonymousUser


class StaffActionError(ValidationError):
    """The act is not possible. The message says why and what to do."""


# --- Invitations ----------------------------------------------------------------------------------------------


@transaction.atomic
def invite(invitation: Invitation, *, actor: User) -> str:
    """Store a new invitation (address, name, region, role) and return its secret, which is only sent by mail.

    Raises PermissionDenied.
    """
    _require(access.allowed(actor, Permission.MANAGE, invitation.region))
    invitation.email = names.normalised(invitation.email)
    token = _new_secret(invitation, actor)
    invitation.save()
    _journal_invitation(Event.Verb.INVITED, invitation, actor)
    return token


@transaction.atomic
def invite_again(invitation: Invitation, *, actor: User) -> str:
    """Give an open or expired invitation a new secret and a new expiry; the old link stops working.

    Raises PermissionDenied, StaffActionError.
    """
    _require(access.allowed(actor, Permission.MANAGE, invitation.region))
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise StaffActionError(_("This invitation was accepted or revoked meanwhile."))
    token = _new_secret(locked, actor)
    locked.save(update_fields=["token_digest", "invited_by", "expires_at"])
    _journal_invitation(Event.Verb.INVITED, locked, actor)
    return token


def _new_secret(invitation: Invitation, actor: User) -> str:
    token = secrets.token_urlsafe(32)
    invitation.token_digest = _digest(token)
    invitation.invited_by = actor
    invitation.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    return token


@transaction.atomic
def revoke(invitation: Invitation, *, actor: User) -> None:
    """End an invitation; changes nothing if it is not open any more. Raises PermissionDenied."""
    _require(access.allowed(actor, Permission.MANAGE, invitation.region))
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        _journal_invitation(Event.Verb.INVITATION_REVOKED, invitation, actor)


def find_invitation(token: str) -> Invitation | None:
    """The open invitation of a link. None if there is none, or if its sender is no longer allowed to send it."""
    invitation = Invitation.objects.open().filter(token_digest=_digest(token)).first()
    if invitation and access.allowed(invitation.invited_by, Permission.MANAGE, invitation.region):
        return invitation
    return None


def was_accepted_by(token: str, person: "Actor") -> bool:
    """Whether this person has used the link."""
    accepted = Invitation.objects.filter(token_digest=_digest(token), accepted_by=person.pk)
    return person.is_authenticated and accepted.exists()


def account_of(invitation: Invitation) -> User | None:
    """The account, active or not, that has the invited address."""
    return next(iter(names.holders(invitation.email)), None)


@transaction.atomic
def join(token: str, *, username: str, name: str, password: str) -> User:
    """Create the account that an invitation offers. Raises StaffActionError if the link is not valid any more."""
    invitation = _take(token)
    if account_of(invitation):
        raise StaffActionError(
            _("There is an account with this address already: log in with it, then open the link again.")
        )
    person = User(username=username, first_name=name, email=invitation.email, is_staff=True)
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=invitation.email, verified=True, primary=True)
    _accept(invitation, person)
    return person


@transaction.atomic
def accept(token: str, *, person: User) -> None:
    """Add the role that an invitation offers to the account that has its address. Raises StaffActionError."""
    invitation = _take(token)
    if person not in names.holders(invitation.email):
        raise StaffActionError(_("This invitation is for another address. Log in with the account that has it."))
    _accept(invitation, person)


def _take(token: str) -> Invitation:
    """The open invitation, locked, so that its link works only once. Raises StaffActionError."""
    invitation = find_invitation(token)
    locked = invitation and Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if locked is None or not locked.is_open(timezone.now()) or locked.token_digest != _digest(token):
        raise StaffActionError(_("This invitation is not valid any more. Ask your chief editor for a new one."))
    return locked


def _accept(invitation: Invitation, person: User) -> None:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    Assignment.objects.get_or_create(user=person, region=invitation.region, role=invitation.role)
    journal.record(
        Event.Verb.JOINED,
        actor=person,
        person=person,
        region=invitation.region,
        note=f"{invitation.get_role_display()}, {invitation.region}",
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _journal_invitation(verb: Event.Verb, invitation: Invitation, actor: User) -> None:
    note = f"{invitation.name} <{invitation.email}>: {invitation.get_role_display()}, {invitation.region}"
    journal.record(verb, actor=actor, region=invitation.region, note=note)


# --- Roles ----------------------------------------------------------------------------------------------------


@transaction.atomic
def give_role(assignment: Assignment, *, actor: User) -> None:
    """Store a new role. Raises PermissionDenied."""
    _require_over(assignment, actor)
    assignment.save()
    _journal_role(Event.Verb.ROLE_GIVEN, assignment, actor)


@transaction.atomic
def take_role(assignment: Assignment, *, actor: User) -> None:
    """Take a role away, effective from the person's next request. Raises PermissionDenied."""
    _require_over(assignment, actor)
    _journal_role(Event.Verb.ROLE_TAKEN, assignment, actor)
    assignment.delete()


def _require_over(assignment: Assignment, actor: User) -> None:
    _require(assignment.user_id != actor.pk)
    _require(access.allowed(actor, Permission.MANAGE, assignment.region))


def _journal_role(verb: Event.Verb, assignment: Assignment, actor: User) -> None:
    note = f"{assignment.get_role_display()}, {assignment.region}"
    journal.record(verb, actor=actor, person=assignment.user, region=assignment.region, note=note)


# --- Accounts -------------------------------------------------------------------------------------------------


def may_end(person: User, actor: "Actor") -> bool:
    """Whether the actor may end or restore the account: not their own, and only if they manage all its regions."""
    if person.pk == actor.pk or (person.is_superuser and not actor.is_superuser):
        return False
    if access.branches_for(actor, Permission.ADMINISTER):
        return True
    regions = Region.objects.filter(assignments__user=person)
    managed = access.regions_for(actor, Permission.MANAGE)
    return regions.exists() and not regions.exclude(pk__in=managed.values("pk")).exists()


@transaction.atomic
def deactivate(person: User, *, actor: User) -> None:
    """End the account and its sessions, effective from the next request. What the person wrote is kept. Raises
    PermissionDenied."""
    _require(may_end(person, actor))
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    _journal_account(Event.Verb.DEACTIVATED, person, actor)


@transaction.atomic
def reactivate(person: User, *, actor: User) -> None:
    """Restore the account with the roles that it had. Raises PermissionDenied."""
    _require(may_end(person, actor))
    person.is_active = True
    person.save(update_fields=["is_active"])
    _journal_account(Event.Verb.REACTIVATED, person, actor)


@transaction.atomic
def change_account(person: User, *, actor: User, fields: list[str]) -> None:
    """Store an account's changed name, address or administrator's status. Network administrators only.

    Raises PermissionDenied, and StaffActionError for an address that another account has, because the owner of the
    address could then open both.
    """
    _require(bool(access.branches_for(actor, Permission.ADMINISTER)))
    _require(person.pk != actor.pk or "is_superuser" not in fields)
    person.email = names.normalised(person.email)
    if "email" in fields and set(names.holders(person.email)) - {person}:
        raise StaffActionError(_("Another account has this address. Every account needs its own."))
    person.save(update_fields=fields)
    if "email" in fields:
        EmailAddress.objects.filter(user=person).delete()  # links sent to the old address must not open the account
    _journal_account(Event.Verb.CHANGED, person, actor, note=", ".join(fields))


@generations.bumping()
def link_author(author: Author, account: User | None, *, actor: User) -> None:
    """Link an author to an account, which can then open the author's drafts. Raises PermissionDenied."""
    _require(may_link(author, actor))
    before = Author.objects.get(pk=author.pk).user if author.pk else None
    author.user = account
    author.save()
    for person, verb in ((before, Event.Verb.AUTHOR_UNLINKED), (account, Event.Verb.AUTHOR_LINKED)):
        if person:
            journal.record(verb, actor=actor, person=person, region=author.region, note=author.name)


def may_link(author: Author | None, actor: "Actor") -> bool:
    """Whether the actor manages people in the author's region and in all from which the author has articles."""
    managed = access.regions_for(actor, Permission.MANAGE)
    if author is None:
        return managed.exists()
    their = Q(pk=author.region_id)
    if author.pk:
        their |= Q(articles__bylines__author=author)
    regions = Region.objects.filter(their)
    return not regions.exclude(pk__in=managed.values("pk")).exists()


@transaction.atomic
def reset_second_factors(person: User, *, actor: User) -> None:
    """Remove the second factors of a person who lost phone and recovery codes. Network administrators only. Raises
    PermissionDenied."""
    _require(person.pk != actor.pk and bool(access.branches_for(actor, Permission.ADMINISTER)))
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    _journal_account(Event.Verb.FACTORS_RESET, person, actor)


@transaction.atomic
def rescue(person: User) -> int:
    """Remove a person's second factors, from the command line, where nobody is logged in. Returns how many."""
    removed = Authenticator.objects.filter(user=person).delete()[0]
    end_sessions(person)
    _journal_account(Event.Verb.FACTORS_RESET, person, None, note="manage.py rescue")
    return removed


def end_sessions(person: User) -> None:
    """Log the person out everywhere, and end their calendar's address."""
    calendar_addresses.revoke(person)
    for session in UserSession.objects.filter(user=person):
        session.end()


def _journal_account(verb: Event.Verb, person: User, actor: User | None, note: str = "") -> None:
    """Write one journal entry for each region in which the person has a role, for all their chief editors."""
    for region in Region.objects.filter(assignments__user=person).distinct() or [None]:
        journal.record(verb, actor=actor, person=person, region=region, note=note)


def _require(condition: bool) -> None:
    if not condition:
        raise PermissionDenied
