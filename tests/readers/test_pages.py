"""Readers' pages through their addresses: the article and its anatomy, lists, the archive, and what is not there."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from news.demo import builders
from news.images import rendition_specs
from news.images.models import Photo
from news.models import Article, Status, Withdrawal
from news.publishing import workflow
from news.readers.pages import front
from regions.models import Region

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOBODYS_ID = 10**17
LONGEST_ID = 10**18 - 1
CANARY = "kenari-rahasia"
CARD = re.compile(r'class="card-title"><a href="([^"]+)"')
NEXT = re.compile(r'<a rel="next" href="(\?[^"]+)"')
EMPTY = 'class="empty"'


def text_of(response, tag: str, css_class: str) -> str:
    """What people read in the element with that class."""
    found = re.search(rf'<{tag} class="{css_class}[^"]*"[^>]*>(.*?)</{tag}>', response.text, re.DOTALL)
    assert found, f"no <{tag} class={css_class}>"
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split())


def listed(response) -> list[str]:
    """The addresses of the cards' articles."""
    return CARD.findall(response.text)


# --- The article page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "short", "full", "machine"),
    [
        ("payakumbuh", "Nov 23, 2024 - 20:25", "Sabtu, 23 November 2024 20:25 WIB", "2024-11-23T20:25:00+07:00"),
        ("makassar", "Nov 23, 2024 - 21:25", "Sabtu, 23 November 2024 21:25 WITA", "2024-11-23T21:25:00+08:00"),
        ("ambon", "Nov 23, 2024 - 22:25", "Sabtu, 23 November 2024 22:25 WIT", "2024-11-23T22:25:00+09:00"),
    ],
)
def test_the_article_page_has_its_fixed_anatomy_on_the_regions_clocks(tree, reader, place, short, full, machine):
    home = getattr(tree, place)
    author = builders.make_author("Linda Sari", home)
    title = "Pj Wako Payakumbuh Suprayitno Gelar Rapat Koordinasi"
    body = "<p>Penjabat (Pj) Wali Kota rapat.</p><p>Rapat dihadiri camat.</p>"
    article = builders.make_live(home, AT, title=title, body=body, writers=[author], dateline=home.short_name)
    response = reader(home).get(article.get_absolute_url())
    assert text_of(response, "p", "masthead-network") == "PEKON.WEB.ID"
    assert re.search(r"<h1>(.*?)</h1>", response.text)[1] == title
    assert text_of(response, "p", "byline") == f"Linda Sari - {place.upper()}.PEKON.WEB.ID"
    assert text_of(response, "p", "story-time") == short
    assert f'<time datetime="{machine}" title="{full}">{short}</time>' in response.text
    written = text_of(response, "div", "story-body")
    assert written == f"{home.short_name} - Penjabat (Pj) Wali Kota rapat.Rapat dihadiri camat. (**)."


def test_several_writers_share_the_byline_and_other_roles_do_not(tree, reader):
    writers = [builders.make_author(name, tree.payakumbuh) for name in ("Linda Sari", "Dodi Piliang", "Rizal Koto")]
    article = builders.make_live(tree.payakumbuh, AT, writers=writers)
    article.bylines.filter(author=writers[2]).update(role="photographer")
    response = reader(tree.payakumbuh).get(article.get_absolute_url())
    assert text_of(response, "p", "byline") == "Linda Sari, Dodi Piliang - PAYAKUMBUH.PEKON.WEB.ID"


@pytest.mark.parametrize(
    ("caption", "shown"), [("", "Jembatan selesai diperbaiki"), ("Warga bekerja", "Warga bekerja")]
)
def test_a_photo_without_a_caption_takes_the_title(tree, reader, caption, shown):
    made = rendition_specs.full((900, 600), rendition_specs.CENTRE)
    photo = Photo.objects.create(
        region=tree.payakumbuh, width=900, height=600, rendition_key="a" * 32, caption=caption, rendition_manifest=made
    )
    article = builders.make_live(tree.payakumbuh, AT, title="Jembatan selesai diperbaiki", lead_photo=photo)
    response = reader(tree.payakumbuh).get(article.get_absolute_url())
    assert re.search(r"<figcaption>\s*(.*?)\s*</figcaption>", response.text)[1] == shown
    assert photo.url("free", 900) in response.text


@pytest.mark.parametrize(
    ("kind", "css_class"),
    [
        (Article.Kind.ADVERTORIAL, "label label-supplied"),
        (Article.Kind.RELEASE, "label label-supplied"),
        (Article.Kind.OPINION, "label"),
        (Article.Kind.NEWS, None),
    ],
)
def test_supplied_texts_and_opinion_are_labelled_on_their_page_and_on_cards(tree, reader, kind, css_class):
    article = builders.make_live(tree.payakumbuh, AT, kind=kind)
    for address in (article.get_absolute_url(), "/", "/indeks/"):
        labels = re.findall(r'<p class="(label[^"]*)">(.*?)</p>', reader(tree.payakumbuh).get(address).text)
        assert labels == ([(css_class, article.label)] if css_class else [])


def test_markup_in_what_people_type_is_shown_and_not_obeyed(tree, reader):
    article = builders.make_live(
        tree.payakumbuh,
        AT,
        title="<b>Tebal</b> & miring",
        kicker="<i>K</i>",
        summary="<u>S</u>",
        dateline="<s>D</s>",
        body="<p>Aman<script>alert(1)</script></p>",
        tags=["<em>T</em>"],
    )
    for address in (article.get_absolute_url(), "/", "/indeks/"):
        page = reader(tree.payakumbuh).get(address).text
        assert "&lt;b&gt;Tebal&lt;/b&gt; &amp; miring" in page
        assert not re.search(r"<(b|i|u|s|em|script)>", page)


# --- One canonical address ------------------------------------------------------------------------------------

OTHER_ADDRESSES = ["/berita/{pk}/salah/", "/berita/{pk}/é%20x/", "/berita/{pk}/", "/{pk}", "{path}?page=all"]
OTHER_ADDRESSES += ["{path}?page=2", "{path}?page=", "/{pk}?utm_source=wa"]


@pytest.mark.parametrize("form", OTHER_ADDRESSES)
def test_every_other_address_leads_to_the_canonical_one(tree, reader, form):
    article = builders.make_live(tree.payakumbuh, AT)
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.makassar, tree.sumbar, tree.network):
        response = reader(region).get(form.format(pk=article.pk, path=article.get_absolute_url()))
        assert (response.status_code, response["Location"]) == (301, article.canonical_url)
    assert reader(tree.payakumbuh).get(article.get_absolute_url()).status_code == 200


def test_another_regions_host_redirects_to_the_articles_own_even_where_it_is_shared(tree, reader):
    article = builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None})
    for region in (tree.makassar, tree.sumbar, tree.network):
        response = reader(region).get(article.get_absolute_url())
        assert (response.status_code, response["Location"]) == (301, article.canonical_url)


@pytest.mark.parametrize("query", ["?utm_source=wa", "?fbclid=x&gclid=y", "?sebelum=x", "?Page=2"])
def test_other_query_strings_are_served(tree, reader, query):
    article = builders.make_live(tree.payakumbuh, AT)
    response = reader(tree.payakumbuh).get(article.get_absolute_url() + query)
    assert response.status_code == 200
    assert f'<link rel="canonical" href="{article.canonical_url}">' in response.text


def test_an_old_slug_leads_to_the_new_one(tree, people, reader):
    article = builders.make_article(tree.payakumbuh, title="Judul Lama Sekali")
    old = article.get_absolute_url()
    article.title = "Judul Baru Sekali"
    workflow.save(article, actor=people.redaktur)
    article = workflow.publish(article, actor=people.redaktur)
    response = reader(tree.payakumbuh).get(old)
    assert (response.status_code, response["Location"]) == (301, article.canonical_url)
    assert article.get_absolute_url().endswith("/judul-baru-sekali/")


@pytest.mark.parametrize("address", ["/", "/indeks/", "/rubrik/politik/", "{article}", "/{pk}", "/tidak-ada/"])
def test_pages_are_read_with_get_and_head_and_nothing_else(tree, reader, address):
    article = builders.make_live(tree.payakumbuh, AT)
    client, address = reader(tree.payakumbuh), address.format(pk=article.pk, article=article.get_absolute_url())
    got, head = client.get(address), client.head(address)
    assert (head.status_code, dict(head.headers)) == (got.status_code, dict(got.headers))
    assert head.content == b""
    for method in (client.post, client.put, client.delete, client.patch):
        assert method(address).status_code == (404 if address == "/tidak-ada/" else 405)


# --- What is not there ----------------------------------------------------------------------------------------

FORMS = ["/berita/{pk}/{slug}/", "/berita/{pk}/salah/", "/berita/{pk}/", "/{pk}", "/berita/{pk}/{slug}/?page=all"]


def hidden(region: Region, state: str) -> Article:
    """An article that readers must not know of, with the canary in every text of it."""
    author = builders.make_author(CANARY, region)
    article = builders.make_article(
        region,
        title=f"Judul {CANARY}",
        kicker=CANARY,
        body=f"<p>{CANARY}</p>",
        summary=CANARY,
        writers=[author],
        tags=[CANARY],
    )
    now = timezone.now()
    match state:
        case "scheduled":
            return workflow.import_as(article, status=Status.APPROVED, published_at=now + HOUR)
        case "withdrawn before it was live":
            record = Withdrawal(reason=CANARY, withdrawn_at=now - 2 * HOUR)
            return workflow.import_as(article, status=Status.WITHDRAWN, published_at=now - HOUR, withdrawal=record)
        case "live in a closed region":
            Region.objects.filter(pk=region.pk).update(is_open=False)
            return workflow.import_as(article, status=Status.APPROVED, published_at=now - HOUR)
    return workflow.import_as(article, status=Status(state), published_at=now - HOUR)


HIDDEN = ["draft", "submitted", "returned", "scheduled", "withdrawn before it was live", "live in a closed region"]


def test_a_hidden_article_is_answered_like_one_that_never_was(tree, reader):
    builders.make_live(tree.limapuluhkota, AT)
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.sumbar, tree.network):
        client = reader(region)
        for state in HIDDEN:
            with transaction.atomic():
                article = hidden(tree.payakumbuh, state)
                if state in (HIDDEN[0], "live in a closed region"):  # a closed host answers in its own way
                    never = {form: client.get(form.format(pk=NOBODYS_ID, slug="tidak-ada")) for form in FORMS}
                for form, other in never.items():
                    asked = client.get(form.format(pk=article.pk, slug=article.slug))
                    assert asked.status_code == 404, (state, form)
                    assert (asked.content, dict(asked.headers)) == (other.content, dict(other.headers)), (state, form)
                    assert CANARY not in asked.text, (state, form)
                transaction.set_rollback(True)


@pytest.mark.parametrize("state", HIDDEN)
def test_a_hidden_article_stands_in_no_list_and_its_tag_and_author_are_unknown(tree, reader, state):
    hidden(tree.payakumbuh, state)
    for region in (tree.sumbar, tree.network):
        client = reader(region)
        for address in ("/", "/indeks/", "/rubrik/politik/"):
            response = client.get(address)
            assert response.status_code == 200
            assert CANARY not in response.text
        for word in ("tag", "penulis"):
            asked, never = client.get(f"/{word}/{CANARY}/"), client.get(f"/{word}/tidak-ada/")
            assert asked.status_code == 404
            assert (asked.content, dict(asked.headers)) == (never.content, dict(never.headers))


@pytest.mark.parametrize("form", FORMS)
def test_an_expired_article_is_gone_and_its_title_with_it(tree, reader, form):
    now = timezone.now()
    article = builders.make_live(
        tree.payakumbuh, now - 2 * HOUR, expires_at=now - HOUR, title=f"Judul {CANARY}", body=f"<p>{CANARY}</p>"
    )
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.network):
        response = reader(region).get(form.format(pk=article.pk, slug=article.slug))
        assert response.status_code == 410
        assert CANARY not in response.text
        assert "<blockquote>" not in response.text


@pytest.mark.parametrize("form", FORMS)
def test_a_withdrawn_article_is_gone_with_the_reason_and_nothing_else_of_it(tree, reader, form):
    texts = {"title": f"Judul {CANARY}", "body": f"<p>{CANARY}</p>", "summary": CANARY, "kicker": CANARY}
    article = builders.make_withdrawn(tree.payakumbuh, reason="Keterangan <narasumber> keliru.", **texts)
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.network):
        response = reader(region).get(form.format(pk=article.pk, slug=article.slug))
        assert response.status_code == 410
        assert text_of(response, "div", "notice").count("Keterangan <narasumber> keliru.") == 1
        assert CANARY not in response.text


@pytest.mark.parametrize(
    "address",
    [
        f"/{LONGEST_ID}",
        f"/berita/{LONGEST_ID}/",
        f"/berita/{LONGEST_ID}/a/",
        f"/berita/{LONGEST_ID}0/a/",
        "/berita/0/a/",
        "/berita/01/a/",
        "/berita/-1/a/",
        "/berita/١/a/",
        "/0",
        "/tidak-ada/",
    ],
)
def test_an_id_that_no_article_has_is_not_found(tree, reader, address):
    builders.make_live(tree.payakumbuh, AT)
    assert reader(tree.payakumbuh).get(address).status_code == 404


def test_a_page_that_was_not_found_offers_the_editions_latest_articles(tree, reader):
    own = builders.make_live(tree.payakumbuh, AT)
    builders.make_live(tree.limapuluhkota, AT)
    assert listed(reader(tree.payakumbuh).get("/tidak-ada/")) == [own.canonical_url]


def test_an_error_of_ours_is_answered_by_a_static_page(tree, reader, monkeypatch):
    def broken(region):
        raise RuntimeError

    monkeypatch.setattr(front, "compose", broken)
    client = reader(tree.payakumbuh)
    client.raise_request_exception = False
    response = client.get("/")
    page = render_to_string("500.html")  # with nothing of the request, and without a query
    assert response.status_code == 500
    assert response.text == page
    assert "<html" in page


# --- Lists ----------------------------------------------------------------------------------------------------


def test_section_tag_and_author_lists_hold_the_editions_articles_newest_first(tree, reader):
    author = builders.make_author("Rizal Koto", tree.payakumbuh)
    matching = {"section": builders.make_section("Hukum"), "tags": ["Pilkada 2024"], "writers": [author]}
    older = builders.make_live(tree.payakumbuh, AT - HOUR, **matching)
    newer = builders.make_live(tree.payakumbuh, AT, **matching)
    newer.bylines.create(author=author, role="photographer")
    builders.make_live(tree.payakumbuh, AT)
    sister = builders.make_live(tree.limapuluhkota, AT + HOUR, **matching)
    for address in ("/rubrik/hukum/", "/tag/pilkada-2024/", "/penulis/rizal-koto/"):
        own = listed(reader(tree.payakumbuh).get(address))
        assert own == [newer.canonical_url, older.canonical_url]
        assert listed(reader(tree.sumbar).get(address)) == [sister.canonical_url, *own]
        unseen = reader(tree.makassar).get(address)
        assert unseen.status_code == (200 if "rubrik" in address else 404)
        assert not listed(unseen)


@pytest.mark.parametrize("address", ["/", "/indeks/", "/rubrik/politik/", "/indeks/2024/11/23/"])
def test_a_list_without_articles_says_so(tree, reader, address):
    builders.make_section("Politik")
    response = reader(tree.payakumbuh).get(address)
    assert response.status_code == 200
    assert EMPTY in response.text
    builders.make_live(tree.payakumbuh, AT)
    assert EMPTY not in reader(tree.payakumbuh).get(address).text


def test_an_unknown_section_is_not_found(tree, reader):
    builders.make_section("Politik")
    assert reader(tree.payakumbuh).get("/rubrik/politik/").status_code == 200
    assert reader(tree.payakumbuh).get("/rubrik/tidak-ada/").status_code == 404


def test_cards_name_the_region_of_articles_from_elsewhere(tree, reader):
    builders.make_live(tree.payakumbuh, AT, shares={tree.makassar: None})
    label = '<p class="meta"><b>Payakumbuh</b>'
    for region, shown in [(tree.payakumbuh, 0), (tree.sumbar, 1), (tree.network, 1), (tree.makassar, 1)]:
        for address in ("/", "/indeks/"):
            assert reader(region).get(address).text.count(label) == shown


# --- Pages of a list ------------------------------------------------------------------------------------------


def test_following_a_list_visits_every_article_once_also_within_one_second(tree, reader, settings):
    settings.LIST_LENGTH = 7
    author = builders.make_author("Linda Sari", tree.payakumbuh)
    articles = [builders.make_live(tree.payakumbuh, AT, writers=[author], tags=["Hujan"]) for _number in range(30)]
    articles.append(builders.make_live(tree.payakumbuh, AT - timedelta(seconds=1), writers=[author], tags=["Hujan"]))
    expected = sorted(articles, key=lambda article: (article.published_at, article.pk), reverse=True)
    for address in ("/indeks/", "/indeks/2024/11/23/", "/rubrik/politik/", "/tag/hujan/"):
        client, page, pages = reader(tree.payakumbuh), "", []
        while not pages or page:
            response = client.get(address + page)
            assert f'href="{tree.payakumbuh.origin}{address}{page}"' in response.text
            pages.append(listed(response))
            following = NEXT.findall(response.text)
            page = following[0] if following else ""
        assert [article for page in pages for article in page] == [article.canonical_url for article in expected]
        assert [len(page) for page in pages] == [7, 7, 7, 7, 3], address


def test_an_article_published_meanwhile_shifts_nothing(tree, reader, settings):
    settings.LIST_LENGTH = 2
    articles = [builders.make_live(tree.payakumbuh, AT - number * HOUR) for number in range(4)]
    client = reader(tree.payakumbuh)
    following = NEXT.findall(client.get("/indeks/").text)[0]
    builders.make_live(tree.payakumbuh, AT + HOUR)
    assert listed(client.get("/indeks/" + following)) == [article.canonical_url for article in articles[2:]]


def test_a_list_that_fits_one_page_has_no_next_one(tree, reader, settings):
    settings.LIST_LENGTH = 2
    for _number in range(2):
        builders.make_live(tree.payakumbuh, AT)
    assert not NEXT.search(reader(tree.payakumbuh).get("/indeks/").text)
    builders.make_live(tree.payakumbuh, AT)
    assert NEXT.search(reader(tree.payakumbuh).get("/indeks/").text)


@pytest.mark.parametrize(
    "cursor",
    ["x", "1", "1-", "-1", "1-0", "1-2-3", "1-01", "+1-1", "1 -1", "١-١", "1" * 18 + "-1", "1-" + "1" * 19, "1-1\n"],
)
def test_a_cursor_that_we_never_wrote_is_not_found(tree, reader, cursor):
    client = reader(tree.payakumbuh)
    assert client.get("/indeks/", {"sebelum": cursor}).status_code == 404
    assert client.get("/indeks/", {"sebelum": "9" * 17 + "-" + "9" * 18}).status_code == 200


# --- The archive, by the region's days ------------------------------------------------------------------------


def test_a_day_runs_from_midnight_to_midnight_on_the_regions_clocks(tree, reader):
    late = builders.make_live(tree.payakumbuh, datetime(2024, 11, 23, 16, 30, tzinfo=UTC))  # 23.30 WIB
    early = builders.make_live(tree.payakumbuh, datetime(2024, 11, 23, 17, 30, tzinfo=UTC))  # 00.30 WIB
    builders.share(late, tree.ambon)  # 01.30 WIT
    builders.share(early, tree.ambon)
    days = {
        (tree.payakumbuh, 23): [late],
        (tree.payakumbuh, 24): [early],
        (tree.ambon, 23): [],
        (tree.ambon, 24): [early, late],
    }
    for (region, day), articles in days.items():
        response = reader(region).get(f"/indeks/2024/11/{day}/")
        assert listed(response) == [article.canonical_url for article in articles]


def test_midnight_itself_belongs_to_the_new_day(tree, reader):
    midnight = datetime(2024, 11, 23, 17, 0, tzinfo=UTC)
    first = builders.make_live(tree.payakumbuh, midnight)
    last = builders.make_live(tree.payakumbuh, midnight - timedelta(microseconds=1))
    client = reader(tree.payakumbuh)
    assert listed(client.get("/indeks/2024/11/23/")) == [last.canonical_url]
    assert listed(client.get("/indeks/2024/11/24/")) == [first.canonical_url]


@time_machine.travel(datetime(2024, 11, 23, 16, 30, tzinfo=UTC))
def test_a_day_to_come_is_not_found_and_today_is_the_regions(tree, reader):
    for region, today in [(tree.payakumbuh, 23), (tree.makassar, 24), (tree.ambon, 24)]:
        client = reader(region)
        assert client.get(f"/indeks/2024/11/{today}/").status_code == 200
        assert client.get(f"/indeks/2024/11/{today + 1}/").status_code == 404
        assert f'max="2024-11-{today}"' in client.get("/indeks/").text


@pytest.mark.parametrize(
    "date",
    [
        "2023/02/29",
        "2024/13/01",
        "2024/00/10",
        "2024/11/00",
        "2024/11/31",
        "2099/12/31",
        "1899/01/01",
        "2024/1/1",
        "24/11/23",
    ],
)
def test_an_impossible_date_is_not_found(tree, reader, date):
    client = reader(tree.payakumbuh)
    assert client.get(f"/indeks/{date}/").status_code == 404
    assert client.get("/indeks/2024/02/29/").status_code == 200
    assert client.get("/indeks/1900/01/01/").status_code == 200


def test_a_chosen_date_leads_to_its_day(tree, reader):
    client = reader(tree.payakumbuh)
    response = client.get("/indeks/?tanggal=2024-11-23")
    assert (response.status_code, response["Location"]) == (302, "/indeks/2024/11/23/")
    for nonsense in ("", "x", "2024-13-45", "2999-01-01", "0001-01-01", "2024-11-23; DROP"):
        assert client.get("/indeks/", {"tanggal": nonsense}).status_code == 200


@time_machine.travel(datetime(2024, 11, 23, 5, 0, tzinfo=UTC))
def test_days_lead_to_their_neighbours_up_to_today(tree, reader):
    client = reader(tree.payakumbuh)
    today, before = client.get("/indeks/2024/11/23/").text, client.get("/indeks/2024/11/22/").text
    assert '<a rel="prev" href="/indeks/2024/11/22/"' in today
    assert '<a rel="next"' not in today
    assert '<a rel="next" href="/indeks/2024/11/23/"' in before
