"""The pickers offer the photos that a person may use and the live stories of the network, and nothing hidden."""

from datetime import date

import pytest

from news.demo import builders
from news.images import uploads
from news.images.models import Photo
from news.publishing import workflow
from tests.conftest import photo_file

pytestmark = pytest.mark.databases

PHOTOS, ARTICLES = "/images/photo/picker/", "/news/article/picker/"


def make_photo(region, caption, **values):
    number = Photo.objects.count()
    photo = uploads.store(photo_file((60 + number, 40)), region=region, user=None, caption=caption)
    Photo.objects.filter(pk=photo.pk).update(**values)
    return photo


def labels(client, address, **query):
    return [each["label"] for each in client.get(address, query).json()["results"]]


def test_photos_of_ones_regions_and_shared_ones_are_offered(tree, people, newsroom):
    mine = make_photo(tree.payakumbuh, "Jembatan gantung", credit="Linda Sari", alt="Warga di jembatan")
    past = make_photo(tree.payakumbuh, "Pasar lama", usable_until=date(2020, 1, 1))
    make_photo(tree.limapuluhkota, "Harau", is_shared=True)
    hidden = make_photo(tree.limapuluhkota, "Rahasia")
    client = newsroom(people.reporter)
    assert labels(client, PHOTOS) == ["Harau", "Pasar lama", "Jembatan gantung"]
    assert labels(client, PHOTOS, q="jembatan linda") == ["Jembatan gantung"]
    found = client.get(PHOTOS, {"id": [mine.pk, past.pk, hidden.pk, "x"]}).json()["results"]
    assert {each["id"]: each["usable"] for each in found} == {mine.pk: True, past.pk: False}
    shown = next(each for each in found if each["id"] == mine.pk)
    assert (shown["caption"], shown["credit"], shown["alt"]) == ("Jembatan gantung", "Linda Sari", "Warga di jembatan")
    mine.refresh_from_db()
    assert shown["thumbnail_url"] == mine.thumbnail_url != ""


def test_photos_come_in_pages(tree, people, newsroom, monkeypatch):
    monkeypatch.setattr("news.newsroom.pickers.PAGE", 2)
    for name in ("satu", "dua", "tiga"):
        make_photo(tree.payakumbuh, name)
    client = newsroom(people.reporter)
    first = client.get(PHOTOS).json()
    assert ([each["label"] for each in first["results"]], first["more"]) == (["tiga", "dua"], True)
    second = client.get(PHOTOS, {"page": "2"}).json()
    assert ([each["label"] for each in second["results"]], second["more"]) == (["satu"], False)
    for odd in ("0", "-1", "x", "9" * 30):
        assert client.get(PHOTOS, {"page": odd}).status_code == 200, odd


def test_live_stories_are_offered_and_ones_own_come_first(tree, people, newsroom):
    author = builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)
    own = builders.make_live(tree.payakumbuh, title="Jembatan milik sendiri", writers=[author])
    other = builders.make_live(tree.payakumbuh, title="Jembatan kawan")
    elsewhere = builders.make_live(tree.makassar, title="Jembatan di Makassar")
    draft = builders.make_article(tree.payakumbuh, title="Jembatan rahasia", created_by=people.reporter)
    gone = builders.make_live(tree.payakumbuh, title="Jembatan dicabut", writers=[author])
    workflow.withdraw(gone, actor=people.admin, reason="Keliru.")
    client = newsroom(people.reporter)
    assert labels(client, ARTICLES) == [own.title, other.title]
    found = client.get(ARTICLES, {"q": "jembatan"}).json()["results"]
    assert found[0]["label"] == own.title
    assert {each["label"] for each in found} == {own.title, other.title, elsewhere.title}
    assert (found[0]["own"], found[0]["url"]) == (True, own.canonical_url)
    assert "Payakumbuh" in found[0]["note"]
    asked = client.get(ARTICLES, {"id": [own.pk, elsewhere.pk, draft.pk, gone.pk]}).json()["results"]
    assert {each["id"] for each in asked} == {own.pk, elsewhere.pk}
