"""Loads the demo into a database. Running it again leaves existing objects as they are."""

import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.utils import timezone

from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author, Status, Withdrawal
from news.publishing import workflow
from regions import generations, loading
from regions.models import Masthead, Region
from regions.permissions import access

from . import network
from .builders import make_article, make_author, make_section, make_user, place

STORIES = sorted(Path(__file__).parent.glob("stories_*.toml"))
PHOTOS = Path(__file__).parent / "photos"
PHOTO_CREDIT = "Gambar Pekon"


def read() -> list[dict[str, Any]]:
    """The demo's stories, from its data files."""
    return [story for path in STORIES for story in tomllib.loads(path.read_text("utf-8"))["story"]]


def load(
    stories: list[dict[str, Any]],
    *,
    photos: Path = PHOTOS,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda items, total: items,
) -> int:
    """Load the demo network and those of `stories` that are missing; returns the number of new ones.

    `photos` is the folder of the photo files that the stories name.
    """
    known = set(Article.objects.filter(source_key__startswith="demo:").values_list("source_key", flat=True))
    if not known:  # on later runs, keep what people have changed in the regions and sections
        with generations.bumping():
            _network()
    new = [story for story in stories if f"demo:{story['key']}" not in known]
    for story in progress(new, len(new)):
        taken_in = _photos(story, photos)
        with generations.bumping():
            _store(story, taken_in)
    return len(new)


def _network() -> None:
    """Regions, sections, authors and accounts."""
    loading.load(loading.read(loading.STARTER))
    for subdomain, tagline in network.OPEN_REGIONS.items():
        Region.objects.filter(subdomain=subdomain, is_open=False).update(is_open=True, tagline=tagline)
    for subdomain, accent in network.ACCENTS.items():
        Region.objects.filter(subdomain=subdomain, accent="").update(accent=accent)
    for subdomain, values in network.MASTHEADS.items():
        Masthead.objects.get_or_create(region=Region.objects.get(subdomain=subdomain), defaults=values)
    generations.bump([generations.EVERYWHERE, *Region.objects.open().values_list("pk", flat=True)])
    for position, (slug, name) in enumerate(network.SECTIONS.items(), 1):
        make_section(name, slug=slug, position=position)
    regions = {region.subdomain: region for region in Region.objects.all()}
    for slug, (name, subdomain, bio) in network.AUTHORS.items():
        if not Author.objects.filter(slug=slug).exists():
            make_author(name, regions[subdomain], slug=slug, bio=bio)
    for username, (_what, role, subdomain, author) in network.ACCOUNTS.items():
        if not User.objects.filter(username=username).exists():
            name, _region, _bio = network.AUTHORS.get(author, ("", "", ""))
            user = make_user(
                username, role, regions[subdomain], password=network.PASSWORD, is_superuser=not role, first_name=name
            )
            Author.objects.filter(slug=author).update(user=user)


def _photos(story: dict[str, Any], folder: Path) -> list[Photo]:
    """Store the story's photos as uploads: first the lead photo, then those of the gallery."""
    if "photo" not in story:
        return []
    region = Region.objects.get(subdomain=story["region"])
    return [_photo(shot, folder, region) for shot in (story, *story.get("gallery", []))]


def _photo(shot: dict[str, Any], folder: Path, region: Region) -> Photo:
    texts = {"caption": shot.get("caption", ""), "alt": shot["alt"], "credit": PHOTO_CREDIT}
    with (folder / shot["photo"]).open("rb") as file:
        return uploads.store(File(file), region=region, user=None, **texts)


def _store(story: dict[str, Any], photos: list[Photo]) -> None:
    """Store one story through the newsroom's workflow, up to the state that it demonstrates."""
    region = Region.objects.get(subdomain=story["region"])
    writers = [Author.objects.get(slug=slug) for slug in story["authors"]]
    article = make_article(
        region,
        writers=writers,
        tags=story["tags"],
        shares={Region.objects.get(subdomain=subdomain): None for subdomain in story.get("shared", [])},
        section=make_section(network.SECTIONS[story["section"]]),
        kind=story["kind"],
        title=story["title"],
        kicker=story.get("kicker", ""),
        summary=story["summary"],
        dateline=story["dateline"],
        body=story["body"],
        is_unverified=story.get("unverified", False),
        source_key=f"demo:{story['key']}",
        created_by=_writer(writers[0], region),
        lead_photo=photos[0] if photos else None,
    )
    for position, photo in enumerate(photos if story["kind"] == Article.Kind.PHOTOS else []):
        article.gallery.create(photo=photo, position=position)
    _bring_to_its_state(article, story)
    if "front" in story:
        place(article, region, slot=story["front"])


def _writer(author: Author, region: Region) -> User:
    """The author's account if it may write for the region, otherwise an administrator's."""
    if author.user and access.allowed(author.user, access.Permission.WRITE, region):
        return author.user
    return User.objects.get(username="admin")


def _bring_to_its_state(article: Article, story: dict[str, Any]) -> None:
    now = timezone.now()
    editor = User.objects.get(username="admin")
    writer = article.created_by or editor
    published_at = story.get("published_at") or now - timedelta(hours=story.get("age_hours", 0))
    match story["state"]:
        case "live":
            own = story.get("published_at")  # a story with a time of its own has not changed since
            workflow.import_as(article, status=Status.APPROVED, published_at=published_at, updated_at=own)
            if story.get("correction"):
                workflow.correct(article, actor=editor, kind="erratum", text=story["correction"])
        case "expired":
            Article.objects.filter(pk=article.pk).update(expires_at=published_at + (now - published_at) / 2)
            workflow.import_as(article, status=Status.APPROVED, published_at=published_at)
        case "withdrawn":
            record = Withdrawal(reason=story["note"], withdrawn_at=now - (now - published_at) / 2, actor=editor)
            workflow.import_as(article, status=Status.WITHDRAWN, published_at=published_at, withdrawal=record)
        case "binned":
            workflow.throw_away(article, actor=writer)
        case "submitted":
            workflow.submit(article, actor=writer)
        case "returned":
            workflow.submit(article, actor=writer)
            workflow.return_to_writer(article, actor=editor, note=story["note"])
        case "scheduled":
            workflow.schedule(article, actor=editor, at=_minute(now + timedelta(minutes=story["due_minutes"])))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
