import pytest
from django.core.exceptions import ValidationError

from news.demo.builders import make_live, make_region
from news.models import Placement
from regions import services
from regions.models import Region, SubdomainAlias
from tests.conftest import HostClient

pytestmark = pytest.mark.databases


def relabel(region, label):
    region.subdomain = label
    services.save(region)


def move(region, parent):
    region.parent = parent
    services.save(region)


def paths():
    return dict(Region.objects.values_list("pk", "path"))


def listed(region):
    return set(Placement.objects.in_region(region).values_list("article", flat=True))


@pytest.fixture
def moved():
    """The regions that branch_moved was sent for."""
    regions = []

    def listen(sender, region, **kwargs):
        regions.append(region)

    services.branch_moved.connect(listen)
    yield regions
    services.branch_moved.disconnect(listen)


def test_a_new_region_gets_its_path(tree):
    city = make_region("padang", tree.sumbar)
    city.refresh_from_db()
    assert city.path == "/sumaterabarat/padang/"
    assert not SubdomainAlias.objects.exists()


def test_a_new_label_rewrites_the_paths_below(tree):
    relabel(tree.sumbar, "sumbar")
    assert paths() == {
        tree.network.pk: "/",
        tree.sumbar.pk: "/sumbar/",
        tree.payakumbuh.pk: "/sumbar/payakumbuh/",
        tree.limapuluhkota.pk: "/sumbar/limapuluhkota/",
        tree.sulsel.pk: "/sulawesiselatan/",
        tree.makassar.pk: "/sulawesiselatan/makassar/",
        tree.maluku.pk: "/maluku/",
        tree.ambon.pk: "/maluku/ambon/",
    }


def test_the_old_label_redirects_to_the_new_one(tree):
    relabel(tree.payakumbuh, "payokumbuah")
    response = HostClient("payakumbuh.pekon.web.id").get("/indeks/?p=2")
    assert response.status_code == 301
    assert response["Location"] == "http://payokumbuah.pekon.web.id/indeks/?p=2"
    assert HostClient("payokumbuah.pekon.web.id").get("/indeks/").status_code == 200


def test_every_old_label_is_kept(tree):
    relabel(tree.payakumbuh, "payokumbuah")
    relabel(tree.payakumbuh, "luaknyo")
    assert set(tree.payakumbuh.aliases.values_list("label", flat=True)) == {"payakumbuh", "payokumbuah"}


def test_the_old_label_back_is_no_alias_any_more(tree):
    relabel(tree.payakumbuh, "payokumbuah")
    relabel(tree.payakumbuh, "payakumbuh")
    assert list(tree.payakumbuh.aliases.values_list("label", flat=True)) == ["payokumbuah"]
    assert HostClient("payakumbuh.pekon.web.id").get("/").status_code == 200


def test_a_new_label_moves_no_article(tree, moved):
    article = make_live(tree.payakumbuh)
    before = set(article.placements.values_list("pk", "region"))
    relabel(tree.sumbar, "sumbar")
    assert moved == []
    assert set(article.placements.values_list("pk", "region")) == before


def test_a_moved_city_takes_its_path_and_keeps_its_label(tree, moved):
    move(tree.payakumbuh, tree.maluku)
    assert paths()[tree.payakumbuh.pk] == "/maluku/payakumbuh/"
    assert not tree.payakumbuh.aliases.exists()
    assert moved == [tree.payakumbuh]


def test_a_moved_citys_articles_stand_in_the_new_provinces_lists(tree):
    article, stays = make_live(tree.payakumbuh), make_live(tree.limapuluhkota)
    assert listed(tree.sumbar) == {article.pk, stays.pk}
    assert listed(tree.maluku) == set()
    move(tree.payakumbuh, tree.maluku)
    assert listed(tree.sumbar) == {stays.pk}
    assert listed(tree.maluku) == listed(tree.payakumbuh) == {article.pk}
    assert listed(tree.network) == {article.pk, stays.pk}


def test_a_city_can_move_and_change_its_label_at_once(tree, moved):
    tree.payakumbuh.subdomain = "payokumbuah"
    move(tree.payakumbuh, tree.maluku)
    assert paths()[tree.payakumbuh.pk] == "/maluku/payokumbuah/"
    assert tree.payakumbuh.aliases.get().label == "payakumbuh"
    assert moved == [tree.payakumbuh]


def test_a_city_can_become_a_province(tree):
    article = make_live(tree.ambon)
    tree.ambon.kind = Region.Kind.PROVINCE
    move(tree.ambon, tree.network)
    assert paths()[tree.ambon.pk] == "/ambon/"
    assert listed(tree.maluku) == set()
    assert listed(tree.network) == listed(tree.ambon) == {article.pk}


def test_a_save_that_changes_no_path_does_nothing_else(tree, moved):
    tree.sumbar.tagline = "Kabar dari Ranah Minang"
    before = paths()
    services.save(tree.sumbar)
    assert paths() == before
    assert moved == []
    assert not SubdomainAlias.objects.exists()


@pytest.mark.parametrize(
    ("region", "changes"),
    [
        ("sumbar", {"subdomain": "maluku"}),
        ("sumbar", {"subdomain": "www"}),
        ("sumbar", {"subdomain": "lama"}),
        ("sumbar", {"subdomain": "sumbar", "timezone": "UTC"}),
        ("sumbar", {"kind": "city", "parent": "maluku"}),
        ("sumbar", {"kind": "city", "parent": "sumbar"}),
        ("sumbar", {"kind": "network", "parent": None, "subdomain": ""}),
        ("payakumbuh", {"parent": "network"}),
        ("payakumbuh", {"parent": "limapuluhkota"}),
        ("network", {"kind": "province", "parent": "network", "subdomain": "pusat"}),
        ("network", {"subdomain": "pusat"}),
    ],
)
def test_a_refused_save_changes_nothing(tree, moved, region, changes):
    SubdomainAlias.objects.create(label="lama", region=tree.makassar)
    make_live(tree.payakumbuh)
    before = list(Region.objects.order_by("pk").values())
    placements = list(Placement.objects.order_by("pk").values())
    changed = getattr(tree, region)
    for field, value in changes.items():
        setattr(changed, field, getattr(tree, value) if field == "parent" and value else value)
    with pytest.raises(ValidationError):
        services.save(changed)
    assert list(Region.objects.order_by("pk").values()) == before
    assert list(Placement.objects.order_by("pk").values()) == placements
    assert list(SubdomainAlias.objects.values_list("label", flat=True)) == ["lama"]
    assert moved == []


def test_a_failing_listener_undoes_the_move(tree):
    def fail(sender, region, **kwargs):
        raise RuntimeError("no")

    services.branch_moved.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="no"):
            move(tree.payakumbuh, tree.maluku)
    finally:
        services.branch_moved.disconnect(fail)
    assert paths()[tree.payakumbuh.pk] == "/sumaterabarat/payakumbuh/"


def test_a_namesake_is_no_part_of_the_branch(tree):
    solok = make_region("solok", tree.network)
    namesake = make_region("solokselatan", tree.network)
    below = make_region("kotasolok", solok)
    beside = make_region("padangaro", namesake)
    relabel(solok, "soloklama")
    assert paths()[solok.pk] == "/soloklama/"
    assert paths()[below.pk] == "/soloklama/kotasolok/"
    assert paths()[namesake.pk] == "/solokselatan/"
    assert paths()[beside.pk] == "/solokselatan/padangaro/"


def test_a_namesake_city_is_untouched(tree):
    solok, namesake = make_region("solok", tree.sumbar), make_region("solokselatan", tree.sumbar)
    move(solok, tree.maluku)
    assert paths()[solok.pk] == "/maluku/solok/"
    assert paths()[namesake.pk] == "/sumaterabarat/solokselatan/"
