"""Preview links: one article, for a while, and nothing to be learnt from a link that does not open."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import Signer
from django.utils import timezone

from news.demo import builders
from news.models import Event, PreviewLink, Status
from news.publishing import previews, workflow
from tests.conftest import HostClient

LATER = timedelta(hours=1)


@pytest.fixture
def article(tree, people):
    return builders.make_article(tree.payakumbuh, title="Judul yang belum terbit", created_by=people.reporter)


@pytest.fixture
def link(article, people):
    return previews.make(article, actor=people.redaktur, purpose="pengacara")


@pytest.fixture
def network(tree):
    return HostClient(tree.network.host)


def path_of(link):
    return urlsplit(previews.address(link)).path


def test_a_stranger_with_the_link_reads_the_article_as_readers_will(network, link, article):
    page = network.get(path_of(link))
    assert page.status_code == 200
    assert "Judul yang belum terbit" in page.text
    assert "PAYAKUMBUH.PEKON.WEB.ID" in page.text
    assert "Pratinjau" in page.text
    assert not page.cookies


def test_a_preview_is_neither_cached_nor_framed(network, link):
    headers = network.get(path_of(link)).headers
    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_the_address_says_nothing_of_what_it_shows(link, article):
    address = previews.address(link)
    assert address.startswith(f"{settings.SCHEME}://{settings.DOMAIN}/pratinjau/")
    for hint in (article.slug, "payakumbuh", "judul", str(article.region.pk) + "/"):
        assert hint not in address.removeprefix(f"{settings.SCHEME}://{settings.DOMAIN}")
    assert len(link.key) == 22  # 128 bits


def broken_links(link, other):
    token = path_of(link).split("/")[2]
    key, signature = token.split(".")
    return {
        "unknown": "/pratinjau/tidak-ada/",
        "key without signature": f"/pratinjau/{key}/",
        "tampered signature": f"/pratinjau/{key}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}/",
        "tampered key": f"/pratinjau/{key[:-1]}{'A' if key[-1] != 'A' else 'B'}.{signature}/",
        "swapped signature": f"/pratinjau/{key}.{path_of(other).split('/')[2].split('.')[1]}/",
        "signed for something else": f"/pratinjau/{Signer(salt='x', sep='.').sign(key)}/",
        "doubled": f"/pratinjau/{token}.{signature}/",
    }


def test_what_does_not_open_answers_as_an_address_that_never_was(network, link, article, people):
    other = previews.make(article, actor=people.redaktur)
    absent = network.get("/tidak-ada/")
    for what, path in broken_links(link, other).items():
        answer = network.get(path)
        assert (answer.status_code, answer.content, answer.headers) == (404, absent.content, absent.headers), what


@pytest.mark.parametrize("ended", ["expired", "revoked", "withdrawn", "other host", "closed"])
def test_a_link_that_ended_answers_as_an_address_that_never_was(tree, network, link, article, people, ended):
    client = network
    match ended:
        case "expired":
            now = timezone.now()
            PreviewLink.objects.update(created_at=now - 2 * LATER, expires_at=now - LATER)
        case "revoked":
            previews.revoke(link, actor=people.redaktur)
        case "withdrawn":
            workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() - LATER)
            workflow.withdraw(article, actor=people.pemred, reason="Keliru.")
        case "other host":
            client = HostClient(tree.payakumbuh.host)
        case "closed":
            workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() - LATER)
            type(tree.payakumbuh).objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    absent, answer = client.get("/tidak-ada/"), client.get(path_of(link))
    assert (answer.status_code, answer.content, answer.headers) == (404, absent.content, absent.headers)


def test_once_live_a_preview_link_leads_to_the_articles_own_address(network, link, article):
    live = workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() - LATER)
    answer = network.get(path_of(link))
    assert (answer.status_code, answer.headers["Location"]) == (302, live.canonical_url)


def test_a_published_article_gets_no_link(tree, people):
    with pytest.raises(workflow.TransitionError):
        previews.make(builders.make_live(tree.payakumbuh), actor=people.redaktur)


def test_only_those_who_see_the_article_make_and_revoke_links(article, link, people):
    assert previews.make(article, actor=people.reporter)  # the writer
    for stranger in (people.kontributor, people.sister):
        with pytest.raises(PermissionDenied):
            previews.make(article, actor=stranger)
        with pytest.raises(PermissionDenied):
            previews.revoke(link, actor=stranger)


def test_links_last_a_month_at_most(article, people):
    link = previews.make(article, actor=people.redaktur, days=10_000)
    assert link.expires_at - timezone.now() <= timedelta(days=previews.MAX_DAYS)


def test_making_and_revoking_from_the_form_is_told_in_the_journal(article, people, newsroom, network):
    client = newsroom(people.redaktur)
    form = f"/news/article/{article.pk}/"
    client.post(f"{form}make_preview_link/", {"purpose": "narasumber", "days": "3"})
    link = PreviewLink.objects.get()
    page = client.get(f"{form}change/")
    assert previews.address(link) in page.text
    assert network.get(path_of(link)).status_code == 200
    client.post(f"{form}revoke_preview_link/", {"link": link.pk})
    client.post(f"{form}revoke_preview_link/", {"link": link.pk})
    assert network.get(path_of(link)).status_code == 404
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["preview_made", "preview_revoked"]


def test_a_link_of_another_article_cannot_be_revoked_through_this_one(tree, article, people, newsroom):
    foreign = previews.make(builders.make_article(tree.limapuluhkota), actor=people.sister)
    client = newsroom(people.redaktur)
    for pk in (foreign.pk, "", "x", "9" * 30, "-1"):
        assert client.post(f"/news/article/{article.pk}/revoke_preview_link/", {"link": pk}).status_code == 404
    assert PreviewLink.objects.valid().filter(pk=foreign.pk).exists()


def test_the_newsroom_sees_the_page_at_its_own_address(article, people, newsroom):
    page = newsroom(people.redaktur).get(f"/news/article/{article.pk}/preview/")
    assert page.status_code == 200
    assert "Judul yang belum terbit" in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert newsroom(people.sister).get(f"/news/article/{article.pk}/preview/").status_code == 404
