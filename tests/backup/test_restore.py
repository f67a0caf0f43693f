"""A backup is made of a site, and restored on a blank machine, by the commands; what was withdrawn stays withdrawn."""

import re

import pytest

from . import sites

pytestmark = [pytest.mark.databases, pytest.mark.xdist_group("server")]
TABLES = ("news_article", "news_placement", "news_event", "auth_user", "images_photo", "search_searchdocument")
HOST = f"payakumbuh.{sites.DOMAIN}"
TITLE = "Berita nomor 0 tentang jembatan"


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory):
    """A site, its target and its key. After the backup one story was withdrawn; its address is the last one."""
    target = tmp_path_factory.mktemp("backups") / "target"
    settings = {"BACKUP_TO": str(target), "BACKUP_KEY": sites.new_key()}
    with sites.filled(sites.url(), **settings) as site:
        first = site.manage("backup")
        counts = {table: site.sql(f"SELECT count(*) FROM {table}") for table in TABLES}
        number, address = site.run("-c", sites.WITHDRAW, TITLE).split()
        site.run("-c", WORK)
        yield site, target, settings, first, counts, int(number), address


WORK = """
import django; django.setup()
from pekon.tombstones import places
assert places.store_missing() == 1
"""


def test_a_blank_machine_has_it_all_but_what_was_withdrawn(backed_up):
    site, target, settings, first, counts, number, address = backed_up
    assert "4 files, of which 4" in first
    with sites.blank(sites.url(), **settings) as other:
        said = other.manage("restore", str(target))
        assert "4 files, of which 4 were not there yet" in said
        assert "1 stories that were withdrawn after the backup are withdrawn again" in said
        assert other.files() == site.files()
        now = {table: other.sql(f"SELECT count(*) FROM {table}") for table in TABLES}
        [[event]] = now.pop("news_event")
        documents, before = now.pop("search_searchdocument")[0][0], counts["search_searchdocument"][0][0]
        assert documents == before - 1
        assert event == counts["news_event"][0][0] + 1
        placements = now.pop("news_placement")
        assert placements[0][0] == counts["news_placement"][0][0] - 3
        assert now == {table: counts[table] for table in now}
        assert other.sql("SELECT count(*) FROM images_photo WHERE rendition_manifest <> '{}'") == [(0,)]
        other_story = other.sql(f"SELECT id, slug FROM news_article WHERE title LIKE '%nomor 1 %' AND id <> {number}")
        [(key, slug)] = other_story
        lists = ["/", "/indeks/", "/rss.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/sitemap-news.xml"]
        lists += ["/cari/?q=nomor+0", "/api/v1/stories/", f"/berita/{key}/{slug}/"]
        pages = other.ask((HOST, address), *((HOST, path) for path in lists))
        assert pages[0][0] == 410
        assert "Keterangan keliru." in pages[0][1]
        for path, (status, body) in zip(lists, pages[1:], strict=True):
            assert status == 200, path
            assert f"/{number}/" not in body, path
            assert path.startswith("/cari") or TITLE not in body, path


def test_a_database_with_content_and_a_running_site_are_left_alone(backed_up):
    site, target, *_rest = backed_up
    before = site.sql("SELECT count(*) FROM news_article WHERE status = 'withdrawn'")
    assert "say --replace" in site.manage("restore", str(target), ok=False)
    assert site.sql("SELECT count(*) FROM news_article WHERE status = 'withdrawn'") == before == [(1,)]


@pytest.mark.thorough
def test_replacing_a_database_keeps_its_withdrawals_even_if_no_target_heard_of_them(backed_up):
    """The last one is known to the database that is given up alone."""
    _site, target, settings, *_rest = backed_up
    lonely = {**settings, "BACKUP_TO": ""}
    with sites.filled(sites.url(), **lonely) as site:
        own = target.parent / "own"
        site.manage("backup", str(own))
        site.run("-c", sites.WITHDRAW, TITLE)
        for path in (site.folder / "tombstones").iterdir():
            path.unlink()
        assert "1 stories" in site.manage("restore", str(own), "--replace")
        assert site.sql("SELECT status FROM news_article WHERE title LIKE '%nomor 0 %'") == [("withdrawn",)]


@pytest.mark.thorough
def test_a_second_backup_copies_nothing_and_a_drill_proves_it(backed_up):
    site, target, *_rest = backed_up
    assert "of which 0" in site.manage("backup")
    site.static()
    said = site.manage("backup", "--drill")
    assert "is proven" in said
    recorded = site.manage("shell", "-c", "from pekon.background import runs; print(runs.last_success('drill').detail)")
    assert int(re.search(r"'pages': (\d+)", recorded)[1]) >= 10
    assert len(list(target.glob("backups/*/proven.json"))) == 1
    assert "proven" in site.manage("backup", "--list")


def test_damage_is_told_before_the_database_is_touched(backed_up):
    _site, target, settings, *_rest = backed_up
    [victim, gone, *_others] = sorted(sites.pool_files(target))
    contents = victim.read_bytes(), gone.read_bytes()
    newest = max(target.glob("backups/*/database.age"))
    with sites.blank(sites.url(), **settings) as other:
        wrong = other.manage("restore", str(target), ok=False, BACKUP_KEY=sites.new_key())
        assert "needs the BACKUP_KEY named" in wrong
        victim.write_bytes(contents[0][:-1] + bytes([contents[0][-1] ^ 1]))
        gone.unlink()
        said = other.manage("restore", str(target), ok=False)
        assert "2 files of this backup cannot be restored" in said
        assert "is damaged" in said
        assert "is not in the pool" in said
        victim.write_bytes(contents[0])
        gone.write_bytes(contents[1])
        dump = newest.read_bytes()
        newest.write_bytes(dump[: len(dump) // 2])
        assert "is damaged" in other.manage("restore", str(target), ok=False)
        newest.write_bytes(dump)
        assert "of which 2 were not there yet" in other.manage("restore", str(target))
