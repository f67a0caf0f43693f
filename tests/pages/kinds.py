"""Every kind of page that readers see, and where one is: `python -m tests.pages.kinds [everyday] [longest]`.

It looks in the database of the server whose environment it runs in, so it finds its pages in the demo network as in
the tests' own. Whoever builds a kind of page adds a line here.
"""

import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.contrib.auth.models import User

from news.models import Article, Section
from news.publishing import previews
from regions.models import Region


class Kind(NamedTuple):
    address: Callable[[], str]
    status: int = 200
    built: bool = True
    """False: not built yet. It is left out as long as its address answers 404."""


def edition() -> Region:
    """The city or regency with the most kinds of article."""
    cities = Region.objects.open().exclude(kind__in=[Region.Kind.NETWORK, Region.Kind.PROVINCE])
    return max(cities.order_by("pk"), key=lambda region: len(set(region.articles.live().values_list("kind"))))


def network() -> Region:
    return Region.objects.get(kind=Region.Kind.NETWORK)


def here(path: str) -> Callable[[], str]:
    """An address of that edition."""
    return lambda: edition().origin + path


def article(**having: object) -> Callable[[], str]:
    return lambda: _first(Article.objects.live().filter(**having)).canonical_url


def keyed(name: str) -> Callable[[], str]:
    return article(source_key=f"pages:{name}")


def front_of(label: str) -> Callable[[], str]:
    return lambda: Region.objects.get(subdomain=label).origin + "/"


def empty_front() -> str:
    empty = Region.objects.open().exclude(pk__in=Article.objects.live().values("region")).filter(children=None)
    return f"{_first(empty).origin}/"


def _own() -> "Article":
    return _first(Article.objects.live().filter(region=edition(), kind=Article.Kind.NEWS))


def _first(objects: Any) -> Any:
    found = objects.order_by("pk").first()
    if found is None:
        raise LookupError(f"no {objects.model.__name__} of this kind in the database")
    return found


def _gone(**having: object) -> Callable[[], str]:
    return lambda: _first(Article.objects.gone().filter(**having)).canonical_url


def _preview() -> str:
    """A preview of the first draft; its link is made here, since the demo has none."""
    admin = _first(User.objects.filter(is_superuser=True))
    return previews.address(previews.make(_first(Article.objects.drafts()), actor=admin))


def _today() -> str:
    region = edition()
    return f"{region.origin}/indeks/{region.local(_own().published_at):%Y/%m/%d}/"


KINDS = {
    "network front": Kind(lambda: f"{network().origin}/"),
    "province front": Kind(lambda: f"{edition().parent.origin}/"),
    "region front": Kind(here("/")),
    "empty front": Kind(empty_front),
    "article with photo": Kind(article(kind=Article.Kind.NEWS, lead_photo__isnull=False)),
    "article without photo": Kind(article(lead_photo=None)),
    "photo story": Kind(article(kind=Article.Kind.PHOTOS)),
    "feature": Kind(article(kind=Article.Kind.FEATURE)),
    "opinion": Kind(article(kind=Article.Kind.OPINION)),
    "press release": Kind(article(kind=Article.Kind.RELEASE)),
    "advertorial": Kind(article(kind=Article.Kind.ADVERTORIAL)),
    "rubrik": Kind(lambda: edition().origin + _own().section.get_absolute_url()),
    "empty rubrik": Kind(lambda: empty_front().rstrip("/") + _first(Section.objects.all()).get_absolute_url()),
    "tag": Kind(lambda: edition().origin + _first(_own().tags).get_absolute_url()),
    "penulis": Kind(lambda: edition().origin + _first(_own().authors).get_absolute_url()),
    "indeks": Kind(here("/indeks/")),
    "older indeks": Kind(here("/indeks/?sebelum=99999999999999999-999")),
    "indeks of a day": Kind(_today),
    "indeks of an empty day": Kind(here("/indeks/2001/02/03/")),
    "preview": Kind(_preview),
    "404": Kind(here("/tidak-ada/"), 404),
    "404 of a region without articles": Kind(lambda: f"{empty_front()}tidak-ada/", 404),
    "unknown host": Kind(lambda: f"{settings.SCHEME}://tidak-ada.{settings.DOMAIN}/", 404),
    "410 withdrawn": Kind(_gone(withdrawal__isnull=False), 410),
    "410 expired": Kind(_gone(withdrawal=None), 410),
    "redaksi": Kind(here("/redaksi/")),
    "pedoman media siber": Kind(here("/pedoman-media-siber/")),
    "kontak": Kind(here("/kontak/")),
    "tentang": Kind(here("/tentang/")),
    "privasi": Kind(here("/privasi/")),
    "wilayah": Kind(here("/wilayah/")),
    "luring": Kind(here("/luring/")),
    "search": Kind(here("/cari/?q=warga")),
    "search that finds nothing": Kind(here("/cari/?q=xyzzy")),
    "terpopuler": Kind(here("/terpopuler/")),
    "kode etik": Kind(here("/kode-etik/")),
    "wilayah that no edition has": Kind(here("/wilayah/?q=xyzzy")),
    "koreksi": Kind(here("/koreksi/")),
}
LONGEST = {
    "title of 200 letters": Kind(keyed("title")),
    "word of 60 letters": Kind(keyed("word")),
    "12 bylines": Kind(keyed("bylines")),
    "long and no photo": Kind(keyed("no-photo")),
    "tall photo": Kind(keyed("tall")),
    "tall gallery": Kind(keyed("gallery")),
    "40 tags": Kind(keyed("tags")),
    "10,000 words": Kind(keyed("words")),
    "long words in a body": Kind(keyed("body")),
    "front of long titles": Kind(front_of("kepulauansiautagulandangbiaro")),
    "rubrik of long titles": Kind(lambda: front_of("kepulauansiautagulandangbiaro")() + "rubrik/politik/"),
    "front with 1 article": Kind(front_of("satu")),
    "front with 5 articles": Kind(front_of("lima")),
    "front with 5,000 articles": Kind(front_of("ramai")),
}
"""What tests.pages.world.longest makes. The front with no article is an everyday one."""
GROUPS = {"everyday": KINDS, "longest": LONGEST}


def addresses(*groups: str) -> list[tuple[str, str, int, bool]]:
    """Name, whole address, status and `built` of a page of each kind, as tests.pages.readers.Found has them.

    Raises LookupError for a kind that the database has no example of.
    """
    return [(name, kind.address(), kind.status, kind.built) for group in groups for name, kind in GROUPS[group].items()]


if __name__ == "__main__":
    json.dump(addresses(*sys.argv[1:]), sys.stdout)
