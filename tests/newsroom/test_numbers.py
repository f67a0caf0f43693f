"""The numbers of a month: what counts, for whom, in which month, and who may see it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from news.demo import builders
from news.models import Article, Byline, Event, Status, Withdrawal
from news.newsroom import counts, numbers_table
from news.newsroom.counts import By
from news.newsroom.months import Month
from news.newsroom.numbers_table import COLUMNS, Order
from news.popularity.models import HourlyReads
from news.publishing import workflow
from news.publishing.rules import database_time
from regions.models import Assignment, Region
from regions.tree import child_path

pytestmark = pytest.mark.databases
NOVEMBER = Month(2024, 11)
NOON = datetime(2024, 11, 10, 5, tzinfo=UTC)
"""Noon in Payakumbuh on a day of the month."""
ADDRESS, FILE = "/angka/", "/angka/unduh/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_end_of_november():
    with time_machine.travel(datetime(2024, 11, 30, 5, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def linda(tree, people):
    return builders.make_author("Linda Sari", tree.payakumbuh, user=people.reporter)


@pytest.fixture
def dodi(tree, people):
    return builders.make_author("Dodi Putra", tree.payakumbuh, user=people.kontributor)


def event(article, verb, at=NOON, actor=None):
    return Event.objects.create(article=article, verb=verb, actor=actor, happened_at=at)


def reads(article, number, at=NOON):
    return HourlyReads.objects.create(article=article, hour=at.replace(minute=0), reads=number)


def rows(scope, by=By.PERSON, month=NOVEMBER) -> dict[str, counts.Counts]:
    return {row.name: row.counts for row in counts.rows(scope, month, by)}


def figures(counted: counts.Counts) -> list[int | None]:
    return [column.of(counted) for column in COLUMNS]


def in_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


class TestWhatCounts:
    def test_acts_through_the_workflow_and_reads_are_counted(self, tree, people, linda):
        article = builders.make_article(tree.payakumbuh, writers=[linda], created_by=people.reporter)
        with time_machine.travel(NOON, tick=False) as clock:
            workflow.submit(article, actor=people.reporter)
            clock.shift(HOUR)
            workflow.return_to_writer(article, actor=people.redaktur, note="Lengkapi.")
            clock.shift(HOUR)
            workflow.submit(article, actor=people.reporter)
            clock.shift(3 * HOUR)
            workflow.publish(article, actor=people.redaktur)
        Article.objects.update(published_at=NOON)  # the database's clock does not travel
        reads(article, 7)
        reads(article, 5, NOON + HOUR)
        for scope in (counts.own(people.reporter), counts.managed(people.pemred)):
            found = rows(scope)["Linda Sari"]
            assert (found.submitted, found.returned, found.published, found.withdrawn, found.reads) == (1, 1, 1, 0, 12)
            assert sorted(found.waits) == [HOUR, 3 * HOUR]
            assert (found.decided, found.minutes_waited, found.percent_in_time) == (2, 120, 50)

    def test_a_story_counts_for_each_writer_but_for_nobody_else_in_the_byline(self, tree, people, linda, dodi):
        article = builders.make_live(tree.payakumbuh, NOON, writers=[linda, dodi])
        article.bylines.create(author=builders.make_author("Rina Foto", tree.payakumbuh), role="photographer")
        event(article, "submitted")
        reads(article, 3)
        found = rows(counts.managed(people.pemred))
        assert {name: (row.submitted, row.published, row.reads) for name, row in found.items()} == {
            "Linda Sari": (1, 1, 3),
            "Dodi Putra": (1, 1, 3),
        }
        assert rows(counts.managed(people.pemred), By.REGION)["Payakumbuh"].published == 1

    def test_withdrawn_stories_are_published_ones_told_apart(self, tree, people, linda):
        gone, _kept = (builders.make_live(tree.payakumbuh, NOON, writers=[linda]) for _each in "ab")
        workflow.withdraw(gone, actor=people.pemred, reason="Keliru.")
        found = rows(counts.managed(people.pemred))["Linda Sari"]
        assert (found.published, found.withdrawn) == (2, 1)

    def test_what_is_scheduled_or_was_withdrawn_before_it_was_live_is_not_published(self, tree, people):
        soon = database_time() + HOUR
        scheduled, withdrawn, live = (builders.make_article(tree.payakumbuh) for _each in "abc")
        workflow.schedule(scheduled, actor=people.redaktur, at=soon)
        record = Withdrawal(reason="Belum.", withdrawn_at=soon - HOUR)
        workflow.import_as(withdrawn, status=Status.WITHDRAWN, published_at=soon, withdrawal=record)
        workflow.import_as(live, status=Status.APPROVED, published_at=soon - 2 * HOUR)
        assert list(Article.objects.published()) == [live]
        assert set(Article.objects.published(soon)) == {scheduled, live}

    def test_what_the_writer_took_back_was_not_decided(self, tree, people, linda):
        article = builders.make_article(tree.payakumbuh, writers=[linda])
        event(article, "submitted", NOON)
        event(article, "recalled", NOON + HOUR)
        event(article, "submitted", NOON + 2 * HOUR)
        event(article, "edited", NOON + 2.5 * HOUR)
        event(article, "scheduled", NOON + 3 * HOUR)
        event(article, "published", NOON + 9 * HOUR)
        found = rows(counts.managed(people.pemred))["Linda Sari"]
        assert (found.submitted, found.waits) == (1, [HOUR])

    def test_what_waits_still_is_submitted_and_not_decided(self, tree, people, linda):
        event(builders.make_article(tree.payakumbuh, writers=[linda]), "submitted")
        found = rows(counts.managed(people.pemred))["Linda Sari"]
        assert figures(found) == [1, 0, 0, 0, 0, 0, None, None]

    def test_two_hours_are_in_time_and_a_second_more_is_not(self, tree, people, linda):
        for late in (timedelta(0), timedelta(seconds=1)):
            article = builders.make_article(tree.payakumbuh, writers=[linda])
            event(article, "submitted", NOON)
            event(article, "published", NOON + 2 * HOUR + late)
        assert rows(counts.managed(people.pemred))["Linda Sari"].percent_in_time == 50

    def test_tables_by_region_kind_and_section(self, tree, people):
        hukum = builders.make_section("Hukum")
        builders.make_live(tree.payakumbuh, NOON, kind="opinion")
        builders.make_live(tree.payakumbuh, NOON, section=hukum)
        builders.make_live(tree.makassar, NOON)
        scope = counts.managed(people.admin)
        found = {by: {name: row.published for name, row in rows(scope, by).items()} for by in list(By)[2:]}
        assert found == {
            By.REGION: {"Payakumbuh": 2, "Makassar": 1},
            By.KIND: {"opinion": 1, "news": 2},
            By.SECTION: {"Hukum": 1, "Politik": 2},
        }


class TestMonths:
    @pytest.mark.parametrize(
        ("place", "moment", "day"),
        [
            ("payakumbuh", datetime(2024, 11, 30, 16, 59, tzinfo=UTC), 30),  # 23:59 WIB
            ("payakumbuh", datetime(2024, 11, 30, 17, 0, tzinfo=UTC), None),
            ("makassar", datetime(2024, 11, 30, 15, 59, tzinfo=UTC), 30),  # 23:59 WITA
            ("makassar", datetime(2024, 11, 30, 16, 0, tzinfo=UTC), None),
            ("ambon", datetime(2024, 11, 30, 14, 59, tzinfo=UTC), 30),  # 23:59 WIT
            ("ambon", datetime(2024, 11, 30, 15, 0, tzinfo=UTC), None),
            ("ambon", datetime(2024, 10, 31, 15, 0, tzinfo=UTC), 1),
            ("ambon", datetime(2024, 10, 31, 14, 59, tzinfo=UTC), None),
            ("payakumbuh", datetime(2024, 10, 31, 16, 59, tzinfo=UTC), None),
            ("payakumbuh", datetime(2024, 10, 31, 17, 0, tzinfo=UTC), 1),
        ],
    )
    def test_each_region_has_its_own_midnight(self, tree, people, place, moment, day):
        region, scope = getattr(tree, place), counts.managed(people.admin)
        article = builders.make_live(region, moment)
        event(article, "submitted", moment)
        reads(article, 4, moment)
        with time_machine.travel(datetime(2024, 12, 2, tzinfo=UTC)):
            found = rows(scope, By.REGION).get(region.short_name, counts.Counts())
            by_day = counts.published_by_day(scope, NOVEMBER.first, NOVEMBER.end)
        assert (found.published, found.submitted, found.reads) == ((1, 1, 4) if day else (0, 0, 0))
        assert [each for each, stories in by_day if stories] == ([date(2024, 11, day)] if day else [])

    def test_months_follow_each_other_over_the_year(self):
        assert Month(2024, 12).next == Month(2025, 1)
        assert Month(2025, 1).previous == Month(2024, 12)
        assert (str(Month(2024, 3)), len(Month(2028, 2).days)) == ("2024-03", 29)

    @pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-1", "1999-01", "２０２６-01", "2024-01\n", "x"])
    def test_no_other_text_is_a_month(self, text):
        assert Month.read(text) is None

    def test_a_person_in_the_east_is_a_month_ahead_for_two_hours(self, tree, people, newsroom):
        east = builders.make_user("timur", "reporter", tree.ambon)
        with time_machine.travel(datetime(2024, 11, 30, 15, 30, tzinfo=UTC), tick=False):
            assert newsroom(east).get(ADDRESS).context["asked"].month == Month(2024, 12)
            page = newsroom(people.reporter).get(ADDRESS)
            assert page.context["asked"].month == NOVEMBER
            assert "WIB" in page.text
            assert "WIT<" in newsroom(east).get(ADDRESS).text

    def test_earlier_months_are_a_link_away_and_later_ones_are_not(self, people, newsroom):
        client = newsroom(people.reporter)
        now, then = client.get(ADDRESS), client.get(ADDRESS, {"bulan": "2024-10"})
        assert "bulan=2024-10" in now.context["previous"]
        assert now.context["next"] == ""
        assert "bulan=2024-11" in then.context["next"]
        for text in ("2025-01", "2024-99", "besok"):
            assert client.get(ADDRESS, {"bulan": text}).context["asked"].month == NOVEMBER


class TestWhoSeesWhat:
    def test_everybody_sees_their_own_month_and_nobody_elses(self, tree, people, linda, dodi, newsroom):
        builders.make_live(tree.payakumbuh, NOON, title="Berita Linda", writers=[linda])
        builders.make_live(tree.payakumbuh, NOON, title="Berita Dodi", writers=[dodi])
        # Her byline in a region that she has no role in: she may not open that story.
        builders.make_live(tree.makassar, NOON, title="Berita jauh", writers=[linda])
        page = newsroom(people.reporter).get(ADDRESS)
        assert [line.name for line in page.context["table"].lines] == ["Berita Linda"]
        assert "Berita Dodi" not in page.text
        assert "Berita jauh" not in page.text
        assert sum(stories for _day, stories in page.context["day_rows"]) == 1

    @pytest.mark.parametrize("by", ["orang", "daerah", "jenis", "rubrik"])
    def test_tables_are_for_those_who_manage_a_region(self, people, newsroom, by):
        for address in (ADDRESS, FILE):
            answers = {
                name: newsroom(getattr(people, name)).get(address, {"menurut": by}).status_code
                for name in ("kontributor", "reporter", "redaktur", "sister", "pemred", "admin")
            }
            refused = dict.fromkeys(("kontributor", "reporter", "redaktur", "sister"), 403)
            assert answers == refused | {"pemred": 200, "admin": 200}

    def test_a_chief_here_who_writes_there_sees_figures_of_here_alone(self, tree, people, newsroom):
        Assignment.objects.create(user=people.pemred, region=tree.limapuluhkota, role="editor")
        Assignment.objects.create(user=people.pemred, region=tree.ambon, role="reporter")
        for region in (tree.payakumbuh, tree.limapuluhkota, tree.ambon, tree.makassar):
            article = builders.make_live(region, NOON, writers=[builders.make_author(f"Penulis {region}", region)])
            event(article, "submitted")
            reads(article, 3)
        client = newsroom(people.pemred)
        people_table = client.get(ADDRESS, {"menurut": "orang"})
        assert [line.name for line in people_table.context["table"].lines] == ["Penulis Payakumbuh"]
        assert sum(stories for _day, stories in people_table.context["day_rows"]) == 1
        in_file = in_csv(client.get(FILE, {"menurut": "daerah"}))
        assert [row[0] for row in in_file[1:3]] == ["Payakumbuh", "Seluruhnya"]
        assert in_file[1] == ["Payakumbuh", "1", "0", "1", "0", "3", "0", "", ""]
        network = newsroom(people.admin).get(ADDRESS, {"menurut": "daerah"}).context["table"].lines
        assert {line.name for line in network} == {"Payakumbuh", "Limapuluh Kota", "Ambon", "Makassar"}

    def test_nobody_without_a_role_sees_any(self, db, tree, newsroom):
        assert newsroom(builders.make_user("nobody")).get(ADDRESS).status_code == 403

    def test_a_chief_without_a_second_factor_sees_only_their_own(self, people, newsroom, settings):
        settings.REQUIRE_SECOND_FACTOR = True
        client = newsroom(people.pemred)
        assert client.get(ADDRESS, {"menurut": "orang"}).status_code == 403
        assert client.get(ADDRESS).context["tabs"] == []

    def test_somebody_without_an_author_is_told_why_nothing_counts(self, people, linda, newsroom):
        assert newsroom(people.redaktur).get(ADDRESS).context["has_no_author"]
        assert not newsroom(people.reporter).get(ADDRESS).context["has_no_author"]


class TestThePage:
    @pytest.fixture
    def three(self, tree, people):
        """Three writers with one, two and no stories; the last has reads of an old one."""
        for number, name in enumerate(["Ani", "budi", "Citra"]):
            author = builders.make_author(name, tree.payakumbuh)
            old = builders.make_live(tree.payakumbuh, NOON - timedelta(days=60), writers=[author])
            for _turn in range((number + 1) % 3):
                builders.make_live(tree.payakumbuh, NOON, writers=[author])
            reads(old, 10 * (3 - number))
        return people.pemred

    @pytest.mark.parametrize(
        ("order", "names"),
        [
            ("", ["budi", "Ani", "Citra"]),
            ("terbit", ["Citra", "Ani", "budi"]),
            ("-dibaca", ["Ani", "budi", "Citra"]),
            ("nama", ["Ani", "budi", "Citra"]),
            ("-nama", ["Citra", "budi", "Ani"]),
            ("-menunggu", ["Ani", "budi", "Citra"]),
            ("kata-sandi", ["budi", "Ani", "Citra"]),
        ],
    )
    def test_the_table_is_sorted_by_links_and_the_file_is_the_same_table(self, three, newsroom, order, names):
        client, asked = newsroom(three), {"menurut": "orang", "urut": order}
        page = client.get(ADDRESS, asked)
        assert [line.name for line in page.context["table"].lines] == names
        shown = [[line.name, *("" if figure is None else str(figure) for figure in line.figures)]
                 for line in page.context["table"].lines]  # fmt: skip
        assert in_csv(client.get(FILE, asked))[1:4] == shown

    def test_a_heading_sorts_by_its_column_and_then_the_other_way(self, three, newsroom):
        client = newsroom(three)
        headings = client.get(ADDRESS, {"menurut": "orang", "urut": "-dibaca"}).context["headings"]
        assert [heading["sort"] for heading in headings if heading["sort"]] == ["descending"]
        addresses = [heading["url"].rpartition("urut=")[2] for heading in headings]
        assert addresses[:4] == ["nama", "-diajukan", "-dikembalikan", "-terbit"]
        assert addresses[5] == "dibaca"

    def test_the_chart_shows_the_column_that_the_table_is_sorted_by(self, three, newsroom):
        context = newsroom(three).get(ADDRESS, {"menurut": "orang", "urut": "dibaca"}).context
        assert context["charted"].key == "dibaca"
        assert [(bar.name, bar.value) for bar in context["bars"].bars] == [
            ("Ani", "30"),
            ("budi", "20"),
            ("Citra", "10"),
        ]

    def test_people_of_one_name_are_told_apart_and_have_no_sum(self, tree, people):
        for number, region in enumerate((tree.payakumbuh, tree.limapuluhkota)):
            author = builders.make_author("Linda Sari", region, slug=f"linda-{number}")
            builders.make_live(region, NOON, writers=[author])
        found = counts.rows(counts.managed(people.admin), NOVEMBER, By.PERSON)
        table = numbers_table.make(By.PERSON, found, Order())
        assert [line.name for line in table.lines] == ["Linda Sari (Limapuluh Kota)", "Linda Sari (Payakumbuh)"]
        assert table.in_all is None

    def test_older_stories_that_were_read_are_one_row(self, tree, people, linda, newsroom):
        builders.make_live(tree.payakumbuh, NOON, title="Berita baru", writers=[linda])
        for number in (4, 5):
            reads(builders.make_live(tree.payakumbuh, NOON - timedelta(days=99), writers=[linda]), number)
        context = newsroom(people.reporter).get(ADDRESS).context
        table = context["table"]
        assert context["charted"].key == "dibaca"
        assert [(line.name, line.figures[4]) for line in table.lines] == [
            ("Berita baru", 0),
            ("Berita lama (2)", 9),
        ]
        assert table.in_all.figures[2:5] == [1, 0, 9]

    def test_definitions_stand_beside_the_figures_and_in_the_file(self, people, newsroom):
        client = newsroom(people.pemred)
        for by in ("berita", "orang"):
            page, in_file = client.get(ADDRESS, {"menurut": by}), in_csv(client.get(FILE, {"menurut": by}))
            with translation.override("id"):
                meanings = [[str(column.name), str(column.meaning)] for column in COLUMNS]
            assert all(meaning in page.text for _name, meaning in meanings)
            assert in_file[-len(COLUMNS) - 1 : -1] == meanings


class TestTheFile:
    def test_it_is_for_spreadsheets(self, tree, people, linda, newsroom):
        builders.make_live(tree.payakumbuh, NOON, writers=[linda])
        response = newsroom(people.pemred).get(FILE, {"menurut": "orang", "bulan": "2024-11"})
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="angka-orang-2024-11.csv"'
        assert response.content.startswith(b"\xef\xbb\xbfOrang;Diajukan;")

    def test_in_english_cells_are_separated_by_commas(self):
        with translation.override("en"):
            content = numbers_table.as_csv(numbers_table.make(By.REGION, [], Order()))
        assert content.startswith(b"\xef\xbb\xbfRegion,Submitted,")

    @pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1+1+1", "-1-1-1", "@SUM(1)", " =1+1+1", "\t=1+1"])
    def test_no_cell_is_a_formula(self, title):
        row = counts.Row(1, title, "")
        line = numbers_table.as_csv(numbers_table.make(By.STORY, [row], Order())).decode("utf-8-sig").splitlines()[1]
        assert line.strip('"').startswith("'")

    def test_other_texts_are_left_as_they_are(self):
        assert numbers_table.defused("Warga 1-0 = menang @pasar") == "Warga 1-0 = menang @pasar"


class TestForTheDesk:
    def test_stories_per_day_end_with_today(self, tree, people):
        builders.make_live(tree.payakumbuh, datetime(2024, 11, 29, 18, tzinfo=UTC))  # after midnight on the 30th
        builders.make_live(tree.payakumbuh, datetime(2024, 11, 28, 1, tzinfo=UTC))
        builders.make_live(tree.payakumbuh, datetime(2024, 11, 27, 1, tzinfo=UTC))
        builders.make_live(tree.makassar, datetime(2024, 11, 28, 1, tzinfo=UTC))
        regions = Region.objects.filter(pk=tree.payakumbuh.pk)
        with CaptureQueriesContext(connection) as queries:
            found = counts.stories_per_day(regions, 3)
        assert found == [(date(2024, 11, 28), 1), (date(2024, 11, 29), 0), (date(2024, 11, 30), 1)]
        assert len(queries) == 1

    def test_decisions_in_time_of_the_last_days(self, tree, people):
        for region, day, wait in (
            (tree.payakumbuh, 29, 1),
            (tree.payakumbuh, 28, 5),
            (tree.payakumbuh, 20, 9),
            (tree.makassar, 29, 9),
        ):
            at = datetime(2024, 11, day, 5, tzinfo=UTC)
            article = builders.make_article(region)
            event(article, "submitted", at)
            event(article, "returned", at + wait * HOUR)
        with CaptureQueriesContext(connection) as queries:
            found = counts.decided_in_time(Region.objects.filter(pk=tree.payakumbuh.pk), 7)
        assert (found.decided, found.minutes_waited, found.percent_in_time) == (2, 180, 50)
        assert len(queries) == 1


def test_the_number_of_queries_does_not_grow(tree, people, linda, newsroom):
    Assignment.objects.create(user=people.pemred, region=tree.network, role="chief_editor")
    pemred = builders.make_author("Pemred", tree.payakumbuh, user=people.pemred)
    client = newsroom(people.pemred)

    def stories(regions, writer):
        """A story in each region, with all that is counted, stored in bulk."""
        moment = {"published_at": NOON, "status": Status.APPROVED, "section": builders.make_section()}
        articles = Article.objects.bulk_create(
            Article(region=region, title=f"Berita {region}", slug="berita", **moment) for region in regions
        )
        Byline.objects.bulk_create(Byline(article=article, author=writer) for article in articles)
        HourlyReads.objects.bulk_create(HourlyReads(article=article, hour=NOON, reads=3) for article in articles)
        for verb, later in (("submitted", 0), ("published", 1)):
            Event.objects.bulk_create(
                Event(article=article, verb=verb, happened_at=NOON + later * HOUR) for article in articles
            )

    def queries() -> dict[str, int]:
        asked = {}
        for by in By:
            with CaptureQueriesContext(connection) as found:
                assert client.get(ADDRESS, {"menurut": by}).status_code == 200
            asked[by] = len(found)
        return asked

    stories([tree.payakumbuh], pemred)
    client.get(ADDRESS)  # the first page of a session writes it
    few = queries()
    regions = [builders.new_region(f"kota{number}", tree.sumbar) for number in range(544)]
    for region in regions:
        region.path = child_path(tree.sumbar.path, region.subdomain)
    stories(Region.objects.bulk_create(regions), pemred)
    assert counts.rows(counts.managed(people.pemred), NOVEMBER, By.REGION)[-1].counts.published == 1
    assert queries() == few
    assert max(few.values()) <= 10
