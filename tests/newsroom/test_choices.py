"""What a form offers is scoped, and what an article refers to already is never refused."""

import pytest

from news.demo import builders
from news.models import Byline
from regions.permissions.access import Permission, branches_for
from tests.conftest import HostClient


@pytest.fixture
def article(tree, people):
    """Payakumbuh's article with a network photographer and a sister region's author in its byline."""
    photographer = builders.make_author("Hendra Tanjung", tree.network)
    sister = builders.make_author("Penulis Tetangga", tree.limapuluhkota)
    return builders.make_article(tree.payakumbuh, writers=[photographer, sister], created_by=people.reporter)


def choices(client, address):
    form = client.get(address).context["inline_admin_formsets"][0].formset
    return set(form.empty_form.fields["author"].queryset.values_list("name", flat=True))


def test_authors_of_ones_region_and_of_those_above_can_be_chosen(tree, people, newsroom, article):
    builders.make_author("Linda Sari", tree.payakumbuh)
    builders.make_author("Kawan di Makassar", tree.makassar)
    offered = choices(newsroom(people.redaktur), "/news/article/add/")
    assert {"Linda Sari", "Hendra Tanjung"} <= offered
    assert not {"Kawan di Makassar", "Penulis Tetangga"} & offered


def test_an_author_who_is_in_the_byline_already_is_accepted(people, newsroom, article):
    offered = choices(newsroom(people.redaktur), f"/news/article/{article.pk}/change/")
    assert {"Hendra Tanjung", "Penulis Tetangga"} <= offered


def test_a_byline_is_added_to_a_new_article_only(tree, people, newsroom, article):
    builders.make_author("Redaktur Sendiri", tree.payakumbuh, user=people.redaktur)
    Byline.objects.filter(article=article).delete()
    client = newsroom(people.redaktur)
    form = client.get(f"/news/article/{article.pk}/change/").context["adminform"].form
    posted = {name: form[name].value() or "" for name in form.fields} | {
        f"{prefix}-{name}": 0
        for prefix in ("bylines", "shares", "gallery")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    posted.pop("new_photo")
    response = client.post(f"/news/article/{article.pk}/change/", posted)
    assert response.status_code == 302, response.context["errors"]
    assert not article.bylines.exists()


def test_roles_are_read_once_for_each_user_object(people, django_assert_num_queries):
    user = type(people.redaktur).objects.get(pk=people.redaktur.pk)
    with django_assert_num_queries(1):
        assert branches_for(user, Permission.PUBLISH)
        assert not branches_for(user, Permission.WITHDRAW)


def test_the_newsrooms_addresses_are_not_on_a_readers_host(tree):
    assert HostClient(tree.payakumbuh.host).get("/news/article/").status_code == 404
