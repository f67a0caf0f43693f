import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.content.slugs import MAX_LENGTH, slug_for

ADDRESS_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (
            "Pj Wako Payakumbuh Suprayitno Gelar Rapat Koordinasi Kesiapan Pilkada Serentak 2024",
            "pj-wako-payakumbuh-suprayitno-gelar-rapat-koordinasi-kesiapan-pilkada-serentak-2024",
        ),
        ("Salat Jum'at di Masjid Raya", "salat-jumat-di-masjid-raya"),
        ("Salat Jum’at di Masjid Raya", "salat-jumat-di-masjid-raya"),
        ("“Kami Siap,” Kata Wali Kota", "kami-siap-kata-wali-kota"),
        ("Musim 2023/2024 Usai", "musim-2023-2024-usai"),
        ("Anak-anak – dan Orang Tua — Berlari", "anak-anak-dan-orang-tua-berlari"),
        ("Padang–Solok Macet", "padang-solok-macet"),
        ("Dicari: Rp1,5 Miliar (Lagi)!", "dicari-rp15-miliar-lagi"),
        ("Sayur & Buah", "sayur-buah"),
        ("Jalan A|B + C·D…E", "jalan-a-b-c-d-e"),
        ("  Spasi   di mana-mana  ", "spasi-di-mana-mana"),
        ("nama_berkas__foto", "nama-berkas-foto"),
        ("_-a_-b-_", "a-b"),
        ("Lim\u00adbukan Se\u200blokan", "limbukan-selokan"),
        ("Covid\u201119 Anak\u2010anak", "covid-19-anak-anak"),
    ],
)
def test_punctuation_parts_or_joins_as_indonesian_writes_it(title, slug):
    assert slug_for(title) == slug


@pytest.mark.parametrize(("title", "slug"), [("Café Élysée", "cafe-elysee"), ("Señor Muñoz", "senor-munoz")])
def test_accents_are_folded(title, slug):
    assert slug_for(title) == slug


def test_emoji_are_dropped():
    assert slug_for("Banjir 🌊 Surut 🎉") == "banjir-surut"


@pytest.mark.parametrize("title", ["", "   ", "🎉🎉", "!?…", "---", "___", "日本語", "\x00\n"])
def test_a_title_with_nothing_left_gives_the_fallback(title):
    assert slug_for(title) == "berita"
    assert slug_for(title, fallback="") == ""


def test_a_long_title_is_cut_at_a_word():
    slug = slug_for("bergotong royong " * 12)
    assert slug == "bergotong-royong-" * 5 + "bergotong"


def test_a_word_that_just_fits_is_kept_whole():
    first = "a" * (MAX_LENGTH - 5)
    assert slug_for(f"{first} satu dua") == f"{first}-satu"
    assert slug_for(f"{first} satua dua") == first


def test_one_endless_word_is_cut_inside():
    assert slug_for("a" * 200) == "a" * MAX_LENGTH


AWKWARD = st.text(alphabet="aé_-–/ '.\uff3f½🎉", max_size=200)


@given(st.one_of(st.text(max_size=200), AWKWARD))
def test_a_slug_is_always_an_address_part(title):
    slug = slug_for(title)
    assert ADDRESS_PART.fullmatch(slug)
    assert len(slug) <= MAX_LENGTH
    assert slug_for(slug) == slug
