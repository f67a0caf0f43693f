"""What an edition says of itself: pages and masthead with their fallbacks, corrections, the way to other editions."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from news.content import default_pages
from news.demo import builders
from news.models import Correction, Event, Page, Status, Withdrawal
from news.publishing import workflow
from news.publishing.workflow import TransitionError
from regions.models import Masthead, Region


@pytest.mark.parametrize("slug", Page.Slug.values)
def test_every_edition_has_every_page_from_the_start(tree, reader, slug):
    response = reader(tree.ambon).get(f"/{slug}/")
    assert response.status_code == 200
    assert f"<h1>{default_pages.read(slug).title}</h1>" in response.text
    assert f'href="/{slug}/"' in reader(tree.payakumbuh).get("/").text


def test_a_page_is_the_nearest_one_up_the_tree(tree, reader):
    def title(region):
        return reader(region).get("/kontak/").text.partition("<h1>")[2].partition("</h1>")[0]

    Page.objects.create(region=tree.sumbar, slug="kontak", title="Kontak Sumbar", body="<p>x</p>")
    Page.objects.create(region=tree.payakumbuh, slug="kontak", title="Kontak kota", body="<p>x</p>")
    assert [title(region) for region in (tree.payakumbuh, tree.limapuluhkota, tree.ambon)] == [
        "Kontak kota",
        "Kontak Sumbar",
        "Kontak",
    ]


def test_a_masthead_takes_each_empty_field_from_above(tree, reader):
    Masthead.objects.create(region=tree.network, publisher="PT Jaringan", email="pusat@pekon.web.id")
    Masthead.objects.create(
        region=tree.payakumbuh, email="kota@pekon.web.id", staff="Redaktur: Rina Koto\nLinda Sari", whatsapp="+62 812-3"
    )
    held = Masthead.objects.read_for(tree.payakumbuh)
    assert (held.publisher, held.email, held.whatsapp_digits) == ("PT Jaringan", "kota@pekon.web.id", "628123")
    assert held.people == [("Redaktur", "Rina Koto"), ("", "Linda Sari")]
    page = reader(tree.payakumbuh).get("/redaksi/").text
    assert all(words in page for words in ("PT Jaringan", "kota@pekon.web.id", "Rina Koto", "https://wa.me/628123"))
    assert "kota@pekon.web.id" not in reader(tree.ambon).get("/redaksi/").text


def test_a_correction_stands_on_the_article_on_the_list_and_in_the_journal(tree, people, reader):
    article = builders.make_live(tree.payakumbuh)
    workflow.correct(article, actor=people.redaktur, kind="reply", text=" Wali nagari membantah. ")
    page = reader(tree.payakumbuh).get(article.get_absolute_url()).text
    assert page.index("<h3>Hak jawab") < page.index("<p>Wali nagari membantah.")
    assert page.index('"CorrectionComment"') < page.index("Wali nagari membantah.")
    for region in (tree.payakumbuh, tree.sumbar, tree.network):
        assert "Wali nagari membantah." in reader(region).get("/koreksi/").text
    assert "Wali nagari membantah." not in reader(tree.ambon).get("/koreksi/").text
    event = article.events.get(verb=Event.Verb.CORRECTED)
    assert (event.actor, event.note) == (people.redaktur, "Wali nagari membantah.")


def test_a_correction_needs_words_a_live_article_and_an_editor(tree, people):
    live, draft = builders.make_live(tree.payakumbuh), builders.make_article(tree.payakumbuh)
    later = builders.make_live(tree.payakumbuh, timezone.now() + timedelta(hours=1))
    for article, actor, text, refusal in [
        (live, people.redaktur, " ", TransitionError),
        (draft, people.redaktur, "Salah.", TransitionError),
        (later, people.redaktur, "Salah.", TransitionError),
        (live, people.reporter, "Salah.", PermissionDenied),
    ]:
        with pytest.raises(refusal):
            workflow.correct(article, actor=actor, kind="erratum", text=text)
    assert not Correction.objects.exists()


def test_withdrawals_are_listed_with_their_reason_and_without_the_article(tree, reader):
    article = builders.make_withdrawn(tree.payakumbuh, reason="Melanggar kode etik.", title="Judul yang dicabut")
    page = reader(tree.sumbar).get("/koreksi/").text
    assert "Melanggar kode etik." in page
    assert article.title not in page
    assert "Melanggar kode etik." not in reader(tree.makassar).get("/koreksi/").text


def test_the_withdrawal_of_what_nobody_could_read_is_not_announced(tree, reader):
    """A scheduled article that is taken back before its time: its reason could tell what it was about."""
    now = timezone.now()
    record = Withdrawal(reason="Belum boleh diketahui.", withdrawn_at=now - timedelta(hours=1))
    later = {"status": Status.WITHDRAWN, "published_at": now + timedelta(hours=1), "withdrawal": record}
    workflow.import_as(builders.make_article(tree.payakumbuh), **later)
    for region in (tree.payakumbuh, tree.sumbar, tree.network):
        assert "Belum boleh diketahui." not in reader(region).get("/koreksi/").text


def test_the_way_to_other_editions_goes_by_province_and_finds_names(tree, reader):
    Region.objects.filter(pk=tree.limapuluhkota.pk).update(is_open=False)
    page = " ".join(reader(tree.ambon).get("/wilayah/").text.split())
    assert (
        page.index(">Maluku<")
        < page.index(f'{tree.ambon.origin}/" aria-current="page"')
        < page.index(">Sumatera Barat<")
    )
    assert tree.limapuluhkota.origin not in page
    found = reader(tree.ambon).get("/wilayah/", {"q": "  PAYA "}).text
    assert tree.payakumbuh.origin in found
    assert f'href="{tree.makassar.origin}/"' not in found
    nothing = reader(tree.ambon).get("/wilayah/", {"q": "<b>atlantis"}).text
    assert "&lt;b&gt;atlantis" in nothing
