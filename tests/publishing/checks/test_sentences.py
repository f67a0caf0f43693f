"""Checks of words alone: for each a table of texts in which it finds something, and of texts in which it must not."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from news.publishing.checks import decisions, openings, region_names, wording
from news.publishing.checks.manuscript import Manuscript, Place, Reader
from regions.models import Region

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SUMBAR = [
    ("Sumatera Barat", "Sumatera Barat"),
    ("Kota Payakumbuh", "Payakumbuh"),
    ("Kabupaten Lima Puluh Kota", "Lima Puluh Kota"),
    ("Kota Bukittinggi", "Bukittinggi"),
    ("Kota Padang", "Padang"),
    ("Kota Padang Panjang", "Padang Panjang"),
    ("Kabupaten Padang Pariaman", "Padang Pariaman"),
    ("Kabupaten Tanah Datar", "Tanah Datar"),
    ("Kota Solok", "Solok"),
    ("Kabupaten Dharmasraya", "Dharmasraya"),
    ("Kota Makassar", "Makassar"),
    ("Kota Parepare", "Parepare"),
    ("Kabupaten Kotabaru", "Kotabaru"),
    ("Kabupaten Malaka", "Malaka"),
    ("Kabupaten Sidoarjo", "Sidoarjo"),
]
PLACES = [Place(0, "/", "Jaringan Pekon", "Pekon", "", True)] + [
    Place(number, f"/x/{number}/", name, short, f"r{number}", True) for number, (name, short) in enumerate(SUMBAR, 1)
]
ALL = Path(settings.BASE_DIR).parent / "shared" / "data" / "regions.csv"


def written(*lines: str, places=PLACES, **values) -> Manuscript:
    """A manuscript with these paragraphs, without a database."""
    region = Region(pk=1, short_name="Payakumbuh", path="/x/1/", timezone="Asia/Jakarta")
    body = "".join(f"<p>{line}</p>" for line in lines)
    manuscript = Manuscript(region=region, reader=Reader(None, None), body=body, **values)
    manuscript.places = places
    return manuscript


def found(check, *lines: str, **values) -> list[str]:
    """The words that the check points at."""
    return [finding.words for finding in check(written(*lines, **values))]


def points_at_what_is_there(check, line: str, **values) -> None:
    for finding in check(written(line, **values)):
        assert finding.words in line, finding


# --- The other side -----------------------------------------------------------------------------------------------

ACCUSED = {
    "Ketua koperasi menuduh bendaharanya menggelapkan iuran anggota.": "menuduh",
    "Kepala desa dituduh memotong bantuan warga.": "dituduh",
    "Tuduhan itu disampaikan pedagang di depan kantor camat.": "Tuduhan",
    "Sejumlah wali murid menuding kepala sekolah memungut biaya.": "menuding",
    "Mantan sopir itu dilaporkan ke polisi oleh juragannya.": "dilaporkan ke polisi",
    "Warga mencurigai pabrik membuang limbah pada malam hari.": "mencurigai",
    "Panitia difitnah lewat pesan berantai.": "difitnah",
}
HEARD = [
    "Warga menuding pabrik membuang limbah. Manajer pabrik membantah dan mengundang warga memeriksa.",
    "Kepala desa dituduh memotong bantuan; ia belum dapat dihubungi sampai berita ini ditulis.",
    "Ia menuduh rekannya curang. Saat dihubungi, rekannya enggan berkomentar.",
    "Bendahara yang dituduh menggelapkan iuran menolak berkomentar.",
    "Tuduhan itu sudah ditanggapi kepala dinas dengan membuka daftar penerima.",
    "Pihak sekolah menepis tudingan wali murid.",
    "Ia mengaku tidak menuduh siapa pun.",
    "Rapat berlangsung tanpa tuduhan dari kedua pihak.",
    "Petani memanen padi lebih awal karena hujan.",
]


def test_an_accusation_without_an_answer_is_found():
    for line, words in ACCUSED.items():
        assert found(wording.other_side, line) == [words], line
    assert found(wording.other_side, "Isi.", title="Pedagang Tuding Pengelola Pasar Curang") == ["Tuding"]


def test_an_accusation_with_an_answer_is_not():
    for line in HEARD:
        assert found(wording.other_side, line) == [], line
    first, second = "Warga menuding pabrik membuang limbah.", "Manajernya membantah."
    assert found(wording.other_side, first, second) == []


def test_a_story_that_says_to_be_unverified_has_said_it():
    line = next(iter(ACCUSED))
    assert found(wording.other_side, line, is_unverified=True) == []


# --- Suspects -----------------------------------------------------------------------------------------------------

NAMED = {
    "Polisi menahan tersangka Budi Santoso di rumah kontrakannya.": "tersangka Budi Santoso",
    "Rudi Hartono (35) yang diduga mencuri sepeda motor itu lari ke sawah.": "Rudi Hartono (35) yang diduga",
    "Pencurian itu diduga dilakukan oleh Andi Saputra pada malam hari.": "diduga dilakukan oleh Andi Saputra",
    "Terduga pelaku bernama Joni Iskandar ditangkap di terminal.": "Terduga pelaku bernama Joni Iskandar",
    "Dewi Lestari ditetapkan sebagai tersangka penggelapan arisan.": "Dewi Lestari ditetapkan sebagai tersangka",
    "Petugas mengejar pelaku, Hendra, sampai ke perbatasan.": "pelaku, Hendra",
    "Syafrizal bin Umar diduga menjual pupuk bersubsidi ke luar daerah.": "Syafrizal bin Umar diduga",
}
UNNAMED = [
    "Polisi menahan tersangka BS di rumah kontrakannya.",
    "Pelaku berinisial RH (35) diduga mencuri sepeda motor.",
    "Warga Payakumbuh diduga keracunan makanan di sebuah pesta.",
    "Kebakaran di Pasar Ibuh diduga karena hubungan arus pendek.",
    "Tersangka ditahan di Polres Payakumbuh sejak Senin.",
    "PT Maju Jaya diduga membuang limbah ke sungai.",
    "Jembatan Ratapan Ibu diduga retak karena gempa.",
    "Pelaku Pencurian Motor Ditangkap di Terminal",  # a heading in title case
    "Linda Sari membuka pameran tenun di balai kota.",
    "Kejaksaan Negeri menahan tersangka korupsi dana desa.",
    "Virus Rabies diduga dibawa anjing liar.",
]


def test_a_suspect_with_the_full_name_is_found():
    for line, words in NAMED.items():
        assert found(wording.named_suspects, line) == [words], line
        points_at_what_is_there(wording.named_suspects, line)


def test_initials_institutions_and_things_are_no_suspects():
    for line in UNNAMED:
        assert found(wording.named_suspects, line) == [], line


def test_one_name_is_found_once():
    line = "Polisi menahan tersangka Budi Santoso. Tersangka Budi Santoso tinggal di Koto Nan Ampek."
    assert found(wording.named_suspects, line) == ["tersangka Budi Santoso"]


# --- Datelines ----------------------------------------------------------------------------------------------------

DOUBLED = {
    "PAYAKUMBUH, PEKON – Warga memperbaiki jembatan.": "PAYAKUMBUH, PEKON –",
    "Payakumbuh (Pekon) - Warga memperbaiki jembatan.": "Payakumbuh (Pekon) -",
    "Kota Payakumbuh - Warga memperbaiki jembatan.": "Kota Payakumbuh -",
    "Payakumbuh, 23/11 — Warga memperbaiki jembatan.": "Payakumbuh, 23/11 —",
    "Padang - Gubernur membuka pameran tenun.": "Padang -",
    "Lima Puluh Kota – “Kami siap,” kata bupati.": "Lima Puluh Kota –",
}
SINGLE = [
    "Payakumbuh - Warga memperbaiki jembatan.",  # taken out by itself
    "Warga Payakumbuh memperbaiki jembatan.",
    "Jalur Payakumbuh-Lintau ditutup sejak pagi.",
    "Hujan deras - yang turun sejak pagi - merendam sawah.",
    "Laga Semen Padang – yang kedua musim ini – ditunda.",
    "Empat kecamatan - Barat, Timur, Utara, Selatan - tergenang.",
    "“Kami siap,” kata wali kota.",
]


def test_a_dateline_in_the_text_is_found():
    for line, words in DOUBLED.items():
        assert found(openings.doubled_dateline, line, dateline="Payakumbuh") == [words], line


def test_a_text_without_one_is_left_alone():
    for line in SINGLE:
        assert found(openings.doubled_dateline, line, dateline="Payakumbuh") == [], line
    assert found(openings.doubled_dateline, next(iter(DOUBLED)), dateline="") == []


# --- Labels -------------------------------------------------------------------------------------------------------

UNLABELLED = [
    ({"sign_off": "(adv)."}, "Isi."),
    ({"sign_off": "(ADV/ls)"}, "Isi."),
    ({"kicker": "Advertorial"}, "Isi."),
    ({"tags": ["Pilkada", "pariwara"]}, "Isi."),
    ({}, "Bank membuka cabang baru. (iklan)"),
    ({}, "Tulisan ini merupakan kerja sama dengan Bank Nagari."),
    ({"sign_off": "(rilis)."}, "Isi."),
    ({}, "Dinas mengimbau warga waspada. (humas)"),
    ({"title": "Cicilan ringan akhir tahun (pariwara)"}, "Isi."),
]
LABELLED = [
    ({"sign_off": "(ls)."}, "Isi."),
    ({"kind": "advertorial", "sign_off": "(adv)."}, "Isi."),
    ({"kind": "release", "sign_off": "(rilis)."}, "Isi."),
    ({}, "Pajak iklan di jalan protokol naik tahun depan."),
    ({}, "Humas Polres Payakumbuh membenarkan kejadian itu."),
    ({"tags": ["Periklanan", "Humas"]}, "Isi."),
    ({}, "Kedua daerah menandatangani kerja sama pengelolaan sampah."),
    ({"kicker": "Iklan kampanye"}, "Isi."),
]


def test_a_text_that_says_to_be_paid_for_or_supplied_wants_a_label():
    for values, line in UNLABELLED:
        assert len(found(decisions.label, line, **values)) == 1, (values, line)


def test_labelled_and_own_texts_want_none():
    for values, line in LABELLED:
        assert found(decisions.label, line, **values) == [], (values, line)


def test_a_release_that_was_paid_for_is_an_advertorial():
    assert found(decisions.label, "Isi.", kind="release", sign_off="(adv).") == ["(adv)"]


# --- Embargo ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "until", "stops"),
    [
        (None, None, []),
        (None, 9, [True]),
        (8, 9, [True]),
        (9, 9, [False]),
        (10, 9, [False]),
        (None, 5, []),
        (4, 5, [True]),  # a time of before the end is wrong after it too
        (6, 5, []),
    ],
)
def test_an_embargo_is_spoken_of_until_it_ends(at, until, stops):
    times = {"published_at": at, "embargo_until": until}
    moments = {name: hour and datetime(2026, 11, 23, hour, tzinfo=UTC) for name, hour in times.items()}
    with time_machine.travel(NOW, tick=False):
        findings = list(decisions.embargo(written("Isi.", **moments)))
    assert [finding.stops for finding in findings] == stops
    assert all("WIB" in finding.message for finding in findings)


# --- Names of regions ---------------------------------------------------------------------------------------------

MISSPELT = {
    "Bupati berkantor di Kabupaten Limapuluh Kota.": "Kabupaten Limapuluh Kota → Kabupaten Lima Puluh Kota",
    "Jalan di Kabupaten 50 Kota longsor.": "Kabupaten 50 Kota → Kabupaten Lima Puluh Kota",
    "Hujan turun di Bukit Tinggi sejak sore.": "Bukit Tinggi → Bukittinggi",
    "Warga Bukitinggi menunggu air bersih.": "Bukitinggi → Bukittinggi",
    "Wali Kota Payakumbu meninjau pasar.": "Kota Payakumbu → Kota Payakumbuh",
    "Gubernur Sumatra Barat membuka pameran.": "Sumatra Barat → Sumatera Barat",
    "Kapal berangkat dari Ujung Pandang.": "Ujung Pandang → Makassar",
    "Kebakaran terjadi di Pare-Pare.": "Pare-Pare → Parepare",
    "Kabupaten Dharmas Raya panen raya.": "Kabupaten Dharmas Raya → Kabupaten Dharmasraya",
    "Polres Padangpanjang menggelar razia.": "Padangpanjang → Padang Panjang",
    "Sungai meluap di Kabupaten Tanah Data.": "Kabupaten Tanah Data → Kabupaten Tanah Datar",
    "Kabupaten Kota Baru di Kalimantan Selatan.": "Kabupaten Kota Baru → Kabupaten Kotabaru",
}
WELL_SPELT = [
    "Warga Payakumbuh dan Kabupaten Lima Puluh Kota bergotong royong.",
    "PAYAKUMBUH menang di BUKITTINGGI.",
    "Pertandingan Padang Pariaman melawan Padang Panjang ditunda.",
    "Lomba diikuti 50 kota besar di Indonesia.",
    "Budi Padangsari tinggal di Jalan Kota Baru.",
    "Kecamatan Payakumbuh Barat dan Kelurahan Padang Tinggi.",
    "Sidang di Melaka, Malaysia, ditunda.",
    "Pasar di Desa Sidoharjo ramai.",
    "Wali Kota Supardi dan Bupati Safaruddin hadir.",
    "Jalan Bukit Tinggi nomor 5.",
    "Penyanyi asal Solo tampil di Kota Padang.",
    "Pandang mata tertuju ke gelanggang.",
]


def misspelt(line: str, places=PLACES) -> list[str]:
    findings = region_names.misspelt_regions(written(line, places=places))
    return [f"{finding.words} → {finding.message.rpartition('“')[2].partition('”')[0]}" for finding in findings]


def test_a_region_that_is_written_otherwise_than_in_the_tree_is_found():
    for line, words in MISSPELT.items():
        assert misspelt(line) == [words], line


def test_right_names_people_streets_and_villages_are_left_alone():
    for line in WELL_SPELT:
        assert misspelt(line) == [], line


def test_a_name_is_found_once_and_in_the_title_too():
    manuscript = written("Bukit Tinggi hujan.", "Bukit Tinggi panas.", title="Pesta di Bukit Tinggi")
    assert [finding.field for finding in region_names.misspelt_regions(manuscript)] == ["title"]


@pytest.mark.skipif(not ALL.exists(), reason="the file with all regions is not in the repository")
def test_no_name_of_the_whole_country_is_taken_for_another():
    with ALL.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    places = [
        Place(number, "/x/", row["name"], row["short_name"], row["subdomain"], True) for number, row in enumerate(rows)
    ]
    named = [f"Warga {name} hadir di {name}." for place in places for name in (place.name, place.short_name)]
    findings = region_names.misspelt_regions(written(*named, places=places))
    assert [finding.message for finding in findings] == []
    for line in WELL_SPELT:
        assert misspelt(line, places) == [], line
    for line, words in MISSPELT.items():
        assert misspelt(line, places) == [words], line
