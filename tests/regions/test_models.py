from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from news.demo.builders import make_network, make_region, make_user
from regions.hosts import RESERVED_LABELS
from regions.models import Assignment, Region, SubdomainAlias

pytestmark = pytest.mark.databases

MALFORMED = ["-solok", "solok-", "so.lok", "Solok", "so_lok", "so lok", "sólok"]


def unsaved(parent, label="solok", **overrides):
    """A valid city, or what `overrides` make of it, with its path as branches would derive it."""
    fields = {
        "kind": Region.Kind.CITY,
        "name": "Kota Solok",
        "short_name": "Solok",
        "code": "13.72",
        "parent": parent,
        "subdomain": label,
        "path": f"{parent.path}{label}/" if parent else "/",
    }
    return Region(**(fields | overrides))


def refused_by_the_database(region, constraint=None):
    """The constraint's name is in the error on both databases; uniqueness of a column is told differently."""
    before = Region.objects.count()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Region.objects.bulk_create([region])
    return Region.objects.count() == before


def complaint(instance):
    """The message dictionary of full_clean, in the source language."""
    with pytest.raises(ValidationError) as caught:
        instance.full_clean()
    return caught.value.message_dict


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def test_a_city_below_a_province_is_valid(tree):
    city = unsaved(tree.sumbar)
    city.full_clean()
    Region.objects.bulk_create([city])
    assert Region.objects.get(subdomain="solok").path == "/sumaterabarat/solok/"


class TestTree:
    def test_there_is_one_root(self, tree):
        second = unsaved(None, "", kind=Region.Kind.NETWORK)
        assert refused_by_the_database(second)
        assert "There is a network already. Give this region a parent and another kind." in str(complaint(second))

    def test_the_root_has_no_parent(self, tree):
        rooted = unsaved(tree.sumbar, "", kind=Region.Kind.NETWORK, path="/")
        assert "leave this empty" in complaint(rooted)["parent"][0]
        with pytest.raises(IntegrityError, match="region_kind_fits_depth"), transaction.atomic():
            Region.objects.filter(pk=tree.network.pk).update(parent=tree.sumbar)

    def test_the_root_has_no_label(self, tree):
        tree.network.subdomain = "pusat"
        assert "leave this empty" in complaint(tree.network)["subdomain"][0]
        with pytest.raises(IntegrityError, match="region_path_ends_with_label"), transaction.atomic():
            Region.objects.filter(pk=tree.network.pk).update(subdomain="pusat")

    @pytest.mark.parametrize(
        ("kind", "parent"),
        [
            ("province", "sumbar"),
            ("province", "payakumbuh"),
            ("city", "network"),
            ("regency", "network"),
            ("city", "payakumbuh"),
            ("regency", "limapuluhkota"),
        ],
    )
    def test_a_kind_fits_one_depth(self, tree, kind, parent):
        misplaced = unsaved(getattr(tree, parent), kind=kind)
        assert refused_by_the_database(misplaced, "region_kind_fits_depth")
        assert "Choose another parent" in complaint(misplaced)["parent"][0]

    @pytest.mark.parametrize("kind", ["province", "regency", "city"])
    def test_only_the_network_has_nothing_above(self, tree, kind):
        orphan = unsaved(None, kind=kind, path="/sumaterabarat/solok/" if kind != "province" else "/solok/")
        assert refused_by_the_database(orphan, "region_kind_fits_depth")
        assert "only the network has none" in complaint(orphan)["parent"][0]

    def test_a_kind_is_one_of_four(self, tree):
        village = unsaved(tree.sumbar, kind="desa")
        assert refused_by_the_database(village, "region_kind_fits_depth")
        assert "kind" in complaint(village)

    def test_a_path_ends_with_the_label(self, tree):
        assert refused_by_the_database(unsaved(tree.sumbar, path="/sumaterabarat/lain/"), "region_path_ends_with_label")
        with pytest.raises(IntegrityError, match="region_path_ends_with_label"), transaction.atomic():
            Region.objects.filter(pk=tree.payakumbuh.pk).update(subdomain="lain")

    def test_clean_derives_the_path(self, tree):
        region = unsaved(tree.sumbar, path="/apa/saja/")
        region.full_clean()
        assert region.path == "/sumaterabarat/solok/"

    def test_a_region_does_not_belong_to_itself(self, tree):
        tree.maluku.kind, tree.maluku.parent = Region.Kind.CITY, tree.maluku
        assert "cannot belong to itself" in complaint(tree.maluku)["parent"][0]

    def test_a_province_with_cities_stays_a_province(self, tree):
        tree.maluku.kind, tree.maluku.parent = Region.Kind.CITY, tree.sumbar
        assert "Move them first" in complaint(tree.maluku)["kind"][0]
        tree.ambon.parent = tree.sumbar
        tree.ambon.full_clean()
        tree.ambon.save()
        tree.maluku.full_clean()


class TestLabel:
    @pytest.mark.parametrize("label", sorted(RESERVED_LABELS))
    def test_a_reserved_label_is_refused(self, tree, label):
        region = unsaved(tree.sumbar, label)
        assert refused_by_the_database(region, "region_label_not_reserved")
        assert "is reserved" in complaint(region)["subdomain"][0]

    @pytest.mark.parametrize("label", MALFORMED)
    def test_a_malformed_label_is_refused(self, tree, label):
        region = unsaved(tree.sumbar, label)
        assert refused_by_the_database(region, "region_label_is_dns_label")
        assert "cannot be a web address" in complaint(region)["subdomain"][0]

    def test_a_region_below_the_network_has_a_label(self, tree):
        region = unsaved(tree.sumbar, "")
        assert refused_by_the_database(region)
        assert "cannot be a web address" in complaint(region)["subdomain"][0]

    def test_a_punycode_label_is_refused(self, tree):
        assert "cannot be a web address" in complaint(unsaved(tree.sumbar, "xn--pdang-vra"))["subdomain"][0]

    def test_an_overlong_label_is_refused(self, tree):
        assert "subdomain" in complaint(unsaved(tree.sumbar, "a" * 64))
        unsaved(tree.sumbar, "a" * 63).full_clean()

    def test_two_regions_cannot_have_one_label(self, tree):
        twin = unsaved(tree.sulsel, "payakumbuh")
        assert refused_by_the_database(twin)
        assert complaint(twin)["subdomain"]

    def test_another_regions_old_label_is_refused(self, tree):
        SubdomainAlias.objects.create(label="solok", region=tree.payakumbuh)
        assert "already leads to Payakumbuh" in complaint(unsaved(tree.sumbar, "solok"))["subdomain"][0]

    def test_a_regions_own_old_label_is_free_for_it(self, tree):
        SubdomainAlias.objects.create(label="payokumbuah", region=tree.payakumbuh)
        tree.payakumbuh.subdomain = "payokumbuah"
        tree.payakumbuh.full_clean()


class TestColumns:
    @pytest.mark.parametrize(("field", "value"), [("code", "13.76"), ("short_name", "Kota Kembar")])
    def test_each_code_and_name_is_there_once(self, tree, field, value):
        Region.objects.filter(pk=tree.payakumbuh.pk).update(**{field: value})
        twin = unsaved(tree.sulsel, **{field: value})
        assert refused_by_the_database(twin)
        assert complaint(twin)[field]

    @pytest.mark.parametrize("code", ["", "13.", ".13", "tiga", "13,76", "13.76\n"])
    def test_a_code_is_digits_in_groups(self, tree, code):
        assert complaint(unsaved(tree.sumbar, code=code))["code"]

    @pytest.mark.parametrize("zone", ["", "Asia/Singapore", "UTC", "WIB", "Asia/Pontianak"])
    def test_a_zone_is_one_of_indonesias_three(self, tree, zone):
        assert complaint(unsaved(tree.sumbar, timezone=zone))["timezone"]

    @pytest.mark.parametrize(
        ("region", "clock"),
        [
            ("sumbar", "24 Nov 2024 01:25 WIB"),
            ("sulsel", "24 Nov 2024 02:25 WITA"),
            ("maluku", "24 Nov 2024 03:25 WIT"),
        ],
    )
    def test_a_region_reads_its_own_clock(self, tree, region, clock):
        assert getattr(tree, region).clock(datetime(2024, 11, 23, 18, 25, tzinfo=UTC)) == clock


class TestAlias:
    @pytest.mark.parametrize("label", [*sorted(RESERVED_LABELS), *MALFORMED, ""])
    def test_a_malformed_or_reserved_alias_is_refused(self, tree, label):
        alias = SubdomainAlias(label=label, region=tree.payakumbuh)
        assert complaint(alias)["label"]
        with pytest.raises(IntegrityError, match="alias_label_is_free_dns_label"), transaction.atomic():
            SubdomainAlias.objects.bulk_create([alias])

    def test_an_alias_leads_to_one_region(self, tree):
        SubdomainAlias.objects.create(label="payokumbuah", region=tree.payakumbuh)
        again = SubdomainAlias(label="payokumbuah", region=tree.makassar)
        assert complaint(again)["label"]
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

    @pytest.mark.parametrize("holder", ["payakumbuh", "makassar"])
    def test_a_regions_label_is_no_alias(self, tree, holder):
        alias = SubdomainAlias(label=holder, region=tree.payakumbuh)
        assert f"is the label of {holder.title()}" in complaint(alias)["label"][0]


def test_a_person_has_a_role_in_a_region_once(tree):
    user = make_user("budi", Assignment.Role.EDITOR, tree.payakumbuh)
    again = Assignment(user=user, region=tree.payakumbuh, role=Assignment.Role.EDITOR)
    assert "has that role in this region already" in str(complaint(again))
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.bulk_create([again])
    Assignment.objects.create(user=user, region=tree.payakumbuh, role=Assignment.Role.REPORTER)


def test_the_querysets_follow_the_tree(tree):
    make_region("solok", tree.sumbar, is_open=False)
    labels = {region.subdomain for region in Region.objects.subtree_of(tree.sumbar)}
    assert labels == {"sumaterabarat", "payakumbuh", "limapuluhkota", "solok"}
    assert not Region.objects.open().filter(subdomain="solok").exists()
    assert make_network() == tree.network
