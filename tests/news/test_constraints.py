"""Every named constraint has a case here that tries to break it in the database, past forms and `clean()`."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from news.adverts.models import Advert
from news.demo import builders
from news.images.models import Photo
from news.models import (
    Article,
    Byline,
    Correction,
    Event,
    FrontSlot,
    GalleryPhoto,
    Page,
    Placement,
    PreviewLink,
    Share,
    Status,
    TaggedArticle,
    Withdrawal,
)
from news.popularity.models import HourlyReads, Leader
from news.search.models import Alias, Root
from regions.models import Invitation

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


def change(article: Article, **values) -> None:
    Article.objects.filter(pk=article.pk).update(**values)


def again(model, **values) -> None:
    """Add a second row like the first one."""
    row = model.objects.get(**values)
    row.pk = None
    row.save(force_insert=True)


def invited(story: Article, **values) -> Invitation:
    """Add an invitation with these decisions about it."""
    person = builders.make_user("pengundang")
    fields = {"email": "a@b.id", "name": "Budi", "role": "reporter", "token_digest": "x", "expires_at": AT}
    return Invitation.objects.create(region=story.region, invited_by=person, **fields, **values)


def advertise(story: Article, **values) -> Advert:
    """Book an advert with something wrong."""
    return builders.make_advert(story.region, Photo.objects.get(), **values)


def correct(story: Article, **values) -> Correction:
    """Add a correction with something wrong."""
    return Correction.objects.create(article=story, made_at=AT, **({"text": "Yang benar tiga."} | values))


def place(story: Article, **values) -> FrontSlot:
    """Place the story on a front page with something wrong."""
    return FrontSlot.objects.create(article=story, region=story.region, starts_at=AT, **values)


def two_pages(story: Article) -> None:
    for title in ("Kontak", "Kontak lagi"):
        Page.objects.create(region=story.region, slug="kontak", title=title, body="<p>Isi.</p>")


CASES = {
    "correction_has_text": [lambda story: correct(story, text="")],
    "correction_kind_known": [lambda story: correct(story, kind="maaf")],
    "front_slot_ends_after_it_begins": [lambda story: place(story, ends_at=AT)],
    "front_slot_place_known": [lambda story: place(story, place="atap")],
    "page_once": [two_pages],
    "photo_key_is_ours": [lambda story: Photo.objects.update(rendition_key="x" * 32)],
    "advert_words_known": [
        lambda story: advertise(story, place="popup"),
        lambda story: advertise(story, kind="free"),
    ],
    "advert_ends_after_it_starts": [lambda story: advertise(story, starts_at=AT, ends_at=AT)],
    "advert_link_is_web": [
        lambda story: advertise(story, link="javascript:alert(1)"),
        lambda story: advertise(story, link="//example.com/"),
    ],
    "advert_paid_names_advertiser": [lambda story: advertise(story, advertiser="")],
    "article_status_known": [lambda story: change(story, status="live")],
    "article_has_title": [lambda story: change(story, title="")],
    "article_slug_is_address_part": [
        lambda story: change(story, slug=""),
        lambda story: change(story, slug="Huruf-Besar"),
        lambda story: change(story, slug="dua--garis"),
        lambda story: change(story, slug="-di-tepi"),
        lambda story: change(story, slug="garis/miring"),
    ],
    "article_approved_has_time": [
        lambda story: change(story, published_at=None),
        lambda story: change(story, published_at=None, status=Status.WITHDRAWN),
    ],
    "article_ends_after_it_begins": [
        lambda story: change(story, expires_at=AT),
        lambda story: change(story, expires_at=AT - HOUR),
    ],
    "article_version_counts_from_one": [lambda story: change(story, version=0)],
    "byline_once": [lambda story: again(Byline, article=story)],
    "share_once": [lambda story: again(Share, article=story)],
    "placement_once": [lambda story: again(Placement, article=story, region=story.region)],
    "placement_ends_after_it_begins": [
        lambda story: Placement.objects.filter(article=story).update(expires_at=AT),
        lambda story: Placement.objects.filter(article=story).update(expires_at=AT - HOUR),
    ],
    "tagged_article_once": [lambda story: again(TaggedArticle, content_object=story)],
    "withdrawal_has_reason": [
        lambda story: Withdrawal.objects.create(article=story, reason="", withdrawn_at=AT),
    ],
    "event_is_about_something": [lambda story: Event.objects.create(verb=Event.Verb.LOGGED_IN)],
    "preview_link_ends_after_it_begins": [
        lambda story: PreviewLink.objects.create(article=story, made_by=builders.make_user("b"), expires_at=AT),
    ],
    "invitation_accepted_or_revoked": [
        lambda story: invited(story, accepted_at=AT, revoked_at=AT, accepted_by=builders.make_user("b")),
    ],
    "invitation_accepted_by_somebody": [
        lambda story: invited(story, accepted_at=AT),
        lambda story: invited(story, accepted_by=builders.make_user("b")),
    ],
    "gallery_photo_once": [lambda story: again(GalleryPhoto, article=story)],
    "photo_names_are_ours": [
        lambda story: Photo.objects.update(previous_key="../x"),
        lambda story: Photo.objects.update(waiting="../x"),
        lambda story: Photo.objects.update(file_type="a/b"),
        lambda story: Photo.objects.update(colour="red"),
    ],
    "photo_focus_is_inside": [
        lambda story: Photo.objects.update(focus_x=101),
        lambda story: Photo.objects.update(focus_y=101),
    ],
    "alias_has_two_names": [lambda story: Alias.objects.create(names="Wako")],
    "root_is_of_a_word": [lambda story: Root.objects.create(word="")],
    "hourly_reads_once": [
        lambda story: [HourlyReads.objects.create(article=story, hour=AT, reads=1) for _turn in range(2)]
    ],
    "leader_once": [
        lambda story: [
            Leader.objects.create(region=story.region, hours=24, article=story, reads=1) for _turn in range(2)
        ]
    ],
    "leader_hours_known": [lambda story: Leader.objects.create(region=story.region, hours=25, article=story, reads=1)],
    "photo_has_size": [
        lambda story: Photo.objects.create(region=story.region, rendition_key="a" * 32, width=0, height=1),
        lambda story: Photo.objects.create(region=story.region, rendition_key="a" * 32, width=1, height=0),
    ],
}


@pytest.fixture
def story(tree) -> Article:
    """A live story with one row of everything that hangs on it."""
    story = builders.make_live(tree.payakumbuh, AT, tags=["Pilkada"], shares={tree.makassar: None})
    photo = Photo.objects.create(region=story.region, rendition_key="c" * 32, width=1, height=1)
    GalleryPhoto.objects.create(article=story, photo=photo)
    return story


@pytest.mark.parametrize(
    ("name", "attempt"), [(name, attempt) for name, attempts in CASES.items() for attempt in attempts]
)
def test_the_database_refuses_what_breaks_a_constraint(story, name, attempt):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        attempt(story)
    # SQLite names the columns of a unique constraint and not the constraint.
    assert name in str(refusal.value) or str(refusal.value).startswith("UNIQUE constraint failed")


def test_every_named_constraint_has_a_case():
    labels = ("news", "images", "adverts", "search", "popularity")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    models.append(Invitation)  # the other constraints of regions are tried in tests/regions/test_models.py
    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(CASES)


def test_what_the_constraints_allow_is_stored(story):
    change(story, slug="pemilu-2024", expires_at=AT + timedelta(microseconds=1), version=2)
    Byline.objects.create(article=story, author=story.bylines.get().author, role=Byline.Role.PHOTOGRAPHER)
    advertise(story, kind="house", advertiser="", link="http://example.com/")
    Photo.objects.create(region=story.region, rendition_key="a" * 32, width=1, height=1)
    change(story, status=Status.DRAFT, published_at=None)
    stored = Article.objects.get(pk=story.pk)
    assert (stored.slug, stored.version, stored.status) == ("pemilu-2024", 2, Status.DRAFT)
