"""Every named constraint has a case here that tries to break it in the database, past forms and `clean()`."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from reversion.models import Revision

from news.adverts.models import Advert
from news.demo import builders
from news.images.models import PendingChunk, PendingFile, Photo
from news.models import (
    Article,
    ArticleVersion,
    BodyReference,
    Byline,
    Comment,
    Correction,
    Duty,
    Event,
    FrontSlot,
    GalleryPhoto,
    HouseRule,
    LastSeen,
    Notice,
    Page,
    Placement,
    PlannedIdea,
    Presence,
    PreviewLink,
    Proposal,
    SavedSearch,
    Share,
    Status,
    TaggedArticle,
    Withdrawal,
    WorkingCopy,
)
from news.popularity.models import HourlyReads, RankedArticle
from news.search.models import Alias, StemOverride
from regions.models import Invitation

pytestmark = pytest.mark.databases

AT = datetime(2024, 11, 23, 13, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


def change(article: Article, **values) -> None:
    Article.objects.filter(pk=article.pk).update(**values)


def again(model, **values) -> None:
    """Add a second row like the first one."""
    row = model.objects.get(**values)
    row.pk = None
    row.save(force_insert=True)


def tell(article: Article, kind: str = "returned", **values) -> Notice:
    return Notice.objects.create(article=article, person=builders.make_user("diberi tahu"), kind=kind, **values)


def invited(article: Article, **values) -> Invitation:
    """Add an invitation with these decisions about it."""
    person = builders.make_user("pengundang")
    fields = {"email": "a@b.id", "name": "Budi", "role": "reporter", "token_digest": "x", "expires_at": AT}
    return Invitation.objects.create(region=article.region, invited_by=person, **fields, **values)


def advertise(article: Article, **values) -> Advert:
    """Book an advert with something wrong."""
    return builders.make_advert(article.region, Photo.objects.get(), **values)


def correct(article: Article, **values) -> Correction:
    """Add a correction with something wrong."""
    return Correction.objects.create(article=article, made_at=AT, **({"text": "Yang benar tiga."} | values))


def place(article: Article, **values) -> FrontSlot:
    """Slot the article on a front page with something wrong."""
    return builders.place(article, article.region, starts_at=AT, **values)


def two_pages(article: Article) -> None:
    for title in ("Kontak", "Kontak lagi"):
        Page.objects.create(region=article.region, slug="kontak", title=title, body="<p>Isi.</p>")


def happen(article: Article) -> Event:
    return Event.objects.create(article=article, verb=Event.Verb.EDITED)


def keep(article: Article, **values) -> ArticleVersion:
    revision = Revision.objects.create(date_created=AT)
    return ArticleVersion.objects.create(
        article=article, revision=revision, **({"number": 1, "status": "draft"} | values)
    )


def here(article: Article, name: str, **values) -> Presence:
    """Somebody who has the article's form open."""
    return Presence.objects.create(article=article, person=builders.make_user(name), since=AT, seen_at=AT, **values)


def propose(article: Article, **values) -> Proposal:
    return Proposal.objects.create(article=article, person=User.objects.get_or_create(username="b")[0], **values)


def on_duty(article: Article, **values) -> Duty:
    """Write somebody into the roster with something wrong."""
    return Duty.objects.create(region=article.region, person=builders.make_user("piket"), starts_at=AT, **values)


def keep_search(name: str) -> SavedSearch:
    person = User.objects.get_or_create(username="b")[0]
    return SavedSearch.objects.create(user=person, name=name, query="q=jembatan")


def saw(article: Article, name: str, **values) -> LastSeen:
    """Note what a person has seen of the article."""
    return LastSeen.objects.create(article=article, person=builders.make_user(name), version=3, **values)


def say(article: Article, **values) -> Comment:
    """Comment on the article with something wrong."""
    person = User.objects.get_or_create(username="b")[0]
    return Comment.objects.create(article=article, person=person, **({"text": "Siapa?"} | values))


def two_copies(article: Article) -> None:
    person, key = builders.make_user("b"), uuid.uuid4()
    for _turn in range(2):
        WorkingCopy.objects.create(person=person, key=key, number=1)


def rule(article: Article, **values) -> HouseRule:
    return HouseRule.objects.create(region=article.region, **({"pattern": "walikota", "advice": "Wali kota."} | values))


def idea(article: Article, **values) -> PlannedIdea:
    own = {"region": article.region, "section": article.section, "title": "Harga cabai", "day": AT.date()}
    maker = User.objects.create_user("perencana")
    return PlannedIdea.objects.create(created_by=maker, **(own | values))


def twice_the_same_piece():
    file = PendingFile.objects.create(name="x", person=1)
    for _time in range(2):
        PendingChunk.objects.create(file=file, offset=0, content=b"x")


CASES = {
    "duty_ends_after_it_begins": [lambda a: on_duty(a, ends_at=AT)],
    "saved_search_has_name": [lambda a: keep_search("")],
    "saved_search_once": [lambda a: [keep_search("Jembatan") for _time in range(2)]],
    "comment_has_text": [lambda article: say(article, text=""), lambda article: say(article, text="\u200b")],
    "comment_reply_has_no_quote_or_end": [
        lambda article: say(article, thread=say(article), quote="kata"),
        lambda article: say(article, thread=say(article), resolved_at=AT, resolved_by=builders.make_user("c")),
    ],
    "comment_context_is_of_a_quote": [
        lambda article: say(article, prefix="kata"),
        lambda article: say(article, suffix="kata"),
    ],
    "comment_resolved_by_somebody": [
        lambda article: say(article, resolved_at=AT),
        lambda article: say(article, resolved_by=builders.make_user("c")),
    ],
    "notice_of_a_comment_has_it": [
        lambda article: tell(article, kind="commented"),
        lambda article: tell(article, kind="mentioned"),
        lambda article: tell(article, kind="returned", comment=say(article)),
    ],
    "notice_to_mail_is_unread": [lambda article: tell(article, is_to_mail=True, read_at=AT)],
    "presence_asked_of_who_writes": [
        lambda article: here(article, "b", writing_since=AT, asked_at=AT),
        lambda article: here(article, "b", asked_at=AT, asked_by=builders.make_user("c")),
    ],
    "last_seen_before_is_earlier": [lambda article: saw(article, "a", before=3)],
    "last_seen_once_per_article": [lambda article: [saw(article, "b"), again(LastSeen, article=article)]],
    "presence_once_per_article": [lambda article: [here(article, "b"), again(Presence, article=article)]],
    "presence_one_writes": [lambda article: [here(article, name, writing_since=AT) for name in "bc"]],
    "proposal_once_per_person": [lambda article: [propose(article), propose(article)]],
    "proposal_declined_with_answer": [lambda article: propose(article, declined_at=AT)],
    "working_copy_once_per_form": [two_copies],
    "correction_has_text": [lambda article: correct(article, text="")],
    "correction_kind_known": [lambda article: correct(article, kind="maaf")],
    "front_slot_ends_after_it_begins": [lambda article: place(article, ends_at=AT)],
    "front_slot_known": [lambda article: place(article, slot="atap")],
    "page_once": [two_pages],
    "pending_chunk_once": [lambda article: twice_the_same_piece()],
    "photo_key_is_ours": [lambda article: Photo.objects.update(rendition_key="x" * 32)],
    "advert_words_known": [
        lambda article: advertise(article, slot="popup"),
        lambda article: advertise(article, kind="free"),
    ],
    "advert_ends_after_it_starts": [lambda article: advertise(article, starts_at=AT, ends_at=AT)],
    "advert_link_is_web": [
        lambda article: advertise(article, link="javascript:alert(1)"),
        lambda article: advertise(article, link="//example.com/"),
    ],
    "advert_paid_names_advertiser": [lambda article: advertise(article, advertiser="")],
    "article_status_known": [lambda article: change(article, status="live")],
    "article_has_title": [lambda article: change(article, title="")],
    "article_slug_is_address_part": [
        lambda article: change(article, slug=""),
        lambda article: change(article, slug="Huruf-Besar"),
        lambda article: change(article, slug="dua--garis"),
        lambda article: change(article, slug="-di-tepi"),
        lambda article: change(article, slug="garis/miring"),
    ],
    "article_approved_has_time": [
        lambda article: change(article, published_at=None),
        lambda article: change(article, published_at=None, status=Status.WITHDRAWN),
    ],
    "article_ends_after_it_begins": [
        lambda article: change(article, expires_at=AT),
        lambda article: change(article, expires_at=AT - HOUR),
    ],
    "article_keeps_its_embargo": [
        lambda article: change(article, embargo_until=AT + timedelta(microseconds=1)),
        lambda article: change(article, embargo_until=AT, published_at=AT - HOUR),
    ],
    "idea_has_title": [lambda article: idea(article, title="")],
    "idea_has_a_day_or_a_time": [
        lambda article: idea(article, day=None),
        lambda article: idea(article, planned_at=AT),
    ],
    "house_rule_has_pattern": [lambda article: rule(article, pattern="")],
    "house_rule_has_advice": [lambda article: rule(article, advice="")],
    "house_rule_once": [lambda article: [rule(article), rule(article)]],
    "article_version_counts_from_one": [lambda article: change(article, version=0)],
    "byline_once": [lambda article: again(Byline, article=article)],
    "share_once": [lambda article: again(Share, article=article)],
    "placement_once": [lambda article: again(Placement, article=article, region=article.region)],
    "placement_ends_after_it_begins": [
        lambda article: Placement.objects.filter(article=article).update(expires_at=AT),
        lambda article: Placement.objects.filter(article=article).update(expires_at=AT - HOUR),
    ],
    "tagged_article_once": [lambda article: again(TaggedArticle, content_object=article)],
    "withdrawal_has_reason": [
        lambda article: Withdrawal.objects.create(article=article, reason="", withdrawn_at=AT),
    ],
    "version_counts_from_one": [lambda article: keep(article, number=0)],
    "version_status_known": [lambda article: keep(article, status="tayang")],
    "version_set_aside_has_no_act": [lambda article: keep(article, is_set_aside=True, event=happen(article))],
    "event_is_about_something": [lambda article: Event.objects.create(verb=Event.Verb.LOGGED_IN)],
    "preview_link_ends_after_it_begins": [
        lambda article: PreviewLink.objects.create(article=article, made_by=builders.make_user("b"), expires_at=AT),
    ],
    "invitation_accepted_or_revoked": [
        lambda article: invited(article, accepted_at=AT, revoked_at=AT, accepted_by=builders.make_user("b")),
    ],
    "invitation_accepted_by_somebody": [
        lambda article: invited(article, accepted_at=AT),
        lambda article: invited(article, accepted_by=builders.make_user("b")),
    ],
    "gallery_photo_once": [lambda article: again(GalleryPhoto, article=article)],
    "photo_names_are_ours": [
        lambda article: Photo.objects.update(previous_key="../x"),
        lambda article: Photo.objects.update(waiting="../x"),
        lambda article: Photo.objects.update(file_type="a/b"),
        lambda article: Photo.objects.update(colour="red"),
    ],
    "photo_focus_is_inside": [
        lambda article: Photo.objects.update(focus_x=101),
        lambda article: Photo.objects.update(focus_y=101),
    ],
    "alias_has_two_names": [lambda article: Alias.objects.create(names="Wako")],
    "stem_override_has_word": [lambda article: StemOverride.objects.create(word="")],
    "hourly_reads_once": [
        lambda article: [HourlyReads.objects.create(article=article, hour=AT, reads=1) for _turn in range(2)]
    ],
    "leader_once": [
        lambda article: [
            RankedArticle.objects.create(region=article.region, hours=24, article=article, reads=1)
            for _turn in range(2)
        ]
    ],
    "leader_hours_known": [
        lambda article: RankedArticle.objects.create(region=article.region, hours=25, article=article, reads=1)
    ],
    "body_reference_is_one": [
        lambda article: BodyReference.objects.create(article=article),
        lambda article: BodyReference.objects.create(article=article, photo=Photo.objects.get(), story=article),
    ],
    "body_photo_once": [
        lambda article: [BodyReference.objects.create(article=article, photo=Photo.objects.get()) for _turn in "12"]
    ],
    "body_story_once": [
        lambda article: [BodyReference.objects.create(article=article, story=article) for _turn in "12"]
    ],
    "photo_has_size": [
        lambda article: Photo.objects.create(region=article.region, rendition_key="a" * 32, width=0, height=1),
        lambda article: Photo.objects.create(region=article.region, rendition_key="a" * 32, width=1, height=0),
    ],
}


@pytest.fixture
def article(tree) -> Article:
    """A live article with one row of everything that hangs on it."""
    article = builders.make_live(tree.payakumbuh, AT, tags=["Pilkada"], shares={tree.makassar: None})
    photo = Photo.objects.create(region=article.region, rendition_key="c" * 32, width=1, height=1)
    GalleryPhoto.objects.create(article=article, photo=photo)
    return article


@pytest.mark.parametrize(
    ("name", "attempt"), [(name, attempt) for name, attempts in CASES.items() for attempt in attempts]
)
def test_the_database_refuses_what_breaks_a_constraint(article, name, attempt):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        attempt(article)
    # SQLite names the columns of a unique constraint and not the constraint.
    assert name in str(refusal.value) or str(refusal.value).startswith("UNIQUE constraint failed")


def test_every_named_constraint_has_a_case():
    labels = ("news", "images", "adverts", "search", "popularity")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    models.append(Invitation)  # the other constraints of regions are tried in tests/regions/test_models.py
    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(CASES)


def test_what_the_constraints_allow_is_stored(article):
    change(article, embargo_until=AT)
    rule(article)
    rule(article, is_regular_expression=True)
    change(article, status=Status.WITHDRAWN, embargo_until=AT + HOUR)
    change(article, status=Status.APPROVED, embargo_until=None)
    change(article, slug="pemilu-2024", expires_at=AT + timedelta(microseconds=1), version=2)
    Byline.objects.create(article=article, author=article.bylines.get().author, role=Byline.Role.PHOTOGRAPHER)
    advertise(article, kind="house", advertiser="", link="http://example.com/")
    Photo.objects.create(region=article.region, rendition_key="a" * 32, width=1, height=1)
    change(article, status=Status.DRAFT, published_at=None)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.slug, stored.version, stored.status) == ("pemilu-2024", 2, Status.DRAFT)
