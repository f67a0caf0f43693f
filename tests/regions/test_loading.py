import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from regions import loading
from regions.models import Region, SubdomainAlias

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

HEADER = ",".join(loading.COLUMNS)
NETWORK = "0,,network,Jaringan Pekon,Pekon,,Asia/Jakarta"
SUMBAR = "13,,province,Sumatera Barat,Sumatera Barat,sumaterabarat,Asia/Jakarta"
PAYAKUMBUH = "13.76,13,city,Kota Payakumbuh,Payakumbuh,payakumbuh,Asia/Jakarta"
ALL = Path(settings.BASE_DIR).parent / "shared" / "data" / "regions.csv"


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def csv(tmp_path):
    """`csv(lines)`: a file with the header and these lines."""

    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "daerah.csv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return path

    return write


def load(path, **options):
    return loading.load(loading.read(path), **options)


def problems(path):
    """What is wrong with the file, which must leave the regions as they were."""
    before = list(Region.objects.order_by("pk").values())
    with pytest.raises(loading.BadFile) as caught:
        load(path)
    assert list(Region.objects.order_by("pk").values()) == before
    return caught.value.problems


class TestStarter:
    def test_it_loads_once_and_then_says_what_is_known(self):
        rows = len(loading.read(loading.STARTER))
        first, second = load(loading.STARTER), load(loading.STARTER)
        assert (first.created, first.updated, first.unchanged) == (rows, 0, 0)
        assert (second.created, second.updated, second.unchanged) == (0, 0, rows)
        assert Region.objects.count() == rows

    def test_the_network_is_open_and_the_others_wait(self):
        load(loading.STARTER)
        assert [region.kind for region in Region.objects.open()] == [Region.Kind.NETWORK]

    def test_west_sumatra_is_whole_and_the_other_zones_have_two_cities_each(self):
        load(loading.STARTER)
        assert Region.objects.filter(parent__subdomain="sumaterabarat").count() == 19
        for zone in (Region.Zone.WITA, Region.Zone.WIT):
            assert Region.objects.filter(timezone=zone, kind=Region.Kind.CITY).count() == 2
            assert Region.objects.filter(timezone=zone, kind=Region.Kind.PROVINCE).count() == 1


class TestFile:
    def test_a_file_without_a_network_brings_the_starters(self, csv):
        outcome = load(csv(SUMBAR, PAYAKUMBUH))
        assert outcome.created == 3
        assert Region.objects.get(code="13.76").path == "/sumaterabarat/payakumbuh/"
        assert Region.objects.get(code="13").parent == Region.objects.get(kind=Region.Kind.NETWORK)

    def test_a_network_that_is_there_is_left_alone(self, csv):
        load(csv("1,,network,Jaringan Kita,Kita,,Asia/Makassar"))
        outcome = load(csv(SUMBAR))
        assert outcome.created == 1
        assert Region.objects.get(code="13").parent.name == "Jaringan Kita"

    def test_a_dry_run_counts_and_changes_nothing(self, csv):
        load(csv(NETWORK, SUMBAR))
        outcome = load(
            csv(NETWORK, SUMBAR.replace("Sumatera Barat,sumatera", "Sumbar,sumatera"), PAYAKUMBUH), dry_run=True
        )
        assert (outcome.created, outcome.updated, outcome.unchanged) == (1, 1, 1)
        assert not Region.objects.filter(code="13.76").exists()
        assert Region.objects.get(code="13").short_name == "Sumatera Barat"

    def test_a_changed_row_changes_its_region_and_opens_or_closes_nothing(self, csv):
        load(csv(NETWORK, SUMBAR, PAYAKUMBUH))
        Region.objects.filter(code="13.76").update(is_open=True, tagline="Kota Batiah")
        outcome = load(csv(NETWORK, SUMBAR, PAYAKUMBUH.replace("Kota Payakumbuh", "Kota Payokumbuah")))
        assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 2)
        changed = Region.objects.get(code="13.76")
        assert (changed.name, changed.is_open, changed.tagline) == ("Kota Payokumbuah", True, "Kota Batiah")

    def test_what_a_file_leaves_out_stays(self, csv):
        load(csv(NETWORK, SUMBAR, PAYAKUMBUH))
        load(csv(SUMBAR))
        assert Region.objects.filter(code="13.76").exists()

    def test_a_new_label_keeps_the_old_one_and_moves_the_branch(self, csv):
        load(csv(NETWORK, SUMBAR, PAYAKUMBUH))
        load(csv(SUMBAR.replace("sumaterabarat", "sumbar"), PAYAKUMBUH.replace(",payakumbuh", ",payokumbuah")))
        assert Region.objects.get(code="13.76").path == "/sumbar/payokumbuah/"
        assert set(SubdomainAlias.objects.values_list("label", flat=True)) == {"sumaterabarat", "payakumbuh"}

    def test_a_city_moves_to_another_province(self, csv):
        load(csv(NETWORK, SUMBAR, PAYAKUMBUH))
        load(csv("14,,province,Riau,Riau,riau,Asia/Jakarta", PAYAKUMBUH.replace("13.76,13", "13.76,14")))
        assert Region.objects.get(code="13.76").path == "/riau/payakumbuh/"

    def test_a_byte_order_mark_blank_lines_spaces_and_more_columns_do_no_harm(self, csv):
        path = csv(
            "", SUMBAR + ",lebih", "", PAYAKUMBUH.replace(",", " , "), header=HEADER + ",catatan", encoding="utf-8-sig"
        )
        assert load(path).created == 3
        assert Region.objects.get(code="13.76").subdomain == "payakumbuh"

    def test_columns_may_stand_in_another_order(self, csv):
        path = csv(
            "riau,Asia/Jakarta,14,,province,Riau,Riau",
            header="subdomain,timezone,code,parent_code,level,name,short_name",
        )
        load(path)
        assert Region.objects.get(code="14").subdomain == "riau"

    @pytest.mark.skipif(not ALL.exists(), reason=f"{ALL} is not on this machine")
    def test_the_whole_country_loads(self):
        outcome = load(ALL)
        assert outcome.created == 552 + 1  # and the network
        assert Region.objects.exclude(kind=Region.Kind.NETWORK).count() == 552
        assert load(ALL).unchanged == 552


class TestRefused:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("13.71,13,city,Kota Padang,Padang,www,Asia/Jakarta", "reserved"),
            ("13.71,13,city,Kota Padang,Padang,Kota Padang,Asia/Jakarta", "cannot be a web address"),
            ("13.71,13,city,Kota Padang,Padang,,Asia/Jakarta", "cannot be a web address"),
            ("13.71,13,city,Kota Padang,Padang,payakumbuh,Asia/Jakarta", "subdomain: "),
            ("13.71,13,city,Kota Padang,Payakumbuh,padang,Asia/Jakarta", "short_name: "),
            ("13.71,13,city,Kota Padang,Padang,padang,WIB", "timezone: "),
            ("13.71,13,city,Kota Padang,Padang,padang,", "timezone: "),
            ("13.71,13,kota,Kota Padang,Padang,padang,Asia/Jakarta", "level: "),
            ("13.71,13,,Kota Padang,Padang,padang,Asia/Jakarta", "level: "),
            ("13.71,13,city,,Padang,padang,Asia/Jakarta", "name: "),
            ("13.71,99,city,Kota Padang,Padang,padang,Asia/Jakarta", "no region with code 99"),
            ("13.71,,city,Kota Padang,Padang,padang,Asia/Jakarta", "parent_code: "),
            ("13.71,13.76,city,Kota Padang,Padang,padang,Asia/Jakarta", "parent_code: "),
            ("13.76,13,city,Kota Padang,Padang,padang,Asia/Jakarta", "Code 13.76 stands in line 4 already"),
            ("tiga,13,city,Kota Padang,Padang,padang,Asia/Jakarta", "code: "),
            (",13,city,Kota Padang,Padang,padang,Asia/Jakarta", "code: "),
            ("9,,network,Jaringan Lain,Lain,,Asia/Jakarta", "There is a network already"),
            ("13.71", "level: "),
        ],
    )
    def test_a_bad_line_is_named_with_its_reason(self, csv, line, reason):
        ((number, said),) = problems(csv(NETWORK, SUMBAR, PAYAKUMBUH, line))
        assert number == 5
        assert reason in said

    def test_every_bad_line_is_reported_and_none_is_loaded(self, csv):
        lines = [
            "13.71,13,city,Kota Padang,Padang,www,Asia/Jakarta",
            PAYAKUMBUH,
            "13.72,13,city,Kota Solok,Solok,solok,Asia/Tokyo",
            "14.71,14,city,Kota Pekanbaru,Pekanbaru,pekanbaru,Asia/Jakarta",
        ]
        assert [number for number, _reason in problems(csv(NETWORK, SUMBAR, *lines))] == [4, 6, 7]
        assert not Region.objects.exists()

    def test_a_child_before_its_parent_is_refused(self, csv):
        ((number, reason),) = problems(csv(PAYAKUMBUH, SUMBAR))
        assert number == 2
        assert "Put the parent's line first" in reason

    def test_a_province_with_cities_cannot_become_a_city(self, csv):
        load(csv(NETWORK, SUMBAR, PAYAKUMBUH))
        line = SUMBAR.replace("13,,province", "13,14,city")
        ((number, reason),) = problems(csv("14,,province,Riau,Riau,riau,Asia/Jakarta", line))
        assert number == 3
        assert "Move them first" in reason

    def test_missing_columns_are_named(self, csv):
        ((number, reason),) = problems(csv("13,Sumatera Barat", header="code,name"))
        assert number == 1
        assert all(column in reason for column in ("parent_code", "level", "short_name", "subdomain", "timezone"))

    def test_an_empty_file_lacks_every_column(self, tmp_path):
        path = tmp_path / "kosong.csv"
        path.touch()
        assert problems(path)[0][0] == 1

    @pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
    def test_a_file_that_is_not_utf8_is_refused(self, csv, encoding):
        ((number, reason),) = problems(csv(SUMBAR.replace("Barat", "Barát"), encoding=encoding))
        assert number == 0
        assert "not UTF-8" in reason

    def test_an_open_quotation_mark_is_refused(self, csv):
        ((number, _reason),) = problems(csv(SUMBAR, '13.76,13,city,"Kota Payakumbuh'))
        assert number == 3

    def test_a_missing_file_is_refused(self, tmp_path):
        assert "There is no file" in problems(tmp_path / "tidak-ada.csv")[0][1]

    def test_a_folder_is_refused(self, tmp_path):
        assert "is a folder" in problems(tmp_path)[0][1]


class TestCommand:
    def run(self, *args, **options):
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("loadregions", *args, stdout=out, stderr=err, **options)
        except CommandError as error:
            return out.getvalue(), err.getvalue(), str(error)
        return out.getvalue(), err.getvalue(), None

    def test_without_a_file_it_loads_the_starter(self):
        out, err, error = self.run()
        assert (out, err, error) == (f"{Region.objects.count()} new, 0 changed, 0 unchanged.\n", "", None)
        assert Region.objects.filter(subdomain="payakumbuh").exists()

    def test_it_says_what_it_did(self, csv):
        self.run(csv(NETWORK, SUMBAR))
        out, _err, _error = self.run(csv(NETWORK, SUMBAR.replace("Asia/Jakarta", "Asia/Makassar"), PAYAKUMBUH))
        assert out == "1 new, 1 changed, 1 unchanged.\n"

    def test_a_dry_run_says_what_would_be(self, csv):
        out, _err, _error = self.run(csv(NETWORK, SUMBAR), dry_run=True)
        assert out == "Would be: 2 new, 0 changed, 0 unchanged.\n"
        assert not Region.objects.exists()

    def test_without_verbosity_it_says_nothing(self, csv):
        assert self.run(csv(NETWORK), verbosity=0) == ("", "", None)

    def test_a_bad_file_is_an_error_with_every_line(self, csv):
        bad = [
            PAYAKUMBUH.replace(",payakumbuh", ",www"),
            "14.71,14,city,Kota Pekanbaru,Pekanbaru,pekanbaru,Asia/Jakarta",
        ]
        out, err, error = self.run(csv(NETWORK, SUMBAR, *bad))
        assert out == ""
        first, second = err.splitlines()
        assert first.startswith("daerah.csv:4: subdomain: ")
        assert second.startswith("daerah.csv:5: There is no region with code 14")
        assert "Nothing was loaded: 2 problem(s)" in error
        assert not Region.objects.exists()

    def test_a_missing_file_is_an_error_without_a_line(self, tmp_path):
        _out, err, error = self.run(tmp_path / "tidak-ada.csv")
        assert err.startswith("There is no file")
        assert "Nothing was loaded" in error
