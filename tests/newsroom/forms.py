"""What a browser sends when somebody presses a button of the article form."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from news.images.models import Photo
from news.models import Article, Author
from regions.models import Region

TEXTS = ["title", "kind", "kicker", "dateline", "body", "sign_off", "summary", "lead_caption", "lead_credit"]
TYPED = "%Y-%m-%dT%H:%M:%S"


def article_form(
    article: Article | None = None,
    *,
    act: str = "",
    bylines: list[Author] | None = None,
    shares: dict[Region, str] | None = None,
    gallery: list[Photo] | None = None,
    **overrides: Any,
) -> dict[str, Any]:
    """The form's data: as it is shown for `article` (or a valid new article's), with `overrides` by field name.

    `bylines`, `gallery` and `shares` (region → typed time) are rows added to those that are there. `act` is the button;
    without one it is the button that saves.
    """
    data: dict[str, Any] = {"title": "Warga memperbaiki jembatan", "kind": "news", "body": "<p>Selesai.</p>"}
    authored: list[dict[str, Any]] = []
    shared: list[dict[str, Any]] = []
    shown: list[dict[str, Any]] = []
    if article:
        zone = article.region
        data = {name: getattr(article, name) for name in TEXTS}
        data |= {"region": article.region, "section": article.section, "version": article.version}
        data |= {"lead_photo": article.lead_photo, "tags": ", ".join(tag.name for tag in article.tags.all())}
        data |= {name: _typed(zone, getattr(article, name)) for name in ("published_at", "expires_at", "embargo_until")}
        authored = [
            {"id": row.pk, "author": row.author, "role": row.role, "position": row.position}
            for row in article.bylines.all()
        ]
        shared = [
            {"id": row.pk, "region": row.region, "published_at": _typed(zone, row.published_at)}
            for row in article.shares.all()
        ]
        shown = [
            {"id": row.pk, "photo": row.photo, "position": row.position, "caption": row.caption, "credit": row.credit}
            for row in article.gallery.all()
        ]
    photos = [{"photo": photo, "position": len(shown) + number} for number, photo in enumerate(gallery or [], 1)]
    data |= _rows("gallery", shown, photos, article)
    data |= _rows("bylines", authored, [{"author": a, "role": "writer", "position": 1} for a in bylines or []], article)
    added = [{"region": region, "published_at": typed} for region, typed in (shares or {}).items()]
    data |= _rows("shares", shared, added, article)
    data |= {"_act": act} if act else {"_save": "1"}
    photo = overrides.get("lead_photo", data.get("lead_photo"))
    data |= words_of(photo if isinstance(photo, Photo) else None)
    data |= overrides
    return {name: value.pk if isinstance(value, Model) else value for name, value in data.items() if value is not None}


def words_of(photo: Photo | None) -> dict[str, Any]:
    """What the form sends of its photo's words if nobody changes them: whose they are, and what it showed."""
    if photo is None:
        return {}
    shown = {"photo_caption": photo.caption, "photo_credit": photo.credit, "photo_alt": photo.alt}
    box = {"photo_decorative": "on"} if photo.is_decorative else {}
    initial = {f"initial-{name}": value for name, value in shown.items()}
    return {"photo_words_of": photo.pk, **shown, **box, **initial, "initial-photo_decorative": str(photo.is_decorative)}


def _typed(region: Region, moment: datetime | None) -> str:
    return region.local(moment).strftime(TYPED) if moment else ""


def _rows(
    prefix: str, stored: list[dict[str, Any]], added: list[dict[str, Any]], article: Article | None
) -> dict[str, Any]:
    """An inline's management form and rows."""
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(stored) + len(added),
        f"{prefix}-INITIAL_FORMS": len(stored),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate([*stored, *added]):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
        data[f"{prefix}-{number}-article"] = article
    return data
