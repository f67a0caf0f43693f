"""What readers find, from their words to the page."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from news.demo import builders
from news.models import Article, Status
from news.publishing import workflow
from news.search import documents, engine, queries, snippets, synonyms
from news.search.models import Alias, SearchDocument, StemOverride
from news.search.tasks import refresh_with
from news.search.words import stem, words
from tests.conftest import HostClient

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def fresh_lexicon():
    synonyms.forget()
    yield
    synonyms.forget()


def found(edition, text, **filters):
    return list(engine.search(edition, text, engine.Filters(**filters)).ids)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Jum'at di Pasar Séni", ["jumat", "di", "pasar", "seni"]),
            ("anak-anak 50 Kota", ["anak", "anak", "50", "kota"]),
            ("a_b\x00c 💥 ﬁ", ["a", "b", "c", "fi"]),
            ("x" * 100, ["x" * 40]),
            ("", []),
            ("Lim\u00adbukan, se\u200blokan \u202eibuh\u202c", ["limbukan", "selokan", "ibuh"]),
            ("anak\u2011anak anak\u2010anak", ["anak", "anak", "anak", "anak"]),
            ("Rp8000 Rp.8.000,- rp 8000,00", ["rp", "8000"] * 3),
            ("Rp 15.750 Rp15750 15,75 ribu rupiah IDR 15,750", ["rp", "15750"] * 4),
            ("15.750 15 750 15\u00a0750 15,750 15750 15,75rb", ["15750"] * 6),
            ("Rp1,5 M Rp 1.500.000.000 Rp1,5 miliar", ["rp", "1500000000"] * 3),
            ("2,5 2.5 2,50 persen", ["2koma5", "2koma5", "2koma5", "persen"]),
            ("0,125 1.234,567", ["0koma125", "1234koma567"]),
            ("23.11.2024 pukul 20:25, G20, 50kg, versi 1.2.3", "23 11 2024 pukul 20 25 g20 50kg versi 1 2 3".split()),
            ("tahun 2024 100 orang, 0812 3456 789", "tahun 2024 100 orang 0812 3456 789".split()),
            ("satu juta, ribuan, Rp, 5 m", ["satu", "juta", "ribuan", "rp", "5", "m"]),
        ],
    )
    def test_words_are_folded(self, text, expected):
        assert words(text) == expected

    def test_stems(self):
        assert {stem(word) for word in ("membangun", "pembangunan", "dibangun", "bangunan")} == {"bangun"}
        assert [stem(word) for word in ("ikan", "abc123", "пекон")] == ["ikan", "abc123", "пекон"]

    def test_names_of_regions_and_authors_keep_their_form(self, tree):
        assert stem("pekalongan") == "kalong"
        builders.make_region("pekalongan", tree.sumbar)
        builders.make_author("Bambang Pekasih", tree.payakumbuh)
        known = synonyms.current()
        assert known.stem("pekalongan") == "pekalongan"
        assert known.stem("pekasih") == "pekasih"

    @pytest.mark.django_db
    def test_a_root_that_the_newsroom_gave_counts(self):
        StemOverride.objects.create(word="pelabuhan", stem="labuhan")
        assert synonyms.current().stem("pelabuhan") == "labuhan"


class TestQueries:
    known = synonyms.build({}, {7: (("wali", "kota"), ("walikota",), ("wako",))})

    def terms(self, text):
        query = queries.parse(text, self.known)
        return [term.typed for term in query.wanted], [term.typed for term in query.unwanted]

    @pytest.mark.parametrize(
        ("text", "wanted", "unwanted"),
        [
            ("banjir padang", [("banjir",), ("padang",)], []),
            ('"batu pertama" jembatan', [("batu", "pertama"), ("jembatan",)], []),
            ('"tak ditutup', [("tak", "ditutup")], []),
            ("harga -cabai", [("harga",)], [("cabai",)]),
            ('listrik -"tiang roboh"', [("listrik",)], [("tiang", "roboh")]),
            ("anak-anak", [("anak",)], []),
            ("pj wali kota", [("pj",), ("wali", "kota")], []),
            ("banjir di kota", [("banjir",), ("kota",)], []),
            ("yang", [("yang",)], []),
            ('- -- " "" -" AND (OR) :* {}', [("and",), ("or",)], []),
            ("“batu pertama” jembatan", [("batu", "pertama"), ("jembatan",)], []),
            ("„batu pertama“ «di kota» ‘wali kota’", [("batu", "pertama"), ("di", "kota"), ("wali", "kota")], []),
            ("harga -“cabai merah”", [("harga",)], [("cabai", "merah")]),
            ("salat Jum’at ‘Aisyiyah", [("salat",), ("jumat",), ("aisyiyah",)], []),
            ("lim\u00adbukan se\u200blokan", [("limbukan",), ("selokan",)], []),
            ("beras Rp 15.750", [("beras",), ("rp", "15750")], []),
            ("15 750 8 ribu", [("15750",), ("8000",)], []),
        ],
    )
    def test_parts(self, text, wanted, unwanted):
        assert self.terms(text) == (wanted, unwanted)

    def test_long_ones_are_cut(self):
        assert len(queries.parse("kata " * 5000, self.known).text) <= queries.MAX_LENGTH
        many = " ".join(f"kata{number}" for number in range(100))
        assert len(queries.parse(many, self.known).wanted) == queries.MAX_TERMS


class TestFinding:
    def test_any_form_of_the_word_and_exact_ones_first(self, tree):
        other = builders.make_live(tree.payakumbuh, title="Warga menonton arak-arakan", body="<p>Jalan dibangun.</p>")
        exact = builders.make_live(tree.payakumbuh, title="Warga menonton lomba", body="<p>Membangun jalan.</p>")
        assert found(tree.payakumbuh, "membangun") == [exact.pk, other.pk]

    def test_an_alias_in_each_spelling(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Wako Payakumbuh tinjau pasar")
        assert all(found(tree.network, text) == [article.pk] for text in ("wali kota", "Walikota", "wako"))

    def test_a_new_alias_reaches_old_articles(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Kadisdik tinjau sekolah")
        assert found(tree.network, "kepala dinas pendidikan") == []
        alias = Alias.objects.create(names="Kadisdik, Kepala Dinas Pendidikan")
        refresh_with.func([list(phrase) for phrase in alias.phrases])
        assert found(tree.network, "kepala dinas pendidikan") == [article.pk]

    @pytest.mark.parametrize(
        "text", ["Rp8000", "8000", "Rp 8.000", "8.000", "8 ribu", "Rp8rb", "8,000", "8 000", "“Rp 8.000”"]
    )
    def test_a_sum_in_every_spelling(self, tree, text):
        article = builders.make_live(tree.payakumbuh, title="Harga cabai naik", body="<p>Kini Rp8.000 sekilo.</p>")
        builders.make_live(tree.payakumbuh, title="Harga cabai naik", body="<p>Kini Rp 18.000 dan 8 orang, 000.</p>")
        assert found(tree.payakumbuh, text) == [article.pk]

    @pytest.mark.parametrize("text", ["15750", "Rp 15.750", "15,75 ribu"])
    def test_a_sum_with_a_space(self, tree, text):
        article = builders.make_live(
            tree.payakumbuh, title="Harga beras", body="<p>Menjadi Rp\u00a015.750 per kilo.</p>"
        )
        assert found(tree.payakumbuh, text) == [article.pk]

    def test_the_exact_sum_first(self, tree):
        now = timezone.now()
        total = builders.make_live(tree.payakumbuh, now - timedelta(days=900), title="Parkir naik jadi Rp 8.000")
        text = builders.make_live(
            tree.payakumbuh, now - timedelta(days=800), title="Parkir naik", body="<p>Kini Rp8000, kata Rida.</p>"
        )
        people = builders.make_live(tree.payakumbuh, title="Parkir", body="<p>Sebanyak 8.000 warga, 8000 motor.</p>")
        builders.make_live(tree.payakumbuh, title="Parkir Rp 9.000 untuk 8 jam, 000")
        assert found(tree.payakumbuh, "parkir Rp 8.000") == [total.pk, text.pk, people.pk]

    def test_what_nobody_sees_hides_no_word(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Warga Lim\u00adbukan bersihkan se\u200blokan")
        for text in (
            "limbukan selokan",
            "Lim\u00adbukan",
            "se\u200blokan",
            '"bersihkan selokan"',
            "“bersihkan selokan”",
        ):
            assert found(tree.payakumbuh, text) == [article.pk]

    def test_newer_of_two_alike_first(self, tree):
        now = timezone.now()
        old = builders.make_live(tree.payakumbuh, now - timedelta(days=400), title="Banjir di kota")
        new = builders.make_live(tree.payakumbuh, now - timedelta(days=1), title="Banjir di kota")
        assert found(tree.payakumbuh, "banjir") == [new.pk, old.pk]

    def test_a_typing_error_is_told_and_mended(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Pilkada serentak dimulai")
        results = engine.search(tree.payakumbuh, "pilkda")
        assert (list(results.ids), results.corrected) == ([article.pk], "pilkada")

    def test_a_hidden_article_mends_nothing(self, tree):
        article = builders.make_article(tree.payakumbuh, title="Kenarirahasia dilantik")
        workflow.import_as(article, status=Status.APPROVED, published_at=timezone.now() + timedelta(hours=1))
        assert engine.search(tree.payakumbuh, "kenarirahasya") == engine.Results(
            queries.parse("kenarirahasya", synonyms.current())
        )

    def test_some_of_the_words_when_no_article_has_all(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Pilkada serentak dimulai")
        results = engine.search(tree.payakumbuh, "pilkada bersalju")
        assert (list(results.ids), results.partial) == ([article.pk], True)

    def test_filters(self, tree):
        author = builders.make_author("Rida Ananda", tree.payakumbuh)
        now = timezone.now()
        article = builders.make_live(
            tree.payakumbuh,
            now - timedelta(days=3),
            title="Banjir bandang",
            writers=[author],
            section=builders.make_section("Hukum"),
        )
        other = builders.make_live(tree.ambon, now - timedelta(days=40), title="Banjir bandang")
        day = tree.network.local(now).date()
        assert set(found(tree.network, "banjir")) == {article.pk, other.pk}
        assert found(tree.payakumbuh, "banjir") == [article.pk]
        assert found(tree.network, "banjir", region=tree.ambon) == [other.pk]
        assert found(tree.network, "banjir", section=article.section) == [article.pk]
        assert found(tree.network, "banjir", author=author) == [article.pk]
        assert found(tree.network, "banjir", since=day - timedelta(days=10)) == [article.pk]
        assert found(tree.network, "banjir", until=day - timedelta(days=10)) == [other.pk]

    def test_a_large_archive_is_searched_from_its_newest_part_on(self, tree, monkeypatch):
        monkeypatch.setattr(engine, "is_large", lambda: True)
        monkeypatch.setattr(engine, "MAX_CANDIDATES", 2)
        now = timezone.now()
        ages = (0, 1, 70, 900)
        made = [builders.make_live(tree.payakumbuh, now - timedelta(days=age), title="Banjir lagi").pk for age in ages]
        assert found(tree.payakumbuh, "banjir")[:2] == made[:2]
        assert found(tree.payakumbuh, "banjir", until=(now - timedelta(days=800)).date()) == made[3:]
        assert found(tree.payakumbuh, "banjir", until=(now - timedelta(days=60)).date()) == made[2:]
        assert found(tree.payakumbuh, "lagi", since=(now - timedelta(days=1000)).date())[0] == made[0]

    def test_shares_and_their_times(self, tree):
        article = builders.make_live(tree.payakumbuh, title="Banjir bandang")
        builders.share(article, tree.ambon)
        builders.share(article, tree.makassar, timezone.now() + timedelta(hours=1))
        assert found(tree.ambon, "banjir") == [article.pk]
        assert found(tree.makassar, "banjir") == []


class TestStayingCurrent:
    def test_edited_withdrawn_and_moved(self, tree, people):
        article = builders.make_live(tree.payakumbuh, title="Banjir bandang")
        article.title = "Gempa mengguncang"
        workflow.save(article, actor=people.admin)
        assert found(tree.payakumbuh, "banjir") == []
        assert found(tree.payakumbuh, "gempa") == [article.pk]
        workflow.withdraw(article, actor=people.admin, reason="Keliru.")
        assert found(tree.payakumbuh, "gempa") == []
        assert not SearchDocument.objects.exists()

    def test_time_publishes_without_a_job(self, tree):
        now = timezone.now()
        article = builders.make_article(tree.payakumbuh, title="Banjir bandang")
        workflow.import_as(article, status=Status.APPROVED, published_at=now + timedelta(hours=1))
        assert found(tree.payakumbuh, "banjir") == []
        for model in (Article, SearchDocument):
            model.objects.update(published_at=now - timedelta(seconds=1))
        article.placements.update(published_at=now - timedelta(seconds=1))
        assert found(tree.payakumbuh, "banjir") == [article.pk]

    def test_rebuild_goes_on_where_it_was_stopped(self, tree):
        articles = [builders.make_live(tree.payakumbuh, title=f"Banjir ke-{number}") for number in range(4)]
        SearchDocument.objects.filter(article=articles[0]).delete()
        SearchDocument.objects.filter(article=articles[1]).update(built=0, tokens="x")
        said = io.StringIO()
        call_command("rebuild_search", stdout=said, stderr=io.StringIO())
        assert said.getvalue().splitlines()[0] == "2 documents written."
        assert len(found(tree.payakumbuh, "banjir")) == 4
        call_command("rebuild_search", "--all", stdout=said, stderr=io.StringIO())
        assert said.getvalue().splitlines()[2] == "4 documents written."
        assert not SearchDocument.objects.exclude(built=documents.VERSION).exists()


@pytest.fixture
def hostile(tree):
    builders.make_live(tree.payakumbuh, title='Harga <b>cabai</b> & "bawang" naik', body="<p>1 &lt; 2 cabai</p>")
    return SimpleNamespace(client=HostClient(tree.payakumbuh.host))


class TestPage:
    @pytest.mark.parametrize(
        "text",
        [
            '"',
            "'",
            "cabai' OR 1=1 --",
            "a & b | !c <-> d:*",
            "NEAR(a b)",
            "*",
            "^a",
            "%_%",
            "\\",
            "💥" * 50,
            "\ud800",
            "-" * 10_000,
            "a " * 5_000,
            "cabai " * 2_000,
            "<script>",
            "x\u202ey",
            "ﷺ" * 300,
            "' & 'x",
            "tokens:a",
            "{a}",
        ],
    )
    def test_any_input_is_answered(self, hostile, text):
        response = hostile.client.get("/cari/", {"q": text.encode("utf-8", "replace").decode()})
        assert response.status_code == 200
        assert b"<script>" not in response.content.replace(b'<script type="application/ld+json">', b"")

    @pytest.mark.parametrize(
        "parameters",
        [
            {"dari": "x"},
            {"dari": "2024-02-31"},
            {"dari": "0001-01-01", "sampai": "9999-12-31"},
            {"hal": "0"},
            {"hal": "99999999"},
            {"hal": "-1"},
            {"hal": "²"},
            {"rubrik": "'"},
            {"daerah": "x" * 9999},
            {"penulis": "ada"},
        ],
    )
    def test_any_filter_is_answered(self, hostile, parameters):
        assert hostile.client.get("/cari/", {"q": "cabai"} | parameters).status_code == 200

    def test_marks_are_safe(self, hostile):
        page = hostile.client.get("/cari/", {"q": "cabai"}).content.decode()
        assert "Harga &lt;b&gt;<mark>cabai</mark>&lt;/b&gt; &amp; &quot;bawang&quot;" in page
        assert "1 &lt; 2 <mark>cabai</mark>" in page

    def test_no_search_engine_lists_it(self, hostile):
        response = hostile.client.get("/cari/", {"q": "cabai"})
        assert response.headers["X-Robots-Tag"] == "noindex, follow"

    def test_pages_of_results_and_labels(self, tree, settings):
        settings.LIST_LENGTH = 2
        for number in range(3):
            builders.make_live(tree.payakumbuh, title=f"Promo beras {number}", kind=Article.Kind.ADVERTORIAL)
        client = HostClient(tree.payakumbuh.host)
        first, second = (client.get("/cari/", {"q": "beras", "hal": number}).content.decode() for number in "12")
        assert first.count("label label-supplied") == 2
        assert "q=beras&amp;hal=2" in first
        assert second.count('class="card"') == 1

    def test_a_sum_is_marked_as_a_whole(self):
        known = synonyms.Synonyms()
        for text in (
            "Kini <mark>Rp 8.000</mark>, dulu Rp 7.000 & Rp6000.",
            "Sekitar <mark>8 ribu</mark> warga, 9 ribu motor.",
        ):
            plain = text.replace("<mark>", "").replace("</mark>", "")
            assert snippets.marked(plain, queries.parse("Rp8000", known), known) == text.replace("&", "&amp;")

    def test_a_passage_is_around_the_words(self):
        known = synonyms.Synonyms()
        text = " ".join(f"kata{number}" for number in range(200)) + " banjir besar melanda kota ini kemarin"
        shown = snippets.passage(text, queries.parse("banjir", known), known)
        assert "<mark>banjir</mark>" in shown
        assert shown.startswith("… ")
        assert len(shown.split()) < 40
