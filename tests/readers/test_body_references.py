"""Photos and stories inside a text: what readers see of them now, and in the second after a change."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.images import renditions, uploads
from news.images.models import Photo
from news.models import Article, BodyReference
from news.publishing import workflow
from regions.generations.snapshot import Poller
from regions.models import Generation
from tests.conftest import HostClient, photo_file
from tests.newsroom.forms import article_form

pytestmark = pytest.mark.databases


@pytest.fixture
def photo(tree) -> Photo:
    return uploads.store(
        photo_file((1200, 800)), region=tree.payakumbuh, user=None, caption="Warga", credit="Linda Sari", alt="Jembatan"
    )


@pytest.fixture
def linked(tree) -> Article:
    return builders.make_live(tree.makassar, title="Jembatan lain diperbaiki")


def text(photo, linked, caption="") -> str:
    figure = f'<figure data-photo="{photo.pk}"><figcaption>{caption}</figcaption></figure>'
    return f'<p>Satu.</p>{figure}<p>Dua.</p><aside data-article="{linked.pk}"></aside><p>Tiga.</p>'


@pytest.fixture
def article(tree, photo, linked) -> Article:
    return builders.make_live(tree.payakumbuh, body=text(photo, linked), tags=["Pilkada"])


def page(article) -> str:
    return HostClient(article.region.host).get(article.get_absolute_url()).text


def body_of(html: str) -> str:
    return html.split('<div class="story-body">')[1].split('<ul class="tags"')[0]


def numbers() -> dict[int, int]:
    return dict(Generation.objects.values_list("region_id", "number"))


def test_the_page_shows_the_photo_and_the_title_of_today(article, photo, linked):
    shown = body_of(page(article))
    assert f"{photo.rendition_key}/free-" in shown
    assert 'alt="Jembatan"' in shown
    assert "Warga" in shown
    assert "Foto: Linda Sari" in shown
    assert f'<a href="{linked.canonical_url}">Jembatan lain diperbaiki</a>' in shown
    assert "data-photo" not in shown
    assert "data-article" not in shown
    Article.objects.filter(pk=article.pk).update(body=text(photo, linked, "Keterangan <strong>sendiri</strong>"))
    shown = body_of(page(article))
    assert "Keterangan sendiri" in shown
    assert "Warga" not in shown


def test_machines_get_the_same_with_absolute_addresses(article, photo, linked):
    host = HostClient(article.region.host)
    for address in ("/api/v1/ninjs/", f"/api/v1/stories/{article.pk}/"):
        said = host.get(address).text.replace('\\"', '"').replace("&lt;", "<").replace("&gt;", ">")
        assert f'<img src="{article.region.origin}{photo.url("free", 1080)}' in said, address
        assert linked.canonical_url in said, address
        assert not {"data-photo", "data-article"} & set(re.findall(r"data-\w+", said)), address


def test_what_readers_may_not_see_vanishes(tree, people, article, photo, linked):
    workflow.withdraw(linked, actor=people.admin, reason="Keliru.")
    renditions.withdraw(photo)
    draft = builders.make_article(tree.payakumbuh, title="Naskah rahasia")
    Article.objects.filter(pk=article.pk).update(
        body=text(photo, linked, "Keterangan tersembunyi") + f'<aside data-article="{draft.pk}"></aside><p>Akhir.</p>'
    )
    Photo.objects.filter(pk=photo.pk).update(rendition_manifest={})
    host = HostClient(article.region.host)
    for address in (article.get_absolute_url(), "/rss.xml", "/feed.json", f"/api/v1/stories/{article.pk}/"):
        said = host.get(address).text
        for hidden in ("Jembatan lain diperbaiki", "Naskah rahasia", "Keterangan tersembunyi", photo.rendition_key):
            assert hidden not in said, (address, hidden)
    assert "Tiga." in page(article)


def test_a_change_of_what_the_text_shows_bumps_its_region(tree, people, article, photo, linked):
    """The linked story is another region's, so that only the reference leads here."""

    def bumps(act) -> bool:
        before = numbers()
        act()
        return numbers()[article.region_id] > before[article.region_id]

    def retitle():
        linked.title = "Judul baru"
        workflow.save(linked, actor=people.admin)

    def recaption():
        photo.caption = "Keterangan baru"
        photo.save(update_fields=["caption"])

    assert bumps(retitle)
    assert bumps(recaption)
    assert bumps(lambda: renditions.withdraw(photo))
    assert bumps(lambda: workflow.withdraw(linked, actor=people.admin, reason="Keliru."))
    article.refresh_from_db()
    article.body = "<p>Tanpa rujukan.</p>"
    workflow.save(article, actor=people.admin)
    assert not BodyReference.objects.exists()
    assert not bumps(recaption)


def test_a_scheduled_story_appears_in_the_text_at_its_time(tree, people, article):
    moment = timezone.now() + timedelta(seconds=30)  # before the next midnight, which is a change too
    soon = builders.make_article(tree.makassar, title="Terbit nanti")
    article.body = f'<p>Satu.</p><aside data-article="{soon.pk}"></aside>'
    workflow.save(article, actor=people.admin)
    workflow.schedule(soon, actor=people.admin, at=moment)
    assert Generation.objects.get(region_id=article.region_id).next_change_at == moment
    assert "Terbit nanti" not in page(article)


def test_withdrawing_an_article_withdraws_the_photos_in_its_text(people, article, photo):
    key = photo.rendition_key
    workflow.withdraw(article, actor=people.admin, reason="Keliru.")
    photo.refresh_from_db()
    assert photo.rendition_key != key


def test_a_text_with_references_costs_two_queries_more(article, tree):
    plain = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    costs = []
    for each in (plain, article):
        client, memory = HostClient(tree.payakumbuh.host), {"pekon.snapshot": Poller(in_thread=False).snapshot()}
        client.get(each.get_absolute_url(), **memory)
        with CaptureQueriesContext(connection) as queries:
            client.get(each.get_absolute_url(), **memory)
        costs.append(len(queries))
    assert costs[1] == costs[0] + 2 <= 6


def test_a_form_takes_only_photos_that_the_person_may_choose(tree, people, newsroom, photo, linked):
    hidden = uploads.store(photo_file((70, 50)), region=tree.makassar, user=None, caption="Rahasia")
    article = builders.make_article(tree.payakumbuh, created_by=people.reporter)
    address, client = f"/news/article/{article.pk}/change/", newsroom(people.reporter)
    refused = client.post(address, article_form(article, body=text(hidden, linked)))
    assert refused.status_code == 200
    assert "body" in refused.context["adminform"].form.errors
    assert client.post(address, article_form(article, body=text(photo, linked))).status_code == 302
    article.refresh_from_db()
    assert set(BodyReference.objects.values_list("photo", "story")) == {(photo.pk, None), (None, linked.pk)}
    Article.objects.filter(pk=article.pk).update(body=text(hidden, linked))  # another's choice, stored already
    article.refresh_from_db()
    assert client.post(address, article_form(article, title="Judul yang baru")).status_code == 302


def test_a_photo_in_the_text_is_described_before_it_is_published(tree, people, photo, linked):
    photo.alt = ""
    photo.save()
    article = builders.make_article(tree.payakumbuh, body=text(photo, linked))
    with pytest.raises(workflow.TransitionError, match=str(photo)):
        workflow.publish(article, actor=people.admin)


def test_a_live_text_takes_no_photo_without_description_and_none_whose_time_is_over(
    tree, people, newsroom, photo, linked
):
    article = builders.make_live(tree.payakumbuh)
    address, client = f"/news/article/{article.pk}/change/", newsroom(people.redaktur)

    def answer() -> int:
        article.refresh_from_db()
        return client.post(address, article_form(article, body=text(photo, linked))).status_code

    for column, value in (("alt", ""), ("usable_until", date(2020, 1, 1))):
        before = getattr(photo, column)
        Photo.objects.filter(pk=photo.pk).update(**{column: value})
        assert answer() == 200, column
        Photo.objects.filter(pk=photo.pk).update(**{column: before})
    assert answer() == 302
