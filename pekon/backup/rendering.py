"""Renders some pages of a database through the application that readers are served by:
`python -m pekon.backup.rendering`, with the database as DATABASE_URL and TRUSTED_PROXY_COUNT=0.

It asks for the network's front, an edition's front, lists, feeds and the newest stories, at least ten pages if there
are stories, and for stories that must not be there. It prints what it found as JSON.
"""

import json
import os
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
    django.setup()

from django.conf import settings
from django.utils.html import escape

from news.models import Article, Section, Withdrawal
from pekon.tombstones import records
from pekon.tombstones.models import Tombstone
from pekon.wsgi import application
from regions.models import Region

STORIES = 5
WITHDRAWN = 5


def render() -> dict[str, Any]:
    """How many pages were asked for, and for each that is not as it should be, what is wrong."""
    pages = 0
    wrong = []
    for host, path, expected, text in _pages():
        status, body = ask(host, path)
        pages += 1
        if status not in expected or (text and text not in body):
            wrong.append(
                f"http://{host}{path} answered {status}" + (" without its title" if status in expected else "")
            )
    return {"pages": pages, "wrong": wrong}


def _pages() -> Iterator[tuple[str, str, set[int], str]]:
    """Host, path, the statuses that are right, and words that the page has."""
    for network in Region.objects.open().filter(parent=None):
        for path in ("/", "/indeks/", "/rss.xml", "/sitemap.xml"):
            yield network.host, path, {200}, ""
    stories = Article.objects.live().select_related("region").order_by("-published_at", "-pk")[:STORIES]
    for story in stories:
        yield story.region.host, story.get_absolute_url(), {200}, str(escape(story.title))
    for story in stories[:1]:
        for path in ("/", "/indeks/"):
            yield story.region.host, path, {200}, ""
        for section in Section.objects.filter(pk=story.section_id):
            yield story.region.host, section.get_absolute_url(), {200}, ""
    withdrawals = Withdrawal.objects.select_related("article__region").order_by("-withdrawn_at")[:WITHDRAWN]
    for withdrawal in withdrawals if records.in_force(Tombstone.objects.all()) else []:
        article = withdrawal.article
        yield article.region.host, article.get_absolute_url(), {404, 410}, ""


def ask(host: str, path: str) -> tuple[int, str]:
    """The status and the body that a reader gets."""
    path, _mark, query = path.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host, "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    environ |= {"wsgi.url_scheme": settings.SCHEME, "SERVER_NAME": host.partition(":")[0]}
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        statuses.append(status)
        return lambda chunk: None

    response = application(environ, start_response)
    try:
        body = b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()
    return int(statuses[-1].split()[0]), body.decode(errors="replace")


if __name__ == "__main__":
    print(json.dumps(render()))  # noqa: T201  (read by the process that started this one)
