"""The base classes of the newsroom's ModelAdmins: whose rows a person sees, may choose and may change."""

from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from news.demo import builders
from news.models import Article, Author, Byline, Event, FrontSlot, Section, Share
from pekon.text_fields import PlainCharFormField
from regions.models import FormKey, Region
from regions.permissions import form_keys
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import (
    NetworkAdmin,
    RegionFilter,
    ScopedAdmin,
    ScopedAutocomplete,
    ScopedInline,
    ScopedRelatedFilter,
)


class Slots(ScopedAdmin):
    """Front slots, which writers see and editors change; regions are chosen by those who manage them."""

    region_choices = Permission.MANAGE
    object_views = ("look",)

    def look_view(self, request, slot):
        return HttpResponseRedirect(f"/{slot.pk}/") if request.method == "POST" else HttpResponse(f"{slot.pk}")


class Articles(ScopedAdmin):
    region_choices = Permission.WRITE


class Bylines(ScopedInline):
    model, object_lookup = Byline, "__article"


class Shares(ScopedInline):
    model = Share


class Articles2(Articles):
    inlines = (Shares,)


class Sections(NetworkAdmin):
    pass


@pytest.fixture
def asked(people):
    """`asked(name, object_id=…)`: a request of that person for a page, of an object if one is given."""

    def make(name="redaktur", method="GET", data=None, path="/", **kwargs):
        request = getattr(RequestFactory(), method.lower())(path, data)
        request.user = getattr(people, name)
        request.resolver_match = SimpleNamespace(kwargs=kwargs, url_name="") if kwargs else None
        return request

    return make


@pytest.fixture
def slots(tree):
    """A slot on the fronts of Payakumbuh, its sister and its province, by region."""
    made = {}
    for region in (tree.payakumbuh, tree.limapuluhkota, tree.sumbar):
        made[region] = builders.place(builders.make_live(region), region)
    return made


def offered(model_admin, name, request):
    return {*model_admin.formfield_for_dbfield(model_admin.model._meta.get_field(name), request).queryset}


# --- What one sees and may do ---------------------------------------------------------------------------------


def test_rows_of_ones_regions_are_seen_by_those_who_write_and_changed_by_those_who_edit(tree, asked, slots):
    page, own = Slots(FrontSlot, admin.site), slots[tree.payakumbuh]
    for who, sees, changes in (("reporter", True, False), ("redaktur", True, True), ("sister", False, False)):
        request = asked(who)
        assert (own in page.get_queryset(request)) is sees
        assert (own in page.choices_for(request)) is sees
        assert page.has_view_permission(request, own) is sees
        assert page.has_change_permission(request, own) is changes
        assert page.has_view_permission(request) is page.has_module_permission(request) is True
        assert page.has_add_permission(request) is page.has_change_permission(request) is (who != "reporter")
        assert page.has_delete_permission(request, own) is page.has_delete_permission(request) is False
        for region, slot in slots.items():
            assert page.has_change_permission(request, slot) is (
                (who == "redaktur" and region == tree.payakumbuh) or (who == "sister" and region == tree.limapuluhkota)
            )
    assert {*page.get_queryset(asked("admin"))} == {*slots.values()}


def test_somebody_without_a_role_sees_nothing(people, asked, slots):
    people.nobody = builders.make_user("nobody")
    page, request = Slots(FrontSlot, admin.site), asked("nobody")
    assert not page.get_queryset(request).exists()
    for permission in (page.has_module_permission, page.has_view_permission, page.has_add_permission):
        assert permission(request) is False
    assert not page.has_view_permission(request, next(iter(slots.values())))


def test_what_the_whole_network_has_belongs_to_its_administrators(tree, people, asked):
    section = builders.make_section("Politik")
    people.chief = builders.make_user("chief", "chief_editor", tree.network)
    closed, open_to_all = Sections(Section, admin.site), Sections(Section, admin.site)
    open_to_all.chosen_by_everybody = True
    for who, may in (("admin", True), ("chief", False), ("pemred", False)):
        request = asked(who)
        for page in (closed, open_to_all):
            assert (section in page.get_queryset(request)) is may
            assert page.has_view_permission(request, section) is may
            assert page.has_change_permission(request, section) is page.has_add_permission(request) is may
            assert page.has_module_permission(request) is may
        assert (section in closed.choices_for(request)) is may
        assert section in open_to_all.choices_for(request)
    by_editors = Sections(Section, admin.site)
    by_editors.viewing = by_editors.changing = Permission.PUBLISH
    assert by_editors.has_change_permission(asked("chief"), section)  # in all of the network
    assert not by_editors.has_change_permission(asked("pemred"), section)


# --- What a form offers ---------------------------------------------------------------------------------------


def test_a_form_offers_regions_by_its_own_permission_and_rows_that_their_page_offers(tree, asked, slots):
    page = Slots(FrontSlot, admin.site)
    assert offered(page, "region", asked("pemred")) == {tree.payakumbuh}
    assert offered(page, "region", asked("redaktur")) == set()
    articles = {slot.article for region, slot in slots.items() if region == tree.payakumbuh}
    assert offered(page, "article", asked("redaktur")) == articles
    assert offered(page, "article", asked("admin")) == {*Article.objects.all()}


def test_what_a_row_refers_to_already_is_offered_with_it(tree, asked, slots):
    page, slot = Slots(FrontSlot, admin.site), slots[tree.sumbar]
    own = {slots[tree.payakumbuh].article}
    assert offered(page, "article", asked("redaktur", object_id=str(slot.pk))) == own | {slot.article}
    assert offered(page, "region", asked("redaktur", object_id=str(slot.pk))) == {tree.sumbar}
    for strange in ("", "x", "-1", "1x"):
        assert offered(page, "article", asked("redaktur", object_id=strange)) == own
    assert offered(page, "article", asked("redaktur", other="1")) == own


def test_an_inline_offers_what_the_rows_of_its_object_refer_to(tree, asked):
    inline = Bylines(Article, admin.site)
    stranger, other = builders.make_author("Andi", tree.ambon), builders.make_author("Beni", tree.ambon)
    article = builders.make_article(tree.payakumbuh, writers=[stranger])
    own = builders.make_author("Linda", tree.payakumbuh)
    assert offered(inline, "author", asked("redaktur", object_id=str(article.pk))) == {own, stranger}
    assert offered(inline, "author", asked("redaktur")) == {own}
    assert other


def test_relations_to_what_has_no_page_in_the_newsroom_offer_nothing(people, asked):
    class Events(ScopedAdmin):
        pass

    page = Events(Event, admin.site)
    assert offered(page, "person", asked("redaktur")) == set()  # people have a page, for those who manage them
    assert people.reporter in offered(page, "person", asked("pemred"))
    event = Byline._meta.get_field("article")
    page.admin_site = admin.AdminSite()  # where nothing is registered
    assert not page.related_choices(event, asked("admin")).exists()
    page.admin_site.register(Article)  # with Django's own class
    builders.make_article(Region.objects.get(subdomain="ambon"))
    assert not page.related_choices(event, asked("admin")).exists()


def test_relations_to_many_offer_the_same(tree, asked):
    """Nothing in the newsroom has such a field, but a new one must not offer everything."""
    page = Slots(FrontSlot, admin.site)
    own, other = builders.make_article(tree.payakumbuh), builders.make_article(tree.ambon)
    field = SimpleNamespace(
        remote_field=SimpleNamespace(model=Article, through=SimpleNamespace(_meta=SimpleNamespace(auto_created=True))),
        name="many",
        formfield=lambda **kwargs: SimpleNamespace(queryset=kwargs["queryset"], widget=None),
    )
    found = page.formfield_for_manytomany(field, asked("redaktur")).queryset
    assert (own in found, other in found) == (True, False)


def test_fields_tidy_what_is_typed_and_open_no_windows(asked):
    page = Slots(FrontSlot, admin.site)
    relation = page.formfield_for_dbfield(FrontSlot._meta.get_field("article"), asked("admin"))
    assert (relation.widget.can_add_related, relation.widget.can_change_related, relation.widget.can_view_related) == (
        False,
        False,
        False,
    )
    people = ScopedAdmin(admin.site.get_model_admin(Author).model, admin.site)
    user = builders.make_user("x")
    for model, name, tidies in ((type(user), "first_name", True), (FrontSlot, "slot", False)):
        field = people.formfield_for_dbfield(model._meta.get_field(name), asked("admin"))
        assert isinstance(field, PlainCharFormField) is tidies, name


def test_an_inline_is_changed_by_whoever_may_change_its_object_and_has_a_bound(tree, asked):
    inline = Shares(Article, admin.site)
    draft = builders.make_article(tree.payakumbuh)
    elsewhere = builders.make_article(tree.ambon)
    for who, sees, changes in (("redaktur", True, True), ("reporter", False, False), ("admin", True, True)):
        request = asked(who)
        assert inline.has_view_permission(request, draft) is sees
        for permission in (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission):
            assert permission(request, draft) is changes
            assert permission(request, elsewhere) is (who == "admin")
            assert permission(request) is True  # a new article
        assert inline.has_view_permission(request) is True
    assert inline.get_formset(asked("admin"), draft).absolute_max == 60
    assert inline.get_formset(asked("admin"), draft, absolute_max=77).absolute_max == 77


# --- Addresses ------------------------------------------------------------------------------------------------


def test_further_addresses_of_an_object_are_there_for_those_who_see_it(tree, asked, slots):
    page, slot = Slots(FrontSlot, admin.site), slots[tree.payakumbuh]
    first = page.get_urls()[0]
    assert (first.name, str(first.pattern)) == ("news_frontslot_look", "<path:object_id>/look/")
    assert len(page.get_urls()) == len(ScopedAdmin(FrontSlot, admin.site).get_urls()) + 1
    view = page._object_view("look")
    assert view(asked("reporter"), object_id=str(slot.pk)).content == str(slot.pk).encode()
    for who, object_id in (("sister", str(slot.pk)), ("reporter", "0"), ("reporter", "x")):
        with pytest.raises(Http404):
            view(asked(who), object_id=object_id)
    page.has_view_permission = lambda request, obj=None: False
    with pytest.raises(Http404):
        view(asked("reporter"), object_id=str(slot.pk))


def test_a_posted_form_is_one_transaction_and_counts_once(tree, asked, slots):
    page, slot = Slots(FrontSlot, admin.site), slots[tree.payakumbuh]
    view = page._object_view("look")
    data = {form_keys.FIELD: "kunci"}
    for _press in range(2):
        request = asked("reporter", "POST", data)
        request._dont_enforce_csrf_checks = True
        assert view(request, object_id=str(slot.pk)).url == f"/{slot.pk}/"
    assert FormKey.objects.count() == 1
    view(asked("reporter", data={form_keys.FIELD: "lain"}), object_id=str(slot.pk))
    assert FormKey.objects.count() == 1  # what is only read


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("region", "x", True),
        ("region", "1" * 19, True),
        ("region", "-1", True),
        ("region", "\N{ARABIC-INDIC DIGIT ONE}", True),
        ("region", "1" * 18, False),
        ("region", "", False),
        ("section", "x", True),
        ("shares-0-region", "x", True),
        ("shares-0-article", "x", True),
        ("title", "x", False),
        ("tidak_ada", "x", False),
        ("slots", "x", False),  # a relation from elsewhere, which no form has
    ],
)
def test_a_reference_that_no_form_would_send_is_a_bad_request(asked, monkeypatch, name, value, refused):
    page = Articles2(Article, admin.site)

    def shown(page, request, object_id=None, form_url="", extra_context=None):
        return HttpResponse(f"{object_id} {form_url}")

    monkeypatch.setattr(admin.ModelAdmin, "changeform_view", shown)
    answer = page.changeform_view(asked("admin", "POST", {"title": "x", name: value}), "7", form_url="/f/")
    assert answer.status_code == (400 if refused else 200)
    if refused:
        assert answer.headers["Content-Type"] == "text/plain"
        assert answer.content.startswith(b"Bad Request: ")
    else:
        assert answer.content.decode() == "7 /f/"


def test_a_look_up_without_a_person_is_not_allowed(asked):
    page = admin.site.get_model_admin(Article)
    assert page.lookup_allowed("kind__exact", "news", asked())
    assert not page.lookup_allowed("kind__exact", "news")
    assert not page.lookup_allowed("title__regex", "(", asked())


# --- Filters and pickers --------------------------------------------------------------------------------------


def test_a_lists_filter_offers_the_regions_of_the_rows_that_one_sees(tree, asked, slots):
    page = Slots(FrontSlot, admin.site)
    builders.place(builders.make_live(tree.network), tree.network)

    def listed(who, **chosen):
        chosen = {name: [value] for name, value in chosen.items()}
        return RegionFilter(asked(who), chosen, FrontSlot, page)

    every = listed("admin")
    assert {*every.lookup_choices} == {
        ("-", tree.network.short_name),
        ("sumaterabarat", "Sumatera Barat"),
        ("payakumbuh", "Payakumbuh"),
        ("limapuluhkota", "Limapuluh Kota"),
    }
    assert [*listed("redaktur").lookup_choices] == [("payakumbuh", "Payakumbuh")]
    rows = FrontSlot.objects.all()
    assert {*every.queryset(asked("admin"), rows)} == {*rows}
    for chosen, region in (("-", tree.network), ("payakumbuh", tree.payakumbuh)):
        found = listed("admin", region=chosen).queryset(asked("admin"), rows)
        assert [row.region for row in found] == [region]


def test_a_filter_by_a_relation_offers_what_a_form_would(tree, asked, slots):
    page = Slots(FrontSlot, admin.site)
    field = FrontSlot._meta.get_field("article")
    create = admin.filters.FieldListFilter.create
    offered = create(field, asked("redaktur"), {}, FrontSlot, page, "article")
    assert isinstance(offered, ScopedRelatedFilter)
    own = slots[tree.payakumbuh].article
    assert offered.lookup_choices == [(own.pk, str(own))]
    plain = create(FrontSlot._meta.get_field("slot"), asked("redaktur"), {}, FrontSlot, page, "slot")
    assert not isinstance(plain, ScopedRelatedFilter)


class TestPicker:
    @pytest.fixture
    def find(self, asked):
        def search(who, term="", app="news", model="byline", field="author"):
            given = {"app_label": app, "model_name": model, "field_name": field, "term": term}
            request = asked(who, data=given)
            view = ScopedAutocomplete(admin_site=admin.site)
            view.setup(request)
            return view

        return search

    def results(self, view):
        import json

        return {row["text"] for row in json.loads(view.get(view.request).content)["results"]}

    def test_it_finds_what_one_may_choose(self, tree, find):
        own = builders.make_author("Jembatan Baru", tree.payakumbuh)
        builders.make_author("Jembatan Lama", tree.ambon)
        assert self.results(find("redaktur", "jembatan")) == {str(own)}
        assert self.results(find("redaktur", "tiada")) == set()
        assert len(self.results(find("admin", "jembatan"))) == 2

    def test_it_is_for_writers_and_for_the_relations_of_forms_alone(self, people, find):
        people.nobody = builders.make_user("nobody")
        for refused in (
            find("nobody"),
            find("redaktur", field="region"),
            find("redaktur", model="article"),
            find("redaktur", app="auth"),
            find("redaktur", app="news", model="event", field="actor"),
        ):
            with pytest.raises(PermissionDenied):
                refused.get(refused.request)
        assert find("kontributor").get(find("kontributor").request).status_code == 200

    def test_every_relation_with_a_picker_is_known(self, find):
        assert {
            ("news", "article", "lead_photo"),
            ("news", "byline", "author"),  # an inline's
            ("regions", "region", "parent"),
        } <= find("admin")._offered().keys()
        assert ("news", "houserule", "region") not in find("admin")._offered()
        view = find("admin")
        view.admin_site = None
        assert view._offered() == {}
