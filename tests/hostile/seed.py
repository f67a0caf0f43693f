"""Hostile articles and texts in a server's database: `python -m tests.hostile.seed` in the server's environment.

Prints, as JSON, what the tests must know of it: whose cookie to use, which articles hold the inputs, which fields hold
hostile texts, and what is wrong with those that do not.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import django

django.setup()

from allauth.usersessions.models import UserSession  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from news.adverts.models import AdsTxt, Advert  # noqa: E402
from news.content.richtext import clean  # noqa: E402
from news.demo import builders  # noqa: E402
from news.images import uploads  # noqa: E402
from news.models import (  # noqa: E402
    Article,
    Duty,
    Event,
    FrontSlot,
    Page,
    PlannedIdea,
    PushSubscription,
    Section,
    Status,
    Tag,
)
from news.publishing import workflow  # noqa: E402
from regions.models import Masthead, Region, SubdomainAlias  # noqa: E402
from tests.conftest import photo_file  # noqa: E402
from tests.hostile import fields, size  # noqa: E402
from tests.hostile.inputs import KINDS, SINKS, end_of, everything, for_browsers  # noqa: E402
from tests.readers.test_visibility import ADDRESSES, ALWAYS  # noqa: E402

MOST_TAGS = 7_000  # inputs in a body: with far more, cleaning would leave only its words


def main() -> None:
    with transaction.atomic():
        network = builders.make_network()
        sumbar = builders.make_region("sumaterabarat", network)
        region = builders.make_region("payakumbuh", sumbar)
        others = builders.make_region("limapuluhkota", sumbar, kind="regency")
        administrator = builders.make_user("admin", is_superuser=True, email="admin@example.com")
        make_texts(others, administrator)
        filled, wrong = fields.fill()
        bodies = {name: store_bodies(region, packs) for name, packs in body_packs().items()}
        bodies["unclean"] = store_bodies(region, ["<p>x</p>"])
        make_unclean(bodies["unclean"][0], "".join(SINKS))
    json.dump(
        {
            "cookie": {"name": settings.SESSION_COOKIE_NAME, "value": session_of(administrator)},
            "inputs": len(everything()),
            "bodies": bodies,
            "filled": filled,
            "wrong": wrong,
            "reader_pages": reader_pages(others),
            "samples": samples(others),
        },
        sys.stdout,
        default=str,  # background tasks have UUIDs as keys
    )


def session_of(user: User) -> str:
    """A session in which this person has logged in, without asking how people log in."""
    user.refresh_from_db()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def body_packs() -> dict[str, list[str]]:
    """Bodies that hold every input between them, cleaned one by one; and a third of them uncleaned, each closed."""
    raw = [
        text + end_of(text) + "<p>"
        for kind in KINDS.values()
        if kind.name != "huge"
        for text in size.some(kind.inputs, 3)
    ]
    raw = [text for start in range(10) for text in raw[start::10]]  # a little of each kind in each body
    raw.sort(key=lambda text: "<p>akhir</p>" not in clean(f"{text}akhir"))  # what nothing closes stands last
    return {"cleaned": list(packed(map(clean, for_browsers()))), "raw": list(packed(raw))}


def packed(pieces: Iterable[str]) -> Iterator[str]:
    body, tags = [], 0
    for piece in pieces:
        tags += piece.count("<")
        if tags > MOST_TAGS:
            yield "".join(body)
            body, tags = [], piece.count("<")
        body.append(piece)
    yield "".join(body)


def store_bodies(region: Region, packs: list[str]) -> list[dict[str, int]]:
    """A live article, which has an editor, and a withdrawn one, which the newsroom only reads, for each body."""
    section = Section.objects.first()
    assert all(clean(body).count("<") > size.ELEMENTS or body == "<p>x</p>" for body in packs), (
        "out of proportion: its words alone"
    )
    return [
        {
            "live": builders.make_live(region, body=body, section=section, title=f"Berita uji {number}").pk,
            "withdrawn": builders.make_withdrawn(region, body=body, section=section).pk,
        }
        for number, body in enumerate(packs, 1)
    ]


def make_unclean(articles: dict[str, int], body: str) -> None:
    """Write past every field and form, as a hole elsewhere or a change by hand in the database might."""
    with connection.cursor() as cursor:
        for pk in articles.values():
            cursor.execute("UPDATE news_article SET body = %s WHERE id = %s", [body, pk])


def make_texts(region: Region, person: User) -> None:
    """Rows of every kind for `fields.fill`: articles in every state, and all that stands around them."""
    for number in range(20):
        builders.make_region(f"kota-{number}", region.parent)
        SubdomainAlias.objects.create(label=f"lama-{number}", region=region)
    sections = [builders.make_section(f"Rubrik {number}") for number in range(30)]
    authors = [builders.make_author(f"Wartawan {number}", region) for number in range(40)]
    people = [builders.make_user(f"orang-{number}", "editor", region) for number in range(12)]
    photos = [
        uploads.store(photo_file((64, 48), colour=f"#{number:02x}8080"), region=region, user=person)
        for number in range(16)
    ]
    Tag.for_names(f"Kata {number}" for number in range(80))
    for number in range(fields.ROWS):
        day = timezone.now() + timedelta(days=number)
        PlannedIdea.objects.create(
            region=region, section=sections[0], title=f"Gagasan {number}", day=day.date(), created_by=person
        )
        session = UserSession.objects.create(user=person, ip="127.0.0.1", user_agent="x", session_key=f"sesi-{number}")
        PushSubscription.objects.create(session=session, endpoint=f"https://example.org/{number}")
        Duty.objects.create(region=region, person=person, task="x", starts_at=day, ends_at=day + timedelta(hours=8))
    for number in range(size.STORIES):
        made: dict[str, Any] = {
            "writers": [authors[number % len(authors)]],
            "tags": [f"Kata {number % 80}", f"Kata {(number + 7) % 80}"],
            "section": sections[number % len(sections)],
            "lead_photo": photos[number % len(photos)],
            "created_by": people[number % len(people)],
        }
        article = builders.make_live(region, **made)
        Event.objects.create(article=article, actor=people[number % len(people)], verb=Event.Verb.EDITED, note="x")
        if number % 12 == 0:
            Article.objects.filter(pk=article.pk).update(kind=Article.Kind.PHOTOS)
            article.gallery.create(photo=photos[number % len(photos)])
    for status in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.APPROVED):
        at = timezone.now() + timedelta(days=1) if status == Status.APPROVED else None
        for _number in range(4):
            article = workflow.import_as(
                builders.make_article(region, created_by=person), status=status, published_at=at
            )
            Event.objects.create(article=article, actor=person, verb=Event.Verb.RETURNED, note="x")
    for _number in range(8):
        builders.make_withdrawn(region)
    for number, other in enumerate(Region.objects.filter(parent=region.parent)):
        Masthead.objects.create(region=other, publisher="x", staff="x: x")
        AdsTxt.objects.create(region=other, lines="# x")
        for slug in Page.Slug.values:
            Page.objects.create(region=other, slug=slug, title="x", body="<p>x</p>")
        for place in Advert.Slot.values:
            builders.make_advert(other, photos[number % len(photos)], slot=place)
    for number, article in enumerate(Article.objects.live().filter(region=region)[:40]):
        builders.place(article, region, slot=FrontSlot.Slot.values[number % 3])
        workflow.correct(article, actor=person, kind="erratum", text="x")
    assert Section.objects.count() >= len(sections)


def reader_pages(region: Region) -> list[tuple[str, str]]:
    """Path and host of pages for readers: every address there is (the visibility sweep knows them), a good many
    articles, those that are gone, and what somebody might type."""
    first, *articles = Article.objects.live().filter(region=region).order_by("pk")[: size.STORIES]
    known = dict.fromkeys([*chain.from_iterable(paths(first) for paths in ADDRESSES.values()), *ALWAYS])
    on_the_network = list(known)[:: 2 if size.ALL else 8]
    pages = [*((path, region.subdomain) for path in known), *((path, "") for path in on_the_network)]
    gone = Article.objects.gone().filter(region=region)[:4]
    pages += [(f"/{article.pk}", region.subdomain) for article in [*articles[::12], *gone]]
    for text in fields.texts()[::240]:
        pages += [(f"/tidak-ada/{quote(text, safe='')}/", ""), (f"/indeks/?sebelum={quote(text)}", "")]
    return pages


def samples(region: Region) -> dict[str, list[int]]:
    """Rows of each model that the newsroom shows: an article in every state, in a small run one that is edited, one
    that is live and one that is only read; and the first row of the others."""
    found = {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:1])
        for model in admin.site._registry
    }
    articles = Article.objects.filter(region=region).order_by("status", "pk")
    statuses = list(Status) if size.ALL else [Status.DRAFT, Status.APPROVED, Status.WITHDRAWN]
    found["news.article"] = [
        pk for status in statuses for pk in articles.filter(status=status).values_list("pk", flat=True)[:1]
    ]
    return found


if __name__ == "__main__":
    main()
