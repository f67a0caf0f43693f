"""Two people of one name: the newsroom asks before an author gets a second page."""

import pytest

from news.demo import builders
from news.models import Author


def form(tree, name, **more):
    return {"name": name, "slug": "rida-ananda-2", "region": tree.payakumbuh.pk, "bio": "", "is_active": "on", **more}


@pytest.mark.parametrize("name", ["Rida Ananda", "rida  ananda", "Rída-Ananda", "Rida\u200b Ananda"])
def test_an_author_of_the_same_name_is_asked_about(tree, people, newsroom, name):
    builders.make_author("Rida Ananda", tree.payakumbuh)
    client, box = newsroom(people.redaktur), '<input type="checkbox" name="another_person"'
    assert box not in client.get("/news/author/add/").text  # nobody is asked before there is a reason
    page = client.post("/news/author/add/", form(tree, name))
    assert box in page.text
    assert "orang yang sama" in page.content.decode()
    assert "(Payakumbuh)" in page.content.decode()
    assert Author.objects.count() == 1
    assert client.post("/news/author/add/", form(tree, name, another_person="on")).status_code == 302
    assert Author.objects.count() == 2


def test_a_region_that_neither_editors_nor_readers_see_is_not_named(tree, people, newsroom):
    author = builders.make_author("Rida Ananda", tree.ambon)
    client = newsroom(people.redaktur)
    page = client.post("/news/author/add/", form(tree, "Rida Ananda")).content.decode()
    assert "orang yang sama" in page
    assert "Ambon" not in page
    builders.make_live(tree.ambon, writers=[author])
    assert "(Ambon)" in client.post("/news/author/add/", form(tree, "Rida Ananda")).content.decode()


def test_an_address_that_another_author_has_is_said_to_need_a_number(tree, people, newsroom):
    builders.make_author("Rida Ananda", tree.payakumbuh, slug="rida-ananda-2")
    page = newsroom(people.redaktur).post("/news/author/add/", form(tree, "Rida Ananda", another_person="on")).text
    assert "Tambahkan angka" in page
    assert '<input type="checkbox" name="another_person"' in page  # still ticked, and still to be seen
    assert Author.objects.count() == 1


def test_nobody_is_asked_about_another_name_or_twice(tree, people, newsroom):
    builders.make_author("Rida Ananda", tree.payakumbuh)
    twin = builders.make_author("Rida Ananda", tree.payakumbuh, slug="rida-ananda-2")
    client = newsroom(people.redaktur)
    assert client.post("/news/author/add/", form(tree, "Rida Anandari", slug="rida-anandari")).status_code == 302
    saved = client.post(f"/news/author/{twin.pk}/change/", form(tree, "Rida Ananda", bio="Pewarta."))
    assert saved.status_code == 302
    assert Author.objects.get(pk=twin.pk).bio == "Pewarta."
