"""What each act on people and their accounts stores, whom it is refused, and what the journal says of it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from news.demo import builders
from news.models import Author, Event
from news.staff import service
from regions.models import Assignment, Invitation

pytestmark = pytest.mark.databases

Verb = Event.Verb
PASSWORD = "kata-sandi-yang-panjang"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def invitation(tree):
    return Invitation(email=" Ani@Pekon.web.id ", name="Ani", region=tree.payakumbuh, role="reporter")


@pytest.fixture
def budi(tree):
    """A reporter in Payakumbuh and in Limapuluh Kota, below the same province."""
    user = builders.make_user("budi", "reporter", tree.payakumbuh)
    Assignment.objects.create(user=user, region=tree.limapuluhkota, role="contributor")
    return user


@pytest.fixture
def chief(tree):
    """Who manages the province."""
    return builders.make_user("chief", "chief_editor", tree.sumbar)


def told():
    """The journal's entries, oldest first."""
    rows = Event.objects.order_by("pk").values_list("verb", "actor__username", "person__username", "region", "note")
    return list(rows)


def log_in(user) -> SessionStore:
    session = SessionStore()
    session.create()
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=session.session_key)
    return session


def is_logged_in(session) -> bool:
    return session.exists(session.session_key)


# --- Invitations ----------------------------------------------------------------------------------------------


def test_an_invitation_is_stored_with_who_where_and_until_when(tree, people, invitation, settings):
    settings.INVITATION_DAYS = 5
    before = timezone.now()
    tokens = {service.invite(invitation, actor=people.pemred)}
    stored = Invitation.objects.get()
    assert (stored.email, stored.invited_by, stored.role) == ("ani@pekon.web.id", people.pemred, "reporter")
    days = timedelta(days=5)
    assert before + days <= stored.expires_at <= timezone.now() + days
    Invitation.objects.update(expires_at=before)
    assert service.find_invitation(*tokens) is None
    tokens |= {service.invite_again(stored, actor=people.admin)}
    again = Invitation.objects.get()
    assert again.invited_by == people.admin
    assert again.expires_at >= before + days
    assert [service.find_invitation(token) for token in tokens if service.find_invitation(token)] == [again]
    assert all(len(token) >= 40 for token in tokens)
    note = "Ani <ani@pekon.web.id>: reporter, Payakumbuh"
    assert told() == [
        (Verb.INVITED, "pemred", None, tree.payakumbuh.pk, note),
        (Verb.INVITED, "admin", None, tree.payakumbuh.pk, note),
    ]


def test_an_invitation_that_was_answered_is_not_sent_again(people, invitation):
    for ended in ({"revoked_at": timezone.now()}, {"accepted_at": timezone.now(), "accepted_by": people.sister}):
        Invitation.objects.all().delete()
        invitation.pk = None
        service.invite(invitation, actor=people.pemred)
        Invitation.objects.update(**ended)
        with pytest.raises(service.StaffActionError):
            service.invite_again(invitation, actor=people.pemred)


def test_an_invitation_is_revoked_once(tree, people, invitation):
    token = service.invite(invitation, actor=people.pemred)
    other = Invitation(email="b@pekon.web.id", name="B", region=tree.payakumbuh, role="reporter")
    kept = service.invite(other, actor=people.pemred)
    for _press in range(2):
        service.revoke(invitation, actor=people.pemred)
    assert service.find_invitation(token) is None
    assert service.find_invitation(kept) == other
    assert [entry[0] for entry in told()] == [Verb.INVITED, Verb.INVITED, Verb.INVITATION_REVOKED]
    assert told()[-1][1:] == ("pemred", None, tree.payakumbuh.pk, "Ani <ani@pekon.web.id>: reporter, Payakumbuh")


def test_who_manages_no_people_there_invites_and_revokes_nobody(tree, people, invitation):
    for who in (people.redaktur, people.sister, builders.make_user("lain", "chief_editor", tree.limapuluhkota)):
        with pytest.raises(PermissionDenied):
            service.invite(invitation, actor=who)
    service.invite(invitation, actor=people.pemred)
    for act in (service.invite_again, service.revoke):
        with pytest.raises(PermissionDenied):
            act(invitation, actor=people.redaktur)
    assert Invitation.objects.open().exists()


def test_who_joins_has_an_account_with_the_invited_address_and_role(tree, people, invitation):
    token = service.invite(invitation, actor=people.pemred)
    before = timezone.now()
    ani = service.join(token, username="ani", name="Ani Putri", password=PASSWORD)
    ani = User.objects.get(pk=ani.pk)
    assert (ani.first_name, ani.email, ani.is_staff, ani.is_superuser) == ("Ani Putri", "ani@pekon.web.id", True, False)
    assert ani.check_password(PASSWORD)
    assert [*EmailAddress.objects.values_list("user", "email", "verified", "primary")] == [
        (ani.pk, "ani@pekon.web.id", True, True)
    ]
    assert [*ani.assignments.values_list("region", "role")] == [(tree.payakumbuh.pk, "reporter")]
    stored = Invitation.objects.get()
    assert stored.accepted_by == ani
    assert before <= stored.accepted_at <= timezone.now()
    assert told()[-1] == (Verb.JOINED, "ani", "ani", tree.payakumbuh.pk, "reporter, Payakumbuh")
    with pytest.raises(service.StaffActionError):
        service.join(token, username="lain", name="Lain", password=PASSWORD)


def test_an_address_that_has_an_account_gets_no_second_one(people, invitation):
    token = service.invite(invitation, actor=people.pemred)
    owner = builders.make_user("ani", email="ani@pekon.web.id", is_active=False)
    assert service.account_of(invitation) == owner
    with pytest.raises(service.StaffActionError):
        service.join(token, username="ani2", name="Ani", password=PASSWORD)
    owner.delete()
    assert service.account_of(invitation) is None


def test_an_account_accepts_what_was_sent_to_its_own_address(tree, people, invitation):
    token = service.invite(invitation, actor=people.pemred)
    ani = builders.make_user("ani", "reporter", tree.payakumbuh, email="ani@pekon.web.id")
    with pytest.raises(service.StaffActionError):
        service.accept(token, person=people.sister)
    assert not people.sister.assignments.filter(region=tree.payakumbuh).exists()
    service.accept(token, person=ani)
    assert ani.assignments.count() == 1  # they had the role already
    assert Invitation.objects.get().accepted_by == ani
    with pytest.raises(service.StaffActionError):
        service.accept(token, person=ani)


def test_a_link_ends_with_its_time_and_with_its_senders_right(people, invitation):
    token = service.invite(invitation, actor=people.pemred)
    assert service.find_invitation("lain") is None
    people.pemred.assignments.update(role="editor")
    assert service.find_invitation(token) is None
    people.pemred.assignments.update(role="chief_editor")
    assert service.find_invitation(token) == invitation
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(service.StaffActionError):
        service.join(token, username="ani", name="Ani", password=PASSWORD)


@pytest.mark.parametrize("meanwhile", ["expired", "sent again"])
def test_a_link_that_ends_while_it_is_used_is_not_valid(people, invitation, monkeypatch, meanwhile):
    """The invitation is found, and locked only then."""
    token = service.invite(invitation, actor=people.pemred)
    find = service.find_invitation

    def find_and_end(token):
        found = find(token)
        if meanwhile == "expired":
            Invitation.objects.update(expires_at=timezone.now())
        else:
            service.invite_again(invitation, actor=people.pemred)
        return found

    monkeypatch.setattr(service, "find_invitation", find_and_end)
    with pytest.raises(service.StaffActionError):
        service.join(token, username="ani", name="Ani", password=PASSWORD)
    assert not User.objects.filter(username="ani").exists()


# --- Roles ----------------------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_by_who_manages_the_region(tree, people, budi, chief):
    given = Assignment(user=budi, region=tree.payakumbuh, role="editor")
    for who in (people.redaktur, builders.make_user("lain", "chief_editor", tree.limapuluhkota)):
        with pytest.raises(PermissionDenied):
            service.give_role(given, actor=who)
        with pytest.raises(PermissionDenied):
            service.take_role(budi.assignments.get(region=tree.payakumbuh), actor=who)
    service.give_role(given, actor=chief)
    assert {*budi.assignments.filter(region=tree.payakumbuh).values_list("role", flat=True)} == {"reporter", "editor"}
    service.take_role(given, actor=chief)
    assert {*budi.assignments.filter(region=tree.payakumbuh).values_list("role", flat=True)} == {"reporter"}
    assert told() == [
        (Verb.ROLE_GIVEN, "chief", "budi", tree.payakumbuh.pk, "editor, Payakumbuh"),
        (Verb.ROLE_TAKEN, "chief", "budi", tree.payakumbuh.pk, "editor, Payakumbuh"),
    ]


def test_nobody_gives_or_takes_their_own_roles(tree, chief):
    for act, role in (
        (service.give_role, Assignment(user=chief, region=tree.payakumbuh, role="editor")),
        (service.take_role, chief.assignments.get()),
    ):
        with pytest.raises(PermissionDenied):
            act(role, actor=chief)


# --- Accounts -------------------------------------------------------------------------------------------------


def test_an_account_is_ended_by_who_manages_all_its_regions_and_by_administrators(tree, people, budi, chief):
    nobody = builders.make_user("tanpaperan")
    may = {
        (person.username, who.username)
        for person in (budi, chief, people.reporter, people.admin, nobody)
        for who in (people.redaktur, people.pemred, chief, people.admin)
        if service.may_end(person, who)
    }
    assert may == {
        ("budi", "chief"),
        ("budi", "admin"),
        ("chief", "admin"),
        ("reporter", "pemred"),
        ("reporter", "chief"),
        ("reporter", "admin"),
        ("tanpaperan", "admin"),
    }
    Assignment.objects.create(user=people.admin, region=tree.payakumbuh, role="reporter")
    assert not service.may_end(people.admin, people.pemred)
    assert service.may_end(people.admin, builders.make_user("admin2", is_superuser=True))


def test_an_ended_account_is_logged_out_and_comes_back_with_its_roles(tree, people, budi, chief):
    session, other = log_in(budi), log_in(people.reporter)
    budi.first_name = "Tidak disimpan"
    with pytest.raises(PermissionDenied):
        service.deactivate(budi, actor=people.pemred)
    service.deactivate(budi, actor=chief)
    assert not User.objects.get(pk=budi.pk).is_active
    assert (is_logged_in(session), is_logged_in(other)) == (False, True)
    with pytest.raises(PermissionDenied):
        service.reactivate(budi, actor=people.pemred)
    service.reactivate(budi, actor=chief)
    stored = User.objects.get(pk=budi.pk)
    assert (stored.is_active, stored.first_name, budi.assignments.count()) == (True, "", 2)
    regions = [tree.payakumbuh.pk, tree.limapuluhkota.pk]
    assert sorted(told()) == sorted(
        (verb, "chief", "budi", region, "") for verb in (Verb.DEACTIVATED, Verb.REACTIVATED) for region in regions
    )


def test_an_account_without_a_role_is_in_the_journal_without_a_region(people):
    person = builders.make_user("tanpaperan")
    service.deactivate(person, actor=people.admin)
    assert told() == [(Verb.DEACTIVATED, "admin", "tanpaperan", None, "")]


def test_an_account_is_changed_by_an_administrator_and_its_old_address_is_forgotten(tree, people, budi, chief):
    for person in (budi, people.reporter):
        EmailAddress.objects.create(user=person, email=f"{person.username}@lama.id", verified=True)
    budi.first_name, budi.email = "Budi", " Budi@Pekon.web.id"
    with pytest.raises(PermissionDenied):
        service.change_account(budi, actor=chief, fields=["first_name"])
    service.change_account(budi, actor=people.admin, fields=["first_name"])
    assert (User.objects.get(pk=budi.pk).first_name, User.objects.get(pk=budi.pk).email) == ("Budi", "")
    assert EmailAddress.objects.count() == 2
    service.change_account(budi, actor=people.admin, fields=["email", "first_name"])
    assert User.objects.get(pk=budi.pk).email == "budi@pekon.web.id"
    assert [row.user for row in EmailAddress.objects.all()] == [people.reporter]
    assert {entry[:3] + entry[4:] for entry in told()} == {
        (Verb.CHANGED, "admin", "budi", "first_name"),
        (Verb.CHANGED, "admin", "budi", "email, first_name"),
    }


def test_no_two_accounts_have_one_address_and_one_keeps_its_own(people, budi):
    User.objects.filter(pk=people.reporter.pk).update(email="sudah@pekon.web.id")
    budi.email = "Sudah@pekon.web.id"
    with pytest.raises(service.StaffActionError):
        service.change_account(budi, actor=people.admin, fields=["email"])
    service.change_account(budi, actor=people.admin, fields=["first_name"])  # the address is not stored
    budi.email = "budi@pekon.web.id"
    for _time in range(2):
        service.change_account(budi, actor=people.admin, fields=["email"])


def test_an_administrator_is_made_by_another_one_alone(people):
    other = builders.make_user("admin2", is_superuser=True)
    for person, allowed in ((other, True), (people.admin, False)):
        person.is_superuser = False
        if not allowed:
            person = User.objects.get(pk=person.pk)
            with pytest.raises(PermissionDenied):
                service.change_account(person, actor=person, fields=["is_superuser"])
        else:
            service.change_account(person, actor=people.admin, fields=["is_superuser"])
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]
    people.admin.is_superuser, people.admin.first_name = True, "Ada"
    service.change_account(people.admin, actor=people.admin, fields=["first_name"])


# --- Authors --------------------------------------------------------------------------------------------------


def test_an_author_is_linked_by_who_manages_all_its_articles_regions(tree, people, budi, chief):
    author = builders.make_author("Linda Sari", tree.payakumbuh)
    service.link_author(author, budi, actor=people.pemred)
    assert Author.objects.get().user == budi
    service.link_author(author, people.reporter, actor=chief)
    service.link_author(author, None, actor=chief)
    assert Author.objects.get().user is None
    region = tree.payakumbuh.pk
    assert told() == [
        (Verb.AUTHOR_LINKED, "pemred", "budi", region, "Linda Sari"),
        (Verb.AUTHOR_UNLINKED, "chief", "budi", region, "Linda Sari"),
        (Verb.AUTHOR_LINKED, "chief", "reporter", region, "Linda Sari"),
        (Verb.AUTHOR_UNLINKED, "chief", "reporter", region, "Linda Sari"),
    ]
    builders.make_article(tree.limapuluhkota, writers=[author])
    assert service.may_link(author, chief)
    assert not service.may_link(author, people.pemred)
    with pytest.raises(PermissionDenied):
        service.link_author(author, budi, actor=people.pemred)
    elsewhere = builders.make_author("Andi Tenri", tree.ambon)
    assert not service.may_link(elsewhere, chief)


def test_a_new_author_is_linked_by_who_manages_people_anywhere(tree, people, budi):
    assert service.may_link(None, people.pemred)
    assert not service.may_link(None, people.redaktur)
    service.link_author(Author(name="Baru", slug="baru", region=tree.payakumbuh), budi, actor=people.pemred)
    assert Author.objects.get().user == budi
    assert [entry[0] for entry in told()] == [Verb.AUTHOR_LINKED]


# --- Second factors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["reset", "rescue"])
def test_lost_second_factors_are_removed_with_every_session(people, budi, chief, way):
    for person in (budi, people.reporter):
        for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
            Authenticator.objects.create(user=person, type=kind, data={})
    session, other = log_in(budi), log_in(people.reporter)
    if way == "rescue":
        assert service.rescue(budi) == 2
        assert service.rescue(budi) == 0
    else:
        for who in (chief, budi):
            with pytest.raises(PermissionDenied):
                service.reset_second_factors(budi, actor=who)
        with pytest.raises(PermissionDenied):
            service.reset_second_factors(people.admin, actor=people.admin)
        service.reset_second_factors(budi, actor=people.admin)
    assert {row.user for row in Authenticator.objects.all()} == {people.reporter}
    assert (is_logged_in(session), is_logged_in(other)) == (False, True)
    actor, note = (None, "manage.py rescue") if way == "rescue" else ("admin", "")
    assert {entry[:3] + entry[4:] for entry in told()} == {(Verb.FACTORS_RESET, actor, "budi", note)}
