"""The newsroom's people: inviting them, giving and taking roles, ending and restoring accounts.

The only writer of roles and accounts, as `news.workflow` is of status. Nobody gives more than they have: a role in a
region asks for MANAGE there, and a person with a role elsewhere belongs to other chief editors too, so their account as
a whole is the network administrators'. Nobody changes their own roles. Every act is one transaction with its journal
row.
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

from regions import access, editions
from regions.access import Permission
from regions.accounts import names
from regions.models import Assignment, Invitation, Region

from . import journal
from .models import Author, Event

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Actor = User | AnonymousUser


class Refused(ValidationError):
    """Not possible; the message says why and what to do."""


# --- Invitations ----------------------------------------------------------------------------------------------


@transaction.atomic
def invite(invitation: Invitation, *, actor: User) -> str:
    """Store a new invitation (address, name, region, role) and return its secret, which goes into the mail alone.

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
    """A new secret and more time for an invitation that nobody accepted or revoked; the old link ends.

    Raises PermissionDenied, Refused.
    """
    _require(access.allowed(actor, Permission.MANAGE, invitation.region))
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("region").get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise Refused(_("This invitation was accepted or revoked meanwhile."))
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
    """End an open invitation. Raises PermissionDenied. One that is not open any more stays as it is."""
    _require(access.allowed(actor, Permission.MANAGE, invitation.region))
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        _journal_invitation(Event.Verb.INVITATION_REVOKED, invitation, actor)


def find_invitation(token: str) -> Invitation | None:
    """The open invitation behind a link; None as well when whoever sent it could not send it today."""
    found = Invitation.objects.open().select_related("region", "invited_by").filter(token_digest=_digest(token)).first()
    if found and access.allowed(found.invited_by, Permission.MANAGE, found.region):
        return found
    return None


def account_of(invitation: Invitation) -> User | None:
    """The account that has the invited address, whether it is in use or not."""
    return next(iter(names.holders(invitation.email)), None)


@transaction.atomic
def join(token: str, *, username: str, name: str, password: str) -> User:
    """Make the account that an invitation offers. Raises Refused when the link is spent, expired or revoked."""
    invitation = _take(token)
    if account_of(invitation):
        raise Refused(_("There is an account with this address already: log in with it, then open the link again."))
    person = User(username=username, first_name=name, email=invitation.email, is_staff=True)
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=invitation.email, verified=True, primary=True)
    _accept(invitation, person)
    return person


@transaction.atomic
def accept(token: str, *, person: User) -> None:
    """Add the role that an invitation offers to the account that has its address. Raises Refused."""
    invitation = _take(token)
    if person not in names.holders(invitation.email):
        raise Refused(_("This invitation is for another address. Log in with the account that has it."))
    _accept(invitation, person)


def _take(token: str) -> Invitation:
    """The invitation, locked, so that a link works once. Raises Refused."""
    found = find_invitation(token)
    locked = found and Invitation.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
    if locked is None or not locked.is_open(timezone.now()) or locked.token_digest != _digest(token):
        raise Refused(_("This invitation is not valid any more. Ask your chief editor for a new one."))
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
    """Take a role away, from the person's next request on. Raises PermissionDenied."""
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
    """Whether the account as a whole is the actor's to end or restore: every role of it is, and it is not their own."""
    if person.pk == actor.pk or (person.is_superuser and not actor.is_superuser):
        return False
    if access.branches_for(actor, Permission.ADMINISTER):
        return True
    held = Region.objects.filter(assignments__user=person)
    managed = access.regions_for(actor, Permission.MANAGE)
    return held.exists() and not held.exclude(pk__in=managed.values("pk")).exists()


@transaction.atomic
def deactivate(person: User, *, actor: User) -> None:
    """End the account and its sessions, from the next request on; what the person wrote stays. PermissionDenied."""
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
    """Store changed names, address or powers of an account. Network administrators only.

    Raises PermissionDenied, and Refused for an address that another account has: it would open both.
    """
    _require(bool(access.branches_for(actor, Permission.ADMINISTER)))
    _require(person.pk != actor.pk or "is_superuser" not in fields)
    person.email = names.normalised(person.email)
    if "email" in fields and set(names.holders(person.email)) - {person}:
        raise Refused(_("Another account has this address. Every account needs its own."))
    person.save(update_fields=fields)
    if "email" in fields:
        EmailAddress.objects.filter(user=person).delete()  # a link to the old one must not open the account
    _journal_account(Event.Verb.CHANGED, person, actor, note=", ".join(fields))


@editions.writing()
def link_author(author: Author, account: User | None, *, actor: User) -> None:
    """Say who logs in as an author, and so gets the author's drafts. Raises PermissionDenied."""
    _require(may_link(author, actor))
    before = Author.objects.select_related("user").get(pk=author.pk).user if author.pk else None
    author.user = account
    author.save()
    for person, verb in ((before, Event.Verb.AUTHOR_UNLINKED), (account, Event.Verb.AUTHOR_LINKED)):
        if person:
            journal.record(verb, actor=actor, person=person, region=author.region, note=author.name)


def may_link(author: Author | None, actor: "Actor") -> bool:
    """Whether the actor manages people in the author's region and in all from which the author has stories."""
    managed = access.regions_for(actor, Permission.MANAGE)
    if author is None:
        return managed.exists()
    regions = Region.objects.filter(Q(pk=author.region_id) | Q(articles__bylines__author=author))
    return not regions.exclude(pk__in=managed.values("pk")).exists()


@transaction.atomic
def reset_second_factors(person: User, *, actor: User) -> None:
    """For somebody who lost phone and recovery codes. Network administrators only. Raises PermissionDenied."""
    _require(person.pk != actor.pk and bool(access.branches_for(actor, Permission.ADMINISTER)))
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    _journal_account(Event.Verb.FACTORS_RESET, person, actor)


def end_sessions(person: User) -> None:
    """Log the person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def _journal_account(verb: Event.Verb, person: User, actor: User, note: str = "") -> None:
    """Once for each region in which the person has a role, so that each of their chief editors is told."""
    for region in Region.objects.filter(assignments__user=person).distinct() or [None]:
        journal.record(verb, actor=actor, person=person, region=region, note=note)


def _require(condition: bool) -> None:
    if not condition:
        raise PermissionDenied
