"""A network in which every row says whose it is, for tests of who sees what (test_permissions).

Each text of an object in a place holds a canary word of that place and kind, like `kenarisisterphoto`. "mine" is
the acting person's own work in their region, "own" a colleague's there, "sister" and "parent" are elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from news.adverts.models import AdsTxt, Advert
from news.demo import builders
from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author, Duty, Event, FrontSlot, HouseRule, Page, PlannedIdea, Status
from news.publishing import comments, journal, previews, workflow
from news.staff import service
from regions.models import Assignment, Invitation, Masthead, Region
from tests.conftest import photo_file

PLACES = ("mine", "own", "sister", "parent")
ELSEWHERE = ("sister", "parent")
KINDS = (
    "article",
    "author",
    "photo",
    "person",
    "invitation",
    "slot",
    "rule",
    "duty",
    "idea",
    "masthead",
    "page",
    "advert",
    "adstxt",
)
MANAGED = ("person", "invitation", "masthead", "page", "advert", "adstxt")
"""Kinds that only those who manage the region may see."""


def of_two_regions(tree: Any) -> SimpleNamespace:
    """People whose roles differ from region to region: what holds in one must not leak into the other."""
    editor = builders.make_user("editor_and_reporter", "editor", tree.payakumbuh)
    editor.assignments.create(region=tree.limapuluhkota, role="reporter")
    chief = builders.make_user("chief_and_contributor", "chief_editor", tree.payakumbuh)
    chief.assignments.create(region=tree.sumbar, role="contributor")
    return SimpleNamespace(editor_and_reporter=editor, chief_and_contributor=chief)


def canary(place: str, kind: str) -> str:
    return f"kenari{place}{kind}"


@dataclass
class World:
    regions: dict[str, Region]
    objects: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(place, kind) → the row; kinds are KINDS and `link`, a preview link of the article."""
    statements: list[Any] = field(default_factory=list)
    """The queries of `snapshot`, built once because they are run after every post."""


def build(tree: Any, actor: User, administrator: User) -> World:
    """Rows of every kind in every place."""
    actor.set_password("kata-sandi-uji")
    actor.save()
    regions = {"mine": tree.payakumbuh, "own": tree.payakumbuh, "sister": tree.limapuluhkota, "parent": tree.sumbar}
    world = World(regions)
    for place, region in regions.items():
        put = world.objects
        put[place, "person"] = person = _person(place, region)
        writer = actor if place == "mine" else person
        put[place, "author"] = _author(place, region, person)
        put[place, "photo"] = photo = _photo(place, region, writer)
        put[place, "article"] = article = _article(place, region, writer, put[place, "author"], photo)
        article.kicker = f"{canary(place, 'article')} baru"
        workflow.save(article, actor=administrator)  # its versions hold what was there before
        comments.write(article, actor=administrator, text=f"{canary(place, 'article')} dikomentari")
        put[place, "link"] = previews.make(article, actor=administrator, purpose=canary(place, "article"))
        put[place, "invitation"] = _invitation(place, region, administrator)
        put[place, "advert"] = _advert(place, region, photo)
        put[place, "adstxt"] = _ads_txt(place, region)
        word = canary(place, "article")
        live = builders.make_live(region, title=f"{word} tayang", kicker=word, writers=[put[place, "author"]])
        workflow.withdraw(live, actor=administrator, reason=word)
        placed = builders.make_live(region, title=f"{canary(place, 'slot')} di muka", writers=[put[place, "author"]])
        put[place, "slot"] = builders.place(placed, region)
        put[place, "rule"] = HouseRule.objects.create(region=region, **_rule(place))
        put[place, "duty"] = _duty(place, region)
        put[place, "idea"] = _idea(place, region, writer)
        put[place, "masthead"] = _masthead(place, region)
        put[place, "page"] = _page(place, region)
        journal.record(Event.Verb.RETURNED, actor=writer, article=article, note=word)
    return world


def _duty(place: str, region: Region) -> Duty:
    """The person's name is no secret: everybody of the region, and of those below, sees who is on duty."""
    person = builders.make_user(f"piket-{place}", "reporter", region, first_name="Rekan Piket")
    now = timezone.now()
    return Duty.objects.create(
        region=region, person=person, task=canary(place, "duty"), starts_at=now, ends_at=now + timedelta(hours=8)
    )


def _person(place: str, region: Region) -> User:
    """A colleague's name stands in the journal of articles that one sees: no secret in one's own region. Their user
    name and address are."""
    word = canary(place, "person")
    name = f"{word} nama" if place in ELSEWHERE else f"Rekan {place}"
    person = builders.make_user(word, "reporter", region, first_name=name, email=f"{word}@pekon.web.id")
    person.last_login = timezone.now() - timedelta(days=1)
    person.save()
    return person


def _author(place: str, region: Region, person: User) -> Author:
    """An author of a region above can be chosen in every byline below, so that name is no secret."""
    word = canary(place, "author")
    name = "Pewarta Foto Provinsi" if place == "parent" else f"{word} nama"
    return builders.make_author(name, region, slug=f"penulis-{place}", bio=word, user=person)


def _photo(place: str, region: Region, writer: User) -> Photo:
    word = canary(place, "photo")
    width = 40 + PLACES.index(place)
    return uploads.store(photo_file((width, 30)), region=region, user=writer, caption=word, credit=word, alt=word)


def _article(place: str, region: Region, writer: User, author: Author, photo: Photo) -> Article:
    word = canary(place, "article")
    texts = dict.fromkeys(("title", "kicker", "summary", "dateline"), f"{word} teks") | {"body": f"<p>{word}</p>"}
    return builders.make_article(
        region, writers=[author], tags=[word], lead_photo=photo, created_by=writer, status=Status.DRAFT, **texts
    )


def _invitation(place: str, region: Region, administrator: User) -> Invitation:
    word = canary(place, "invitation")
    invitation = Invitation(name=word, email=f"{word}@pekon.web.id", region=region, role="reporter")
    service.invite(invitation, actor=administrator)
    return invitation


def _rule(place: str) -> dict[str, str]:
    return dict.fromkeys(("pattern", "advice"), canary(place, "rule"))


def _idea(place: str, region: Region, writer: User) -> PlannedIdea:
    """An idea is no secret in its region: all who write there plan together."""
    texts = dict.fromkeys(("title", "note"), canary(place, "idea"))
    day = timezone.localdate()
    return PlannedIdea.objects.create(
        region=region, section=builders.make_section(), created_by=writer, day=day, **texts
    )


def _masthead(place: str, region: Region) -> Masthead:
    """There is one for each region, so that of "mine" is that of "own"."""
    values = {"publisher": canary(place, "masthead")}
    return Masthead.objects.get_or_create(region=region, defaults=values)[0]


def _page(place: str, region: Region) -> Page:
    word = canary(place, "page")
    slug = Page.Slug.values[PLACES.index(place)]
    return Page.objects.create(region=region, slug=slug, title=word, body=f"<p>{word}</p>")


def _advert(place: str, region: Region, photo: Photo) -> Advert:
    word = canary(place, "advert")
    return builders.make_advert(region, photo, advertiser=word, alt=word, link=f"https://{word}.example.com/")


def _ads_txt(place: str, region: Region) -> AdsTxt:
    """There is one row for each region, so mine is my colleague's too."""
    row, _made = AdsTxt.objects.get_or_create(region=region)
    row.lines += f"# {canary(place, 'adstxt')}\n"
    row.save()
    return row


def snapshot(world: World) -> list[Any]:
    """Every row that belongs to a place elsewhere, as the database holds it: what no request from here may change."""
    world.statements = world.statements or [rows.query.sql_with_params() for rows in _elsewhere(world)]
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for statement, parameters in world.statements:
            cursor.execute(statement, parameters)
            rows += cursor.fetchall()
    return rows


def _elsewhere(world: World) -> Iterator[QuerySet]:
    regions = [world.regions[place].pk for place in ELSEWHERE]
    people = [world.objects[place, "person"].pk for place in ELSEWHERE]
    for model in (
        Article,
        Author,
        Photo,
        Invitation,
        FrontSlot,
        HouseRule,
        Duty,
        PlannedIdea,
        Masthead,
        Page,
        Advert,
        AdsTxt,
    ):
        yield model._default_manager.filter(region__in=regions).order_by("pk")
    for path in ("bylines", "shares", "placements", "tagged_articles", "preview_links", "events", "comments"):
        related = Article._meta.get_field(path).related_model
        lookup = "content_object" if path == "tagged_articles" else "article"
        yield related._base_manager.filter(**{f"{lookup}__region__in": regions}).order_by("pk")
    yield Region.objects.exclude(pk=world.regions["mine"].pk).order_by("pk")
    yield User.objects.filter(pk__in=people).order_by("pk")
    yield Assignment.objects.filter(region__in=regions).order_by("pk")
