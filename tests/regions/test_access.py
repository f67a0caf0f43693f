import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, User

from news.demo.builders import make_region, make_user
from regions.models import Assignment, Region
from regions.permissions import access
from regions.permissions.access import Permission

Role = Assignment.Role
TABLE = {
    Role.CONTRIBUTOR: {Permission.WRITE},
    Role.REPORTER: {Permission.WRITE},
    Role.EDITOR: {Permission.WRITE, Permission.EDIT, Permission.PUBLISH},
    Role.CHIEF_EDITOR: set(Permission) - {Permission.ADMINISTER},
}


def granted(user, region):
    return {permission for permission in Permission if access.allowed(user, permission, region)}


def labels(user, permission=Permission.WRITE):
    return {region.subdomain for region in access.regions_for(user, permission)}


@pytest.mark.parametrize("role", Role)
def test_a_role_grants_what_the_design_says(tree, role):
    user = make_user("budi", role, tree.payakumbuh)
    assert granted(user, tree.payakumbuh) == TABLE[role]


@pytest.mark.parametrize("role", Role)
def test_a_role_holds_below_its_region_and_nowhere_else(tree, role):
    user = make_user("budi", role, tree.sumbar)
    for region in (tree.sumbar, tree.payakumbuh, tree.limapuluhkota):
        assert granted(user, region) == TABLE[role]
    for region in (tree.network, tree.maluku, tree.makassar):
        assert granted(user, region) == set()


def test_a_citys_role_does_not_hold_in_its_sister_or_above(tree):
    user = make_user("budi", Role.CHIEF_EDITOR, tree.payakumbuh)
    assert labels(user, Permission.MANAGE) == {"payakumbuh"}


def test_a_role_in_the_network_holds_everywhere(tree):
    user = make_user("budi", Role.EDITOR, tree.network)
    assert set(access.regions_for(user, Permission.PUBLISH)) == set(Region.objects.all())
    assert not access.regions_for(user, Permission.WITHDRAW).exists()


def test_a_role_does_not_hold_in_a_namesake(tree):
    solok, namesake = make_region("solok", tree.network), make_region("solokselatan", tree.network)
    user = make_user("budi", Role.EDITOR, solok)
    assert granted(user, solok)
    assert granted(user, namesake) == set()


def test_roles_in_several_regions_add_up_each_with_its_own_permissions(tree):
    user = make_user("budi", Role.REPORTER, tree.sumbar)
    Assignment.objects.create(user=user, region=tree.payakumbuh, role=Role.EDITOR)
    Assignment.objects.create(user=user, region=tree.ambon, role=Role.CHIEF_EDITOR)
    assert labels(user) == {"sumaterabarat", "payakumbuh", "limapuluhkota", "ambon"}
    assert labels(user, Permission.PUBLISH) == {"payakumbuh", "ambon"}
    assert labels(user, Permission.WITHDRAW) == {"ambon"}


def test_a_role_holds_in_a_closed_region(tree):
    user = make_user("budi", Role.EDITOR, tree.payakumbuh)
    Region.objects.update(is_open=False)
    assert labels(user) == {"payakumbuh"}


def test_a_role_follows_its_region_to_another_province(tree):
    user = make_user("budi", Role.EDITOR, tree.sumbar)
    Region.objects.filter(pk=tree.payakumbuh.pk).update(parent=tree.maluku, path="/maluku/payakumbuh/")
    assert labels(user) == {"sumaterabarat", "limapuluhkota"}


def test_a_role_taken_away_is_gone_at_the_next_request(tree, people, newsroom):
    client = newsroom(people.redaktur)

    def asked():
        return granted(client.get("/").wsgi_request.user, tree.payakumbuh)

    assert asked() == TABLE[Role.EDITOR]
    people.redaktur.assignments.update(role=Role.REPORTER)
    assert asked() == TABLE[Role.REPORTER]
    people.redaktur.assignments.all().delete()
    assert asked() == set()


@pytest.mark.parametrize("flag", ["is_active", "is_staff"])
@pytest.mark.parametrize("superuser", [False, True])
def test_an_account_without_the_flag_may_do_nothing(tree, flag, superuser):
    user = make_user("budi", Role.CHIEF_EDITOR, tree.payakumbuh, is_superuser=superuser)
    assert granted(user, tree.payakumbuh) >= TABLE[Role.CHIEF_EDITOR]
    User.objects.filter(pk=user.pk).update(**{flag: False})
    user.refresh_from_db()
    assert granted(user, tree.payakumbuh) == set()
    assert not access.regions_for(user, Permission.WRITE).exists()


@pytest.mark.parametrize("flag", ["is_active", "is_staff"])
def test_a_disabled_account_is_shut_out_at_its_next_request(people, newsroom, flag):
    client = newsroom(people.redaktur)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=people.redaktur.pk).update(**{flag: False})
    assert client.get("/").status_code == 302


def test_an_administrator_may_do_everything_everywhere(tree, people):
    for region in Region.objects.all():
        assert granted(people.admin, region) == set(Permission)


def test_a_stranger_may_do_nothing(tree):
    for permission in Permission:
        assert not access.regions_for(AnonymousUser(), permission).exists()
        assert not access.allowed(AnonymousUser(), permission, tree.network)


def test_an_account_without_a_role_may_do_nothing(tree):
    user = make_user("budi")
    assert granted(user, tree.network) == granted(user, tree.payakumbuh) == set()


def test_roles_are_read_once_however_many_there_are_and_however_often_one_asks(tree, django_assert_num_queries):
    user = make_user("budi", Role.EDITOR, tree.payakumbuh)
    for region in (tree.makassar, tree.ambon, tree.maluku, tree.sulsel):
        Assignment.objects.create(user=user, region=region, role=Role.EDITOR)
    with django_assert_num_queries(1):
        assert granted(user, tree.payakumbuh) == granted(user, tree.ambon) == TABLE[Role.EDITOR]
    with django_assert_num_queries(1):
        assert len(access.regions_for(user, Permission.EDIT)) == 5


@pytest.mark.parametrize("kind", Authenticator.Type)
def test_powers_ask_for_a_second_factor_and_recovery_codes_are_none(tree, settings, kind):
    settings.REQUIRE_SECOND_FACTOR = True
    is_factor = kind != Authenticator.Type.RECOVERY_CODES
    for name, role, rights in (
        ("budi", Role.CHIEF_EDITOR, TABLE[Role.CHIEF_EDITOR]),
        ("ani", Role.EDITOR, TABLE[Role.EDITOR]),
        ("tono", Role.REPORTER, {Permission.WRITE}),
        ("admin", "", set(Permission)),
    ):
        user = make_user(name, role, tree.payakumbuh, is_superuser=not role)
        assert granted(user, tree.payakumbuh) == {Permission.WRITE}
        assert access.awaits_second_factor(user) is (name != "tono")
        assert not access.has_second_factor(user)
        Authenticator.objects.create(user=user, type=kind, data={})
        user = User.objects.get(pk=user.pk)  # as in the next request
        assert access.has_second_factor(user) is is_factor
        assert granted(user, tree.payakumbuh) == (rights if is_factor else {Permission.WRITE})
        assert access.awaits_second_factor(user) is (name != "tono" and not is_factor)
    settings.REQUIRE_SECOND_FACTOR = False
    assert not access.awaits_second_factor(user)


def test_a_second_factor_is_looked_for_once_and_is_ones_own(tree, settings, django_assert_num_queries):
    settings.REQUIRE_SECOND_FACTOR = True
    other, user = make_user("ani"), make_user("budi", Role.EDITOR, tree.payakumbuh)
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    with django_assert_num_queries(2):
        assert granted(user, tree.payakumbuh) == {Permission.WRITE}


@pytest.mark.parametrize("second_factor", [False, True])
def test_who_has_a_permission_is_the_same_asked_by_person_and_by_region(tree, settings, second_factor):
    """People with several roles, roles above and beside, without a flag, with and without a second factor."""
    settings.REQUIRE_SECOND_FACTOR = second_factor
    places = (tree.network, tree.sumbar, tree.payakumbuh, tree.limapuluhkota)
    people = [make_user(f"{role}{place.pk}", role, place) for role in Role for place in places]
    both = make_user("both", Role.EDITOR, tree.payakumbuh)
    both.assignments.create(region=tree.sumbar, role=Role.REPORTER)
    admins = [make_user(f"admin{number}", is_superuser=True) for number in range(2)]
    shut = [make_user(flag, Role.EDITOR, tree.sumbar) for flag in ("is_active", "is_staff")]
    for person in shut:
        User.objects.filter(pk=person.pk).update(**{person.username: False})
    for number, person in enumerate([*people, both, *admins, *shut]):
        kind = [None, *Authenticator.Type][number % 4]
        if kind:
            Authenticator.objects.create(user=person, type=kind, data={})
    for permission in Permission:
        for region in (*places, tree.makassar):
            expected = {user.username for user in User.objects.all() if access.allowed(user, permission, region)}
            found = list(access.people_for(permission, region).values_list("username", flat=True))
            assert sorted(found) == sorted(expected), (permission, region)
