"""People: who invites whom to what, who gives and takes roles, and whose accounts end."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from news.demo import builders
from news.models import Event, Status
from news.publishing import previews, workflow
from news.staff import service
from regions.models import Assignment, Invitation
from regions.permissions import access
from regions.permissions.access import Permission
from tests.conftest import HostClient
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases

PASSWORD = "kata-sandi-yang-panjang"


@pytest.fixture
def invite(people, newsroom, commits_at_once):
    """`invite(region, role)`: the chief editor invites by the form; returns the path of the link in the mail."""

    def send(region, role="reporter"):
        data = {"name": "Ani", "email": "ani@pekon.web.id", "region": region.pk, "role": role}
        newsroom(people.pemred).post("/regions/invitation/add/", data)
        return re.search(r"https?://[^/\s]+(/undangan/\S+)", mail.outbox[-1].body)[1] if mail.outbox else ""

    return send


def stranger():
    return HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}")


def join(link, client=None, **overrides):
    data = {"name": "Ani Putri", "username": "ani", "password1": PASSWORD, "password2": PASSWORD} | overrides
    return (client or stranger()).post(link, data)


# --- Invitations ------------------------------------------------------------------------------------------------


def test_an_invitation_makes_an_account_with_its_role_and_logs_in(tree, invite):
    link = invite(tree.payakumbuh)
    client = stranger()
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert "ani@pekon.web.id" in page.text
    assert join(link, client).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    ani = User.objects.get(username="ani")
    assert (ani.get_full_name(), ani.email, ani.is_superuser) == ("Ani Putri", "ani@pekon.web.id", False)
    assert list(ani.assignments.values_list("region__subdomain", "role")) == [("payakumbuh", "reporter")]
    assert access.allowed(ani, Permission.WRITE, tree.payakumbuh)


def test_the_mail_says_who_what_where_and_until_when(tree, invite):
    invite(tree.payakumbuh)
    (message,) = mail.outbox
    assert message.to == ["ani@pekon.web.id"]
    assert message.from_email == "redaksi@pekon.web.id"
    for said in ("Ani", "reporter", "Payakumbuh", "PEKON.WEB.ID", "WIB"):
        assert said in message.body + message.subject


def test_a_link_works_once(tree, invite):
    link = invite(tree.payakumbuh)
    join(link)
    again = join(link, username="lain")
    assert again.status_code == 404
    assert not User.objects.filter(username="lain").exists()


@pytest.mark.parametrize("ended", ["expired", "revoked", "sent again", "sender lost the role", "sender disabled"])
def test_a_link_that_ended_answers_as_one_that_never_was(tree, people, newsroom, invite, ended):
    link = invite(tree.payakumbuh)
    invitation = Invitation.objects.get()
    match ended:
        case "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "revoked":
            newsroom(people.pemred).post(f"/regions/invitation/{invitation.pk}/revoke/")
        case "sent again":
            newsroom(people.pemred).post(f"/regions/invitation/{invitation.pk}/send_again/")
        case "sender lost the role":
            people.pemred.assignments.update(role="editor")
        case "sender disabled":
            User.objects.filter(pk=people.pemred.pk).update(is_active=False)
    never = stranger().get("/undangan/tidak-ada/")
    for answer in (stranger().get(link), join(link)):
        assert answer.status_code == never.status_code == 404
        assert re.sub(r'value="[^"]*"', "", answer.text) == re.sub(r'value="[^"]*"', "", never.text)
    assert not User.objects.filter(username="ani").exists()


def test_only_a_digest_of_the_link_is_stored(tree, invite):
    token = invite(tree.payakumbuh).split("/")[2]
    assert token not in str(Invitation.objects.values())
    assert token not in str(Event.objects.values())


@pytest.mark.parametrize("field", ["region", "role"])
def test_nobody_invites_to_a_region_or_role_beyond_their_own(tree, people, invite, field):
    for region in (tree.limapuluhkota, tree.sumbar, tree.network):
        invite(region)
    assert not Invitation.objects.exists()
    invite(tree.payakumbuh, role="admin")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["kontributor", "reporter", "redaktur"])
def test_who_manages_nobody_invites_nobody(tree, people, newsroom, role):
    data = {"name": "Ani", "email": "ani@pekon.web.id", "region": tree.payakumbuh.pk, "role": "reporter"}
    assert newsroom(getattr(people, role)).post("/regions/invitation/add/", data).status_code == 403
    with pytest.raises(PermissionDenied):
        service.invite(Invitation(**(data | {"region": tree.payakumbuh})), actor=getattr(people, role))


def test_an_invitation_with_mistakes_names_them_and_makes_nothing(tree, people, invite):
    link = invite(tree.payakumbuh)
    wrong = {
        "short": {"password1": "123", "password2": "123"},
        "different": {"password2": "lain-lagi-dan-lagi"},
        "like the name": {"username": "anisasari", "password1": "anisasari1", "password2": "anisasari1"},
        "taken": {"username": "Reporter"},
        "an address": {"username": "ani@pekon.web.id"},
        "nothing": {"username": ""},
    }
    for what, typed in wrong.items():
        page = join(link, **typed)
        assert page.status_code == 200, what
        assert "errorlist" in page.text, what
    assert not User.objects.filter(email="ani@pekon.web.id").exists()


def test_an_existing_account_gets_the_further_role_and_the_inviter_learns_nothing(tree, people, invite, newsroom):
    known = builders.make_user("ani", "reporter", tree.makassar, email="ani@pekon.web.id", password=PASSWORD)
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    link = invite(tree.payakumbuh)
    asked = stranger().get(link)
    assert asked.headers["Location"] == f"/akun/masuk/?next={link}"
    client = newsroom(known)
    assert "Payakumbuh" in client.get(link).text
    assert client.post(link).headers["Location"] == "/"
    assert set(known.assignments.values_list("region__subdomain", flat=True)) == {"makassar", "payakumbuh"}


def test_somebody_elses_invitation_is_not_taken_by_accident(tree, people, invite, newsroom):
    link = invite(tree.payakumbuh)
    client = newsroom(people.reporter)
    assert "untuk akun lain" in client.get(link).text
    client.post(link)
    assert people.reporter.assignments.count() == 1
    assert Invitation.objects.open().exists()


def test_an_invitation_is_kept_and_shown_once_to_be_passed_on_by_hand(tree, people, newsroom, commits_at_once):
    """The mail leaves in the background (tests/background/test_mail.py), and may fail."""
    client = newsroom(people.pemred)
    data = {"name": "Ani", "email": "ani@pekon.web.id", "region": tree.payakumbuh.pk, "role": "reporter"}
    client.post("/regions/invitation/add/", data)
    page = client.get("/regions/invitation/")
    assert "jika server surel sedang mati" in page.text
    link = re.search(r"https?://[^/\s]+(/undangan/[^<\s]+)", page.text)[1]
    assert join(link).status_code == 302
    assert link not in client.get("/regions/invitation/").text, "the link is shown once"


# --- Roles ------------------------------------------------------------------------------------------------------


def roles_form(*added, delete=()):
    """The inline's data: `added` (region, role) pairs, and stored assignments to delete."""
    data = {"assignments-TOTAL_FORMS": len(added) + len(delete), "assignments-INITIAL_FORMS": len(delete)}
    for number, assignment in enumerate(delete):
        data |= {f"assignments-{number}-id": assignment.pk, f"assignments-{number}-DELETE": "on"}
        data |= {f"assignments-{number}-region": assignment.region_id, f"assignments-{number}-role": assignment.role}
    for number, (region, role) in enumerate(added, len(delete)):
        data |= {f"assignments-{number}-region": region.pk, f"assignments-{number}-role": role}
    return data


def held(user):
    return set(user.assignments.values_list("region__subdomain", "role"))


def test_a_chief_editor_gives_and_takes_roles_in_their_region(tree, people, newsroom):
    client, address = newsroom(people.pemred), f"/auth/user/{people.reporter.pk}/change/"
    client.post(address, roles_form((tree.payakumbuh, "editor")))
    assert held(people.reporter) == {("payakumbuh", "reporter"), ("payakumbuh", "editor")}
    client.post(address, roles_form(delete=people.reporter.assignments.filter(role="reporter")))
    assert held(people.reporter) == {("payakumbuh", "editor")}
    assert list(Event.objects.filter(person=people.reporter).order_by("pk").values_list("verb", flat=True)) == [
        Event.Verb.ROLE_GIVEN,
        Event.Verb.ROLE_TAKEN,
    ]


def test_roles_elsewhere_are_neither_shown_nor_touched(tree, people, newsroom):
    builders.Assignment.objects.create(user=people.reporter, region=tree.makassar, role="editor")
    client, address = newsroom(people.pemred), f"/auth/user/{people.reporter.pk}/change/"
    assert "Makassar" not in client.get(address).text
    foreign = people.reporter.assignments.filter(region=tree.makassar)
    client.post(address, roles_form(delete=foreign))
    client.post(address, roles_form((tree.makassar, "chief_editor")))
    assert ("makassar", "editor") in held(people.reporter)
    assert ("makassar", "chief_editor") not in held(people.reporter)
    with pytest.raises(PermissionDenied):
        service.take_role(foreign.get(), actor=people.pemred)


def test_nobody_changes_their_own_roles(tree, people, newsroom):
    client = newsroom(people.pemred)
    client.post(f"/auth/user/{people.pemred.pk}/change/", roles_form(delete=people.pemred.assignments.all()))
    assert held(people.pemred) == {("payakumbuh", "chief_editor")}
    with pytest.raises(PermissionDenied):
        service.give_role(Assignment(user=people.pemred, region=tree.payakumbuh, role="editor"), actor=people.pemred)


def test_a_chief_editor_sees_their_people_with_their_last_activity(tree, people, newsroom):
    newsroom(people.reporter).get("/")
    page = newsroom(people.pemred).get("/auth/user/")
    assert "reporter" in page.text
    assert "sister" not in page.text
    assert re.search(r"field-last_activity\S*>\d+ \w+ \d{4} \d\d:\d\d WIB", page.text)


# --- Accounts ---------------------------------------------------------------------------------------------------


def test_a_deactivated_person_is_out_at_the_next_click_and_back_with_the_same_roles(tree, people, newsroom):
    client, chief = newsroom(people.reporter), newsroom(people.pemred)
    assert client.get("/").status_code == 200
    chief.post(f"/auth/user/{people.reporter.pk}/deactivate/")
    assert client.get("/").status_code == 302
    chief.post(f"/auth/user/{people.reporter.pk}/reactivate/")
    assert held(people.reporter) == {("payakumbuh", "reporter")}
    assert newsroom(people.reporter).get("/").status_code == 200


def test_a_role_taken_in_mid_session_refuses_the_next_post(tree, people, newsroom):
    client = newsroom(people.redaktur)
    article = builders.make_article(tree.payakumbuh)
    workflow.import_as(article, status=Status.SUBMITTED)
    form = article_form(article, act="publish")
    service.take_role(people.redaktur.assignments.get(), actor=people.pemred)
    assert client.post(f"/news/article/{article.pk}/change/", form).status_code in {302, 403}
    article.refresh_from_db()
    assert article.status == Status.SUBMITTED


def test_an_account_with_roles_elsewhere_too_is_ended_by_an_administrator_only(tree, people, newsroom):
    Assignment.objects.create(user=people.reporter, region=tree.makassar, role="reporter")
    assert newsroom(people.pemred).post(f"/auth/user/{people.reporter.pk}/deactivate/").status_code == 403
    assert User.objects.get(pk=people.reporter.pk).is_active
    newsroom(people.admin).post(f"/auth/user/{people.reporter.pk}/deactivate/")
    assert not User.objects.get(pk=people.reporter.pk).is_active


@pytest.mark.parametrize("whom", ["pemred", "admin", "sister"])
def test_nobody_ends_their_own_account_an_administrators_or_a_foreign_one(people, newsroom, whom):
    Assignment.objects.create(user=people.admin, region=people.pemred.assignments.get().region, role="reporter")
    person = getattr(people, whom)
    assert newsroom(people.pemred).post(f"/auth/user/{person.pk}/deactivate/").status_code in {403, 404}
    assert User.objects.get(pk=person.pk).is_active


def test_an_administrator_changes_accounts_and_a_chief_editor_does_not(people, newsroom):
    address = f"/auth/user/{people.reporter.pk}/change/"
    typed = {"first_name": "Nama Lain", "email": "lain@pekon.web.id", "is_superuser": "on"} | roles_form()
    newsroom(people.pemred).post(address, typed)
    person = User.objects.get(pk=people.reporter.pk)
    assert (person.first_name, person.email, person.is_superuser) == ("", "", False)
    newsroom(people.admin).post(address, typed)
    person.refresh_from_db()
    assert (person.first_name, person.email, person.is_superuser) == ("Nama Lain", "lain@pekon.web.id", True)


def test_a_changed_address_leaves_no_way_in_by_the_old_one(people, newsroom):
    """allauth's row of the old address would still open the account by mail."""
    person = people.reporter
    EmailAddress.objects.create(user=person, email="lama@pekon.web.id", verified=True, primary=True)
    typed = {"first_name": "", "email": "baru@pekon.web.id"} | roles_form()
    assert newsroom(people.admin).post(f"/auth/user/{person.pk}/change/", typed).status_code == 302
    assert not EmailAddress.objects.filter(user=person, email="lama@pekon.web.id").exists()
    stranger().post("/akun/sandi/lupa/", {"email": "lama@pekon.web.id"})
    assert not any("/akun/sandi/baru/" in message.body for message in mail.outbox)


@pytest.mark.parametrize("act", ["deactivate", "reset_second_factors"])
def test_sessions_end_with_the_account_and_with_its_second_factors(people, newsroom, act):
    """Sessions stay ended after the account is active again."""
    client = newsroom(people.reporter)
    assert client.get("/").status_code == 200
    assert UserSession.objects.filter(user=people.reporter).exists()
    newsroom(people.admin).post(f"/auth/user/{people.reporter.pk}/{act}/")
    User.objects.filter(pk=people.reporter.pk).update(is_active=True)
    assert client.get("/").status_code == 302
    assert not UserSession.objects.filter(user=people.reporter).exists()


def test_lost_second_factors_are_removed_by_an_administrator_only(people, newsroom):
    Authenticator.objects.create(user=people.reporter, type=Authenticator.Type.TOTP, data={})
    address = f"/auth/user/{people.reporter.pk}/reset_second_factors/"
    assert newsroom(people.pemred).post(address).status_code == 403
    assert access.has_second_factor(User.objects.get(pk=people.reporter.pk))
    newsroom(people.admin).post(address)
    assert not access.has_second_factor(User.objects.get(pk=people.reporter.pk))


def test_an_author_is_linked_to_an_account_by_those_who_manage_people(tree, people, newsroom):
    author = builders.make_author("Ani", tree.payakumbuh)
    data = {"name": "Ani", "slug": author.slug, "region": tree.payakumbuh.pk, "is_active": "on"}
    address = f"/news/author/{author.pk}/change/"
    newsroom(people.redaktur).post(address, data | {"user": people.reporter.pk})
    author.refresh_from_db()
    assert author.user is None
    newsroom(people.pemred).post(address, data | {"user": people.sister.pk})
    author.refresh_from_db()
    assert author.user is None
    newsroom(people.pemred).post(address, data | {"user": people.reporter.pk})
    author.refresh_from_db()
    assert author.user == people.reporter
    new = data | {"name": "Dodi", "slug": "dodi", "user": people.kontributor.pk}
    assert newsroom(people.pemred).post("/news/author/add/", new).status_code == 302
    assert people.kontributor.author.name == "Dodi"


# --- The second factor --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["redaktur", "pemred", "admin"])
def test_without_a_second_factor_a_publishing_role_can_only_write(tree, people, newsroom, settings, role):
    settings.REQUIRE_SECOND_FACTOR = True
    person = User.objects.get(pk=getattr(people, role).pk)
    granted = {permission for permission in Permission if access.allowed(person, permission, tree.payakumbuh)}
    assert granted == {Permission.WRITE}
    assert access.awaits_second_factor(person)
    client, theirs = newsroom(person), builders.make_article(tree.payakumbuh)
    assert "faktor kedua" in client.get("/").text
    assert client.get(f"/news/article/{theirs.pk}/change/").status_code == 302
    assert client.get("/auth/user/").status_code == 403
    article = builders.make_article(tree.payakumbuh, created_by=person)
    with pytest.raises(PermissionDenied):
        workflow.publish(article, actor=person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    person = User.objects.get(pk=person.pk)
    assert not access.awaits_second_factor(person)
    assert workflow.publish(article, actor=person).status == Status.APPROVED


def test_writers_need_no_second_factor_and_recovery_codes_are_none(people, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    assert not access.awaits_second_factor(people.reporter)
    Authenticator.objects.create(user=people.redaktur, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert access.awaits_second_factor(User.objects.get(pk=people.redaktur.pk))


# --- Addresses --------------------------------------------------------------------------------------------------


def test_an_invited_address_with_capitals_can_get_a_new_password(tree, people, newsroom, commits_at_once):
    data = {"name": "Linda", "email": "Linda.Sari@Gmail.com", "region": tree.payakumbuh.pk, "role": "reporter"}
    newsroom(people.pemred).post("/regions/invitation/add/", data)
    join(re.search(r"https?://[^/\s]+(/undangan/\S+)", mail.outbox[-1].body)[1])
    for address in ("Linda.Sari@Gmail.com", "linda.sari@gmail.com"):
        mail.outbox.clear()
        stranger().post("/akun/sandi/lupa/", {"email": address})
        assert "/akun/sandi/baru/" in mail.outbox[0].body


def test_no_two_accounts_have_one_address(people, newsroom):
    User.objects.filter(pk=people.reporter.pk).update(email="ani@pekon.web.id")
    page = newsroom(people.admin).post(
        f"/auth/user/{people.redaktur.pk}/change/", {"first_name": "x", "email": "ANI@pekon.web.id"} | roles_form()
    )
    assert "sudah dipakai akun lain" in page.text
    assert User.objects.get(pk=people.redaktur.pk).email == ""
    people.redaktur.email = "ani@pekon.web.id"
    with pytest.raises(service.StaffActionError):
        service.change_account(people.redaktur, actor=people.admin, fields=["email"])


def test_somebody_whose_account_is_deactivated_is_told_so(tree, people, invite):
    builders.make_user("ani", email="ani@pekon.web.id", is_active=False)
    link = invite(tree.payakumbuh)
    assert "dinonaktifkan" in stranger().get(link).text
    assert "dinonaktifkan" in join(link, username="lain").text
    assert not User.objects.filter(username="lain").exists()


def test_the_old_address_is_told_of_a_change_by_others(people, newsroom, commits_at_once):
    User.objects.filter(pk=people.reporter.pk).update(email="lama@pekon.web.id")
    newsroom(people.admin).post(
        f"/auth/user/{people.reporter.pk}/change/", {"first_name": "x", "email": "baru@pekon.web.id"} | roles_form()
    )
    newsroom(people.pemred).post(f"/auth/user/{people.redaktur.pk}/deactivate/")
    assert [message.to for message in mail.outbox] == [["lama@pekon.web.id"]]


def test_linking_an_author_is_in_the_journal_and_refused_over_another_regions_articles(tree, people, newsroom):
    author = builders.make_author("Linda", tree.payakumbuh)
    data = {"name": "Linda", "slug": author.slug, "region": tree.payakumbuh.pk, "is_active": "on"}
    address = f"/news/author/{author.pk}/change/"
    newsroom(people.pemred).post(address, data | {"user": people.reporter.pk})
    assert Event.objects.get(verb=Event.Verb.AUTHOR_LINKED).person == people.reporter
    builders.make_article(tree.limapuluhkota, writers=[author])
    newsroom(people.pemred).post(address, data | {"user": people.pemred.pk})
    author.refresh_from_db()
    assert author.user == people.reporter


def test_a_preview_link_ends_with_the_rights_of_who_made_it(tree, people):
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    link = previews.make(article, actor=people.reporter)
    path = previews.address(link).partition(settings.DOMAIN)[2]
    assert HostClient(tree.network.host).get(path).status_code == 200
    service.deactivate(people.reporter, actor=people.pemred)
    assert HostClient(tree.network.host).get(path).status_code == 404


def test_an_article_brings_a_few_new_tags_and_not_thousands(tree, people, newsroom):
    data = article_form(region=tree.payakumbuh, section=builders.make_section(), tags=",".join(map(str, range(60))))
    assert "paling banyak" in newsroom(people.kontributor).post("/news/article/add/", data).text
    assert not builders.Tag.objects.exists()
