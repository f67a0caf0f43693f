"""Telling search engines and feed readers that a story came, changed or went: IndexNow and WebSub, both off by default.

A task is put into the queue in the transaction that changes the story, to run when readers have it: nothing is told of
what is hidden. Tasks may run twice; one that meets a service that is down comes back.

Sources: indexnow.org/documentation; WebSub (W3C Recommendation 2018), section 7, as hubs take it (`hub.mode=publish`).
"""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks import task

from regions.models import Region

from .models import Article, Placement

log = logging.getLogger(__name__)
_WAITS = (30, 300, 3600, 21_600)  # seconds until the next attempt; after the last one it is given up
_PATIENCE = 10  # seconds
_FEEDS = ("rss.xml", "atom.xml", "feed.json")


class Refused(Exception):
    """The service does not want it: asking again would change nothing."""


def on_placed(sender: Any, article_ids: list[int], **kwargs: Any) -> None:
    if not (settings.INDEXNOW or settings.WEBSUB_HUB):
        return
    now = timezone.now()
    for pk, published_at in Article.objects.filter(pk__in=article_ids).values_list("pk", "published_at"):
        if published_at:  # whether it is approved, or was, is looked up when the time has come
            announce.using(run_after=max(now, published_at)).enqueue(pk)


@task()
def announce(article_id: int, attempt: int = 0) -> None:
    """Tell the services that are configured of a story that readers have, or had."""
    story = Article.objects.live().select_related("region").filter(pk=article_id).first()
    gone = Article.objects.gone().select_related("region").filter(pk=article_id).first()
    known = story or gone
    if known is None:
        return
    try:
        if settings.INDEXNOW:
            _index_now(known)
        if settings.WEBSUB_HUB:
            _tell_hub(known)
    except Refused as error:
        log.warning("%s is not announced: %s", known.canonical_url, error)
    except OSError as error:  # the network's errors, and every answer that may be another one later
        log.warning("%s is announced later: %s", known.canonical_url, error)
        if attempt < len(_WAITS):
            later = timezone.now() + timedelta(seconds=_WAITS[attempt])
            announce.using(run_after=later).enqueue(article_id, attempt + 1)


def key_of(region: Region) -> str:
    """What proves to IndexNow that an address is this host's: the host answers it at `/<key>.txt`."""
    return salted_hmac("news.announcing.indexnow", region.host, algorithm="sha256").hexdigest()[:32]


def _index_now(story: Article) -> None:
    region = story.region
    told = {
        "host": region.host_name,
        "key": key_of(region),
        "keyLocation": f"{region.origin}/{key_of(region)}.txt",
        "urlList": [story.canonical_url],
    }
    _post(settings.INDEXNOW_URL, json.dumps(told).encode(), "application/json; charset=utf-8")


def _tell_hub(story: Article) -> None:
    """That the feeds of all regions that list the story have changed; of a story that is gone, its own lineage's."""
    listed = [row.region for row in Placement.objects.filter(article=story).select_related("region")]
    feeds = [f"{region.origin}/{feed}" for region in listed or story.region.lineage for feed in _FEEDS]
    told = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
    _post(settings.WEBSUB_HUB, told.encode(), "application/x-www-form-urlencoded")


def _post(address: str, content: bytes, content_type: str) -> None:
    """Raises Refused, or OSError for what may go better another time."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise Refused(f"{address} is no web address")
    request = Request(address, content, {"Content-Type": content_type, "User-Agent": "Pekon"})  # noqa: S310  (seen to)
    try:
        with urlopen(request, timeout=_PATIENCE):  # noqa: S310
            pass
    except HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise
        raise Refused(f"{address} answered {error.code}") from None
