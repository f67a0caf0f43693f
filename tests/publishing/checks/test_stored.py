"""Checks that look into the database: what they find, what they must never tell, and how much they ask."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.demo import builders
from news.images.models import Photo
from news.models import Article, HouseRule, Status
from news.publishing import workflow
from news.publishing.checks import doubles, house_style, links, photos, registry
from news.publishing.checks.manuscript import Manuscript, PhotoUse, Reader
from regions.models import SubdomainAlias
from regions.permissions import access
from regions.permissions.access import Permission

HOUR = timedelta(hours=1)


def written(region, body="<p>Isi.</p>", *, person=None, **values) -> Manuscript:
    """A manuscript of this region; `person` writes it, or somebody who sees nothing in the newsroom."""
    if person is None:
        return Manuscript(region, Reader(Article.objects.none(), Photo.objects.none()), body=body, **values)
    seen = access.regions_for(person, Permission.EDIT)
    reader = Reader(
        Article.objects.filter(region__in=seen),
        Photo.objects.filter(region__in=seen),
        access.branches_for(person, Permission.PUBLISH),
    )
    return Manuscript(region, reader, body=body, **values)


def found(check, manuscript) -> list[str]:
    return [finding.words or finding.message for finding in check(manuscript)]


# --- Links --------------------------------------------------------------------------------------------------------


def link(address: str) -> str:
    return f'<p>Baca <a href="{address}">kata yang ditaut</a>.</p>'


@pytest.fixture
def hidden(tree, people) -> dict[str, Article]:
    """A story for each way in which readers cannot open one; the last was never written."""
    now = timezone.now()
    closed = builders.make_region("tertutup", tree.maluku, is_open=False)
    withdrawn = builders.make_live(tree.ambon, now - 2 * HOUR)
    workflow.withdraw(withdrawn, actor=people.admin, reason="Keliru.")
    return {
        "draft": builders.make_article(tree.ambon),
        "submitted": builders.make_article(tree.ambon, status=Status.SUBMITTED),
        "returned": builders.make_article(tree.ambon, status=Status.RETURNED),
        "scheduled": builders.make_live(tree.ambon, now + HOUR),
        "expired": builders.make_live(tree.ambon, now - 2 * HOUR, expires_at=now - HOUR),
        "withdrawn": withdrawn,
        "of a closed region": builders.make_live(closed, now - HOUR),
        "none": Article(pk=987_654),
    }


@pytest.mark.databases
def test_links_that_readers_can_open_are_left_alone(tree):
    story = builders.make_live(tree.payakumbuh, tags=["Pilkada 2024"])
    author = story.bylines.get().author
    SubdomainAlias.objects.create(label="kotabiru", region=tree.payakumbuh)
    here = tree.payakumbuh.origin
    good = [
        story.canonical_url,
        story.short_url,
        f"{here}/berita/{story.pk}/judul-lama/?page=2#isi",
        f"{tree.makassar.origin}/berita/{story.pk}/",  # leads to the right host
        f"/berita/{story.pk}/x/",
        f"{here}/amp/berita/{story.pk}/x/",
        f"{here}/rubrik/politik/",
        f"{here}/rubrik/politik/rss.xml",
        f"{here}/tag/pilkada-2024/",
        f"{here}/tag/Pilkada-2024",
        f"{here}/penulis/{author.slug}/",
        f"{here}/indeks/2024/11/23/",
        f"{here}/koreksi",
        here,
        here.replace("payakumbuh", "kotabiru"),
        here.replace("payakumbuh.", "www."),
        "https://example.com/berita/1/",
        "mailto:redaksi@example.com",
        "#catatan",
    ]
    for address in good:
        assert found(links.broken_links, written(tree.payakumbuh, link(address))) == [], address


@pytest.mark.databases
def test_links_that_lead_nowhere_are_found(tree, hidden):
    here = tree.payakumbuh.origin
    draft = hidden["draft"]
    draft.tags.set(builders.Tag.for_names(["Rahasia"]))
    builders.make_live(tree.payakumbuh, timezone.now() + HOUR, tags=["Nanti"])
    only_drafts = builders.make_author("Penulis Baru", tree.payakumbuh)
    builders.make_article(tree.payakumbuh, writers=[only_drafts])
    bad = [
        f"{here}/rubrik/tidak-ada/",
        f"{here}/tag/tidak-ada/",
        f"{here}/tag/rahasia/",
        f"{here}/tag/nanti/",
        f"{here}/penulis/tidak-ada/",
        f"{here}/penulis/{only_drafts.slug}/",
        f"{here}/berita/",
        f"{here}/tidak/ada/",
        f"{here}/pratinjau/abc/",
        here.replace("payakumbuh", "tidakada"),
        here.replace("payakumbuh", "tertutup"),
        here.replace("payakumbuh", "redaksi") + "/news/article/1/change/",
        "/berita/987654/x/",
    ]
    for address in bad:
        assert found(links.broken_links, written(tree.payakumbuh, link(address))) == ["kata yang ditaut"], address


@pytest.mark.databases
def test_a_hidden_story_looks_like_one_that_was_never_written(tree, hidden):
    said = {}
    for name, story in hidden.items():
        address = f"{tree.ambon.origin}/berita/{story.pk}/x/"
        inside = f'<aside data-article="{story.pk}"></aside>'
        findings = list(links.broken_links(written(tree.payakumbuh, link(address) + inside)))
        said[name] = [
            (finding.code, finding.message.replace(str(story.pk), "7"), finding.story) for finding in findings
        ]
    assert len(said["none"]) == 2
    assert all(each == said["none"] for each in said.values()), said


def test_a_label_of_a_closed_region_looks_like_an_unknown_one(tree, hidden):
    said = set()
    for label in ("tertutup", "tidakada"):
        address = tree.payakumbuh.origin.replace("payakumbuh", label)
        [finding] = links.broken_links(written(tree.payakumbuh, link(address)))
        said.add(finding.message.replace(label, "x"))
    assert len(said) == 1


# --- Photos -------------------------------------------------------------------------------------------------------


def test_photos_without_a_description_are_found(tree, people):
    silent = builders.make_photo(tree.payakumbuh, alt="", caption="Jembatan")
    told = builders.make_photo(tree.payakumbuh)
    decorative = builders.make_photo(tree.payakumbuh, alt="", is_decorative=True)
    cases = [
        ([PhotoUse(silent.pk, "photo_alt")], ["photo_alt"]),
        ([PhotoUse(silent.pk, "body"), PhotoUse(silent.pk, "gallery")], ["body", "gallery"]),
        ([PhotoUse(told.pk, "body"), PhotoUse(decorative.pk, "gallery")], []),
        ([PhotoUse(silent.pk, "photo_alt", is_described=True)], []),  # typed, and not stored yet
        ([PhotoUse(told.pk, "photo_alt", is_described=False)], ["photo_alt"]),  # deleted, and not stored yet
        ([PhotoUse(987_654, "body")], []),
        ([], []),
    ]
    for uses, fields in cases:
        findings = list(photos.without_description(written(tree.payakumbuh, person=people.redaktur, photos=uses)))
        assert [finding.field for finding in findings] == fields, uses
        assert all(finding.stops for finding in findings)


def test_photos_of_other_regions_are_not_spoken_of(tree, people):
    theirs = builders.make_photo(tree.limapuluhkota, alt="", caption="Rahasia")
    use = [PhotoUse(theirs.pk, "body")]
    assert not list(photos.without_description(written(tree.payakumbuh, person=people.redaktur, photos=use)))
    stored = builders.make_article(tree.payakumbuh, lead_photo=theirs)  # an editor of both has put it there
    manuscript = written(tree.payakumbuh, person=people.redaktur, photos=use, article=stored.pk)
    assert len(list(photos.without_description(manuscript))) == 1


# --- Near-doubles -------------------------------------------------------------------------------------------------

TITLE = "Jembatan Ratapan Ibu Ditutup Dua Pekan untuk Perbaikan"
FIRST = "Dinas pekerjaan umum menutup Jembatan Ratapan Ibu selama dua pekan mulai Senin untuk mengganti lantai kayu."


def paragraph(text: str) -> str:
    return f"<p>{text}</p><p>Warga diminta memutar.</p>"


TWICE = [
    (TITLE, FIRST),
    ("Dua Pekan Jembatan Ratapan Ibu Ditutup untuk Perbaikan", FIRST),
    ("Jembatan Ratapan Ibu Ditutup", f"{FIRST} Arus lalu lintas dialihkan."),
    ("Perbaikan Lantai, Jembatan Ratapan Ibu Ditutup Dua Pekan", FIRST.replace("mengganti", "memperbaiki")),
    (TITLE.upper(), ""),
    ("Mulai Senin Jembatan Ratapan Ibu Ditutup Dua Pekan", FIRST.replace("Dinas pekerjaan umum", "Dinas PU")),
]
OTHERS = [
    ("Jembatan Gantung Sikabu Ditutup Dua Hari untuk Pawai", "Panitia pawai menutup jembatan gantung bagi kendaraan."),
    ("Jembatan Ratapan Ibu Dibuka Lagi", "Lantai baru sudah terpasang, dan kendaraan boleh lewat sejak Minggu pagi."),
    ("Harga Cabai di Pasar Ibuh Naik Lagi", "Pedagang mengeluhkan pasokan dari Jawa yang terlambat karena hujan."),
    ("Wali Kota Buka Pameran Tenun di Balai Kota", "Sebanyak empat puluh penenun memamerkan karya mereka."),
    ("Pasar Ibuh Ditutup Dua Pekan untuk Perbaikan", "Pedagang dipindahkan ke lapangan parkir selama atap diganti."),
    ("Dua Pekan Lagi Pilkada, Logistik Belum Lengkap", "Komisi pemilihan menunggu kiriman surat suara dari Padang."),
]


def test_the_same_story_is_found_and_others_are_not(tree):
    for title, first in TWICE:
        story = builders.make_live(tree.makassar, title=title, body=paragraph(first))
        assert len(found(doubles.near_doubles, written(tree.payakumbuh, paragraph(FIRST), title=TITLE))) == 1, title
        Article.objects.filter(pk=story.pk).update(title="Sesuatu yang lain sama sekali hari ini")
    for title, first in OTHERS:
        builders.make_live(tree.makassar, title=title, body=paragraph(first))
    assert found(doubles.near_doubles, written(tree.payakumbuh, paragraph(FIRST), title=TITLE)) == []


def test_what_comes_back_every_day_is_no_double(tree):
    text = "Berikut jadwal salat lima waktu untuk Kota Payakumbuh dan sekitarnya pada hari ini."
    builders.make_live(tree.makassar, title="Jadwal Salat Kota Payakumbuh 23 November", body=paragraph(text))
    title = "Jadwal Salat Kota Payakumbuh 24 Desember"
    assert found(doubles.near_doubles, written(tree.payakumbuh, paragraph(text), title=title)) == []


def test_old_stories_and_the_story_itself_are_no_doubles(tree):
    builders.make_live(tree.makassar, timezone.now() - timedelta(days=9), title=TITLE, body=paragraph(FIRST))
    own = builders.make_live(tree.payakumbuh, title=TITLE, body=paragraph(FIRST))
    manuscript = written(tree.payakumbuh, paragraph(FIRST), title=TITLE, article=own.pk)
    assert found(doubles.near_doubles, manuscript) == []


@pytest.mark.databases
def test_hidden_stories_elsewhere_are_never_told(tree, people, hidden):
    Article.objects.filter(pk__in=[story.pk for story in hidden.values()]).update(title=TITLE, body=paragraph(FIRST))
    manuscript = written(tree.payakumbuh, paragraph(FIRST), title=TITLE, person=people.redaktur)
    assert found(doubles.near_doubles, manuscript) == []
    theirs = written(tree.ambon, paragraph(FIRST), title=TITLE, person=people.admin)
    assert {finding.story.pk for finding in doubles.near_doubles(theirs)} <= {story.pk for story in hidden.values()}
    assert len(found(doubles.near_doubles, theirs)) == 3


def test_who_may_share_is_offered_it(tree, people):
    story = builders.make_live(tree.makassar, title=TITLE, body=paragraph(FIRST))
    for person, region, may_share in (
        (people.redaktur, tree.payakumbuh, False),
        (people.reporter, tree.payakumbuh, False),
        (people.admin, tree.payakumbuh, True),
        (people.admin, tree.sulsel, False),  # it stands there by itself
    ):
        manuscript = written(region, paragraph(FIRST), title=TITLE, person=person)
        [finding] = doubles.near_doubles(manuscript)
        assert (finding.story.pk, finding.story.may_share) == (story.pk, may_share), (person, region)
        assert finding.story.address == story.canonical_url
        assert ("Bagikan ke" in finding.advice) is may_share


def test_a_colleagues_draft_is_told_to_the_editor(tree, people):
    draft = builders.make_article(tree.payakumbuh, title=TITLE, body=paragraph(FIRST))
    [finding] = doubles.near_doubles(written(tree.payakumbuh, paragraph(FIRST), title=TITLE, person=people.redaktur))
    assert (finding.story.pk, finding.story.address, finding.story.may_share) == (draft.pk, "", False)
    assert not found(doubles.near_doubles, written(tree.payakumbuh, paragraph(FIRST), title=TITLE))


# --- House rules --------------------------------------------------------------------------------------------------


def rule(region, pattern, advice="Tulis lain.", **values) -> HouseRule:
    made = HouseRule(region=region, pattern=pattern, advice=advice, **values)
    made.full_clean()
    made.save()
    return made


RULES = [
    ("walikota", False, "Walikota hadir.", "Walikota"),
    ("walikota", False, "Walikotamadya dulu.", None),
    ("wali  kota", False, "Para wali kota hadir.", "wali kota"),
    ("praktek", False, "Izin praktek, katanya.", "praktek"),
    ("(sic)", False, "Begitu (sic) katanya.", "(sic)"),
    (r"\d+ orang tewas", True, "Ada 3 orang tewas.", "3 orang tewas"),
    (r"\d+ orang tewas", True, "Tiga orang tewas.", None),
    (r"di (mana|kesini)", True, "Pergi DI KESINI.", "DI KESINI"),
    (r"tgl\.?", True, "Pada TGL. 5.", "TGL."),
]


def test_rules_find_whole_words_and_expressions(tree):
    for pattern, is_expression, text, words in RULES:
        made = rule(tree.payakumbuh, pattern, is_regular_expression=is_expression)
        findings = list(house_style.house_rules(written(tree.payakumbuh, f"<p>{text}</p>")))
        assert [finding.words for finding in findings] == ([words] if words else []), (pattern, text)
        assert all(finding.advice == "Tulis lain." for finding in findings)
        made.delete()


def test_a_rule_holds_in_its_region_and_below_while_it_is_on(tree):
    rule(tree.sumbar, "walikota")
    text = "<p>Walikota hadir.</p>"
    assert found(house_style.house_rules, written(tree.payakumbuh, text)) == ["Walikota"]
    assert found(house_style.house_rules, written(tree.sumbar, text, title="Walikota")) == ["Walikota"]
    for elsewhere in (tree.network, tree.makassar):
        assert found(house_style.house_rules, written(elsewhere, text)) == []
    HouseRule.objects.update(is_active=False)
    assert found(house_style.house_rules, written(tree.payakumbuh, text)) == []


def test_an_expression_that_runs_away_is_left_out_and_named_to_its_keepers(tree, people):
    rule(tree.sumbar, r"(\w+\s?)+[!?]", is_regular_expression=True)
    rule(tree.payakumbuh, "walikota")
    text = f"<p>{'kata ' * 400}</p><p>Walikota hadir.</p>"
    with CaptureQueriesContext(connection):
        began = timezone.now()
        assert found(house_style.house_rules, written(tree.payakumbuh, text, person=people.redaktur)) == ["Walikota"]
        assert timezone.now() - began < timedelta(seconds=2)
    slow, other = house_style.house_rules(written(tree.payakumbuh, text, person=people.admin))
    assert (slow.code, other.words) == ("house_rule_slow", "Walikota")
    assert r"(\w+\s?)+[!?]" in slow.message


def test_a_hundred_expressions_that_run_away_leave_time_for_the_form(tree, monkeypatch):
    HouseRule.objects.bulk_create(
        HouseRule(region=tree.payakumbuh, pattern=rf"(\w+\s?)+${number}", is_regular_expression=True, advice="x")
        for number in range(150)
    )
    given = []
    monkeypatch.setattr(house_style, "_first", lambda _rule, _texts, seconds: given.append(seconds))
    clock = iter(range(10_000))
    monkeypatch.setattr(house_style.time, "thread_time", lambda: next(clock) * 0.01)
    list(house_style.house_rules(written(tree.payakumbuh)))
    assert len(given) == house_style.MOST
    assert given[0] == house_style.EACH
    assert set(given[12:]) == {house_style.LEAST}


def test_a_rule_that_cannot_be_read_is_refused_in_words(tree):
    for pattern, words in (
        ("(tewas", "missing )"),
        ("[a", "unterminated"),
        ("*a", "nothing to repeat"),
        ("a*", "teks kosong"),
    ):
        with pytest.raises(builders.workflow.ValidationError) as refusal:
            rule(tree.payakumbuh, pattern, is_regular_expression=True)
        assert words in str(refusal.value), (pattern, str(refusal.value))
    rule(tree.payakumbuh, "(tewas")  # as a word it is fine


# --- All together -------------------------------------------------------------------------------------------------


def everything(tree, person) -> Manuscript:
    """A manuscript in which every check has something to look up."""
    photo = builders.make_photo(tree.payakumbuh, alt="")
    here = tree.payakumbuh.origin
    paths = ("/berita/987/x/", "/tag/ada/", "/rubrik/politik/", "/penulis/linda/")
    addresses = [here + path for path in paths] + [here.replace("payakumbuh", "tidakada")]
    body = paragraph(FIRST) + "".join(link(address) for address in addresses)
    uses = [PhotoUse(photo.pk, "body")]
    return written(tree.payakumbuh, body, title=TITLE, person=person, photos=uses, dateline="Payakumbuh")


@pytest.mark.databases
def test_all_checks_ask_seven_times_at_most_in_a_network_of_any_size(tree, people):
    builders.make_live(tree.makassar, title=TITLE, body=paragraph(FIRST))
    rule(tree.payakumbuh, "dinas")
    counts = []
    for provinces in (0, 30):
        builders.Region.objects.bulk_create(
            builders.new_region(f"p{number}", tree.network, kind="province", path=f"/p{number}/")
            for number in range(provinces)
        )
        for person in (people.redaktur, people.admin):
            manuscript = everything(tree, person)
            with CaptureQueriesContext(connection) as queries:
                codes = {finding.code for finding in registry.findings(manuscript)}
            assert {"double", "link", "alt", "house_style"} <= codes
            counts.append(len(queries))
            assert not [query for query in queries if not re.match(r"SELECT|\(?SELECT|DECLARE", query["sql"])]
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 7


def test_a_check_that_fails_leaves_the_others_alone(tree, monkeypatch, caplog):
    def broken(_manuscript):
        raise ZeroDivisionError

    monkeypatch.setattr(registry, "CHECKS", (broken, *registry.CHECKS))
    manuscript = written(tree.payakumbuh, "<p>Warga menuding pabrik membuang limbah.</p>")
    assert [finding.code for finding in registry.findings(manuscript)] == ["other_side"]
    assert "broken" in caplog.text


def test_one_check_says_so_much_and_no_more(tree):
    body = "".join(link(f"/berita/{number}/x/").replace("ditaut", f"ditaut {number}") for number in range(100, 120))
    findings = registry.findings(written(tree.payakumbuh, body))
    assert len([finding for finding in findings if finding.code == "link"]) == registry.MOST
