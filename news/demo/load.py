"""Filling a database with the demo. It may run again: what is there already is left as it is."""

import io
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from news import workflow
from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author, Status, Withdrawal
from regions import access, editions, loading
from regions.models import Masthead, Region

from . import network, pictures
from .builders import make_article, make_author, make_section, make_user

STORIES = sorted(Path(__file__).parent.glob("stories_*.toml"))
PHOTO_CREDIT = "Gambar Pekon"


def load(
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda items, total: items,
    size: tuple[int, int] = (1600, 1067),
) -> int:
    """Load what is missing of the demo network, with photos of `size` pixels; the number of new stories."""
    known = set(Article.objects.filter(source_key__startswith="demo:").values_list("source_key", flat=True))
    if not known:  # later on, what people made of the regions and sections is theirs
        with editions.writing():
            _network()
    stories = [story for path in STORIES for story in tomllib.loads(path.read_text("utf-8"))["story"]]
    new = [story for story in stories if f"demo:{story['key']}" not in known]
    with ProcessPoolExecutor() as painters:
        drawn = painters.map(_draw, new, repeat(size))
        for story, photos in progress(zip(new, drawn, strict=True), len(new)):
            with editions.writing():
                _store(story, photos)
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
    editions.put_out([editions.EVERYWHERE, *Region.objects.open().values_list("pk", flat=True)])
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


def _draw(story: dict[str, Any], size: tuple[int, int]) -> list[bytes]:
    """The story's photos as a camera would deliver them: its lead, then those of its gallery. None without a scene."""
    if not story.get("scene"):
        return []
    return [_as_jpeg(shot["scene"], shot["seed"], size) for shot in (story, *story.get("gallery", []))]


def _as_jpeg(scene: str, seed: int, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    pictures.draw(scene, seed, size).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _store(story: dict[str, Any], drawn: list[bytes]) -> None:
    """One story, in the state that it is meant to show, by the ways of the newsroom."""
    region = Region.objects.get(subdomain=story["region"])
    photos = [
        _photo(shot, content, region) for shot, content in zip((story, *story.get("gallery", [])), drawn, strict=False)
    ]
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


def _writer(author: Author, region: Region) -> User:
    """The author's account, where it may write for the region; an administrator's otherwise."""
    if author.user and access.allowed(author.user, access.Permission.WRITE, region):
        return author.user
    return User.objects.get(username="admin")


def _photo(shot: dict[str, Any], content: bytes, region: Region) -> Photo:
    upload = SimpleUploadedFile("foto.jpg", content, "image/jpeg")
    texts = {"caption": shot.get("caption", ""), "alt": shot.get("alt", ""), "credit": PHOTO_CREDIT}
    return uploads.store(upload, region=region, user=None, **texts)


def _bring_to_its_state(article: Article, story: dict[str, Any]) -> None:
    now = timezone.now()
    editor = User.objects.get(username="admin")
    writer = article.created_by or editor
    published_at = now - timedelta(hours=story.get("age_hours", 0))
    match story["state"]:
        case "live":
            workflow.bring_in(article, status=Status.APPROVED, published_at=published_at)
            if story.get("correction"):
                workflow.correct(article, actor=editor, kind="ralat", text=story["correction"])
        case "expired":
            Article.objects.filter(pk=article.pk).update(expires_at=published_at + (now - published_at) / 2)
            workflow.bring_in(article, status=Status.APPROVED, published_at=published_at)
        case "withdrawn":
            record = Withdrawal(reason=story["note"], withdrawn_at=now - (now - published_at) / 2, actor=editor)
            workflow.bring_in(article, status=Status.WITHDRAWN, published_at=published_at, withdrawal=record)
        case "submitted":
            workflow.submit(article, actor=writer)
        case "returned":
            workflow.submit(article, actor=writer)
            workflow.return_to_writer(article, actor=editor, note=story["note"])
        case "scheduled":
            workflow.schedule(article, actor=editor, at=_minute(now + timedelta(minutes=story["due_minutes"])))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
