"""Every newsroom address × GET and POST × every role × rows of mine, my region, a sister region and the parent.

Addresses come from the resolver; one table says what each answers to whom. No answer holds a word from a region where
the person has no role, and no row there is changed. An address that the table does not know fails the test.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import checks
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, path, reverse
from django.utils import timezone

from news.demo import builders
from news.models import Article, Author, Byline
from news.newsroom.article_rows import BylineInline
from news.search.models import Alias, StemOverride
from pekon.background.models import BackgroundTask
from regions.models import Assignment, Invitation
from regions.permissions import access
from regions.permissions.scoped_admin import ScopedAdmin
from tests.conftest import HostClient, photo_file
from tests.newsroom import world as canaries
from tests.newsroom.forms import article_form
from tests.newsroom.world import ELSEWHERE, KINDS, MANAGED, PLACES, World, canary
from tests.thorough import THOROUGH

TABLE = Path(__file__).with_name("permissions.txt")
ROLES = ("anonymous", "nobody", "kontributor", "reporter", "redaktur", "pemred", "admin")


def addresses() -> set[str]:
    """The name of every address of the newsroom, with its namespace; its pattern where it has no name."""

    def walk(patterns: Any, space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
            elif isinstance(pattern, URLPattern):
                yield space + (pattern.name or str(pattern.pattern))

    return set(walk(get_resolver(settings.NEWSROOM_URLCONF).url_patterns, ""))


# --- How to ask -------------------------------------------------------------------------------------------------

OBJECTS = {
    "news_article": "article",
    "news_author": "author",
    "images_photo": "photo",
    "auth_user": "person",
    "regions_invitation": "invitation",
    "regions_region": "region",
    "adverts_advert": "advert",
    "adverts_adstxt": "adstxt",
    "news_section": "section",
    "news_tag": "tag",
    "news_houserule": "rule",
    "news_duty": "duty",
    "news_plannedidea": "idea",
    "regions_masthead": "masthead",
    "news_page": "page",
    "search_alias": "alias",
    "search_stemoverride": "stem",
    "background_backgroundtask": "task",
}
"""Model, as in names of addresses → kind of object."""
OF_A_FRONT_PAGE = {f"admin:front_{name}" for name in ("page", "stories", "preview", "preview_page")}
PLACED = (*KINDS, "region")
VARIANTS = (
    "?q=kenari&_facets=True",
    "?_popup=1&_to_field=id",
    "?all=&o=1",
    "?p=1",
    "?region=limapuluhkota",
    "?region__id__exact=1",
    "?assignments__region=1",
    "?created_by=1",
    "?title__iregex=(",
    "?password__regex=^argon2",
    "?user=4",
    "?user__password__startswith=a",
    "?region__name__contains=a",
    "?id__in=1,2,3",
    "?pk__gt=0",
)
"""Ways to ask a list."""
TERMS = ("kenari", "", "^argon2", "&id__regex=.", "&password__regex=^a")
"""What is typed into a picker."""
ASKING = ("nobody", "reporter", "redaktur", "pemred")
"""Roles that also ask lists and pickers, and forge forms."""


def kind_of(address: str) -> str:
    """The kind of object that an address is about, or an empty string."""
    name = address.removeprefix("admin:")
    return next((kind for model, kind in OBJECTS.items() if name.startswith(f"{model}_")), "")


def is_placed(address: str) -> bool:
    return kind_of(address) in PLACED and not address.endswith("_changelist")


def target(world: World, address: str, place: str) -> Any:
    match kind_of(address):
        case "region":
            return world.regions[place]
        case "section":
            return builders.make_section("Politik")
        case "tag":
            return world.objects[place, "article"].tags.get()
        case "alias":
            return Alias.objects.get_or_create(names="Kenari, Burung Kenari")[0]
        case "stem":
            return StemOverride.objects.get_or_create(word="kenari")[0]
        case "task":
            return BackgroundTask.objects.filter(status="FAILED").first() or _failed_task()
        case kind:
            return world.objects[place, kind]


def _failed_task() -> BackgroundTask:
    return BackgroundTask.objects.create(
        status="FAILED", args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", run_after=timezone.now()
    )


def path_to(world: World, address: str, place: str) -> str:
    """Where this address is for the place's object."""
    known = {
        "admin:(?P<url>.*)$": "/tidak-ada/di-sini/",
        "admin:<path:object_id>/": f"/news/article/{world.objects[place, 'article'].pk}/",
        "admin:app_list": "/news/",
        "admin:guide": "/panduan/redaktur/",
        "admin:guide_picture": "/panduan/gambar/guide-menu/",
        "admin:notice": "/kabar/0/",
        "admin:photo_upload": "/images/photo/uploads/tidak-ada/",
        "invitation": "/undangan/tidak-ada/",
        "calendar_feed": "/kalender/tidak-ada.ics",
        "admin:schedule_move": f"/jadwal/{world.objects[place, 'article'].pk}/pindah/",
        "admin:front_place": f"/halaman-depan/pasang/{world.objects[place, 'slot'].article_id}/",
        "admin:working_copy_page": "/news/article/working_copies/00000000-0000-4000-8000-000000000000/page/",
        "admin:working_copy_preview": "/news/article/working_copies/00000000-0000-4000-8000-000000000000/preview/",
        "rendition": world.objects[place, "photo"].thumbnail_url,
        "account_confirm_email": "/akun/surel/konfirmasi/tidak-ada/",
        "account_reset_password_from_key": "/akun/sandi/baru/1-tidak-ada/",
        "mfa_edit_webauthn": "/akun/dua-faktor/webauthn/keys/1/edit/",
        "mfa_remove_webauthn": "/akun/dua-faktor/webauthn/keys/1/remove/",
    }
    if address in known:
        return known[address]
    if address in OF_A_FRONT_PAGE:
        return reverse(address, args=[world.regions[place].subdomain], urlconf=settings.NEWSROOM_URLCONF)
    takes_object = kind_of(address) and not address.endswith(("_changelist", "_add"))
    args = [target(world, address, place).pk] if takes_object else []
    return reverse(address, args=args, urlconf=settings.NEWSROOM_URLCONF)


def posted_to(world: World, address: str, place: str) -> dict[str, Any]:
    """A form for this address that would change or add a row in the place, if nobody stood in its way."""
    region, kind, new = world.regions[place], kind_of(address), "Kalimat baru"
    if address.endswith(("_add", "_change")):
        obj = target(world, address, place) if address.endswith("_change") else None
        match kind:
            case "article":
                texts = dict.fromkeys(("title", "kicker", "summary", "dateline", "tags"), new) | {
                    "body": f"<p>{new}</p>"
                }
                return article_form(obj, region=region, section=_section(), **texts)
            case "author":
                return {"name": new, "slug": "kalimat-baru", "region": region.pk, "is_active": "on", "bio": new}
            case "photo":
                texts = dict.fromkeys(("caption", "credit", "alt"), new)
                return {"upload": photo_file((50, 30)), "region": region.pk, "focus_x": 9, "focus_y": 9} | texts
            case "person":
                role = {"assignments-0-region": region.pk, "assignments-0-role": "chief_editor"}
                return {"first_name": new, "email": "baru@pekon.web.id", "is_superuser": "on"} | role | rows(1)
            case "invitation":
                return {"name": new, "email": "baru@pekon.web.id", "region": region.pk, "role": "chief_editor"}
            case "advert":
                times = {"starts_at": "2026-01-01T00:00", "ends_at": "2099-01-01T00:00"}
                texts = {"advertiser": new, "alt": new, "link": "https://example.com/", "is_active": "on"}
                refs = {"region": region.pk, "photo": world.objects[place, "photo"].pk}
                return {"slot": "inline", "kind": "paid"} | refs | texts | times
            case "adstxt":
                return {"region": region.pk, "lines": "example.com, 1, DIRECT"}
            case "region":
                return {"short_name": new, "name": new, "is_open": "", "tagline": new} | rows(0, "aliases")
            case "duty":
                own = {"person": world.objects[place, "person"].pk, "task": new}
                return {"region": region.pk, "starts_at": "2027-03-11T20:00", "ends_at": "2027-03-12T04:00"} | own
            case "rule":
                return {"region": region.pk, "pattern": new, "advice": new, "is_active": "on"}
            case "idea":
                own = {"title": new, "note": new, "on": "2027-03-11", "time": "09:00"}
                return {"region": region.pk, "section": _section().pk} | own
            case "masthead":
                return {"region": region.pk, "publisher": new}
            case "page":
                return {"region": region.pk, "slug": "privasi", "title": new, "body": f"<p>{new}</p>"}
            case "section" | "tag":
                return {"name": new, "slug": "kalimat-baru", "position": 1}
            case "alias":
                return {"names": "Kalimat, Kalimat Baru"}
            case "stem":
                return {"word": "kalimat", "stem": ""}
    if address == "admin:front_page":
        slot = world.objects[place, "slot"]
        return {"act": "publish", "live": slot.arrangement_id, "pinned-article": slot.article_id} | {
            f"pinned-{name}": "" for name in ("starts", "ends")
        }
    if address == "admin:front_place":
        return {"where": f"{region.subdomain}:pinned"}
    if address.endswith("_delete"):
        return {"post": "yes"}
    if address.endswith("_changelist"):
        selected = [obj.pk for obj in world.objects.values()]
        return {"action": "delete_selected", "_selected_action": selected, "form-TOTAL_FORMS": 0}
    if address == "admin:article_bulk":
        stories = [world.objects[each, "article"] for each in PLACES]
        versions = {f"seen-{story.pk}": story.version for story in stories}
        return {"act": "publish", "_selected_action": [story.pk for story in stories]} | versions
    if address.endswith("_review"):
        return {"act": "publish", "version": target(world, address, place).version}
    if address.endswith("_comments"):
        return {"do": "reply", "comment": target(world, address, place).comments.first().pk, "text": new}
    if address.endswith("_restore"):
        article = target(world, address, place)
        return {"version": article.versions.last().pk, "seen": article.version}
    return {"link": world.objects[place, "link"].pk, "purpose": new, "next": "/", "language": "id"}


def rows(number: int, prefix: str = "assignments") -> dict[str, Any]:
    return {f"{prefix}-TOTAL_FORMS": number, f"{prefix}-INITIAL_FORMS": 0}


def _section() -> Any:
    return builders.make_section("Politik")


# --- What comes back --------------------------------------------------------------------------------------------


def answer(response: Any) -> str:
    """The status; for a redirect where it leads: `in` to the log-in, `/` to the desk, `->` somewhere else."""
    if response.status_code != 302:
        return str(response.status_code)
    to = response.headers["Location"]
    if to.startswith(("/akun/masuk/", "/login/")):
        return "in"
    return "/" if to == "/" else "->"


def forbidden(role: str) -> set[str]:
    """The canary words that this role must never meet."""
    if role == "admin":
        return set()
    words = {canary(place, kind) for place in ELSEWHERE for kind in KINDS}
    mine = {canary(place, kind) for place in ("mine", "own") for kind in KINDS}
    match role:
        case "anonymous" | "nobody":
            return words | mine
        case "kontributor" | "reporter":
            return (
                words
                | {canary("own", kind) for kind in ("article", *MANAGED)}
                | {canary("mine", kind) for kind in MANAGED}
            )
        case "editor_and_reporter":  # writes for the sister region: sees its authors, photos, ideas and roster
            seen = {canary("sister", kind) for kind in ("author", "photo", "idea", "duty")}
            return words - seen | {canary(place, kind) for place in ("mine", "own") for kind in MANAGED}
        case "chief_and_contributor":  # writes for the whole province
            return words - {canary(place, kind) for place in ELSEWHERE for kind in ("author", "photo", "idea", "duty")}
        case "redaktur":
            return words | {canary(place, kind) for place in ("mine", "own") for kind in MANAGED}
    return words


class Walker:
    """Somebody with this role, and the answers that they got."""

    def __init__(self, world: World, role: str, user: User | None):
        self.world, self.role, self.user = world, role, user
        self.cases = 0
        self.cookies: dict[str, str] = {}
        if user:
            client = HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}")
            client.force_login(user)
            self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.before = canaries.snapshot(world)

    def client(self) -> Client:
        client = HostClient(f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}", raise_request_exception=False)
        client.cookies.load(self.cookies)
        return client

    def ask(self, method: str, path: str, data: Any = None) -> str:
        """The answer, after a look at every byte of it and, for a post, at every row elsewhere. Changes are undone."""
        self.cases += 1
        with transaction.atomic():
            response = getattr(self.client(), method)(path, data)
            said = f"{self.role} {method} {path}: {response.status_code}"
            seen = (b"".join(response) if response.streaming else response.content).decode(errors="replace").lower()
            seen += str(response.headers).lower()
            own = f"{path} {data}".lower()  # what was sent may come back
            asked = {word for word in forbidden(self.role) if word in own}
            if path.endswith("/pratinjau/halaman/"):  # as public as the page itself
                asked |= {canary(place, kind) for place in PLACES for kind in ("slot", "advert")}
            if path == "/":  # the desk shows who is on duty in the regions above
                asked |= {canary("parent", "duty")}
            assert {word for word in forbidden(self.role) if word in seen} <= asked, said
            assert response.status_code < 500, said
            if method == "post" and self.role != "admin":
                assert canaries.snapshot(self.world) == self.before, said
            transaction.set_rollback(True)
        return answer(response)


def table() -> dict[tuple[str, str, str], dict[str, str]]:
    """(address, method, place) → role → answer."""
    places = {"any": PLACES, "here": ("mine", "own"), "away": ELSEWHERE, "else": PLACES[1:], "-": ("own",)}
    expected: dict[tuple[str, str, str], dict[str, str]] = {}
    for number, line in enumerate(TABLE.read_text("utf-8").splitlines()):
        if not THOROUGH:  # the sister region and the parent region take turns
            places["away"] = (ELSEWHERE[number % 2],)
            places["any"] = ("mine", "own", ELSEWHERE[number % 2])
        if line.startswith("#"):
            continue
        address, method, place, *answers = line.split()
        for one_method in ("get", "post") if method == "both" else (method,):
            for one_place in places.get(place, (place,)):
                expected[address, one_method, one_place] = dict(zip(ROLES, answers, strict=True))
    return expected


EXPECTED = table()


@pytest.fixture
def walker(tree, people, request) -> Walker:
    role = request.param
    user = None if role == "anonymous" else builders.make_user(role) if role == "nobody" else getattr(people, role)
    return Walker(canaries.build(tree, user or people.reporter, people.admin), role, user)


def test_the_table_knows_every_address():
    assert {address for address, _method, _place in EXPECTED} == addresses()


LATER = {"kontributor", "admin"}
"""A contributor has a reporter's permissions (`test_contributors_may_do_what_reporters_may`), an administrator all."""
WALKED = [pytest.param(role, marks=pytest.mark.thorough) if role in LATER else role for role in ROLES]


def test_contributors_may_do_what_reporters_may():
    assert access.ROLE_PERMISSIONS[access.Role.CONTRIBUTOR] == access.ROLE_PERMISSIONS[access.Role.REPORTER]


@pytest.mark.parametrize("walker", WALKED, indirect=True)
def test_what_each_role_meets(walker, record_property):
    """One test a role, because the world that it walks through takes long to build."""
    every_address_answers_as_the_table_says(walker)
    if walker.role in ASKING:
        no_way_of_asking_a_list_or_a_picker_shows_more(walker)
        forged_forms_change_nothing_elsewhere_and_tie_nothing_to_it(walker)
    record_property("walked", walker.cases)  # tests/conftest.py tells the sum


def every_address_answers_as_the_table_says(walker: Walker) -> None:
    given = {
        (address, method, place): walker.ask(
            method,
            path_to(walker.world, address, place),
            posted_to(walker.world, address, place) if method == "post" else None,
        )
        for address, method, place in EXPECTED
    }
    assert given == {case: answers[walker.role] for case, answers in EXPECTED.items()}
    assert walker.cases == len(EXPECTED) > 350


@pytest.mark.parametrize("role", ["editor_and_reporter", "chief_and_contributor"])
def test_a_role_here_opens_nothing_where_one_only_writes(tree, people, role):
    """The same test over rows elsewhere: a contributor there adds articles and photos, and changes nobody's row."""
    person = getattr(canaries.of_two_regions(tree), role)
    walker = Walker(canaries.build(tree, person, people.admin), role, person)
    theirs = {"admin:news_article_add", "admin:images_photo_add"}
    theirs |= {address for address in addresses() if address.startswith("admin:news_plannedidea_")}
    for address, method, place in EXPECTED:
        if place in ELSEWHERE and not (method == "post" and address in theirs):
            data = posted_to(walker.world, address, place) if method == "post" else None
            walker.ask(method, path_to(walker.world, address, place), data)
    assert walker.cases > 150


def no_way_of_asking_a_list_or_a_picker_shows_more(walker: Walker) -> None:
    lists = sorted(address for address in addresses() if address.endswith("_changelist"))
    for number, address in enumerate(lists):
        for variant in _some(VARIANTS, number):
            walker.ask("get", path_to(walker.world, address, "own") + variant)
    relations = [
        f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={relation.name}"
        for model in apps.get_models()
        for relation in model._meta.get_fields()
        if relation.many_to_one or relation.many_to_many
    ]
    for number, source in enumerate(relations):
        for term in _some(TERMS, number):
            walker.ask("get", f"/autocomplete/?{source}&term={term}")
    assert len(lists) > 15
    assert len(relations) > 40


def _some(ways: Sequence[str], number: int) -> Sequence[str]:
    """All of the ways if THOROUGH; otherwise every third, which lists and pickers take turns with."""
    return ways if THOROUGH else ways[number % 3 :: 3]


# --- Forged forms -----------------------------------------------------------------------------------------------


def forgeries(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """Form → address and data, with foreign ids in every field that takes one."""
    mine, there = world.objects["mine", "article"], {kind: world.objects["sister", kind] for kind in KINDS}
    change = f"/news/article/{mine.pk}/change/"
    foreign_byline = there["article"].bylines.get()
    row = {"bylines-TOTAL_FORMS": 1, "bylines-INITIAL_FORMS": 1, "bylines-0-id": foreign_byline.pk}
    assignment = there["person"].assignments.get()
    person = world.objects["own", "person"].pk
    roles = {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 1, "assignments-0-id": assignment.pk}
    return {
        "foreign region": (change, article_form(mine, region=world.regions["sister"])),
        "foreign photo": (change, article_form(mine, lead_photo=there["photo"])),
        "foreign author": (change, article_form(mine, bylines=[there["author"]])),
        "share with a foreign region": (change, article_form(mine, shares={world.regions["sister"]: ""})),
        "foreign byline's row": (change, article_form(mine) | row | {"bylines-0-author": foreign_byline.author_id}),
        "foreign byline deleted": (change, article_form(mine) | row | {"bylines-0-DELETE": "on"}),
        "row moved to a foreign article": (change, article_form(mine) | {"bylines-0-article": there["article"].pk}),
        "absurd management form": (change, article_form(mine) | {"bylines-TOTAL_FORMS": 999_999_999}),
        "no management form": (change, {"title": "x", "_save": "1"}),
        "foreign role's row": (f"/auth/user/{person}/change/", roles | {"assignments-0-DELETE": "on"}),
        "role in a foreign region": (
            f"/auth/user/{person}/change/",
            rows(1) | {"assignments-0-region": world.regions["sister"].pk, "assignments-0-role": "chief_editor"},
        ),
        "made an administrator": (f"/auth/user/{person}/change/", rows(0) | {"is_superuser": "on"}),
        "invited to a foreign region": (
            "/regions/invitation/add/",
            {"name": "x", "email": "x@pekon.web.id", "region": world.regions["parent"].pk, "role": "chief_editor"},
        ),
        "author for a foreign account": (
            "/news/author/add/",
            {"name": "x", "slug": "x", "region": world.regions["own"].pk, "user": there["person"].pk},
        ),
        "foreign preview link": (
            f"/news/article/{mine.pk}/revoke_preview_link/",
            {"link": world.objects["sister", "link"].pk},
        ),
        "action on foreign rows": (
            "/news/article/",
            {
                "action": "delete_selected",
                "_selected_action": [there["article"].pk],
                "post": "yes",
                "select_across": "1",
            },
        ),
        "list edited": (
            "/news/section/",
            {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": 1, "form-0-position": 9, "_save": "1"},
        ),
    }


def ties_elsewhere(world: World, walker: Walker) -> list[str]:
    """The person's own rows that refer to another region's, or give more rights than anybody had."""
    sister = world.regions["sister"]
    article = Article.objects.get(pk=world.objects["mine", "article"].pk)
    there = world.objects["sister", "person"]
    ties = {
        "region": article.region_id != world.regions["mine"].pk,
        "photo": article.lead_photo.region_id == sister.pk,
        "author": article.bylines.filter(author__region=sister).exists(),
        "share": article.shares.filter(region=sister).exists(),
        "account": Author.objects.filter(user=there).exclude(region=sister).exists(),
        "role": Assignment.objects.filter(role="chief_editor").exclude(user__username="pemred").exists(),
        "invitation": Invitation.objects.filter(role="chief_editor").exists(),
        "power": User.objects.filter(is_superuser=True).exclude(username="admin").exists(),
    }
    return [what for what, tied in ties.items() if tied]


def forged_forms_change_nothing_elsewhere_and_tie_nothing_to_it(walker: Walker) -> None:
    world = walker.world
    for what, (address, data) in forgeries(world).items():
        with transaction.atomic():
            response = walker.client().post(address, data)
            assert response.status_code in {200, 302, 400, 403, 404}, what
            assert canaries.snapshot(world) == walker.before, what
            assert ties_elsewhere(world, walker) == [], what
            transaction.set_rollback(True)


@pytest.mark.parametrize("rows", [61, 2_000, 999_999_999])
def test_a_forged_count_of_rows_makes_no_more_than_a_form_would_show(tree, people, newsroom, rows):
    article = builders.make_article(tree.payakumbuh)
    data = article_form(article) | {"bylines-TOTAL_FORMS": rows}
    with CaptureQueriesContext(connection) as queries:
        response = newsroom(people.redaktur).post(f"/news/article/{article.pk}/change/", data)
    assert response.status_code == 200
    formsets = {one.formset.prefix: one.formset for one in response.context["inline_admin_formsets"]}
    assert len(formsets["bylines"].forms) <= BylineInline.max_num + 10
    assert len(queries) < 1_000


# --- The tests above can fail -------------------------------------------------------------------------------------


@pytest.fixture
def newsroom_urls():
    """Let a test change the newsroom's addresses, and put them back."""
    yield
    for model in (LogEntry,):
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    clear_url_caches()
    import_module(settings.NEWSROOM_URLCONF).urlpatterns = list(PATTERNS)


PATTERNS = list(import_module(settings.NEWSROOM_URLCONF).urlpatterns)


def unscoped() -> list[str]:
    return [error.msg for error in checks.run_checks() if error.id == "regions.E006"]


def test_a_modeladmin_without_the_base_class_fails_the_check(newsroom_urls):
    assert unscoped() == []
    admin.site.register(LogEntry, type("OpenAdmin", (admin.ModelAdmin,), {}))
    assert unscoped() == ["OpenAdmin does not stand on regions.permissions.scoped_admin.ScopedAdmin."]


def test_an_inline_without_the_base_class_fails_the_check(monkeypatch):
    open_inline = type("OpenInline", (admin.TabularInline,), {"model": Byline})
    monkeypatch.setattr(admin.site._registry[Article], "inlines", [open_inline])
    assert unscoped() == ["OpenInline does not stand on regions.permissions.scoped_admin.ScopedInline."]


def test_a_new_modeladmin_or_view_is_missing_from_the_table(newsroom_urls):
    known = addresses()
    admin.site.register(LogEntry, type("NewAdmin", (ScopedAdmin,), {}))
    module = import_module(settings.NEWSROOM_URLCONF)
    module.urlpatterns = [
        path("ekspor/", lambda request: None, name="export"),
        *[pattern for pattern in PATTERNS if getattr(pattern, "app_name", "") != "admin"],
        path("", admin.site.urls),
    ]
    clear_url_caches()
    assert addresses() - known >= {"export", "admin:admin_logentry_changelist", "admin:admin_logentry_change"}


def test_the_test_finds_a_list_that_is_not_scoped(tree, people, monkeypatch):
    """With a list that is not scoped, the same test finds a colleague's and a sister region's words."""
    world = canaries.build(tree, people.reporter, people.admin)
    monkeypatch.setattr(type(admin.site._registry[Article]), "visible_to", lambda self, request: Q())
    walker = Walker(world, "reporter", people.reporter)
    with pytest.raises(AssertionError, match="kenarisisterarticle"):
        walker.ask("get", "/news/article/")


def test_the_test_finds_a_row_that_is_changed(tree, people):
    world = canaries.build(tree, people.reporter, people.admin)
    before = canaries.snapshot(world)
    Article.objects.filter(pk=world.objects["sister", "article"].pk).update(kicker="lain")
    assert canaries.snapshot(world) != before
