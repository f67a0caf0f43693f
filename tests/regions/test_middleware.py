import pytest
from django.conf import settings

from regions.models import Region, SubdomainAlias
from tests.conftest import HostClient

NEWSROOM = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
READERS_ADDRESSES = ["/indeks/", "/rubrik/politik/", "/tag/pilkada/", "/penulis/linda-sari/", "/berita/1/judul/", "/1"]
NEWSROOM_ADDRESSES = ["/login/", "/logout/", "/bahasa/", "/news/article/", "/news/article/add/", "/regions/region/"]


def get(host, path="/", **headers):
    return HostClient(host, **headers).get(path)


@pytest.mark.parametrize("name", ["network", "sumbar", "payakumbuh", "makassar", "ambon"])
def test_a_regions_host_shows_that_region(tree, name):
    region = getattr(tree, name)
    response = get(region.host)
    assert response.status_code == 200
    assert response.wsgi_request.region == region


def test_the_region_comes_with_its_parents(tree, django_assert_num_queries):
    region = get(tree.payakumbuh.host).wsgi_request.region
    with django_assert_num_queries(0):
        assert region.lineage == [tree.network, tree.sumbar, tree.payakumbuh]


@pytest.mark.parametrize("header", ["PAYAKUMBUH.PEKON.WEB.ID", "payakumbuh.pekon.web.id:8080"])
def test_case_and_port_of_the_host_do_not_count(tree, header):
    response = get(header)
    assert response.status_code == 200
    assert response.wsgi_request.region == tree.payakumbuh


@pytest.mark.parametrize("label", ["atlantis", "xn--pdang-vra", "a.b", "payakumbuh.sumaterabarat", "-a", "a" * 64])
def test_an_unknown_label_is_not_found(tree, label):
    assert get(f"{label}.pekon.web.id").status_code == 404


def test_a_closed_region_cannot_be_told_from_one_that_never_was(tree):
    Region.objects.filter(pk=tree.payakumbuh.pk).update(is_open=False)
    SubdomainAlias.objects.create(label="payokumbuah", region=tree.payakumbuh)
    never = get("atlantis.pekon.web.id", "/indeks/?p=1")
    for host in ("payakumbuh.pekon.web.id", "payokumbuah.pekon.web.id", "payakumbuh.pekon.web.id."):
        closed = get(host, "/indeks/?p=1")
        assert closed.status_code == never.status_code == 404
        assert closed.content == never.content
        assert closed.headers == never.headers


def test_without_a_network_its_host_is_not_found(db):
    assert get(settings.DOMAIN).status_code == 404


def test_an_alias_redirects_for_good_with_path_and_query(tree):
    SubdomainAlias.objects.create(label="payokumbuah", region=tree.payakumbuh)
    response = get("payokumbuah.pekon.web.id", "/indeks/?a=1&b=%2F")
    assert response.status_code == 301
    assert response["Location"] == "http://payakumbuh.pekon.web.id/indeks/?a=1&b=%2F"


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("www.pekon.web.id", "http://pekon.web.id"),
        ("www.pekon.web.id.", "http://pekon.web.id"),
        ("pekon.web.id.", "http://pekon.web.id"),
        ("payakumbuh.pekon.web.id.", "http://payakumbuh.pekon.web.id"),
        ("redaksi.pekon.web.id.", "http://redaksi.pekon.web.id"),
    ],
)
def test_another_way_to_write_a_host_redirects_for_good(tree, host, target):
    response = get(host, "/indeks/?p=1")
    assert response.status_code == 301
    assert response["Location"] == f"{target}/indeks/?p=1"


@pytest.mark.parametrize("path", ["//example.com/", "//example.com/%2e%2e", "/\\example.com", "/@example.com/"])
def test_a_redirect_never_leaves_the_site(tree, path):
    assert get("www.pekon.web.id", path)["Location"].startswith("http://pekon.web.id/")


@pytest.mark.parametrize(
    "host", ["", "example.com", "127.0.0.1", "[::1]", "a.pekon.web.id, b.pekon.web.id", "a_b.pekon.web.id"]
)
def test_a_foreign_host_is_a_bad_request(tree, host):
    assert get(host).status_code == 400


def test_a_request_without_a_host_is_a_bad_request(tree, client):
    assert "HTTP_HOST" not in client._base_environ()
    assert client.get("/").status_code == 400


def test_a_forwarded_host_is_not_believed(tree):
    response = get(tree.payakumbuh.host, HTTP_X_FORWARDED_HOST=tree.makassar.host)
    assert response.wsgi_request.region == tree.payakumbuh
    assert get("example.com", HTTP_X_FORWARDED_HOST=tree.makassar.host).status_code == 400


def test_the_newsrooms_host_shows_the_log_in(tree):
    response = get(NEWSROOM, "/akun/masuk/")
    assert response.status_code == 200
    assert response.wsgi_request.region is None
    assert 'name="password"' in response.content.decode()


def test_a_readers_cookies_are_dropped(tree, newsroom, people):
    cookies = newsroom(people.admin).cookies
    reader = HostClient(tree.payakumbuh.host)
    reader.cookies.update(cookies)
    reader.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    for path in ("/", "/indeks/", "/tidak-ada/"):
        response = reader.get(path)
        assert response.wsgi_request.COOKIES == {}
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
        assert "cookie" not in response.get("Vary", "").lower()


def test_the_newsrooms_cookies_are_kept(newsroom, people):
    response = newsroom(people.admin).get("/")
    assert response.status_code == 200
    assert response.wsgi_request.user == people.admin


@pytest.mark.parametrize("path", NEWSROOM_ADDRESSES)
def test_the_newsrooms_addresses_are_not_found_on_readers_hosts(tree, newsroom, people, path):
    assert newsroom(people.admin).get(path).status_code != 404
    for region in (tree.network, tree.sumbar, tree.payakumbuh):
        assert get(region.host, path).status_code == 404


@pytest.mark.parametrize("path", READERS_ADDRESSES)
def test_readers_addresses_are_not_found_in_the_newsroom(newsroom, people, path):
    assert newsroom(people.admin).get(path).status_code == 404
