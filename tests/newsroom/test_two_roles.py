"""People with different roles in several regions: a right in one region is none in another."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from news.demo import builders
from news.models import Article, Event, Page, Share, Status
from news.publishing import workflow
from news.staff import service
from regions.models import Assignment, Invitation
from tests.newsroom.forms import article_form
from tests.newsroom.world import of_two_regions

HOUR = timedelta(hours=1)


@pytest.fixture
def mixed(tree):
    return of_two_regions(tree)


def offered(client, address, field="region"):
    """The regions that a form offers."""
    form = client.get(address).context["adminform"].form
    return set(form.fields[field].queryset.values_list("subdomain", flat=True))


def shares_offered(client, address):
    formsets = {one.formset.prefix: one.formset for one in client.get(address).context["inline_admin_formsets"]}
    return set(formsets["shares"].empty_form.fields["region"].queryset.values_list("subdomain", flat=True))


# --- What can be chosen -------------------------------------------------------------------------------------------


def test_an_article_is_shared_only_with_regions_that_one_publishes_for(tree, mixed, newsroom):
    article = builders.make_article(tree.payakumbuh)
    client = newsroom(mixed.editor_and_reporter)
    assert shares_offered(client, f"/news/article/{article.pk}/change/") == {"payakumbuh"}
    form = article_form(article, shares={tree.limapuluhkota: ""})
    assert client.post(f"/news/article/{article.pk}/change/", form).status_code == 200
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/news/page/add/",
        "/regions/masthead/add/",
        "/regions/invitation/add/",
        "/adverts/advert/add/",
        "/adverts/adstxt/add/",
    ],
)
def test_what_belongs_to_those_who_manage_is_offered_for_their_region_alone(mixed, newsroom, address):
    assert offered(newsroom(mixed.chief_and_contributor), address) == {"payakumbuh"}


def test_a_front_is_filled_only_where_one_publishes(tree, mixed, newsroom):
    client = newsroom(mixed.editor_and_reporter)
    assert client.get("/halaman-depan/").headers["Location"] == "/halaman-depan/payakumbuh/"
    story = builders.make_live(tree.limapuluhkota, shares={tree.payakumbuh: None})
    page = client.get(f"/halaman-depan/pasang/{story.pk}/")
    assert "payakumbuh:lead" in page.text
    assert "limapuluhkota:lead" not in page.text
    assert client.get("/halaman-depan/limapuluhkota/").status_code == 404


def test_a_page_or_an_invitation_for_a_region_where_one_only_writes_is_refused(tree, mixed, newsroom):
    client = newsroom(mixed.chief_and_contributor)
    invited = {"name": "Rina", "email": "rina@pekon.web.id", "role": "reporter", "region": tree.limapuluhkota.pk}
    page = {"region": tree.sumbar.pk, "slug": "privasi", "title": "Privasi", "body": "<p>Ya.</p>"}
    for address, data in (("/regions/invitation/add/", invited), ("/news/page/add/", page)):
        assert client.post(address, data).status_code == 200
        assert client.post(address, data | {"region": tree.payakumbuh.pk}).status_code == 302
    assert [row.region for row in (*Invitation.objects.all(), *Page.objects.all())] == [tree.payakumbuh] * 2


# --- What one sees ------------------------------------------------------------------------------------------------


def test_who_no_longer_writes_for_a_region_does_not_see_what_they_wrote_there(tree, mixed, newsroom):
    person = mixed.editor_and_reporter
    builders.make_article(tree.limapuluhkota, title="Dari masa lalu", created_by=person, status=Status.DRAFT)
    client = newsroom(person)
    assert "Dari masa lalu" in client.get("/news/article/").text
    assert "Dari masa lalu" in client.get("/").text
    person.assignments.filter(region=tree.limapuluhkota).delete()
    assert "Dari masa lalu" not in client.get("/news/article/").text
    assert "Dari masa lalu" not in client.get("/").text


def test_a_colleagues_article_is_not_seen_where_one_only_writes(tree, mixed, newsroom):
    builders.make_article(tree.limapuluhkota, title="Milik rekan", created_by=mixed.chief_and_contributor)
    for address in ("/news/article/", "/"):
        assert "Milik rekan" not in newsroom(mixed.editor_and_reporter).get(address).text


def test_a_chief_editor_sees_of_a_person_only_what_happened_in_their_own_region(tree, people, mixed, newsroom):
    person = builders.make_user("rekan", "reporter", tree.payakumbuh)
    service.give_role(Assignment(user=person, region=tree.makassar, role="editor"), actor=people.admin)
    service.give_role(Assignment(user=person, region=tree.payakumbuh, role="editor"), actor=people.pemred)
    address = f"/auth/user/{person.pk}/change/"
    told = newsroom(people.pemred).get(address).context["events"]
    assert [event.region for event in told] == [tree.payakumbuh]
    assert {event.region for event in newsroom(people.admin).get(address).context["events"]} == {
        tree.payakumbuh,
        tree.makassar,
    }


# --- What one does ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "moved"), [(Status.DRAFT, True), (Status.RETURNED, True), (Status.SUBMITTED, False)]
)
def test_what_waits_for_editors_is_not_moved_to_a_region_where_one_only_writes(tree, mixed, status, moved):
    article = builders.make_article(tree.payakumbuh, created_by=mixed.editor_and_reporter)
    article = workflow.import_as(article, status=status)
    article.region = tree.limapuluhkota
    if moved:
        workflow.save(article, actor=mixed.editor_and_reporter)
    else:
        with pytest.raises(PermissionDenied):
            workflow.save(article, actor=mixed.editor_and_reporter)
    assert (Article.objects.get(pk=article.pk).region == tree.limapuluhkota) is moved


def test_permission_is_asked_of_the_stored_row_and_not_of_what_the_form_holds(tree, people, mixed):
    """Somebody moved the article meanwhile to a region where the person only writes."""
    seen = workflow.import_as(builders.make_article(tree.payakumbuh, created_by=people.sister), status="submitted")
    Article.objects.filter(pk=seen.pk).update(region=tree.limapuluhkota)
    person = mixed.editor_and_reporter
    for act in (
        lambda: workflow.publish(seen, actor=person),
        lambda: workflow.return_to_writer(seen, actor=person, note="Lengkapi."),
        lambda: workflow.schedule(seen, actor=person, at=timezone.now() + HOUR),
        lambda: workflow.save(seen, actor=person),
    ):
        with pytest.raises(PermissionDenied):
            act()
    stored = Article.objects.get(pk=seen.pk)
    assert (stored.status, stored.region) == (Status.SUBMITTED, tree.limapuluhkota)
    assert not Event.objects.filter(article=seen, actor=person).exists()


@pytest.mark.parametrize("field", ["is_unverified", "expires_at", "published_at"])
def test_fields_of_a_permission_are_not_set_where_one_only_writes(tree, mixed, newsroom, field):
    """The form for a new article has these fields for whoever publishes anywhere; the chosen region decides."""
    typed = {"is_unverified": "on", "expires_at": "2099-01-01T00:00", "published_at": "2098-01-01T00:00"}
    form = article_form(region=tree.limapuluhkota, section=builders.make_section("Politik"), **{field: typed[field]})
    newsroom(mixed.editor_and_reporter).post("/news/article/add/", form)
    plain = {"is_unverified": False, "expires_at": None, "published_at": None}
    assert not Article.objects.filter(region=tree.limapuluhkota).exclude(**plain).exists()
    article = builders.make_article(tree.limapuluhkota, created_by=mixed.editor_and_reporter, status=Status.DRAFT)
    setattr(article, field, True if field == "is_unverified" else timezone.now() + HOUR)
    with pytest.raises(PermissionDenied):
        workflow.save(article, actor=mixed.editor_and_reporter)


def test_an_article_is_not_shared_from_where_one_only_writes(tree, mixed, newsroom):
    """The person writes for one region and edits another: sharing needs PUBLISH in the home region too."""
    form = article_form(region=tree.limapuluhkota, section=builders.make_section("Politik"))
    form |= {"shares-TOTAL_FORMS": 1, "shares-0-region": tree.payakumbuh.pk, "shares-0-published_at": ""}
    newsroom(mixed.editor_and_reporter).post("/news/article/add/", form)
    assert not Share.objects.exists()


def test_an_administrators_account_is_not_changed_by_a_chief_editor(tree, people, newsroom):
    """This holds even if the administrator has a role in the chief editor's region, and so stands in their list."""
    Assignment.objects.create(user=people.admin, region=tree.payakumbuh, role="reporter")
    address = f"/auth/user/{people.admin.pk}/change/"
    role = {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 0, "assignments-0-role": "editor"}
    role |= {"assignments-0-region": tree.payakumbuh.pk}
    client = newsroom(people.pemred)
    assert client.get(address).status_code == 200
    assert client.post(address, role | {"first_name": "Lain"}).status_code == 403
    people.admin.refresh_from_db()
    assert people.admin.first_name == ""
    assert people.admin.assignments.count() == 1


def test_a_role_is_given_only_where_one_manages(tree, mixed):
    person = builders.make_user("rekan", "reporter", tree.payakumbuh)
    for region in (tree.limapuluhkota, tree.sumbar):
        with pytest.raises(PermissionDenied):
            service.give_role(Assignment(user=person, region=region, role="editor"), actor=mixed.chief_and_contributor)
    assert person.assignments.count() == 1
